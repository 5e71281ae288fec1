"""What is declared of the slash verbs, and which lines are commands."""

from __future__ import annotations

import re

import pytest

from bot.domain.command import ASK, parse
from bot.domain.conversations.guidance_reply import help_text
from bot.domain.verbs import BY_NAME, VERBS, Usage, Verb

TYPED = [verb for verb in VERBS if not verb.is_pressed]


# --- a command or not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "access denied",
        "Access denied: user not approved",
        "access denied.",
        "access denied (invalid_grant)",
        "access denied, ask your admin",
        "access_denied",
        "access token expired",
        "access token invalid",
        "access tokens revoked",
        "access not allowed",
        "access to prod",
        "grant type not supported",
        "grant type unsupported",
        "grant_type not supported",
        "grant_type=password",
        "grant failed: unsupported_grant_type",
        "grant invalid",
        "grant: expired authorization code",
        "grant the backup app",
        "grant access to Ada",
        "snooze is broken",
        "snooze: invalid_grant",
    ],
)
def test_an_error_or_a_question_that_begins_with_the_word_of_a_verb_keeps_its_text(text: str) -> None:
    command = parse(text)

    assert (command.verb, command.rest) == (ASK, text)


@pytest.mark.parametrize(
    "text",
    [
        "access",
        "access prod",
        "access prod ada",
        "access emea-prod <@U0YOU|ada>",
        "access prod @ada",
        "access prod ada.lovelace+admin@acme.com",
        "grant",
        "grant prod",
        "GRANT prod backup Flosum_Users",
        "grant prod both the Flosum users of EMEA",
    ],
)
def test_what_has_the_form_of_a_verb_is_that_command(text: str) -> None:
    assert parse(text).verb == text.split()[0].casefold()


@pytest.mark.parametrize("text", ["entri why", "helpfull why yes"])
def test_nobody_is_sent_to_what_only_buttons_say(text: str) -> None:
    assert parse(text).meant in (None, "help")


def test_every_verb_that_works_is_suggested_for_its_own_slips() -> None:
    for verb in TYPED:
        slip = verb.name[:-1] + "x" if len(verb.name) > 3 else f"{verb.name}x"
        assert parse(slip).meant == verb.name


# --- what buttons say ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["entry why", "entry user-not-approved", "helpful why yes", "helpful app:one no"])
def test_what_buttons_say_is_understood(text: str) -> None:
    verb, _, rest = text.partition(" ")
    command = parse(text)

    assert (command.verb, command.rest) == (verb, rest)


@pytest.mark.parametrize("text", ["entry", "entry point not found", "helpful why", "helpful why perhaps"])
def test_words_that_no_button_says_are_a_question(text: str) -> None:
    assert parse(text).verb == ASK


# --- the declarations ----------------------------------------------------------------------------------


def test_no_verb_is_declared_twice_or_means_a_question() -> None:
    assert len(BY_NAME) == len(VERBS)
    assert ASK not in BY_NAME


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_form_of_a_verb_says_what_it_is_for_and_is_read_as_that_verb(verb: Verb) -> None:
    for usage in verb.usages:
        assert usage.help
        assert not usage.help.endswith(".")


def test_every_verb_that_works_is_in_the_short_help_and_no_other() -> None:
    lines = [typed for part in help_text([]).parts for typed in re.findall("`([^`]+)`", getattr(part, "text", ""))]

    assert {line.split()[0] for line in lines} == {verb.name for verb in TYPED}
    assert all(parse(line.replace("…", "x")).verb == line.split()[0] for line in lines)


def test_the_short_help_fits_a_phone() -> None:
    told = help_text([])
    lines = [told.headline, told.lead, *(getattr(part, "text", "") for part in told.parts)]

    assert sum(-(-len(re.sub(r"[*`]", "", line)) // 44) for line in lines) <= 18


@pytest.mark.parametrize(
    ("words", "typed", "fits"),
    [
        ("<org> yes|no [reason]", "prod YES", True),
        ("<org> yes|no [reason]", "prod no holidays", True),
        ("<org> yes|no [reason]", "prod maybe", False),
        ("<org> yes|no [reason]", "prod", False),
        ("<org> yes|no [reason]", "prod no holidays now", False),
        ("", "", True),
        ("", "prod", False),
    ],
)
def test_words_fit_a_usage_place_by_place(words: str, typed: str, fits: bool) -> None:
    assert Usage(words, "something").fits(typed.split()) is fits


def test_a_command_that_is_only_begun_may_lack_its_end() -> None:
    usage = Usage("<org> <days>", "something")

    assert usage.fits(["prod"], begun=True)
    assert not usage.fits(["prod", "soon"], begun=True)
