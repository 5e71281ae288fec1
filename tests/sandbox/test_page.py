"""Block Kit as a page: what people read of it, and that nobody's words become markup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack import page
from bot.sandbox.slack.markup import NameLookup

Json = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = NameLookup({"U0BEN": "ben"}, {"C0RANDOM": "random"}, ZoneInfo("Europe/Berlin"), NOW)
VOID = {"meta", "input", "hr"}


class Reader(HTMLParser):
    """The elements of a page and the words between them; fails where an element is not closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.found]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.found if found == tag]


def drawn(*blocks: Json) -> Reader:
    return Reader(str(page.blocks(blocks, NAMES)))


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def words(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": words(text), **more}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": "say:1", "value": "status prod", **more}


def entered(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "line", "label": plain("Line"), "element": element, **more}


OPTIONS = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("*bold* and _italic_", "<strong>bold</strong> and <em>italic</em>"),
        ("~gone~ `*code*`", "<s>gone</s> <code>*code*</code>"),
        ("*bold `code`*", "<strong>bold </strong><code><strong>code</strong></code>"),
        ("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"),
        ("<@U0BEN> in <#C0RANDOM>", '<span class="name">@ben</span> in <span class="name">#random</span>'),
        ("<!date^1763888400^{date_short_pretty} {time}|then>", "23 Nov 2025 10:00"),
        (":warning: step", "⚠ step"),
        ("<javascript:alert(1)|press>", "press"),
        (
            "<https://a.com/?x=1&amp;y=2|there>",
            '<a href="https://a.com/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">there</a>',
        ),
    ],
)
def test_a_text_reads_as_slack_shows_it(source: str, shown: str) -> None:
    assert f'<p class="words">{shown}</p>' in str(page.blocks([section(source)], NAMES)).replace("\ufe0f", "")


def test_quotes_and_code_stand_apart() -> None:
    shown = str(page.blocks([section("see\n&gt; said\n&gt; so\n```\nif *x*:\n  y\n```")], NAMES))

    assert '<blockquote class="words">said\nso</blockquote>' in shown
    assert '<pre class="words">if *x*:\n  y</pre>' in shown


def test_a_button_holds_what_pressing_it_takes() -> None:
    row = {"type": "actions", "block_id": "row", "elements": [button("Check", style="primary")]}

    (found,) = drawn(row).all("button")

    assert found["class"] == "button primary"
    assert (found["data-action"], found["data-block"], found["data-value"]) == ("say:1", "row", "status prod")


@pytest.mark.parametrize(("url", "tag"), [("https://a.com", "a"), ("javascript:alert(1)", "button")])
def test_a_button_leads_into_the_web_and_nowhere_else(url: str, tag: str) -> None:
    shown = drawn(section("x", accessory=button("Open", url=url)))

    assert ("href" in shown.found[-1][1]) == (tag == "a")
    assert shown.tags[-1] == tag


@pytest.mark.parametrize(
    ("element", "tag", "holds"),
    [
        ({"type": "plain_text_input", "initial_value": "prod"}, "input", {"type": "text", "value": "prod"}),
        ({"type": "plain_text_input", "multiline": True}, "textarea", {}),
        ({"type": "timepicker", "initial_time": "09:00"}, "input", {"type": "time", "value": "09:00"}),
        ({"type": "datepicker", "initial_date": "2026-11-23"}, "input", {"type": "date", "value": "2026-11-23"}),
        ({"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[1]}, "option", {"selected": None}),
        ({"type": "multi_static_select", "options": OPTIONS}, "select", {"multiple": None}),
        ({"type": "conversations_select", "initial_conversation": "C0RANDOM"}, "option", {"value": "C0RANDOM"}),
        ({"type": "users_select"}, "option", {"value": "U0BEN"}),
        ({"type": "radio_buttons", "options": OPTIONS, "initial_option": OPTIONS[0]}, "input", {"checked": "checked"}),
        ({"type": "checkboxes", "options": OPTIONS}, "input", {"type": "checkbox"}),
    ],
)
def test_a_line_of_a_form_is_there_to_be_filled_in(element: Json, tag: str, holds: Json) -> None:
    found = drawn(entered({"action_id": "line", **element})).all(tag)

    assert any(holds.items() <= each.items() for each in found), found


def test_a_menu_holds_its_options() -> None:
    menu = {"type": "overflow", "action_id": "more", "options": OPTIONS}

    shown = drawn(section("prod", accessory=menu)).all("button")

    assert [(each["data-action"], each["data-value"]) for each in shown] == [("more", "1"), ("more", "2")]


def test_a_modal_has_its_title_and_says_what_is_wrong() -> None:
    body = {
        "type": "modal",
        "title": plain("Connect an org"),
        "submit": plain("Connect"),
        "close": plain("Cancel"),
        "blocks": [entered({"type": "plain_text_input", "action_id": "line"}, hint=plain("A short word"))],
    }

    shown = Reader(str(page.view(body, NAMES, {"line": "There is an org of that name."})))

    assert shown.words == "Connect an orgLineThere is an org of that name.A short wordCancelConnect"
    assert {"class": "fault", "role": "alert"} in shown.all("p")


def test_a_table_keeps_its_rows() -> None:
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "c"}]}],
    }
    rows = [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}], [rich, rich]]

    assert drawn({"type": "table", "rows": rows}).tags.count("tr") == 2


POINTS = [{"label": "2 Nov", "value": 4}, {"label": "9 Nov", "value": 6.5}]


@pytest.mark.parametrize(
    ("drawing", "tag", "told"),
    [
        ({"type": "line", "series": [{"name": "Ready", "data": POINTS}]}, "polyline", "Ready42 Nov6.59 Nov"),
        ({"type": "bar", "series": [{"name": "Ready", "data": POINTS}]}, "li", "Ready2 Nov49 Nov6.5"),
        ({"type": "pie", "segments": POINTS}, "li", "Ready2 Nov49 Nov6.5"),
        ({"type": "line", "series": [{"name": "Ready", "data": []}]}, "svg", "Ready"),
    ],
)
def test_a_chart_is_drawn_and_says_its_numbers(drawing: Json, tag: str, told: str) -> None:
    shown = drawn({"type": "data_visualization", "title": "Ready", "chart": drawing})

    assert (tag in shown.tags, shown.words) == (True, told)
    assert [each["aria-label"] for each in shown.all("svg")] in ([], ["Ready: 2 Nov 4, 9 Nov 6.5"], ["Ready: "])


def test_an_alert_of_another_app_shows_its_attachment() -> None:
    said = {"text": "Job 7", "attachments": [{"title": "failed", "fields": [{"title": "why", "value": "expired"}]}]}

    assert "Job 7failedwhy\nexpired" in Reader(str(page.message(said, NAMES, page.Heading("Jenkins")))).words


def test_a_block_that_is_not_known_is_named() -> None:
    assert drawn({"type": "carousel"}).words == "(carousel block, not shown here)"


EVERYWHERE = (
    lambda text: section(text, fields=[plain(text)], accessory=button(text, url=text, value=text, style=text)),
    lambda text: {"type": "header", "text": plain(text)},
    lambda text: {"type": "context", "elements": [words(text), {"type": "image", "alt_text": text, "image_url": text}]},
    lambda text: entered({"type": "plain_text_input", "action_id": text, "initial_value": text}, hint=plain(text)),
    lambda text: entered({"type": "static_select", "options": [{"text": plain(text), "value": text}]}),
    lambda text: {"type": "markdown", "text": text},
    lambda text: {"type": text},
    lambda text: section(f"<{text}|{text}> *{text}* `{text}` ```{text}```"),
    lambda text: {
        "type": "data_visualization",
        "title": text,
        "chart": {"type": "line", "series": [{"name": text, "data": [{"label": text, "value": 1}]}]},
    },
    lambda text: {"type": "table", "rows": [[{"type": "raw_text", "text": text}]]},
)
"""A block of each kind with a text wherever one can stand."""

TEXT_TAGS = {"a", "p", "strong", "em", "s", "code", "pre", "blockquote", "span"}

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["<script>alert(1)</script>", '" onclick="x', "' autofocus onfocus='x", "https://a.com/\" src='y"]),
    st.sampled_from(["javascript:alert(1)", "--><img src=x onerror=y>", "</style><script>", "\ud800<b>", "{0}{title}"]),
)


@given(HOSTILE, st.sampled_from(EVERYWHERE))
def test_nobodys_words_become_markup(text: str, place: Any) -> None:
    known = page.document("x", [page.message({"blocks": [place("words")]}, NAMES)])
    shown = page.document(text, [page.message({"blocks": [place(text)]}, NAMES)])

    found = Reader(shown)
    assert set(found.tags) <= set(Reader(known).tags) | TEXT_TAGS
    for tag, attributes in found.found:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "autofocus")], tag
        assert (attributes.get("href") or "https://").startswith(("https://", "http://", "mailto:"))
    shown.encode()


def test_a_page_loads_nothing_from_elsewhere() -> None:
    shown = page.document("Looks", [page.message({"text": "hello"}, NAMES)], "dark")

    assert not re.search(r"url\(|@import|<link|<script|src=", shown)
    assert '<html lang="en" data-scheme="dark">' in shown


def test_an_unlucky_document_is_still_one() -> None:
    """A title that looks like a place to fill in fills in nothing."""
    assert "<title>{body}</title>" in page.document("{body}", [])
