"""Who is no full member gets explanations of errors and nothing else, by whatever way they come.

The whole bot, by signed requests: each kind of person does everything that Slack lets people do, and nothing that the
bot says, shows or publishes meanwhile names an org; nothing is changed either.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.adapters.slack.views.home import CHECK, CHECK_ALL, CONNECT, PAGE, TELL
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.home_report import CONNECT_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import BOT_USER, TEAM, Group, Happening, Json, Member, Shown, SlackMessage, Team, View
from bot.sandbox.slack.user import Receipt, SlackUser
from tests.digests import the_digest
from tests.people import ELSEWHERE, EVE, GUEST, OUTSIDERS, SINGLE, arrive, share
from tests.read import read
from tests.running_bot import RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED
from tests.whole_bot.test_verbs import FORMS

ORG = "zebra"
"""A name that no text of ours and no other org has."""
EXPLAINED = "Salesforce refuses new logins to a connected app that is not installed"
REFUSED = "Paste a Salesforce login error, and I explain it."

Way = Callable[[SlackUser, RunningBot], Receipt]


def button(action: str, value: str = "-") -> Json:
    return {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "Press"}}


def pressed(action: str, value: str, channel: str = "C0SALESFORCE") -> Way:
    """A button of a message, made by hand if no message of the bot has it."""
    shown = SlackMessage(channel, "1.0", BOT_USER, "", ({"type": "actions", "elements": [button(action, value)]},))
    return lambda person, _: person.press(shown, action)


def pressed_at_home(action: str, value: str, kind: str = "home") -> Way:
    view: Json = {"type": kind, "blocks": [{"type": "actions", "elements": [button(action, value)]}]}

    def press(person: SlackUser, bot: RunningBot) -> Receipt:
        shown = View("V1", person.member.id, view)
        return person.press_view(shown if kind == "home" else bot.workspace.state.open_view(shown), action)

    return press


def sent(kind: str, subject: str, **lines: str) -> Way:
    view = {"type": "modal", "callback_id": kind, "private_metadata": subject, "blocks": []}
    values = {name: {"line": {"type": "plain_text_input", "value": value}} for name, value in lines.items()}
    return lambda person, _: person.submit(View("V1", person.member.id, view), values)


def said(subtype: str, text: str) -> Way:
    """A message of a subtype in which people say something."""

    def say(person: SlackUser, bot: RunningBot) -> Receipt:
        ts, home = bot.workspace.state.next_ts(), person.member.team or TEAM
        bot.workspace.state.post(SlackMessage("C0SALESFORCE", ts, person.member.id, text))
        event = {"type": "message", "subtype": subtype, "user": person.member.id, "text": text, "ts": ts, "team": home}
        return person.deliver(event | {"channel": "C0SALESFORCE", "channel_type": "channel", "user_team": home})

    return say


def edited(before: str, after: str) -> Way:
    def edit(person: SlackUser, bot: RunningBot) -> Receipt:
        message = person.say(before).message
        assert message is not None
        bot.shown()
        return person.edit(message, after)

    return edit


def pointed_at(text: str) -> Way:
    def shortcut(person: SlackUser, bot: RunningBot) -> Receipt:
        message = SlackMessage("C0SALESFORCE", bot.workspace.state.next_ts(), "U0BEN", text)
        return person.shortcut("explain_error", message)

    return shortcut


MAY_TYPE = "You can type /flosum explain &lt;error&gt; · /flosum privacy · /flosum version"
OPEN = {
    **dict.fromkeys(("", "help me"), MAY_TYPE),
    **{text: MAY_TYPE for text, _ in FORMS if text.split()[0] == "help"},
    "privacy": "I keep little, and no secret that stands in a message",
    "do you read my messages?": "I keep little, and no secret that stands in a message",
    "version": "Flosum assistant 0.",
}
"""What tells nothing of a workspace, and how it is answered."""

LINES = [
    "snooze zebra 7",
    "access zebra ben",
    "zebra",
    "helpful app-not-installed yes",
    "entry why",
]
LINES += [
    "is zebra ready?",
    "Check zebra now",
    "zebar",
    "status zebar",
    "reconnect zebra",
    "hello",
    "what is not ready?",
]
LINES += [text.replace("prod", ORG) for text, _ in FORMS if text not in OPEN and not text.startswith("explain")]
"""Everything that can be said to the bot and is no error."""

ASKED: dict[str, Way] = {
    **{f"/flosum {text}": lambda person, _, text=text: person.command(text) for text in LINES},  # type: ignore[misc]
    **{f"mention: {text}": lambda person, _, text=text: person.mention(text) for text in LINES},  # type: ignore[misc]
    **{f"direct: {text}": lambda person, _, text=text: person.say(text or "?", "dm") for text in LINES},  # type: ignore[misc]
    **{f"button: {text}": pressed("say:0", text or "help") for text in LINES},
    "button in an assistant's pane": lambda person, bot: pressed("say:0", "status all", f"D{person.member.id[1:]}")(
        person, bot
    ),
    "share": pressed("share:0", f"status {ORG}"),
    "share all": pressed("share:0", "status all"),
    "shortcut": pointed_at("who is in for lunch?"),
    "shortcut on an empty message": pointed_at("what is permitted users?"),
}
"""Each is answered with one sentence, for the asker's eyes only."""

SHOWN_ELSEWHERE: dict[str, Way] = {
    "Home": lambda person, _: person.open_home(),
    "check": pressed_at_home(f"{CHECK}:0", f"1 {ORG}"),
    "check all": pressed_at_home(CHECK_ALL, "1"),
    "page": pressed_at_home(f"{PAGE}:next", "2"),
    "Home says": pressed_at_home(f"{TELL}:0", f"status {ORG}"),
    "Home reconnects": pressed_at_home(f"{TELL}:0", f"connect {ORG}"),
    "Home connects": pressed_at_home(CONNECT, "connect"),
    "a modal says": pressed_at_home("say:0", f"status {ORG}", "modal"),
    "a new org": pressed(f"form-{NEW_ORG_FORM}:0", "-"),
    "form": pressed(f"form-{JWT_FORM}:0", ORG),
    "the digest's form": pressed(f"form-{DIGEST_FORM}:0", "-"),
    "the form of a snooze": pressed(f"form-{SNOOZE_FORM}:0", ORG),
    "the form of any snooze": pressed(f"form-{SNOOZE_FORM}:0", "-"),
    "the digest's form at Home": pressed_at_home(f"form-{DIGEST_FORM}:0", "-"),
    "a modal's form": pressed_at_home(f"form-{JWT_FORM}:0", ORG, "modal"),
    "name": sent(CONNECT_FORM, "-", org=ORG),
    "digest": sent(DIGEST_FORM, "-", day="0", time="09:00", zone="Berlin", channel="C0SALESFORCE"),
    "snooze": sent(SNOOZE_FORM, ORG, length="7", reason=""),
    "a new name": sent(NEW_ORG_FORM, "-", org="lab"),
    "JWT": sent(JWT_FORM, ORG, username="bot@acme.example", host="acme.my.salesforce.com"),
}
"""Each is answered with the same sentence: on Home, in a modal, in the direct messages."""

ERRORS: dict[str, Way] = {
    "paste": lambda person, _: person.say(NOT_INSTALLED),
    "paste that names the org": lambda person, _: person.say(f"{ORG} says {NOT_INSTALLED}"),
    "thread_broadcast": said("thread_broadcast", NOT_INSTALLED),
    "file_share": said("file_share", NOT_INSTALLED),
    "message_share": said("message_share", NOT_INSTALLED),
    "message_changed": edited("lunch?", NOT_INSTALLED),
    "mention": lambda person, _: person.mention(NOT_INSTALLED),
    "direct": lambda person, _: person.say(NOT_INSTALLED, "dm"),
    "/flosum": lambda person, _: person.command(NOT_INSTALLED),
    "/flosum explain": lambda person, _: person.command(f"explain {NOT_INSTALLED}"),
    "button": pressed("say:0", f"explain {NOT_INSTALLED}"),
    "shortcut": pointed_at(NOT_INSTALLED),
}
"""Each is explained."""

SILENT: dict[str, Way] = {
    "lunch": lambda person, _: person.say("who is in for lunch?"),
    "the org in a thread": lambda person, _: person.say(ORG, thread_ts="1.0"),
    "channel_join": said("channel_join", NOT_INSTALLED),
    "bot_message": said("bot_message", NOT_INSTALLED),
    "an edit to nothing": edited("lunch?", "dinner?"),
}


@pytest.fixture(params=[*OUTSIDERS, "whom Slack does not tell of"])
def outsider(running_bot: RunningBot, request: pytest.FixtureRequest) -> SlackUser:
    """Each of them in turn, in a workspace that has an org of a telling name."""
    running_bot.bot.store.rename_org(TEAM, "prod", ORG)
    unknown = request.param not in OUTSIDERS
    member = Member("U0UNA", "una", "Una Unknown") if unknown else OUTSIDERS[request.param]
    if member is EVE:
        share(running_bot.workspace)
    if unknown:
        running_bot.workspace.fail("users.info", WebApiFault(FaultKind.REFUSE, error="user_not_visible"), times=10_000)
    return arrive(running_bot.workspace, member)


def kept(bot: RunningBot) -> object:
    store = bot.bot.store
    people = (store.trusted(TEAM), store.changes(TEAM), store.ratings(TEAM))
    return (
        [org.name for org in store.orgs(TEAM)],
        the_digest(store, TEAM),
        store.overhears(TEAM, "C0SALESFORCE"),
        people,
    )


def done(bot: RunningBot, person: SlackUser, way: Way) -> list[Shown]:
    """What became visible by it. Fails where what the bot sends names an org, or an org is read or anything changed."""
    bot.shown()
    calls, log, before, read = len(bot.workspace.calls), len(bot.workspace.log), kept(bot), len(bot.salesforce.requests)
    receipt = way(person, bot)
    assert receipt.acked
    bot.shown()
    told = json.dumps([call.args for call in bot.workspace.calls[calls:]]) + receipt.body
    assert ORG not in told
    assert (kept(bot), len(bot.salesforce.requests)) == (before, read)
    return [shown for shown in bot.workspace.log[log:] if shown.happening is not Happening.STATUS]


def by_bot(shown: list[Shown]) -> list[SlackMessage]:
    return [each.message for each in shown if each.message and each.message.by_bot]


def test_what_is_asked_is_refused_in_one_sentence_to_the_asker_alone(
    running_bot: RunningBot, outsider: SlackUser
) -> None:
    for name, way in ASKED.items():
        (answer,) = by_bot(done(running_bot, outsider, way))
        private = answer.audience == outsider.member.id or answer.channel.startswith("D")
        assert (REFUSED in answer.text, private, "actions" in str(answer.blocks)) == (True, True, False), name


def test_what_tells_nothing_of_the_workspace_is_answered_to_the_asker_alone(
    running_bot: RunningBot, outsider: SlackUser
) -> None:
    ways: dict[str, Callable[[str], Way]] = {
        "/flosum": lambda text: lambda person, _: person.command(text),
        "mention": lambda text: lambda person, _: person.mention(text),
        "direct": lambda text: lambda person, _: person.say(text or "help", "dm"),
        "button": lambda text: pressed("say:0", text or "help"),
    }
    for text, told in OPEN.items():
        for name, way in ways.items():
            (answer,) = by_bot(done(running_bot, outsider, way(text)))
            private = answer.audience == outsider.member.id or answer.channel.startswith("D")
            assert (told in read(answer).text, private, "actions" in str(answer.blocks)) == (True, True, False), (
                name,
                text,
            )


def test_home_modals_and_forms_say_the_same(running_bot: RunningBot, outsider: SlackUser) -> None:
    for name, way in SHOWN_ELSEWHERE.items():
        last = done(running_bot, outsider, way)
        shown = json.dumps([each.view.body if each.view else each.message and each.message.text for each in last])
        assert REFUSED in shown, (name, shown)
        assert CHECK not in shown, name


def test_errors_are_explained(running_bot: RunningBot, outsider: SlackUser) -> None:
    for name, way in ERRORS.items():
        answers = by_bot(done(running_bot, outsider, way))
        assert [EXPLAINED in each.text or "The same error was" in each.text for each in answers] == [True], name


def test_no_verdict_is_asked_in_private_of_whom_it_is_not_taken_from(
    running_bot: RunningBot, outsider: SlackUser
) -> None:
    for answer in by_bot(done(running_bot, outsider, lambda person, _: person.say(NOT_INSTALLED, "dm"))):
        assert "Not what happened" not in str(answer.blocks)


def test_what_concerns_nobody_is_left_alone(running_bot: RunningBot, outsider: SlackUser) -> None:
    for name, way in SILENT.items():
        assert by_bot(done(running_bot, outsider, way)) == [], name


def test_the_org_named_below_an_explanation_brings_none_of_its_links(
    running_bot: RunningBot, outsider: SlackUser
) -> None:
    question = outsider.say(NOT_INSTALLED).message
    assert question is not None

    assert by_bot(done(running_bot, outsider, lambda person, _: person.say(ORG, thread_ts=question.ts))) == []


def test_the_pane_suggests_errors_alone(running_bot: RunningBot, outsider: SlackUser) -> None:
    shown = done(running_bot, outsider, lambda person, _: person.open_home("messages"))

    (prompts,) = [each for each in shown if each.happening is Happening.PROMPTS]
    assert "Explain a login error" in prompts.text
    assert "guide" not in prompts.text


@pytest.mark.parametrize("member", [GUEST, SINGLE], ids=lambda member: member.name)
def test_guests_see_what_members_see_while_an_admin_lets_them(running_bot: RunningBot, member: Member) -> None:
    guest = arrive(running_bot.workspace, member)
    assert REFUSED in running_bot.ask("orgs", guest).text

    assert "see what members see" in running_bot.ask("settings guests on").text
    assert "emea-prod" in running_bot.ask("orgs", guest).text
    assert "is for workspace admins" in running_bot.ask("remind off", guest).text
    running_bot.ask(f"settings trust <@{member.id}>")
    assert "is off now" in running_bot.ask("remind off", guest).text
    assert "is for workspace admins." in running_bot.ask("settings guests off", guest).text

    assert "see nothing of orgs" in running_bot.ask("settings guests off").text
    assert REFUSED in running_bot.ask("orgs", guest).text
    assert REFUSED in running_bot.ask("remind on", guest).text
    actions = [change.action for change in reversed(running_bot.bot.store.changes(TEAM))]
    assert actions == ["opened orgs to guests", "trusted", "switched off the digest", "closed orgs to guests"]


def test_the_guests_setting_is_shown_to_every_member(running_bot: RunningBot) -> None:
    for _ in range(2):
        assert "get explanations of errors" in running_bot.ask("settings guests", running_bot.ben).text
        assert "Guests · get explanations of errors" in running_bot.ask("settings", running_bot.ben).text
        assert "not maybe" in running_bot.ask("settings guests maybe").text
        running_bot.ask("settings guests off")
    assert running_bot.bot.store.changes(TEAM) == []


@pytest.mark.parametrize(
    "mark", [{"bot_id": "B1"}, {"bot_id": "B1", "user": "U0BEN"}, {"app_id": "A1", "user": "U0BEN"}]
)
def test_bots_and_workflows_are_left_alone(running_bot: RunningBot, mark: Json) -> None:
    for text in (NOT_INSTALLED, f"<@{BOT_USER}> status all", f"<@{BOT_USER}> settings quiet"):
        ts = running_bot.workspace.state.next_ts()
        event = {"text": text, "ts": ts, "channel": "C0SALESFORCE", "channel_type": "channel", **mark}
        for kind in ("message", "app_mention"):
            assert running_bot.ada.deliver({"type": kind, **event}).acked

    assert running_bot.shown() == []


def test_an_admin_of_another_workspace_is_none_under_its_id_either(running_bot: RunningBot) -> None:
    """What somebody of another company presses in a shared channel may come under the id of their own workspace."""
    eve = arrive(running_bot.workspace, EVE)
    ours, running_bot.workspace.state.team = running_bot.workspace.state.team, Team(ELSEWHERE, "Elsewhere")
    for said in ("connect uat", "remind friday 14:00", "status all", "settings"):
        (answer,) = by_bot(done(running_bot, eve, pressed("say:0", said)))
        assert REFUSED in answer.text, said
    running_bot.workspace.state.team = ours

    assert running_bot.bot.store.orgs(ELSEWHERE) == []
    assert the_digest(running_bot.bot.store, ELSEWHERE) is None


def test_the_event_alone_tells_of_another_company(running_bot: RunningBot) -> None:
    share(running_bot.workspace)
    eve, asked = arrive(running_bot.workspace, EVE), len(running_bot.workspace.calls)

    eve.say(NOT_INSTALLED)
    eve.press(running_bot.shown()[0], "Not what happened")
    eve.mention("status all")
    running_bot.shown()

    assert "users.info" not in [call.method for call in running_bot.workspace.calls[asked:]]


def test_a_trusted_group_lets_in_none_of_another_company(running_bot: RunningBot) -> None:
    running_bot.workspace.state.groups["S0CRM"] = Group("S0CRM", "crm-team", (EVE.id, GUEST.id, "U0BEN"))
    running_bot.ask("settings trust @crm-team")

    for member in (EVE, GUEST):
        assert REFUSED in running_bot.ask("remind off", arrive(running_bot.workspace, member)).text
    assert "is off now" in running_bot.ask("remind off", running_bot.ben).text


def test_an_operators_admin_is_one_only_as_a_member(running_bot: RunningBot) -> None:
    permissions = running_bot.bot.uses.permissions
    permissions._admins = frozenset({EVE.id, GUEST.id, "U0BEN"})  # noqa: SLF001 - as FLOSUM_ADMINS gives them
    for member in (EVE, GUEST):
        assert REFUSED in running_bot.ask("remind off", arrive(running_bot.workspace, member)).text

    assert "is off now" in running_bot.ask("remind off", running_bot.ben).text


@pytest.mark.parametrize("asked", ["status prod", "help", "what is this?", "connect lab"])
def test_from_a_workspace_without_the_bot_it_is_said_who_can_add_it(running_bot: RunningBot, asked: str) -> None:
    """As of an Enterprise Grid organization, with one workspace's token."""
    state = running_bot.workspace.state
    state.team = replace(state.team, id="T0OTHER")

    said = running_bot.ask(asked).text
    said = said.removeprefix("I explain Salesforce login errors\n")  # which help begins with
    assert said.startswith("I am not in this workspace, so I show nothing of orgs here. An admin of it can add me")
    assert "blocked the app" in running_bot.ask("OAUTH_APP_BLOCKED").text
