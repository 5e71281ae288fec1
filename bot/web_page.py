"""The pages that people meet in a browser on their way to Slack or Salesforce: one frame, one look, strict headers.

Plain HTML without a script. Each says what happened, then what to do next; nothing is loaded from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from bot.domain.answers import Answer, Buttons, Chart, Menu, Part, Steps, Text
from bot.domain.answers.markup import Span, read, spans, utc_words
from bot.domain.errors import AskerError, AssistantError, OrgError

# Colours are given for both schemes, because a browser's own grey on its own ground is too faint to read.
_STYLE = Markup("""
:root { color-scheme: light dark; --text: #1d2129; --quiet: #555e6b; --ground: #f3f5f8; --card: #fff; --edge: #8a94a3;
 --link: #0a5a9c; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --text: #e4e7ec; --quiet: #aab3c0; --ground: #14171c; --card: #1e2229;
 --edge: #6d7786; --link: #7fbdf5; --bad: #ff9d94 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--text);
 font: 1.05rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
header, main { max-width: 38rem; margin: 0 auto }
header { padding: .5rem 0 1rem; color: var(--quiet); font-weight: 600 }
main { padding: 1.2rem 1.5rem; background: var(--card); border: 1px solid var(--edge); border-radius: .5rem }
h1 { margin: 0 0 .8rem; font-size: 1.4rem; line-height: 1.3 }
a { color: var(--link) }
code { font: .95em ui-monospace, monospace; padding: 0 .2em; background: var(--ground); border-radius: .2rem }
fieldset { border: 1px solid var(--edge); border-radius: .4rem; margin: 1rem 0; padding: .5rem 1rem }
label { display: block; padding: .3rem 0 }
input[type=text] { font: inherit; color: inherit; background: var(--card); width: 100%; padding: .4rem;
 border: 1px solid var(--edge); border-radius: .3rem }
button { font: inherit; font-weight: 600; padding: .5rem 1.2rem; color: #fff; background: #0a5a9c; border: 0;
 border-radius: .3rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
[role=alert] { border-left: .3rem solid var(--bad); padding-left: .8rem }
small { color: var(--quiet); font-size: .9rem }
@media (max-width: 30rem) { body { padding: .5rem } main { padding: 1rem } }
""")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_FRAME = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Flosum for Slack</title>{refresh}
<style>{style}</style>
</head>
<body>
<header>Flosum for Slack</header>
<main>
{body}
</main>
</body>
</html>
""")
_NEXT_SENTENCE = re.compile(r"\.\s+(?=[A-Z`])")

HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Nothing is loaded from elsewhere, nothing frames a page, none is kept, and no address of ours is told to others."""

CLOSE = Markup("<p>You can close this page and go back to Slack.</p>")


def page(title: str, body: Markup, leads_to: str = "") -> str:
    """A whole page; ``leads_to`` is where it sends the browser by itself."""
    refresh = Markup('\n<meta http-equiv="refresh" content="0; url={}">').format(leads_to) if leads_to else ""
    return _FRAME.format(title=title, refresh=refresh, style=_STYLE, body=body)


def answered(answer: Answer) -> str:
    """An answer as a page of its own: its first sentence is what happened."""
    happened, *more = _NEXT_SENTENCE.split(answer.headline, maxsplit=1)
    happened += "." if more else ""
    parts = [Markup("<h1>{}</h1>").format(html(happened))]
    parts += [Markup("<p>{}</p>").format(html(text)) for text in (*more, answer.lead) if text]
    parts += [_part(part) for part in answer.parts]
    parts += [Markup("<p><small>{}</small></p>").format(html(text)) for text in (answer.note,) if text]
    return page(read(happened).removesuffix("."), Markup("\n").join([*parts, CLOSE]))


def status_of(error: Exception) -> int:
    """What HTTP calls an error of ours."""
    by_kind = ((AskerError, 403), (OrgError, 502), (AssistantError, 503))
    return next((status for kind, status in by_kind if isinstance(error, kind)), 500)


def _part(part: Part) -> Markup:
    if isinstance(part, Text):
        return Markup("<p>{}</p>").format(html(part.text))
    if isinstance(part, Buttons | Menu | Chart):  # they are for Slack; a page has its own way on
        return Markup("")
    if isinstance(part, Steps):
        kind, texts = "ol", part.items
    else:
        kind, texts = "ul", tuple(f"{each.name} · {each.detail}" if each.detail else each.name for each in part.items)
    lines = Markup("").join(Markup("<li>{}</li>").format(html(text)) for text in texts)
    return Markup("<{0}>{1}</{0}>").format(kind, lines)


def html(text: str) -> Markup:
    """A text of ours, with its markup."""
    return Markup("").join(map(_span, spans(text)))


def _span(span: Span) -> Markup:
    if span.style == "link":
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(span.url, span.text)
    if span.style in ("bold", "code"):
        return Markup("<{0}>{1}</{0}>").format({"bold": "strong", "code": "code"}[span.style], span.text)
    return escape(utc_words(span.text) if span.style == "time" else span.text)
