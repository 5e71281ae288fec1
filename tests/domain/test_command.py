"""What people type after /flosum."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.command import AROUND, ASK, HELP, TALK, Command, parse, shorten, split, take_channel
from bot.domain.other_words import meant_by
from bot.domain.phrases import Talk, talk_of
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
        ("status uat cc <@U1>", Command("status", "uat")),
        ("tag uat wave-2 (cc <@U1|ada>, <!subteam^S1|@crm>)", Command("tag", "uat wave-2")),
        ("status uat /cc: <@U1> <@U2>", Command("status", "uat")),
        ("<@U1>  status uat", Command("status", "uat")),
        ("<@U1>, <@U2>: status uat, FYI <@U3>.", Command("status", "uat")),
        ("access uat <@U1>", Command("access", "uat <@U1>")),
        ("owner uat <@U1> cc <@U2>", Command("owner", "uat <@U1>")),
        ("<@U1> cannot log in", Command(ASK, "<@U1> cannot log in")),
        ("invalid_grant", Command(ASK, "invalid_grant")),
    ],
)
def test_a_line_is_understood(typed: str, understood: Command) -> None:
    assert parse(typed) == understood


def test_a_sentence_that_starts_with_a_verb_is_a_question() -> None:
    assert parse("connect fails with invalid_grant since Monday").verb == ASK
    assert parse("help me find the Install button").verb == ASK


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("help me", Command("help")),
        ("hi there, can you help?", Command("help")),
        ("Good morning! Can you please help me?", Command("help")),
        ("hello, what do you keep about me?", Command("privacy")),
        ("Can you help me?", Command("help")),
        ("All commands", Command("help")),
        ("Which orgs need a step?", Command("status", "all")),
        ("which orgs need a step", Command("status", "all")),
        ("is it just us?", Command("guide", "why")),
        ("Is everyone affected?", Command("guide", "why")),
        ("what about the sandboxes?", Command("status", "sandboxes")),
        ("Explain a login error", Command("explain")),
        ("go through the guide.", Command("guide")),
        ("“Choose an org to check”", Command("orgs")),
        ("`status` prod", Command("status", "prod")),
        ("/status prod", Command("status", "prod")),
        ("...", Command("help")),
        ("help me find the button", Command(ASK, "help me find the button")),
    ],
)
def test_what_our_prompts_and_buttons_are_called_is_said_by_typing_it(typed: str, understood: Command) -> None:
    assert parse(typed) == understood


@pytest.mark.parametrize(
    ("typed", "talk"),
    [
        ("hello", Talk.GREETING),
        ("hi all", Talk.GREETING),
        ("Good morning everybody", Talk.GREETING),
        ("hello, who are you?", Talk.WHO),
        ("who can help me", Talk.PEOPLE),
        ("Can somebody help me?", Talk.PEOPLE),
        ("whom can I ask", Talk.PEOPLE),
        ("undo", Talk.UNDO),
        ("Who can do this?", Talk.STEPS),
        ("how long does it take?", Talk.STEPS),
        ("that didn't help", Talk.FAILED),
        ("still the same error!", Talk.FAILED),
        ("I still get it", Talk.FAILED),
        ("nope, same", Talk.FAILED),
        ("it came back", Talk.FAILED),
        ("No, we're still seeing that message", Talk.FAILED),
        ("still getting the same error", Talk.FAILED),
        ("not fixed yet", Talk.FAILED),
        ("it is still not working", Talk.FAILED),
        ("I get an error", None),
        ("still says app blocked", None),
        ("can you check again?", Talk.WHICH),
        ("done, now?", Talk.WHICH),
        ("ok did that", Talk.WHICH),
        ("could you look at it again please", Talk.WHICH),
        ("done with that topic", None),
        ("do I need admin rights?", Talk.STEPS),
        ("do I need an admin to fix this?", Talk.STEPS),
        ("show me all the steps", Talk.STEPS),
        ("stop", Talk.STOP),
        ("go ahead", Talk.RATING),
        ("no, thanks", Talk.KEEPING),
        ("thanks, solved", Talk.THANKS),
        ("Same here", Talk.SAME),
        ("and now?", Talk.WHICH),
        ("Undo that, please", Talk.UNDO),
        ("oops", Talk.UNDO),
        ("mondays at 9am", Talk.TIME),
        ("every monday at 9:00", Talk.TIME),
        ("9:00 on mondays", Talk.TIME),
        ("Tuesday, 14h30 Berlin", Talk.TIME),
        ("fri noon New York.", Talk.TIME),
        ("Hi there!", Talk.GREETING),
        ("hey :wave:", Talk.GREETING),
        ("👋", Talk.GREETING),
        ("thanks!", Talk.THANKS),
        ("Thank you :pray:", Talk.THANKS),
        (":+1:", Talk.THANKS),
        ("👍🏽", Talk.THANKS),
        ("OK, thanks.", Talk.THANKS),
        ("Who are you?", Talk.WHO),
        ("What can you do?", Talk.WHO),
        ("is it the same in all orgs?", Talk.EACH),
        ("same for all sandboxes?", Talk.EACH),
        ("Does this apply to every org?", Talk.EACH),
        ("do I have to do this in each org", Talk.EACH),
        ("is that true for sandboxes too?", Talk.EACH),
        ("is this for every org or only production", Talk.EACH),
        ("and must we repeat that everywhere?", Talk.EACH),
        ("is it ready in all orgs", None),
        ("is it down in all orgs", None),
        ("the same error in all orgs", None),
        ("bye", Talk.BYE),
        ("thanks for nothing", None),
        ("thanks a lot, you saved my day", Talk.THANKS),
        ("Thank you so much for the quick help!", Talk.THANKS),
        ("Vielen Dank", Talk.THANKS),
        ("danke schön", Talk.THANKS),
        ("haha nice one", Talk.THANKS),
        ("thanks, but it says app blocked", None),
        ("great, invalid_grant again", None),
        ("thanks, prod?", None),
        ("nice error", None),
        ("hello, my token is expired", None),
        ("hi prod", None),
        ("?!", None),
        ("…", None),
        ("x" * 300, None),
    ],
)
def test_small_talk_is_small_talk_only_where_nothing_else_is_said(typed: str, talk: Talk | None) -> None:
    assert talk_of(typed) is talk
    assert (parse(typed).verb == TALK) is (talk is not None)


def test_a_sentence_is_never_taken_for_a_mistyped_command() -> None:
    assert parse("stats of my org say Token Expired").meant is None


@given(st.text(max_size=300))
def test_every_line_is_either_a_known_verb_or_a_question_that_keeps_the_text(text: str) -> None:
    command = parse(text)

    assert command.verb in (*BY_NAME, ASK, TALK)
    if command.verb in (ASK, TALK):
        assert command.rest == text.replace("\0", "").strip(AROUND)


def test_what_is_around_a_line_has_every_blank_that_parts_words() -> None:
    assert [letter for letter in map(chr, range(sys.maxunicode)) if letter.isspace() and letter not in AROUND] == []
    assert parse("\x1f\u200f ").verb == HELP


def test_a_channel_is_taken_out_of_the_words() -> None:
    assert take_channel(("monday", "<#C01ABC|ops>", "9:00")) == ("C01ABC", ("monday", "9:00"))
    assert take_channel(("monday", "#ops")) == (None, ("monday", "#ops"))


def test_a_long_name_is_cut_visibly() -> None:
    assert shorten("x" * 60) == "x" * 60
    assert shorten("x" * 61) == "x" * 59 + "…"
    assert shorten("  two\nlines ") == "two lines"


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("entry app-blocked", "entry"),
        ("entry app-blocked prod", "entry"),
        ("entry app-blocked EMEA Full Copy", "entry"),
        ("entry of the log says invalid_grant", ASK),
        ("entry invalid_grant in the job log", ASK),
    ],
)
def test_an_entry_is_shown_for_an_org_with_a_name_of_several_words(text: str, verb: str) -> None:
    assert parse(text).verb == verb


@pytest.mark.parametrize("text", ["", " ", "\xa0", "\n"])
def test_a_line_of_which_nothing_is_left_begins_with_no_word(text: str) -> None:
    assert split(text) == ("", "")
    assert meant_by(text, ["prod"]) == ()
    assert parse(text).verb == HELP
