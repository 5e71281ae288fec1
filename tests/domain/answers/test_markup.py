"""The light markup, and its way to Slack and to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.views.mrkdwn import cut, incoming, mrkdwn, notification, without_mention
from bot.domain.answers.markup import code, literal, plain, spans

HOSTILE = st.text(alphabet="<>&!@#abc|*`[](){}:/\\ htps.CU09\n", max_size=400)


@pytest.mark.parametrize(
    ("text", "slack", "terminal"),
    [
        ("Click **Install** twice", "Click *Install* twice", "Click Install twice"),
        ("`prod` is ready", "`prod` is ready", "prod is ready"),
        (
            "see [the page](https://a.b/c?d=1&e)",
            "see <https://a.b/c?d=1&amp;e|the page>",
            "see the page (https://a.b/c?d=1&e)",
        ),
        ("{time:0}", "<!date^0^{date_short_pretty} {time}|1970-01-01 00:00 UTC>", "1970-01-01 00:00 UTC"),
        (
            "{time:99999999999}",
            "<!date^99999999999^{date_short_pretty} {time}|5138-11-16 09:46 UTC>",
            "5138-11-16 09:46 UTC",
        ),
        ("by {user:U1} in {channel:C2}", "by <@U1> in <#C2>", "by @U1 in #C2"),
        ("a < b & <!channel>", "a &lt; b &amp; &lt;!channel&gt;", "a < b & <!channel>"),
        (r"\*\*no bold\*\*", "**no bold**", "**no bold**"),
    ],
)
def test_markup_is_rendered(text: str, slack: str, terminal: str) -> None:
    assert mrkdwn(text) == slack
    assert plain(text) == terminal


@pytest.mark.parametrize("instant", ["ABC", "100000000000"])
def test_what_is_no_instant_is_shown_as_it_is(instant: str) -> None:
    assert plain(f"{{time:{instant}}}") == instant


def test_a_text_is_cut_into_spans_that_hold_something() -> None:
    assert [(span.style, span.text) for span in spans("**a**`b`c")] == [("bold", "a"), ("code", "b"), ("plain", "c")]


@given(HOSTILE)
def test_other_peoples_words_cannot_ping_link_or_format(text: str) -> None:
    rendered = mrkdwn(literal(text))

    assert not set("<>") & set(rendered)
    assert plain(literal(text)) == text
    assert [span.style for span in spans(literal(text)) if span.style != "plain"] == []


@given(HOSTILE)
def test_a_name_stays_inside_its_code_font(text: str) -> None:
    rendered = mrkdwn(f"before {code(text)} after")

    assert rendered.count("`") == 2
    assert not set("<>") & set(rendered)


@given(HOSTILE)
def test_a_notification_never_pings(text: str) -> None:
    assert not set("<>") & set(notification(text))


@given(st.text(alphabet="ab&<>", max_size=60), st.integers(min_value=12, max_value=40))
def test_a_cut_never_splits_an_entity(text: str, limit: int) -> None:
    shortened = cut(notification(text), limit)

    assert len(shortened) <= limit
    for piece in shortened.split("&")[1:]:
        assert piece.startswith(("amp;", "lt;", "gt;"))


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        ("error=invalid_client&amp;error_description=app", "error=invalid_client&error_description=app"),
        ("<https://login.salesforce.com/x?error=a&amp;b=c>", "https://login.salesforce.com/x?error=a&b=c"),
        ("<https://acme.my.salesforce.com|acme.my.salesforce.com>", "https://acme.my.salesforce.com"),
        ("status <http://prod.example|prod.example>", "status prod.example"),
        ("<http://acme.my.salesforce.com/x?a=b|here>", "http://acme.my.salesforce.com/x?a=b"),
        ("access prod <mailto:ben@acme.example|ben@acme.example>", "access prod ben@acme.example"),
        ("<mailto:ben@acme.example|Ben>", "mailto:ben@acme.example"),
        ("<!channel> look", "@channel look"),
        ("<#C1|ops> and <@U2>", "<#C1|ops> and <@U2>"),
    ],
)
def test_slacks_escaping_is_undone(sent: str, written: str) -> None:
    assert incoming(sent) == written


def test_the_bots_own_name_is_taken_out_of_a_mention() -> None:
    assert without_mention("<@U0BOT> status prod", "U0BOT") == "status prod"
    assert without_mention("hey <@U0BOT|flosum> help", "U0BOT") == "hey   help"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ask <@U0BEN|ben>", "ask @ben"),
        ("ask <@U0BEN>", "ask @…"),
        ("in <#C0RANDOM|random>", "in #random"),
        ("for <!subteam^S0OPS|@ops>", "for @ops"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_whom_somebody_named_is_shown_by_name_and_never_by_id(said: str, shown: str) -> None:
    assert plain(code(said)) == shown
    assert plain(literal(said)) == shown
