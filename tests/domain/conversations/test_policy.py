"""The decision behind every reaction in a conversation, without Slack and without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversations import policy, replies
from bot.domain.conversations.policy import Message, MessageContext, Reaction, react
from bot.domain.model import Asker, Login, Org, Said
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.org_hints import hints

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
SAID = Said("T1", "C1", "1.0", "1.0", "1.1", ERROR.id, NOW)

HEARD = Message(ADA, "app must be installed into org", "2.0")
REPLY = replace(HEARD, thread="1.0")
ASKED = replace(HEARD, asked=True)
EDIT = replace(HEARD, edited=True)
PAGE = replace(REPLY, text="https://acme.my.salesforce.com/setup/secur/RemoteAccessAuthorizationPage.apexp")
NOTHING = Recognition(None)
FOUND = Recognition(ERROR)


def own(kind: str = policy.FULL, entry: Entry = ERROR) -> MessageContext:
    return MessageContext(own=replace(SAID, entry=policy.memo(entry.id, kind)))


@pytest.mark.parametrize(
    ("message", "found", "context", "reaction"),
    [
        # chat, errors, questions
        (HEARD, NOTHING, MessageContext(), Reaction.SILENCE),
        (HEARD, FOUND, MessageContext(), Reaction.ANSWER),
        (ASKED, NOTHING, MessageContext(), Reaction.ANSWER),
        (ASKED, Recognition(GUIDE), MessageContext(told_here=True), Reaction.ANSWER),
        # the same again
        (REPLY, FOUND, MessageContext(above=ERROR, told_here=True), Reaction.SILENCE),
        (REPLY, FOUND, MessageContext(above=ERROR, told_here=True, told_nearby=True), Reaction.SILENCE),
        (replace(REPLY, asked=True), FOUND, MessageContext(above=ERROR, told_here=True), Reaction.POINT),
        (HEARD, FOUND, MessageContext(told_nearby=True), Reaction.POINT),
        (REPLY, FOUND, MessageContext(above=OTHER), Reaction.ANSWER),
        # going on in a thread
        (REPLY, NOTHING, MessageContext(above=ERROR, named=PROD), Reaction.GO_ON),
        (REPLY, FOUND, MessageContext(above=ERROR, named=PROD, told_here=True), Reaction.GO_ON),
        (REPLY, NOTHING, MessageContext(above=ERROR), Reaction.SILENCE),
        (PAGE, NOTHING, MessageContext(above=GENERIC), Reaction.NO_FURTHER),
        (PAGE, NOTHING, MessageContext(above=GENERIC, named=PROD), Reaction.NO_FURTHER),
        (PAGE, NOTHING, MessageContext(above=ERROR), Reaction.SILENCE),
        (PAGE, Recognition(OTHER), MessageContext(above=GENERIC), Reaction.ANSWER),
        # edits
        (EDIT, NOTHING, MessageContext(), Reaction.SILENCE),
        (EDIT, FOUND, MessageContext(), Reaction.ANSWER),
        (EDIT, FOUND, own(), Reaction.UPDATE),
        (EDIT, Recognition(OTHER), own(), Reaction.UPDATE),
        (EDIT, NOTHING, own(), Reaction.OUTDATE),
        (EDIT, NOTHING, own(policy.OUTDATED), Reaction.SILENCE),
        (EDIT, FOUND, own(policy.OUTDATED), Reaction.UPDATE),
        (EDIT, FOUND, own(policy.POINTER), Reaction.SILENCE),
        (EDIT, Recognition(OTHER), own(policy.POINTER), Reaction.UPDATE),
        (EDIT, NOTHING, own(policy.POINTER), Reaction.SILENCE),
        (EDIT, NOTHING, own(policy.FOR_ORG), Reaction.SILENCE),
        (EDIT, NOTHING, replace(own(policy.FOR_ORG), above=ERROR, named=UAT), Reaction.GO_ON),
        (replace(EDIT, asked=True), NOTHING, own(policy.NOTHING), Reaction.UPDATE),
        (replace(EDIT, asked=True, was_asked=True), FOUND, MessageContext(), Reaction.SILENCE),
        (replace(EDIT, asked=True), NOTHING, MessageContext(), Reaction.ANSWER),
    ],
)  # fmt: skip
def test_a_message_gets_the_reaction_it_needs(
    message: Message, found: Recognition, context: MessageContext, reaction: Reaction
) -> None:
    assert react(message, found, context) is reaction


messages = st.builds(
    Message, st.just(ADA), st.sampled_from(["x", PAGE.text]), st.just("2.0"), st.sampled_from([None, "1.0"]),
    st.booleans(), st.booleans(),
)  # fmt: skip
founds = st.sampled_from([NOTHING, FOUND, Recognition(OTHER), Recognition(GENERIC)])
memos = st.sampled_from([policy.FULL, policy.POINTER, policy.FOR_ORG, policy.OUTDATED, policy.NOTHING, policy.COMMAND])
owns = st.none() | st.builds(lambda kind: replace(SAID, entry=policy.memo(ERROR.id, kind)), memos)
contexts = st.builds(
    MessageContext,
    owns,
    st.sampled_from([None, ERROR, GENERIC]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, PROD]),
)


@given(message=messages, found=founds, context=contexts)
def test_a_message_that_has_an_answer_never_gets_a_second_one(
    message: Message, found: Recognition, context: MessageContext
) -> None:
    reaction = react(message, found, context)

    if context.own is not None:
        assert reaction in (Reaction.SILENCE, Reaction.UPDATE, Reaction.OUTDATE, Reaction.GO_ON)
    else:
        assert reaction not in (Reaction.UPDATE, Reaction.OUTDATE)


@given(message=messages, found=founds, context=contexts)
def test_a_thread_never_gets_the_same_error_explained_twice(
    message: Message, found: Recognition, context: MessageContext
) -> None:
    reaction = react(message, found, replace(context, own=None, told_here=True))

    assert reaction is not Reaction.ANSWER or found.entry is None


@given(message=messages, context=contexts)
def test_chat_that_the_bot_never_spoke_to_is_left_alone(message: Message, context: MessageContext) -> None:
    overheard, stranger = replace(message, asked=False), replace(context, own=None, above=None)

    assert react(overheard, NOTHING, stranger) is Reaction.SILENCE


# --- reading replies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "org"),
    [
        ("prod", PROD),
        ("It's PROD.", PROD),
        ("<@U2> i think this was in `uat`, sorry!", UAT),
        ("see https://acme.my.salesforce.com/setup", PROD),
        ("00DKd0000000001", PROD),
        ("prod or uat", None),
        ("prod prod", None),
        ("is prod broken", None),
        ("not in prod", None),
        ("production", None),
        ("", None),
    ],
)
def test_an_org_is_named_by_a_reply_that_says_little_else(text: str, org: Org | None) -> None:
    assert policy.named_org(text, hints(text), (PROD, UAT)) == org


@given(words=st.lists(st.sampled_from("deploy again tomorrow broken prod it is in".split()), max_size=14))
def test_a_sentence_about_an_org_does_not_name_it(words: list[str]) -> None:
    text = " ".join(words)

    if policy.named_org(text, hints(text), (PROD,)) is not None:
        assert not {"deploy", "again", "tomorrow", "broken"} & set(words)


@pytest.mark.parametrize(
    ("text", "worth"),
    [("prod", True), ("word " * 12, True), ("word " * 13, False), (f"{PAGE.text} " + "word " * 30, True)],
)
def test_only_short_replies_and_addresses_are_looked_at(text: str, worth: bool) -> None:
    assert policy.may_add(text) is worth


@given(entry=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True), kind=memos, detail=st.text(max_size=80))
def test_what_is_remembered_of_an_answer_is_read_back(entry: str, kind: str, detail: str) -> None:
    kept = policy.memo(entry, kind, detail)

    assert (policy.memo_entry(kept), policy.memo_kind(kept)) == (entry, kind)


# --- words ---------------------------------------------------------------------------------------------


def test_a_pointer_is_short_and_leads_to_the_answer_and_the_org() -> None:
    link = "https://acme.slack.com/archives/C1/p11?thread_ts=1.0&cid=C1"

    answer = replies.pointer(ERROR, replace(SAID, at=NOW - timedelta(minutes=5)), link, PROD, NOW)

    assert answer.headline == "The same error was explained here 5 min ago: Not installed"
    assert f"]({link})" in answer.lead
    assert [button.command for button in answer.buttons] == ["status prod", "entry not-installed"]
    assert (answer.parts, answer.note, answer.rates) == ((), "", None)


def test_an_outdated_answer_claims_nothing_of_the_text() -> None:
    answer = replies.outdated(ERROR, (PROD,))

    assert "From the text" not in answer.note
    assert answer.note.startswith("Answers what the message said before it was edited")
    assert answer.parts


def test_no_pane_offers_more_prompts_than_slack_shows() -> None:
    assert len(replies.prompts((PROD, UAT))) == 4
    assert [prompt.message for prompt in replies.prompts(())] == ["status all", "explain", "guide"]
