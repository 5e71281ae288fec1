"""Block Kit as HTML: messages, Home tabs and modals as Slack shows them, on a phone and a desktop, light and dark.

Nothing is loaded from elsewhere and no script is needed. What a script needs in order to press something stands in
``data-`` attributes: ``action``, ``block``, ``value``. Every word goes through ``markupsafe``, which escapes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from markupsafe import Markup

from bot.sandbox.slack.chart import chart
from bot.sandbox.slack.filled import identified
from bot.sandbox.slack.markup import Kind, NameLookup, Paragraph, Span, plain_words, read_markdown, read_mrkdwn, safe
from bot.sandbox.slack.records import Json
from bot.sandbox.slack.rich_text import read_rich_text

EMPTY = Markup("")
_TAGS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}
_WEB = ("https://", "http://", "mailto:")
_DOCUMENT = Markup("""<!doctype html>
<html lang="en"{scheme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>{body}</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Heading:
    """Who says a message and when; ``mark`` is what else Slack says of it, as that only one person sees it."""

    name: str = "Flosum"
    time: str = ""
    mark: str = ""
    app: bool = True


def document(title: str, body: Iterable[Markup], scheme: str | None = None) -> str:
    """A whole page; ``scheme`` is light or dark, else as the reader's system has it."""
    wanted = Markup(' data-scheme="{}"').format(scheme) if scheme else EMPTY
    return safe(_DOCUMENT.format(title=title, style=_style(), body=EMPTY.join(body), scheme=wanted))


@cache
def _style() -> Markup:
    return Markup(Path(__file__).with_name("page.css").read_text("utf-8"))  # noqa: S704 - a file of our own


def message(said: Json, names: NameLookup, heading: Heading | None = None) -> Markup:
    """One message: its blocks, else its text; then its attachments."""
    heading = heading or Heading()
    body = blocks(said.get("blocks") or (), names) or _words(read_mrkdwn(str(said.get("text") or ""), names))
    body += EMPTY.join(_attachment(each, names) for each in said.get("attachments") or ())
    badge = Markup(' <span class="app">APP</span>') if heading.app else EMPTY
    return Markup(
        '<article class="message"><div class="face" aria-hidden="true">{}</div><div class="said">'
        '<p class="who"><strong>{}</strong>{} <span class="small">{}</span></p>{}{}</div></article>'
    ).format(heading.name[:1], heading.name, badge, heading.time, _tag("p", "mark", heading.mark), body)


def view(body: Json, names: NameLookup, faults: Json | None = None) -> Markup:
    """A Home tab, or a modal with its title and its buttons; ``faults`` are what Slack was told of its inputs."""
    shown = blocks(body.get("blocks") or (), names, faults)
    if body.get("type") == "home":
        return Markup('<section class="home">{}</section>').format(shown)
    title, close, submit = (_said(body.get(name)) for name in ("title", "close", "submit"))
    buttons = Markup('<button type="button" class="button" data-close>{}</button>').format(close or "Close")
    if submit:
        buttons += Markup('<button type="submit" class="button primary">{}</button>').format(submit)
    return Markup(
        '<form class="modal" aria-label="{0}"><header><h2>{0}</h2></header>'
        '<div class="inside">{1}</div><footer>{2}</footer></form>'
    ).format(title, shown, buttons)


def blocks(shown: Sequence[Json], names: NameLookup, faults: Json | None = None) -> Markup:
    """Blocks, one below the other."""
    return EMPTY.join(_block(block, _Place(names, block_id, faults or {})) for block_id, block in identified(shown))


# --- texts ---------------------------------------------------------------------------------------------


def text_object(value: Json | None, names: NameLookup) -> Markup:
    """A ``plain_text`` or ``mrkdwn`` object."""
    if (value or {}).get("type") == "mrkdwn":
        return _words(read_mrkdwn(str((value or {}).get("text", "")), names))
    return _tag("p", "words", _said(value))


def _said(value: Json | None) -> str:
    return plain_words(str((value or {}).get("text", "")))


def _words(paragraphs: Sequence[Paragraph]) -> Markup:
    return EMPTY.join(map(_paragraph, paragraphs))


def _paragraph(paragraph: Paragraph) -> Markup:
    inner = EMPTY.join(map(_span, paragraph.spans))
    if paragraph.kind is Kind.ITEM:
        line = Markup('<p class="words item" style="--deep: {}"><span class="marker">{}</span>{}</p>')
        return line.format(paragraph.indent, paragraph.marker, inner)
    tag = {Kind.QUOTE: "blockquote", Kind.FENCE: "pre"}.get(paragraph.kind, "p")
    return _tag(tag, "words", inner)


def _span(span: Span) -> Markup:
    shown = Markup("{}").format(span.text)
    for style, tag in _TAGS.items():
        if style in span.styles:
            shown = Markup("<{0}>{1}</{0}>").format(tag, shown)
    if "name" in span.styles:
        return _tag("span", "name", shown)
    return _link(span.url, shown) if span.url.startswith(_WEB) else shown


def _link(url: str, shown: Markup | str, **more: str) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer"{}>{}</a>').format(
        url, _attributes(more), shown
    )


def _tag(tag: str, name: str, inner: Markup | str) -> Markup:
    """An element, or nothing around nothing."""
    return Markup('<{0} class="{1}">{2}</{0}>').format(tag, name, inner) if inner else EMPTY


def _attributes(values: Json) -> Markup:
    """Attributes; those without a value are left out. An underscore stands for a hyphen."""
    given = ((name.strip("_").replace("_", "-"), value) for name, value in values.items() if value not in (None, ""))
    return EMPTY.join(Markup(' {}="{}"').format(name, safe(str(value))) for name, value in given)


# --- blocks --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """What the elements of one block have in common."""

    names: NameLookup
    block: str
    faults: Json


def _block(block: Json, place: _Place) -> Markup:
    show = _BLOCKS.get(str(block.get("type")))
    if show is None:
        return Markup('<p class="small">({} block, not shown here)</p>').format(str(block.get("type")))
    return Markup('<div class="{}">{}</div>').format(str(block["type"]), show(block, place))


def _section(block: Json, place: _Place) -> Markup:
    words = text_object(block["text"], place.names) if block.get("text") else EMPTY
    fields = EMPTY.join(_tag("div", "field", text_object(each, place.names)) for each in block.get("fields") or ())
    beside = _element(block["accessory"], place) if block.get("accessory") else EMPTY
    return _tag("div", "text", words + _tag("div", "fields", fields)) + _tag("div", "accessory", beside)


def _elements(block: Json, place: _Place) -> Markup:
    return EMPTY.join(_element(element, place) for element in block.get("elements") or ())


def _input(block: Json, place: _Place) -> Markup:
    optional = Markup(' <span class="small">(optional)</span>') if block.get("optional") else EMPTY
    label = Markup("<label><strong>{}</strong>{}{}</label>")
    hint, fault = _said(block.get("hint")), str(place.faults.get(place.block) or "")
    return (
        label.format(_said(block.get("label")), optional, _element(block["element"], place))
        + (Markup('<p class="fault" role="alert">{}</p>').format(fault) if fault else EMPTY)
        + _tag("p", "small", hint)
    )


def _image(block: Json, place: _Place) -> Markup:
    return _tag("p", "small", _said(block.get("title"))) + _element(block | {"type": "image"}, place)


def _table(block: Json, place: _Place) -> Markup:
    rows = block.get("rows") or ()
    lines = [
        EMPTY.join(_cell(cell, place, "th" if not number else "td") for cell in row) for number, row in enumerate(rows)
    ]
    return Markup("<table>{}</table>").format(EMPTY.join(Markup("<tr>{}</tr>").format(line) for line in lines))


def _cell(cell: Json, place: _Place, tag: str) -> Markup:
    is_rich = cell.get("type") == "rich_text"
    inner = _words(read_rich_text(cell, place.names)) if is_rich else safe(str(cell.get("text", "")))
    return Markup("<{0}>{1}</{0}>").format(tag, inner)


_BLOCKS: dict[str, Callable[[Json, _Place], Markup]] = {
    "actions": _elements,
    "context": _elements,
    "context_actions": _elements,
    "data_visualization": lambda block, _place: chart(block),
    "divider": lambda _block, _place: Markup("<hr>"),
    "header": lambda block, _place: _tag("h3", "words", _said(block.get("text"))),
    "image": _image,
    "input": _input,
    "markdown": lambda block, place: _words(read_markdown(str(block.get("text", "")), place.names)),
    "rich_text": lambda block, place: _words(read_rich_text(block, place.names)),
    "section": _section,
    "table": _table,
}


def _attachment(attachment: Json, names: NameLookup) -> Markup:
    """What other apps put below their words, with the bar of its colour."""
    texts = [_words(read_mrkdwn(str(attachment.get(name) or ""), names)) for name in ("pretext", "title", "text")]
    fields = attachment.get("fields") or ()
    texts += [_words(read_mrkdwn(f"*{each.get('title', '')}*\n{each.get('value', '')}", names)) for each in fields]
    inner = EMPTY.join(texts) + blocks(attachment.get("blocks") or (), names)
    inner = inner or _words(read_mrkdwn(str(attachment.get("fallback") or ""), names))
    return _tag("div", "attachment", inner + _tag("p", "small", str(attachment.get("footer") or "")))


# --- elements ------------------------------------------------------------------------------------------


def _element(element: Json, place: _Place) -> Markup:
    kind = str(element.get("type"))
    if kind in ("mrkdwn", "plain_text"):
        return _tag("div", "text", text_object(element, place.names))
    show = _ELEMENTS.get(kind)
    return show(element, place) if show else Markup('<span class="small">({})</span>').format(kind)


def _press(element: Json, place: _Place) -> Json:
    """What a script needs to press or fill in an element."""
    return {
        "data_action": element.get("action_id"),
        "data_block": place.block,
        "data_value": element.get("value"),
        "aria_label": element.get("accessibility_label"),
    }


def _button(element: Json, place: _Place) -> Markup:
    style, label, url = str(element.get("style") or ""), _said(element.get("text")), safe(str(element.get("url") or ""))
    named = {"class_": f"button {style}".strip(), **_press(element, place)}
    if url.startswith(_WEB):
        return _link(place.names.leads_to(url), label, **named)
    return Markup('<button type="button"{}>{}</button>').format(_attributes(named), label)


def _feedback(element: Json, place: _Place) -> Markup:
    sides = (element.get("positive_button") or {}, element.get("negative_button") or {})
    return EMPTY.join(_button({**element, **side}, place) for side in sides)


def _overflow(element: Json, place: _Place) -> Markup:
    options = EMPTY.join(
        Markup("<li>{}</li>").format(_button({**element, **option, "accessibility_label": None}, place))
        for option in element.get("options") or ()
    )
    return Markup(
        '<details class="overflow"><summary class="button" aria-label="More">⋯</summary><ul>{}</ul></details>'
    ).format(options)


def _select(element: Json, place: _Place, options: Callable[[Json, NameLookup], Iterable[tuple[str, str]]]) -> Markup:
    chosen = _initial(element)
    hint = _said(element.get("placeholder")) or "Choose"
    shown = Markup('<option value="">{}</option>').format(hint)
    for value, label in options(element, place.names):
        at = Markup(" selected") if value in chosen else EMPTY
        shown += Markup('<option value="{}"{}>{}</option>').format(value, at, label)
    many = Markup(" multiple") if str(element["type"]).startswith("multi_") else EMPTY
    return Markup("<select{}{}>{}</select>").format(_attributes(_press(element, place)), many, shown)


def _initial(element: Json) -> set[str]:
    named = {str(value) for name, value in element.items() if name.startswith("initial_") and isinstance(value, str)}
    options = [element.get("initial_option"), *(element.get("initial_options") or ())]
    return named | {str(option.get("value")) for option in options if option}


def _options(element: Json, _: NameLookup | None = None) -> list[tuple[str, str]]:
    groups = [group.get("options") or () for group in element.get("option_groups") or ()]
    return [
        (str(option.get("value", "")), _said(option.get("text")))
        for group in (element.get("options") or (), *groups)
        for option in group
    ]


def _choices(element: Json, place: _Place) -> Markup:
    """Radio buttons and checkboxes."""
    kind, chosen = "radio" if element["type"] == "radio_buttons" else "checkbox", _initial(element)
    shown = EMPTY
    for value, label in _options(element):
        named = {"type": kind, "name": place.block, "value": value, "checked": "checked" if value in chosen else None}
        line = Markup('<label class="choice"><input{}{}> {}</label>')
        shown += line.format(_attributes(named), _attributes(_press(element, place) | {"data_value": None}), label)
    return shown


def _line(element: Json, place: _Place, kind: str) -> Markup:
    named = {"placeholder": _said(element.get("placeholder")), **_press(element, place)}
    value = next((str(value) for name, value in element.items() if name.startswith("initial_")), "")
    if element.get("multiline"):
        return Markup("<textarea{}>{}</textarea>").format(_attributes(named), safe(value))
    return Markup("<input{}>").format(_attributes({"type": kind, "value": value, **named}))


def _picture(element: Json, _: _Place) -> Markup:
    """A picture by its words: a page that loads nothing from elsewhere cannot show it."""
    return Markup('<span class="picture" role="img">{}</span>').format(safe(str(element.get("alt_text", ""))))


def _people(_: Json, names: NameLookup) -> Iterable[tuple[str, str]]:
    return names.users.items()


def _channels(_: Json, names: NameLookup) -> Iterable[tuple[str, str]]:
    return ((channel, f"#{name}") for channel, name in names.channels.items() if name)


_SELECTS: dict[str, Callable[[Json, NameLookup], Iterable[tuple[str, str]]]] = {
    "static_select": _options,
    "external_select": _options,
    "users_select": _people,
    "conversations_select": _channels,
    "channels_select": _channels,
}
_LINES = {
    "plain_text_input": "text",
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "number",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
_ELEMENTS: dict[str, Callable[[Json, _Place], Markup]] = {
    "button": _button,
    "workflow_button": _button,
    "feedback_buttons": _feedback,
    "overflow": _overflow,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "image": _picture,
    **{f"{many}{kind}": partial(_select, options=own) for kind, own in _SELECTS.items() for many in ("", "multi_")},
    **{kind: partial(_line, kind=own) for kind, own in _LINES.items()},
}
