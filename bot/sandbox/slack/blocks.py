"""Block Kit as lines of styled text, its buttons numbered so that a keyboard can press them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from bot.sandbox.slack.markup import NameLookup, safe
from bot.sandbox.slack.mrkdwn import BOLD, DIM, LINK, linked, markdown, mrkdwn, paragraph_lines, plain
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.rich_text import read_rich_text

RULE = "─" * 24
ROW = 72
GAP = 3
_BUTTON = Style(bold=True)
_STYLES = {"primary": Style(color="green", bold=True), "danger": Style(color="red", bold=True)}


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button, or a line of a menu, that was printed: the number in front of it, and what Slack needs to press it.

    ``line`` is what the line of a menu says.
    """

    number: int
    label: str
    action_id: str
    url: str | None = None
    line: str | None = None


@dataclass(slots=True)
class Page:
    """Lines being laid out, and the buttons among them. ``first`` is the number of the next button."""

    names: NameLookup
    first: int = 1
    lines: list[Text] = field(default_factory=list)
    buttons: list[ShownButton] = field(default_factory=list)

    def add(self, text: Text) -> None:
        """Append a text, one entry for each of its lines."""
        self.lines += text.split("\n", allow_blank=True)

    def add_button(self, element: Json) -> Text:
        """Number a button and return how it looks."""
        number = self.first + len(self.buttons)
        label = plain(str((element.get("text") or {}).get("text", ""))).plain
        url = element.get("url")
        self.buttons.append(ShownButton(number, label, str(element.get("action_id", "")), url))
        shown = Text().append(f"[{number}] {label}", _STYLES.get(str(element.get("style")), _BUTTON))
        return shown.append(" → ", DIM).append(safe(url), LINK) if url else shown

    def add_menu(self, element: Json) -> Text:
        """Number the lines of a menu and return how it looks."""
        shown = Text(text_object(element.get("placeholder"), self.names).plain or "⋯", _BUTTON)
        for option in element.get("options", ()):
            number, label = self.first + len(self.buttons), text_object(option.get("text"), self.names).plain
            action = str(element.get("action_id", ""))
            self.buttons.append(ShownButton(number, label, action, line=str(option.get("value", ""))))
            shown.append(f" [{number}] {label}", _BUTTON)
        return shown


def lay_out(blocks: Sequence[Json], names: NameLookup, first: int = 1) -> Page:
    """Lay out a message's or a view's blocks."""
    page = Page(names, first)
    for block in blocks:
        show = _BLOCKS.get(str(block.get("type")), _unknown)
        show(block, page)
    return page


def text_object(value: Json | None, names: NameLookup, style: Style | None = None) -> Text:
    """A ``plain_text`` or ``mrkdwn`` object."""
    if not isinstance(value, dict):
        return Text()
    source = str(value.get("text", ""))
    return mrkdwn(source, names, style) if value.get("type") == "mrkdwn" else plain(source, style)


def _section(block: Json, page: Page) -> None:
    if block.get("text"):
        page.add(text_object(block["text"], page.names))
    for value in block.get("fields", ()):
        page.add(Text("  ").append_text(text_object(value, page.names)))
    if block.get("accessory"):
        page.add(_element(block["accessory"], page))


def _header(block: Json, page: Page) -> None:
    if page.lines:
        page.add(Text())
    page.add(text_object(block.get("text"), page.names, BOLD))


def _context(block: Json, page: Page) -> None:
    page.add(Text("  ").join([_element(element, page, DIM) for element in block.get("elements", ())]))


def _actions(block: Json, page: Page) -> None:
    row: list[Text] = []
    for element in block.get("elements", ()):
        shown = _element(element, page)
        if element.get("url") or element.get("options"):  # an address or a menu is long: a line of its own
            _add_row(row, page)
            page.add(shown)
        else:
            row.append(shown)
    _add_row(row, page)


def _add_row(row: list[Text], page: Page) -> None:
    """Put buttons side by side while they fit an ordinary terminal, so that no label is broken."""
    line: list[Text] = []
    for shown in row:
        if line and sum(cell_len(t.plain) + GAP for t in line) + cell_len(shown.plain) > ROW:
            page.add(Text(" " * GAP).join(line))
            line = []
        line.append(shown)
    if line:
        page.add(Text(" " * GAP).join(line))
    row.clear()


def _image(block: Json, page: Page) -> None:
    title = text_object(block.get("title"), page.names).plain
    page.add(_picture(block, f"{title}: " if title else ""))


def _input(block: Json, page: Page) -> None:
    page.add(text_object(block.get("label"), page.names, BOLD).append_text(_menu(block["element"], page.names)))
    if block.get("hint"):
        page.add(text_object(block["hint"], page.names, DIM))


def _table(block: Json, page: Page) -> None:
    rows = [[_cell(cell, page.names) for cell in row] for row in block.get("rows", ())]
    columns = max(map(len, rows), default=0)
    widths = [max((cell_len(row[n].plain) for row in rows if n < len(row)), default=0) for n in range(columns)]
    for row in rows:
        for cell, width in zip(row, widths, strict=False):
            cell.append(" " * (width - cell_len(cell.plain)))
        page.add(Text("  ").join(row))


def _cell(cell: Json, names: NameLookup) -> Text:
    if cell.get("type") == "rich_text":
        return Text(" ").join(paragraph_lines(read_rich_text(cell, names)))
    return Text(safe(str(cell.get("text", ""))).replace("\n", " "))


def _unknown(block: Json, page: Page) -> None:
    page.add(Text(f"({safe(str(block.get('type')))} block, not shown in a terminal)", DIM))


_BLOCKS: dict[str, Callable[[Json, Page], None]] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _actions,
    "divider": lambda _block, page: page.add(Text(RULE, DIM)),
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": lambda block, page: page.add(markdown(str(block.get("text", "")), page.names)),
    "rich_text": lambda block, page: page.lines.extend(paragraph_lines(read_rich_text(block, page.names))),
    "section": _section,
    "table": _table,
}


def _element(element: Json, page: Page, style: Style | None = None) -> Text:
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        return text_object(element, page.names, style)
    if kind == "image":
        return _picture(element)
    if kind == "button":
        return page.add_button(element)
    if kind == "feedback_buttons":
        sides = (element.get("positive_button") or {}, element.get("negative_button") or {})
        return Text("   ").join(page.add_button({**element, **side}) for side in sides)
    if kind in ("static_select", "overflow"):
        return page.add_menu(element)
    return _menu(element, page.names)


def _picture(element: Json, title: str = "") -> Text:
    alt = safe(f"{title}{element.get('alt_text', '')}")
    address = element.get("image_url")
    return linked(f"[image: {alt}]", address) if address else Text(f"[image: {alt}]", DIM)


def _menu(element: Json, names: NameLookup) -> Text:
    options: Iterable[Json] = element.get("options", ())
    labels = " · ".join(text_object(option.get("text"), names).plain for option in options)
    hint = text_object(element.get("placeholder"), names).plain or "to fill in"
    return Text(f" ({hint}: {labels})" if labels else f" ({hint})", DIM)
