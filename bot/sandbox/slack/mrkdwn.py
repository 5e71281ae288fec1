"""Slack's texts, as ``markup`` reads them, as styled text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from bot.sandbox.slack.markup import (
    Kind,
    NameLookup,
    Paragraph,
    Span,
    plain_words,
    read_markdown,
    read_mrkdwn,
    safe,
    unescape,
)

BOLD = Style(bold=True)
ITALIC = Style(italic=True)
STRIKE = Style(strike=True)
CODE = Style(color="red", bold=False)
LINK = Style(color="blue", underline=True)
NAME = Style(color="cyan")
DIM = Style(dim=True)

_STYLES = {"bold": BOLD, "italic": ITALIC, "strike": STRIKE, "code": CODE, "name": NAME}
_MARKS = {Kind.QUOTE: "▏ ", Kind.FENCE: "    "}


def mrkdwn(source: str, names: NameLookup, style: Style | None = None) -> Text:
    """One mrkdwn text, styled."""
    return Text("\n").join(paragraph_lines(read_mrkdwn(source, names), style))


def plain(source: str, style: Style | None = None) -> Text:
    """A ``plain_text`` object's text."""
    return Text(plain_words(source), style or Style())


def markdown(source: str, names: NameLookup) -> Text:
    """A markdown block's text."""
    return Text("\n").join(paragraph_lines(read_markdown(source, names)))


def paragraph_lines(paragraphs: Sequence[Paragraph], style: Style | None = None) -> list[Text]:
    """The lines of a text, each behind the mark of its paragraph's kind."""
    lines: list[Text] = []
    for paragraph in paragraphs:
        own = CODE if paragraph.kind is Kind.FENCE else style or Style()
        text = Text().join([_styled(span, own) for span in paragraph.spans])
        mark = _MARKS.get(paragraph.kind, "  " * paragraph.indent + paragraph.marker)
        lines += [Text(mark, own).append_text(line) for line in text.split("\n", allow_blank=True)]
    return lines


def linked(label: str, url: str, style: Style | None = None) -> Text:
    """A link: its label, and its address in parentheses so that any terminal shows where it goes."""
    address, shown = safe(unescape(url)), safe(label)
    target = LINK + Style(link=address) if address.startswith(("https://", "http://")) else LINK
    text = Text().append(shown, (style or Style()) + target)
    return text if shown == address else text.append(f" ({address})", DIM)


def _styled(span: Span, style: Style) -> Text:
    style = sum((own for name, own in _STYLES.items() if name in span.styles), style)
    return linked(span.text, span.url, style) if span.url else Text(span.text, style)
