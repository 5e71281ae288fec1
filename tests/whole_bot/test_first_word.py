"""Who waits for an org sees within a second what is being done, and then the answer in its place, once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from bot import jobs as jobs_module
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, Happening, Member, Shown, SlackMessage
from bot.sandbox.slack.user import Receipt, SlackUser
from bot.wiring.parts import utc_now
from tests.people import EVE, GUEST, arrive, share
from tests.running_bot import RunningBot
from tests.whole_bot.test_nothing_lost import Lives, lives

__all__ = ("lives",)  # a fixture

HANG = 60.0
"""Seconds, or until a test lets the orgs go."""

READING = "Reading prod from Salesforce…"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "SILENT_FOR", 0.1)


def hang(bot: RunningBot) -> None:
    for org in list(bot.salesforce.orgs.values()):
        bot.salesforce.break_org(org.name, OrgFault(hang=HANG))


def said_by_bot(log: Sequence[Shown]) -> list[SlackMessage]:
    return [shown.message for shown in log if shown.message and shown.message.by_bot]


def reading(bot: RunningBot, say: Callable[[], Receipt]) -> SlackMessage:
    """The first word on what is said while every org hangs."""
    hang(bot)
    before = len(said_by_bot(bot.workspace.log))
    assert say().acked
    return said_by_bot(bot.workspace.wait(lambda log: len(said_by_bot(log)) > before))[-1]


def standing(bot: RunningBot, line: SlackMessage) -> list[SlackMessage]:
    """What stands in the end where the line was said, of the bot's own."""
    bot.salesforce.let_go()
    bot.shown()
    found = bot.workspace.state.conversation(line.channel, thread=line.thread_ts)
    return [each for each in found if each.by_bot]


ASKED: dict[str, Callable[[SlackUser], Receipt]] = {
    "a mention": lambda ada: ada.mention("status prod"),
    "in other words": lambda ada: ada.mention("is prod ready?"),
    "details": lambda ada: ada.mention("status prod details"),
    "a direct message": lambda ada: ada.say("status prod", "dm"),
    "in other words, directly": lambda ada: ada.say("how is prod doing?", "dm"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_line_that_says_what_is_being_done_becomes_the_answer(running_bot: RunningBot, asked: str) -> None:
    line = reading(running_bot, lambda: ASKED[asked](running_bot.ada))

    assert line.text == READING
    (answer,) = standing(running_bot, line)

    assert answer.ts == line.ts
    assert "prod is ready" in answer.text
    assert not any(shown.happening is Happening.DELETED for shown in running_bot.workspace.log)


def test_what_is_answered_at_once_has_no_line(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "SILENT_FOR", 0.8)

    (answer,) = running_bot.say("@flosum status prod")

    assert "prod is ready" in answer.text


@pytest.mark.parametrize("text", ["is prod ready?", "status prod", "status all", "remind now"])
def test_so_it_is_with_a_command_in_anybodys_words(running_bot: RunningBot, text: str) -> None:
    line = reading(running_bot, lambda: running_bot.ada.command(text))

    assert line.text in (READING, "Reading all orgs from Salesforce…")
    assert line.audience == running_bot.ada.member.id
    running_bot.salesforce.let_go()


def test_a_section_that_turns_out_to_be_an_org_waits_on_the_threads_for_that(running_bot: RunningBot) -> None:
    line = reading(running_bot, lambda: running_bot.ada.command("guide prod"))

    assert line.text == "One moment…"
    running_bot.salesforce.let_go()
    assert "Setting up prod" in running_bot.shown()[-1].text


def test_what_fails_takes_the_place_of_the_line_too(running_bot: RunningBot) -> None:
    line = reading(running_bot, lambda: running_bot.ada.mention("status prod"))
    running_bot.salesforce.break_org("prod", OrgFault(reset=True))

    (answer,) = standing(running_bot, line)

    assert answer.ts == line.ts
    assert "Cannot tell whether prod is ready" in answer.text


def test_a_line_that_somebody_deleted_is_not_needed(running_bot: RunningBot) -> None:
    line = reading(running_bot, lambda: running_bot.ada.mention("status prod"))
    running_bot.workspace.state.delete(line)

    (answer,) = standing(running_bot, line)

    assert "prod is ready" in answer.text


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
@pytest.mark.parametrize(
    "fault",
    [
        WebApiFault(FaultKind.DROP),
        WebApiFault(FaultKind.SERVER_ERROR),
        WebApiFault(FaultKind.SAY, said={"ok": True}),
        WebApiFault(FaultKind.REFUSE, error="token_expired"),
    ],
    ids=lambda fault: fault.kind,
)
def test_where_slack_does_not_say_that_it_took_it_one_answer_stands_there(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch, method: str, fault: WebApiFault
) -> None:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1,))
    running_bot.workspace.fail(method, fault)
    hang(running_bot)
    mention = running_bot.ada.mention("status prod").message
    assert mention is not None
    running_bot.workspace.wait(lambda _: any(call.method == "chat.postMessage" for call in running_bot.workspace.calls))

    (answer,) = standing(running_bot, SlackMessage(mention.channel, "", "", "", thread_ts=mention.ts))

    assert "prod is ready" in answer.text


def test_in_a_shared_channel_the_line_is_the_askers_alone(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, EVE)
    share(running_bot.workspace)

    line = reading(running_bot, lambda: running_bot.ada.mention("status prod"))

    assert line.audience == running_bot.ada.member.id
    running_bot.salesforce.let_go()
    assert {each.audience for each in running_bot.shown(meanwhile=True)} == {running_bot.ada.member.id}


@pytest.mark.parametrize("member", [EVE, GUEST], ids=lambda member: member.name)
def test_nobody_else_is_told_that_an_org_is_read(running_bot: RunningBot, member: Member) -> None:
    person = arrive(running_bot.workspace, member)
    hang(running_bot)

    # Slack takes its time to say who they are.
    running_bot.workspace.fail("users.info", WebApiFault(FaultKind.HANG, seconds=0.5), times=3)

    assert person.command("status prod").acked
    assert person.mention("status prod").also
    assert person.say("is prod ready?", "dm").acked

    assert not any("Reading" in each.text for each in running_bot.shown(meanwhile=True))
    running_bot.salesforce.let_go()


def test_what_is_shared_is_told_to_the_channel_once(running_bot: RunningBot) -> None:
    status = running_bot.ask("status prod")

    line = reading(running_bot, lambda: running_bot.ada.press(status, "Share in channel"))

    assert line.audience == running_bot.ada.member.id
    running_bot.salesforce.let_go()
    (shared,) = [each for each in running_bot.shown(meanwhile=True) if each.audience is None]
    assert "prod is ready" in shared.text


def test_after_a_kill_the_next_process_puts_the_answer_in_place_of_the_line(lives: Lives) -> None:
    with lives.killed_bot() as bot:
        mention = lives.workspace.person("ada").mention("status prod").message
        assert mention is not None
        # As the first process would have: said what it does, and killed before it knew the answer.
        metadata = {"event_type": "flosum_answer", "event_payload": {"to": mention.ts, "line": True}}
        channel, thread = mention.channel, mention.ts
        posted = bot.slack.chat_postMessage(channel=channel, thread_ts=thread, text=READING, metadata=metadata)

    with lives.bot():
        deadline = time.monotonic() + 20
        while lives.undone() and time.monotonic() < deadline:
            time.sleep(0.05)

    found = lives.workspace.state.conversation(mention.channel, thread=mention.ts)
    (answer,) = [each for each in found if each.by_bot]
    assert answer.ts == posted["ts"]
    assert "prod is ready" in answer.text


def test_a_kill_after_the_answer_changes_nothing_of_it(lives: Lives) -> None:
    with lives.killed_bot() as bot:
        mention = lives.workspace.person("ada").mention("status prod").message
        assert mention is not None
        metadata = {"event_type": "flosum_answer", "event_payload": {"to": mention.ts}}
        channel, thread = mention.channel, mention.ts
        bot.slack.chat_postMessage(channel=channel, thread_ts=thread, text="That was it", metadata=metadata)
        bot.store.claim_message(TEAM, channel, thread, utc_now())

    with lives.bot():
        deadline = time.monotonic() + 20
        while lives.undone() and time.monotonic() < deadline:
            time.sleep(0.05)

    assert [each.text for each in lives.answers()] == ["That was it"]


# --- many at once --------------------------------------------------------------------------------------

CALLERS = 60


def test_each_of_many_has_its_first_word_before_any_org_has_answered(running_bot: RunningBot) -> None:
    hang(running_bot)
    people = [
        arrive(running_bot.workspace, Member(f"U0C{number:03}", f"caller{number}", f"Caller {number}"))
        for number in range(CALLERS // 3)
    ]

    for person in people:
        assert person.command("status prod").acked
        assert person.mention("is uat ready?").also
        assert person.say("status qa", "dm").acked

    try:
        log = running_bot.workspace.wait(lambda log: len(said_by_bot(log)) >= CALLERS, timeout=30)
        assert {each.text.partition(" ")[0] for each in said_by_bot(log)} == {"Reading"}
    finally:
        running_bot.salesforce.let_go()
    assert len(running_bot.shown(meanwhile=True)) == 2 * CALLERS


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_form_that_waits_for_salesforce_says_so_where_its_answer_comes(
    running_bot: RunningBot, *, is_deleted: bool
) -> None:
    running_bot.ada.press(running_bot.ask("connect jwt"), "Name the user")
    running_bot.shown()
    form = [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]
    host = next(org.host for org in running_bot.salesforce.orgs.values() if org.name == "prod")
    values = {"username": "ada@acme.example", "host": host}
    lines = {key: {"line": {"type": "plain_text_input", "value": value}} for key, value in values.items()}

    line = reading(running_bot, lambda: running_bot.ada.submit(form, lines))
    assert (line.text, line.channel) == ("Logging in to Salesforce…", "D0ADA")
    if is_deleted:
        running_bot.workspace.state.delete(line)
    (answer,) = standing(running_bot, line)

    assert (answer.ts == line.ts) is not is_deleted
    assert "Logging in" not in answer.text
