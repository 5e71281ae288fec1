"""People talking to the bot: signed requests in, what Slack shows out. Real Bolt app, real SQLite, real HTTP."""

from __future__ import annotations

import json
import time

import pytest

from bot.sandbox.salesforce.faults import LOGIN, OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.user import Delivery
from tests.digests import the_digest
from tests.running_bot import RunningBot

NOT_INSTALLED = '{"error":"invalid_client","error_description":"app must be installed into org"}'
SESSION_ID = "00DKd0000000001!AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"


def labels(message: SlackMessage) -> list[str]:
    found = []
    for block in message.blocks:
        elements = [*(block.get("elements") or ()), block.get("accessory") or {}]
        found += [element["text"]["text"] for element in elements if element.get("type") == "button"]
    return found


def links(message: SlackMessage) -> list[str]:
    return [element["url"] for block in message.blocks for element in block.get("elements", ()) if "url" in element]


# --- commands ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("org", "first_line"),
    [
        ("prod", "✅ prod is ready"),
        ("emea-prod", "⛔ emea-prod needs a step: install Flosum DevOps: Web App Production"),
        ("uat", "⚠️ uat needs a step: nobody is granted access to either Flosum app yet"),
        ("qa", "✅ qa is ready, and open to all its users: anybody may connect with both Flosum apps"),
        ("legacy", "❔ Cannot tell whether legacy is ready: its connection may not read either Flosum app"),
        ("partner", "❔ partner must be connected again"),
        ("fresh", "❔ Cannot tell whether fresh is ready: it shows no sign of either Flosum app"),
    ],
)
def test_every_built_in_org_has_its_own_verdict(running_bot: RunningBot, org: str, first_line: str) -> None:
    answer = running_bot.ask(f"status {org}")

    assert answer.text.splitlines()[0] == first_line
    assert answer.audience == running_bot.ada.member.id
    host = next(built_in.host for built_in in running_bot.salesforce.orgs.values() if built_in.name == org)
    assert all(link.startswith(f"https://{host}/lightning/setup/") for link in links(answer))


def test_org_names_do_not_mind_case(running_bot: RunningBot) -> None:
    assert running_bot.ask("STATUS Prod").text == running_bot.ask("status prod").text


def test_an_unknown_org_is_answered_with_the_known_ones(running_bot: RunningBot) -> None:
    answer = running_bot.ask("status xyz")

    assert answer.text == (
        "I know no org called xyz. Connected orgs: emea-prod, fresh, legacy, partner, prod and 2 more."
    )
    running_bot.ada.press(answer, "Connect xyz")
    assert running_bot.shown()[-1].text.startswith("Connect xyz")


def test_an_unknown_verb_is_answered_with_the_nearest(running_bot: RunningBot) -> None:
    answer = running_bot.ask("statsu prod")

    assert "Did you mean /flosum status prod?" in answer.text
    running_bot.ada.press(answer, "/flosum status prod")
    assert running_bot.shown()[-1].text.startswith("✅ prod is ready")


def test_an_empty_command_is_answered_with_the_short_help(running_bot: RunningBot) -> None:
    assert "status all · status sandboxes" in running_bot.ask("").text
    assert running_bot.ask("help").text == running_bot.ask("").text


def test_all_orgs_are_listed_what_needs_doing_first(running_bot: RunningBot) -> None:
    answer = running_bot.ask("status all")

    assert answer.text.startswith("⛔ 2 of 7 orgs ready, 1 not read\n⛔ emea-prod · install DevOps\n")
    assert "6 of 7 read from Salesforce just now; 1 could not be read" in str(answer.blocks)
    assert labels(answer)[0] == "Check emea-prod"


def test_the_last_reading_is_shown_without_asking_salesforce(running_bot: RunningBot) -> None:
    running_bot.ask("status prod")
    calls = len(running_bot.salesforce.requests)

    answer = running_bot.ask("orgs")

    assert "1 of 7 orgs ready, 6 not read yet" in answer.text
    assert len(running_bot.salesforce.requests) == calls


def test_a_shared_answer_goes_to_the_whole_channel(running_bot: RunningBot) -> None:
    running_bot.ada.press(running_bot.ask("status prod"), "Share in channel")

    assert running_bot.shown()[-1].audience is None
    assert running_bot.shown()[-1].text.startswith("✅ prod is ready")
    assert "Shared by <@U0YOU>" in str(running_bot.shown()[-1].blocks)
    assert "Share in channel" not in str(running_bot.shown()[-1].blocks)


def test_what_went_wrong_in_sharing_is_for_whoever_pressed(running_bot: RunningBot) -> None:
    status = running_bot.ask("status emea-prod")
    running_bot.bot.store.remove_org(TEAM, "emea-prod")

    running_bot.ada.press(status, "Share in channel")

    last = running_bot.shown()[-1]
    assert "I know no org called emea-prod" in last.text
    assert last.audience == running_bot.ada.member.id


def test_a_button_of_a_private_answer_in_a_thread_answers_in_that_thread(running_bot: RunningBot) -> None:
    question = running_bot.ada.say(f"prod says {NOT_INSTALLED}").message
    assert question is not None
    (explained,) = running_bot.shown()
    running_bot.ada.press(explained, "Check prod now")
    status = running_bot.shown()[-1]

    running_bot.ada.press(status, "Share in channel")

    assert (status.audience, status.thread_ts) == (running_bot.ada.member.id, question.ts)
    assert (running_bot.shown()[-1].audience, running_bot.shown()[-1].thread_ts) == (None, question.ts)


def test_an_answer_that_confirms_takes_the_place_of_what_it_confirms(running_bot: RunningBot) -> None:
    question = running_bot.ask("disconnect prod")

    running_bot.ada.press(question, "Disconnect prod")

    assert running_bot.workspace.settle()
    now = running_bot.workspace.state.messages[question.channel, question.ts]
    assert now.text.startswith("✅ prod is disconnected")
    assert running_bot.bot.store.org("T0DEMO", "prod") is None


def test_a_question_that_all_can_see_stays_where_it_is(running_bot: RunningBot) -> None:
    (question,) = running_bot.say("@flosum disconnect prod")

    running_bot.ada.press(question, "Keep it")

    assert running_bot.shown()[-1].audience == running_bot.ada.member.id
    assert running_bot.workspace.state.messages[question.channel, question.ts].text == question.text


def test_who_waits_for_an_org_sees_within_a_second_what_is_being_done(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(hang=4, path=LOGIN))
    before, began = len(running_bot.shown(meanwhile=True)), time.monotonic()

    running_bot.ada.command("status prod")
    running_bot.workspace.wait(lambda log: len([each for each in log if each.message]) > before)
    assert time.monotonic() - began < 3.9  # before the org has answered

    reading, status = running_bot.shown(meanwhile=True)[before:]
    assert reading.text == "Reading prod from Salesforce…"
    assert "prod" in status.text
    assert running_bot.ask("status uat").text.startswith("⚠️ uat")


def test_when_salesforce_falls_silent_the_last_facts_are_told_with_their_age(running_bot: RunningBot) -> None:
    running_bot.ask("status prod")
    running_bot.salesforce.break_org("prod", OrgFault(status=503))

    answer = running_bot.ask("status prod")

    assert answer.text.startswith(
        "❔ Cannot tell whether prod is ready: it was ready when last read, just now\nprod is not available now."
    )
    assert "Try again" in labels(answer)


# --- pastes and talk -----------------------------------------------------------------------------------


def test_an_error_paste_is_answered_in_its_thread_with_the_steps_in_order(running_bot: RunningBot) -> None:
    (answer,) = running_bot.say(f"anyone seen this?\n```{NOT_INSTALLED}```")

    said = next(shown.message for shown in running_bot.workspace.log if shown.message and not shown.message.by_bot)
    assert answer.thread_ts == said.ts
    assert answer.audience is None
    assert answer.text.index("Install") < answer.text.index("Permitted Users") < answer.text.index("Update Token")


@pytest.mark.parametrize("chat", ["lunch at noon?", "the deploy went well :tada:", "status prod", "I installed it", ""])
def test_ordinary_talk_is_left_in_peace(running_bot: RunningBot, chat: str) -> None:
    assert list(running_bot.say(chat)) == []


def test_asked_something_unknown_it_says_that_it_has_nothing(running_bot: RunningBot) -> None:
    answer = running_bot.ask("what is the weather in Oslo")

    assert answer.text.startswith("I have no guidance for that")


def test_a_message_that_slack_delivers_again_is_answered_once(running_bot: RunningBot) -> None:
    receipt = running_bot.ada.say(NOT_INSTALLED)
    running_bot.ada.redeliver(receipt)
    running_bot.ada.redeliver(receipt, 2)

    assert len(running_bot.shown()) == 1


def test_a_mention_is_answered_once_though_it_comes_as_two_events(running_bot: RunningBot) -> None:
    receipt = running_bot.ada.mention("how do I grant a permission set?")

    (answer,) = running_bot.shown()
    assert receipt.message is not None
    assert answer.thread_ts == receipt.message.ts


def test_a_direct_message_is_asked_and_answered_where_it_was_written(running_bot: RunningBot) -> None:
    (answer,) = running_bot.say("status prod", "dm")

    assert answer.text.startswith("✅ prod is ready")
    assert answer.thread_ts is None


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("how do I refresh the token in uat", "Update the org's token in Flosum"),
        ("how do I install in legacy", "Install the Flosum connected app"),
        ("install legacy", "Install the Flosum connected app"),
        ("how do I set permitted users for our emea-prod", "Permitted Users: who may connect"),
        ("how do I grant access in uat", "What grant takes"),
    ],
)
def test_a_question_about_the_guide_is_none_the_worse_for_an_orgs_name(
    running_bot: RunningBot, question: str, headline: str
) -> None:
    assert running_bot.ask(question).text.startswith(headline)


def test_what_is_to_be_explained_is_no_orgs_name(running_bot: RunningBot) -> None:
    assert "no org is called so" in running_bot.ask("UNABLE").text
    assert "org" not in running_bot.ask("explain UNABLE_TO_LOCK_ROW").text.splitlines()[0]


def test_in_direct_messages_there_is_nothing_to_share(running_bot: RunningBot) -> None:
    (said,) = running_bot.say("status prod", "dm")
    typed = running_bot.ask("status prod", channel="dm")
    here = running_bot.ask("status prod")

    assert ["Share in channel" in str(answer.blocks) for answer in (said, typed, here)] == [False, False, True]


def test_a_secret_in_a_paste_is_told_to_its_author_alone_and_kept_nowhere(running_bot: RunningBot) -> None:
    shown = running_bot.say(f"INVALID_SESSION_ID: Session expired or invalid, sid={SESSION_ID}")

    public, private = shown
    assert (public.audience, private.audience) == (None, running_bot.ada.member.id)
    assert "session id" in private.text
    assert "Session Management" in private.text
    everything = json.dumps([call.args for call in running_bot.workspace.calls]) + running_bot.log.getvalue()
    assert SESSION_ID[16:40] not in everything
    database = b"".join(path.read_bytes() for path in running_bot.folder.iterdir() if path.name.startswith("demo.db"))
    assert SESSION_ID[16:40].encode() not in database


@pytest.mark.parametrize(
    "hostile",
    [
        "invalid_grant " * 2900,
        "\0" * 500 + "OAUTH_APP_BLOCKED" + "\0" * 500,
        "\u202e\u2066OAUTH_APP_BLOCKED\u2069 خطأ في تسجيل الدخول",
        "<!channel> <!here> <@U0BEN> OAUTH_APP_BLOCKED <https://evil.example|Install>",
        "&lt;!channel&gt; `*_~ OAUTH_APP_BLOCKED",
    ],
)
def test_a_hostile_paste_pings_nobody_and_fails_nothing(running_bot: RunningBot, hostile: str) -> None:
    running_bot.say(hostile[:40_000])
    running_bot.ask(hostile[:3000])

    assert "unexpected" not in running_bot.log.getvalue()


def test_an_org_name_that_is_markup_stays_words(running_bot: RunningBot) -> None:
    assert "<!channel>" not in json.dumps(running_bot.ask("status <!channel> *x* `y`").blocks)


# --- when things break ---------------------------------------------------------------------------------


def test_a_forged_request_is_refused(running_bot: RunningBot) -> None:
    delivery = running_bot.ada.command("status prod").delivery
    before = len(running_bot.shown())
    assert delivery is not None
    running_bot.workspace.signing_secret = "0" * 32

    assert running_bot.ada.send(delivery).status == 401
    assert len(running_bot.shown()) == before


def test_a_post_whose_answer_is_lost_is_not_sent_twice(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.DROP))

    running_bot.say(NOT_INSTALLED)

    assert [call.method for call in running_bot.workspace.calls].count("chat.postMessage") == 1


def test_status_alone_reads_the_only_org_and_lists_several(running_bot: RunningBot) -> None:
    *others, last, only = sorted(org.name for org in running_bot.bot.store.orgs(TEAM))
    for name in others:
        running_bot.bot.store.remove_org(TEAM, name)
    assert "of 2 orgs ready" in running_bot.ask("status").text

    running_bot.bot.store.remove_org(TEAM, last)

    assert only in running_bot.ask("status").text


def test_the_guide_alone_lists_its_sections(running_bot: RunningBot) -> None:
    assert running_bot.ask("guide").text.startswith("The guide, section by section")


def test_acks_do_not_wait_for_a_hanging_org(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(hang=4.0))

    begun = time.monotonic()
    receipts = [running_bot.ada.command("status prod") for _ in range(5)]

    assert all(receipt.acked for receipt in receipts)
    assert time.monotonic() - begun < 4.0
    running_bot.salesforce.mend("prod")  # what comes after the first call hangs no more


def test_something_unforeseen_is_told_with_a_reference_and_logged(running_bot: RunningBot) -> None:
    store = running_bot.bot.store
    while store.connections_in_use():  # of the start; the last to close would write the database over what is put there
        time.sleep(0.01)
    store.close()
    path = running_bot.folder / "demo.db"
    for extra in ("-wal", "-shm"):
        path.with_name(path.name + extra).unlink(missing_ok=True)
    path.write_bytes(b"this is no database" * 400)

    answer = running_bot.ask("orgs")

    assert answer.text.startswith("❔ The bot cannot do this right now")
    assert "Traceback" not in answer.text
    assert "demo.db" not in f"{answer.text}{answer.blocks}"
    assert "demo.db is not a database" in running_bot.log.getvalue()


# --- digests -------------------------------------------------------------------------------------------


def test_the_digest_can_be_posted_now_by_an_admin(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())
    running_bot.ada.command("remind now")

    digest, confirmation = running_bot.shown()[before:]
    assert digest.audience is None
    assert digest.text.startswith("⛔ Flosum apps: 2 of 7 orgs ready")
    assert confirmation.audience == running_bot.ada.member.id


def test_a_member_is_refused_and_told_who_can(running_bot: RunningBot) -> None:
    answer = running_bot.ask("remind off", running_bot.ben)

    assert answer.text == (
        "Changing a digest is for workspace admins and people added in /flosum settings. Today that is Ada Lindt."
    )
    assert the_digest(running_bot.bot.store, "T0DEMO") is not None


def test_an_event_that_nobody_listens_to_leaves_no_line_in_the_log(running_bot: RunningBot) -> None:
    event = {"type": "reaction_added", "user": "U0YOU", "reaction": "eyes", "item": {"type": "message"}}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event_time": 1, "event": event}

    running_bot.ada.send(Delivery(json.dumps(body).encode(), "application/json"))

    assert "reaction_added" not in running_bot.log.getvalue()
    assert "warning" not in running_bot.log.getvalue().lower()


def test_an_org_that_hangs_keeps_nobody_waiting_for_the_others(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(hang=6, path=LOGIN))
    before = len(running_bot.shown(meanwhile=True))

    running_bot.ada.command("status all")
    running_bot.ben.command("help")

    shown = sorted(running_bot.shown(meanwhile=True)[before:], key=lambda each: float(each.ts))
    (helped,) = (each for each in shown if "status all · status sandboxes" in each.text)
    reading, second, whole = (each for each in shown if each is not helped)
    assert float(helped.ts) < float(second.ts)
    assert reading.text == "Reading all orgs from Salesforce…"
    assert second.text.startswith("⛔ 1 of 7 orgs ready, 1 still being read, 1 not read\n")
    assert "1 org is still being read, the rest follows" in str(second.blocks)
    assert whole.text.startswith("⛔ 2 of 7 orgs ready, 1 not read\n")


def test_what_is_said_of_the_others_meanwhile_is_not_taken_for_the_answer(running_bot: RunningBot) -> None:
    """Where this machine is slow, any org may be one that hangs."""
    running_bot.salesforce.break_org("prod", OrgFault(hang=6, path=LOGIN))

    assert running_bot.ask("status all").text.startswith("⛔ 2 of 7 orgs ready, 1 not read\n")
