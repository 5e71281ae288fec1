"""What people type after /flosum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.command import ASK, Command, parse, shorten, take_channel
from bot.domain.verbs import BY_NAME


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", Command("help")),
        ("   \n ", Command("help")),
        ("help", Command("help")),
        ("STATUS Prod", Command("status", "Prod")),
        ("status   all ", Command("status", "all")),
        ("status\nprod", Command("status", "prod")),
        ("guide grant-profile", Command("guide", "grant-profile")),
        (
            "explain error=invalid_grant&error_description=x",
            Command("explain", "error=invalid_grant&error_description=x"),
        ),
        ("remind monday 09:00 Europe/Berlin <#C1|ops>", Command("remind", "monday 09:00 Europe/Berlin <#C1|ops>")),
        ("statsu prod", Command(ASK, "statsu prod", "status")),
        ("disconnectin prod", Command(ASK, "disconnectin prod", "disconnect")),
        ("disconnecting prod", Command(ASK, "disconnecting prod")),
        ("how do I install the app", Command(ASK, "how do I install the app")),
        ("invalid_grant", Command(ASK, "invalid_grant")),
    ],
)
def test_a_line_is_understood(typed: str, understood: Command) -> None:
    assert parse(typed) == understood


def test_a_sentence_that_starts_with_a_verb_is_a_question() -> None:
    assert parse("connect fails with invalid_grant since Monday").verb == ASK
    assert parse("help me find the Install button").verb == ASK


def test_a_sentence_is_never_taken_for_a_mistyped_command() -> None:
    assert parse("stats of my org say Token Expired").meant is None


@given(st.text(max_size=300))
def test_every_line_is_either_a_known_verb_or_a_question_that_keeps_the_text(text: str) -> None:
    command = parse(text)

    assert command.verb in (*BY_NAME, ASK)
    if command.verb == ASK:
        assert command.rest == text.replace("\0", "").strip()


def test_a_channel_is_taken_out_of_the_words() -> None:
    assert take_channel(("monday", "<#C01ABC|ops>", "9:00")) == ("C01ABC", ("monday", "9:00"))
    assert take_channel(("monday", "#ops")) == (None, ("monday", "#ops"))


def test_a_long_name_is_cut_visibly() -> None:
    assert shorten("x" * 60) == "x" * 60
    assert shorten("x" * 61) == "x" * 59 + "…"
    assert shorten("  two\nlines ") == "two lines"
