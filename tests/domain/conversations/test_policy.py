"""The decision behind every answer in a conversation, without Slack and without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.command import Command
from bot.domain.conversations import policy, replies
from bot.domain.conversations.org_mentions import meant_orgs, named_orgs
from bot.domain.conversations.policy import Decision, Message, MessageContext, decide
from bot.domain.model import AnswerKind, Asker, Login, Org, PostedAnswer, orgs_detail
from bot.domain.recognition.entries import Entry, Kind, Recognition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADA = Asker("T1", "U1", "C1")
ERROR = Entry(
    "not-installed",
    Kind.ERROR,
    "app-not-installed",
    "Not installed",
    "It is missing.",
    ("Install.",),
    "An admin",
    "The guide",
    page="usage",
)
OTHER = replace(ERROR, id="blocked", topic="app-blocked", title="Blocked")
GENERIC = replace(ERROR, id="generic", asks_for_url=True)
GUIDE = replace(ERROR, id="install", kind=Kind.GUIDE, topic="install")
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, organization_id="00DKd0000000001EAA")
UAT = Org("T1", "uat", "acme--uat.sandbox.my.salesforce.com", Login.JWT)
ANSWER = PostedAnswer("T1", "C1", "1.0", "1.0", "1.1", ERROR.id, NOW)

HEARD = Message(ADA, "app must be installed into org", "2.0")
REPLY = replace(HEARD, thread="1.0")
ASKED = replace(HEARD, asked=True)
DIRECT = replace(ASKED, who=replace(ADA, channel="D1"))
EDIT = replace(HEARD, edited=True)
SOLVED = replace(EDIT, text="solved, thanks")
PAGE = replace(REPLY, text="https://acme.my.salesforce.com/setup/secur/RemoteAccessAuthorizationPage.apexp")
NAMES_PROD = replace(REPLY, text="prod, app must be installed into org")
NOTHING = Recognition(None)
FOUND = Recognition(ERROR)
HEARD_OF_PROD = replace(HEARD, text=f"{HEARD.text} at https://{PROD.host}/x")
OF_PROD = replace(REPLY, text=PROD.host)

FULL, POINTER, FOR_ORG = AnswerKind.FULL, AnswerKind.POINTER, AnswerKind.FOR_ORG
OUTDATED, NO_ANSWER = AnswerKind.OUTDATED, AnswerKind.NOTHING
PLAIN = MessageContext(NOW, orgs=(PROD, UAT))
BELOW = replace(PLAIN, above=ERROR)
BELOW_GENERIC = replace(PLAIN, above=GENERIC)


def own(kind: AnswerKind = FULL, entry: Entry = ERROR, detail: str = "") -> MessageContext:
    """The message has an answer of that kind."""
    return replace(PLAIN, own=replace(ANSWER, to_ts="2.0", kind=kind, entry=entry.id, detail=detail), own_entry=entry)


def here(kind: AnswerKind = FULL, context: MessageContext = BELOW, detail: str = "") -> MessageContext:
    """In the message's thread stands an answer about ERROR."""
    return replace(context, in_thread=(*context.in_thread, replace(ANSWER, kind=kind, detail=detail)))


def nearby(context: MessageContext = PLAIN, entry: Entry = ERROR) -> MessageContext:
    """In its channel ``entry`` was explained within the hour, in this thread or another."""
    return replace(context, nearby=(replace(ANSWER, entry=OTHER.id), replace(ANSWER, entry=entry.id)))


@pytest.mark.parametrize(
    ("message", "found", "context", "kind", "entry"),
    [
        # chat, errors, questions
        (HEARD, NOTHING, PLAIN, None, ""),
        (HEARD, FOUND, PLAIN, FULL, "not-installed"),
        (HEARD, FOUND, replace(PLAIN, quiet=True), None, ""),
        (ASKED, FOUND, replace(PLAIN, quiet=True), FULL, "not-installed"),
        (ASKED, NOTHING, PLAIN, NO_ANSWER, ""),
        (ASKED, NOTHING, BELOW, NO_ANSWER, "not-installed"),
        (ASKED, Recognition(GUIDE), here(), FULL, "install"),
        (ASKED, Recognition(GUIDE), nearby(entry=GUIDE), FULL, "install"),
        (replace(HEARD, own_app=True), FOUND, PLAIN, NO_ANSWER, ""),
        (replace(HEARD, own_app=True), FOUND, nearby(), NO_ANSWER, ""),
        (replace(ASKED, own_app=True), NOTHING, PLAIN, NO_ANSWER, ""),
        # the same again
        (REPLY, FOUND, here(), None, ""),
        (REPLY, FOUND, here(POINTER), None, ""),
        (REPLY, FOUND, here(FOR_ORG), FULL, "not-installed"),
        (REPLY, FOUND, here(context=nearby(BELOW)), None, ""),
        (replace(REPLY, asked=True), FOUND, here(), POINTER, "not-installed"),
        (HEARD, FOUND, nearby(), POINTER, "not-installed"),
        (HEARD, FOUND, nearby(entry=GENERIC), FULL, "not-installed"),
        (DIRECT, FOUND, nearby(), FULL, "not-installed"),
        (replace(DIRECT, thread="1.0"), FOUND, here(context=nearby(BELOW)), POINTER, "not-installed"),
        (REPLY, FOUND, replace(PLAIN, above=OTHER), FULL, "not-installed"),
        # going on in a thread
        (OF_PROD, NOTHING, BELOW, FOR_ORG, "not-installed"),
        (OF_PROD, NOTHING, here(FOR_ORG, detail="uat"), FOR_ORG, "not-installed"),
        (OF_PROD, NOTHING, here(FOR_ORG, detail="prod"), None, ""),
        (OF_PROD, NOTHING, here(FULL, detail="prod"), None, ""),
        (OF_PROD, NOTHING, here(OUTDATED, detail="prod"), FOR_ORG, "not-installed"),
        (OF_PROD, NOTHING, here(FOR_ORG, replace(BELOW, above=OTHER), detail="prod"), FOR_ORG, "blocked"),
        (OF_PROD, NOTHING, PLAIN, None, ""),
        (replace(HEARD_OF_PROD, thread="1.0"), FOUND, here(), FOR_ORG, "not-installed"),
        (REPLY, NOTHING, BELOW, None, ""),
        (PAGE, NOTHING, BELOW_GENERIC, NO_ANSWER, "generic"),
        (PAGE, NOTHING, BELOW, FOR_ORG, "not-installed"),
        (PAGE, Recognition(OTHER), BELOW_GENERIC, FULL, "blocked"),
        # edits
        (EDIT, NOTHING, PLAIN, None, ""),
        (EDIT, FOUND, PLAIN, FULL, "not-installed"),
        (EDIT, FOUND, own(), FULL, "not-installed"),
        (EDIT, Recognition(OTHER), own(), FULL, "blocked"),
        (EDIT, FOUND, nearby(own()), FULL, "not-installed"),
        (EDIT, NOTHING, own(), OUTDATED, "not-installed"),
        (EDIT, NOTHING, replace(own(), own_entry=None), OUTDATED, "not-installed"),
        (EDIT, NOTHING, own(OUTDATED), None, ""),
        (EDIT, FOUND, own(OUTDATED), FULL, "not-installed"),
        (SOLVED, NOTHING, own(), OUTDATED, "not-installed"),
        (SOLVED, NOTHING, replace(own(), quiet=True), OUTDATED, "not-installed"),
        (SOLVED, NOTHING, replace(own(), own_entry=None), OUTDATED, "not-installed"),
        (replace(SOLVED, asked=True), NOTHING, own(), OUTDATED, "not-installed"),
        (SOLVED, NOTHING, own(OUTDATED), OUTDATED, "not-installed"),
        (SOLVED, NOTHING, own(POINTER), None, ""),
        (SOLVED, NOTHING, PLAIN, None, ""),
        (replace(SOLVED, text=f"[solved] {HEARD.text}"), FOUND, own(), OUTDATED, "not-installed"),
        (EDIT, FOUND, own(POINTER), None, ""),
        (EDIT, Recognition(OTHER), own(POINTER), FULL, "blocked"),
        (EDIT, NOTHING, own(POINTER), None, ""),
        (EDIT, NOTHING, own(FOR_ORG), None, ""),
        (replace(EDIT, text=PROD.host), NOTHING, replace(own(FOR_ORG), above=ERROR), FOR_ORG, "not-installed"),
        (replace(EDIT, asked=True), NOTHING, own(NO_ANSWER), NO_ANSWER, ""),
        (replace(EDIT, asked=True, was_asked=True), FOUND, PLAIN, FULL, "not-installed"),  # as its author alone saw it
        (replace(EDIT, asked=True, was_asked=True, who=DIRECT.who), FOUND, PLAIN, None, ""),
        (replace(SOLVED, asked=True, was_asked=True), NOTHING, PLAIN, None, ""),
        (replace(EDIT, asked=True), NOTHING, PLAIN, NO_ANSWER, ""),
    ],
)  # fmt: skip
def test_a_message_gets_the_decision_it_needs(
    message: Message, found: Recognition, context: MessageContext, kind: AnswerKind | None, entry: str
) -> None:
    decision = decide(message, found, context)

    assert (decision and decision.kind, decision.entry if decision else "") == (kind, entry)


@pytest.mark.parametrize(
    ("message", "found", "context", "detail"),
    [
        (HEARD, FOUND, PLAIN, ""),
        (NAMES_PROD, FOUND, PLAIN, "prod"),
        (HEARD_OF_PROD, FOUND, PLAIN, "prod"),
        (OF_PROD, NOTHING, BELOW, "prod"),
    ],
)
def test_it_is_remembered_for_which_org_an_answer_has_links(
    message: Message, found: Recognition, context: MessageContext, detail: str
) -> None:
    decision = decide(message, found, context)

    assert decision is not None
    assert decision.answer is not None
    assert decision.detail == detail
    assert (PROD.host in str(decision.answer)) is bool(detail)


def test_a_decision_comes_with_its_finished_answer() -> None:
    told = [
        (decide(HEARD, FOUND, PLAIN), "It is missing."),
        (decide(replace(ASKED, text="statsu prod"), NOTHING, PLAIN), "There is no command `statsu`"),
        (decide(ASKED, NOTHING, PLAIN), "I have no guidance for that"),
        (decide(PAGE, NOTHING, BELOW_GENERIC), "That address does not name the cause"),
        (decide(EDIT, NOTHING, replace(own(), own_entry=None)), "The message was edited and shows no error any more"),
        (decide(OF_PROD, NOTHING, BELOW), "The answer above, for `prod`"),
    ]

    assert [decision and decision.answer and decision.answer.headline for decision, _ in told] == [
        headline for _, headline in told
    ]
    assert {decision.points_to for decision, _ in told if decision} == {None}


def test_an_answer_below_a_question_goes_on_from_it_and_one_of_no_org_asks_which() -> None:
    one_org = replace(PLAIN, orgs=(PROD,))

    def note(message: Message, found: Recognition, context: MessageContext) -> str:
        decision = decide(message, found, context)
        assert decision is not None
        assert decision.answer is not None
        return decision.answer.note

    assert note(REPLY, Recognition(OTHER), BELOW_GENERIC).startswith("Goes on from the answer above · ")
    assert "Goes on" not in note(REPLY, Recognition(OTHER), BELOW)
    assert "Goes on" not in note(REPLY, Recognition(GENERIC), BELOW_GENERIC)
    assert note(HEARD, FOUND, PLAIN).endswith("Name the org here for its links")
    for message, found, context in ((NAMES_PROD, FOUND, PLAIN), (HEARD, FOUND, one_org), (DIRECT, FOUND, PLAIN)):
        assert "Name the org here" not in note(message, found, context)
    assert "Name the org here" not in note(ASKED, Recognition(GUIDE), PLAIN)


def test_a_pointer_leads_to_the_newest_answer_in_full_about_the_same() -> None:
    newest, older = replace(ANSWER, ts="1.7"), replace(ANSWER, ts="1.3")
    context = replace(PLAIN, nearby=(replace(ANSWER, ts="1.9", entry=OTHER.id), newest, older))

    found = decide(HEARD, FOUND, context)
    asked_later = decide(replace(REPLY, asked=True), FOUND, here())

    assert found is not None
    assert asked_later is not None
    assert (found.points_to, asked_later.points_to) == ("1.7", None)


COMMAND, SHOWN = Command("status", "prod"), " shown"


@pytest.mark.parametrize(
    ("message", "context", "entry"),
    [
        (ASKED, PLAIN, ""),
        (ASKED, BELOW, "not-installed"),
        (replace(EDIT, asked=True), PLAIN, ""),
        (replace(EDIT, asked=True), own(), ""),
        (replace(EDIT, asked=True, was_asked=True), PLAIN, ""),
        (replace(EDIT, asked=True, was_asked=True, who=DIRECT.who), PLAIN, None),
        (replace(EDIT, asked=True, was_asked=True), own(AnswerKind.COMMAND), None),
        (replace(EDIT, asked=True, was_asked=True), own(AnswerKind.COMMAND, detail=SHOWN), ""),
        (replace(EDIT, asked=True, was_asked=True), own(FULL), ""),
        (replace(EDIT, asked=True, was_asked=True), own(NO_ANSWER), ""),
    ],
)
def test_an_edited_command_is_carried_out_where_nothing_was_done_before(
    message: Message, context: MessageContext, entry: str | None
) -> None:
    decision = policy.decide_command(message, COMMAND, context)

    detail = orgs_detail([SHOWN, *(org.name for org in context.orgs if COMMAND.rest == org.name)])
    expected = None if entry is None else Decision(AnswerKind.COMMAND, None, entry, detail, command=COMMAND)
    assert decision == expected


@pytest.mark.parametrize(
    ("before", "command", "is_carried_out"),
    [
        (SHOWN, Command("remind"), True),
        (SHOWN, Command("remind", "off"), False),
        (SHOWN, Command("disconnect", "prod"), False),
        (SHOWN, Command("talk", "thanks"), False),
        ("", COMMAND, False),
    ],
)
def test_what_was_done_is_neither_done_again_nor_taken_away(
    before: str, command: Command, is_carried_out: bool
) -> None:
    edit = replace(EDIT, asked=True, was_asked=True)

    decision = policy.decide_command(edit, command, own(AnswerKind.COMMAND, detail=before))

    assert (decision is not None) is is_carried_out


@pytest.mark.parametrize(
    ("command", "detail"),
    [
        (COMMAND, f"{SHOWN}\nprod"),
        (Command("status", "prod details"), f"{SHOWN}\nprod"),
        (Command("guide", "for prod"), f"{SHOWN}\nprod"),
        (Command("guide", "why"), SHOWN),
        (Command("status", "sandboxes"), SHOWN),
        (Command("apps", "prod both"), "\nprod"),
        (Command("remind"), SHOWN),
        (Command("remind", "off"), ""),
    ],
)
def test_it_is_kept_whether_a_command_only_showed_something_and_of_which_org(command: Command, detail: str) -> None:
    decision = policy.decide_command(ASKED, command, PLAIN)

    assert decision is not None
    assert decision.detail == detail


messages = st.builds(
    Message, st.just(ADA), st.sampled_from(["x", PAGE.text, "prod"]), st.just("2.0"), st.sampled_from([None, "1.0"]),
    st.booleans(), st.booleans(),
)  # fmt: skip
founds = st.sampled_from([NOTHING, FOUND, Recognition(OTHER), Recognition(GENERIC)])
posted = st.builds(
    lambda kind, entry, detail: replace(ANSWER, kind=kind, entry=entry.id, detail=detail),
    st.sampled_from(AnswerKind), st.sampled_from([ERROR, OTHER, GENERIC]), st.sampled_from(["", "prod"]),
)  # fmt: skip
contexts = st.builds(
    MessageContext,
    st.just(NOW),
    st.sampled_from([(), (PROD,), (PROD, UAT)]),
    st.booleans(),
    st.none() | posted,
    st.sampled_from([None, ERROR]),
    st.sampled_from([None, ERROR, GENERIC]),
    st.lists(posted, max_size=3),
    st.lists(posted.map(lambda each: replace(each, kind=FULL)), max_size=3),
)


@given(message=messages, found=founds, context=contexts)
def test_an_answer_is_only_ever_changed_to_say_more_or_to_claim_less(
    message: Message, found: Recognition, context: MessageContext
) -> None:
    decision = decide(message, found, replace(context, own=context.own or ANSWER))

    assert decision is None or decision.kind in (FULL, FOR_ORG, OUTDATED, NO_ANSWER)


@given(message=messages, found=founds, context=contexts)
def test_only_an_answer_in_full_that_stands_there_is_outdated(
    message: Message, found: Recognition, context: MessageContext
) -> None:
    decision = decide(message, found, context)

    if decision is not None and decision.kind is OUTDATED:
        assert context.own is not None
        assert (context.own.kind, context.own.entry) == (FULL, decision.entry)


@given(message=messages, found=founds, context=contexts)
def test_a_thread_never_gets_the_same_error_explained_twice(
    message: Message, found: Recognition, context: MessageContext
) -> None:
    told = replace(ANSWER, entry=found.entry.id) if found.entry else ANSWER
    decision = decide(message, found, replace(context, own=None, in_thread=(told,)))

    assert decision is None or decision.kind is not FULL


@given(message=messages, context=contexts)
def test_chat_that_the_bot_never_spoke_to_is_left_alone(message: Message, context: MessageContext) -> None:
    overheard, stranger = replace(message, asked=False), replace(context, own=None, above=None)

    assert decide(overheard, NOTHING, stranger) is None


@given(message=messages, found=founds, context=contexts)
def test_a_quiet_channel_stays_quiet(message: Message, found: Recognition, context: MessageContext) -> None:
    assert decide(replace(message, asked=False), found, replace(context, quiet=True)) is None


# --- reading replies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "orgs"),
    [
        ("prod", [PROD]),
        ("It's PROD.", [PROD]),
        ("<@U2> i think this was in `uat`, sorry!", [UAT]),
        ("see https://acme.my.salesforce.com/setup", [PROD]),
        ("00DKd0000000001", [PROD]),
        ("prod prod", [PROD]),
        ("uat and prod", [UAT, PROD]),
        ("both uat & prod, sorry", [UAT, PROD]),
        ("prod/uat", [PROD, UAT]),
        ("we see it in prod, uat too", [PROD, UAT]),
        ("no, uat", [UAT]),
        ("sorry, I meant uat", [UAT]),
        ("uat, not prod", [UAT]),
        ("Actually it’s uat not prod", [UAT]),
        ("wrong org, it was uat", [UAT]),
        ("same in uat", [UAT]),
        ("uat and nowhere", []),
        ("prod or uat", []),
        ("is prod broken", []),
        ("prod is fine, only uat", []),
        ("no error in prod", []),
        ("not prod", []),
        ("not in prod", []),
        ("production", []),
        ("and both", []),
        ("", []),
    ],
)
def test_orgs_are_named_by_a_reply_that_says_little_else(text: str, orgs: list[Org]) -> None:
    assert list(named_orgs(text, (PROD, UAT))) == orgs


@pytest.mark.parametrize(
    ("text", "orgs"),
    [
        ("uat and prod both say OAUTH_APP_BLOCKED", [UAT, PROD]),
        ("prod: OAUTH_APP_BLOCKED", [PROD]),
        ("https://acme.my.salesforce.com says so, uat does not", [PROD]),
        ("OAUTH_APP_BLOCKED", []),
    ],
)
def test_none_of_several_orgs_in_a_text_is_left_out(text: str, orgs: list[Org]) -> None:
    assert list(meant_orgs(text, (PROD, UAT))) == orgs


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("it is EMEA full copy", ["EMEA Full Copy"], ["EMEA Full Copy"]),
        ("no, `EMEA Full Copy`, not prod", ["EMEA Full Copy"], ["EMEA Full Copy", "prod"]),
        ("prod and EMEA Full Copy!", ["prod", "EMEA Full Copy"], ["prod", "EMEA Full Copy"]),
        ("uat & qa", ["uat & qa"], ["uat & qa"]),
        ("OAUTH_APP_BLOCKED in EMEA Full Copy after the refresh", [], ["EMEA Full Copy"]),
        ("a full copy of EMEA", [], []),
        ("the copy of prod is full", [], ["prod"]),
    ],
)
def test_a_name_of_several_words_is_found_where_they_follow_one_another(
    text: str, named: list[str], meant: list[str]
) -> None:
    orgs = (PROD, replace(UAT, name="EMEA Full Copy"), replace(UAT, name="qa"), replace(UAT, name="uat & qa"))

    assert [org.name for org in named_orgs(text, orgs)] == named
    assert [org.name for org in meant_orgs(text, orgs)] == meant


@given(words=st.lists(st.sampled_from("deploy again tomorrow broken prod it is in".split()), max_size=14))
def test_a_sentence_about_an_org_does_not_name_it(words: list[str]) -> None:
    text = " ".join(words)

    if named_orgs(text, (PROD,)):
        assert not {"deploy", "again", "tomorrow", "broken"} & set(words)


@pytest.mark.parametrize(
    ("text", "worth"),
    [("prod", True), ("word " * 12, True), ("word " * 13, False), (f"{PAGE.text} " + "word " * 30, True)],
)
def test_only_short_replies_and_addresses_are_looked_at(text: str, worth: bool) -> None:
    assert policy.may_add(text) is worth


# --- words ---------------------------------------------------------------------------------------------


def test_a_pointer_is_short_and_leads_to_the_answer_and_the_org() -> None:
    link = "https://acme.slack.com/archives/C1/p11?thread_ts=1.0&cid=C1"

    pointer = replies.pointer(ERROR, replace(ANSWER, at=NOW - timedelta(minutes=5)), PROD, NOW)
    answer = replies.with_link(pointer, link)

    assert answer.headline == "The same error was explained here 5 min ago: Not installed"
    assert f"]({link})" in answer.lead
    assert [button.command for button in answer.buttons] == ["status prod", "entry not-installed"]
    assert (answer.parts, answer.note, answer.rates) == ((), "", None)
    assert replies.with_link(pointer, None) == pointer
    assert pointer.lead == "The button shows the steps again, to you alone."


@pytest.mark.parametrize(
    ("entry", "guessed", "told"),
    [
        (ERROR, False, "The same error was explained here 5 min ago: Not installed"),
        (ERROR, True, "Perhaps this is the error that was explained here 5 min ago: Not installed"),
        (
            replace(ERROR, hides_cause=True),
            False,
            "This one does not say why. What to do then was explained here 5 min ago: Not installed",
        ),
        (
            replace(ERROR, hides_cause=True),
            True,
            "This one does not say why. What to do then was explained here 5 min ago: Not installed",
        ),
    ],
)
def test_a_pointer_calls_the_same_only_what_is_known_to_be(entry: Entry, guessed: bool, told: str) -> None:
    earlier = replace(ANSWER, at=NOW - timedelta(minutes=5))

    decision = decide(HEARD, Recognition(entry, is_guess=guessed), replace(PLAIN, nearby=(earlier,)))

    assert decision is not None
    assert decision.answer is not None
    assert decision.answer.headline == told


def test_an_outdated_answer_claims_nothing_of_the_text() -> None:
    answer = replies.outdated(ERROR, (PROD,))

    assert "From the text" not in answer.note
    assert answer.note.startswith("Answers what the message said before it was edited")
    assert answer.parts


def test_no_pane_offers_more_prompts_than_slack_shows() -> None:
    assert len(replies.prompts((PROD, UAT))) == 4
    assert [prompt.message for prompt in replies.prompts(())] == ["status all", "explain", "guide"]
