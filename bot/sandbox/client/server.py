"""The page's HTTP: on this computer only, for this page only."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from markupsafe import Markup
from werkzeug.wrappers import Request, Response

from bot.domain.program import to_type
from bot.sandbox.client import tour
from bot.sandbox.client.acting import Acting, NotPossible
from bot.sandbox.client.desk import Desk, Stage
from bot.sandbox.client.looking import looking
from bot.sandbox.client.regions import Regions, completions
from bot.sandbox.slack import page
from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.markup import safe
from bot.sandbox.slack.records import Json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE = 20.0
"""Seconds for which a question for what changed stays open."""

LARGEST = 1_000_000  # bytes of one request
TOKEN = "X-Demo-Token"  # noqa: S105 - a header's name
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self';"
    " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_FILES = {"/page.css": "text/css", "/page.js": "text/javascript"}
_DOCUMENT = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="token" content="{token}">
<title>Flosum in Slack, a demo</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body data-version="{version}" data-known="{known}" data-again="{again}">
<a class="skip" href="#line">Skip to the message field</a>
<header id="bar">{bar}</header>
<section id="tour" aria-label="Tour" hidden>{tour}</section>
<div id="frame" data-beside="{beside}">
<nav id="channels" aria-label="Conversations">{channels}</nav>
<main aria-labelledby="where">
<header id="title">{title}</header>
<div id="messages" role="log" aria-live="polite" aria-labelledby="where" tabindex="0">{messages}</div>
<div id="below">{below}</div>
</main>
<aside id="aside" aria-label="Beside the conversation">{aside}</aside>
</div>
<div id="windows">{windows}</div>
<div id="notices" role="status">{notices}</div>
<div id="told" role="alert" hidden></div>
<noscript><p class="pad">Without JavaScript this page only shows. The demo in a terminal needs none:
{in_terminal}</p></noscript>
</body>
</html>
""")
_ELSEWHERE = Markup(
    "<main class=pad><h1>Not in this demo</h1><p>In Salesforce this link leads to</p><p><code>{}</code></p>"
    "<p>The built-in org has no such page. Close this tab to go on.</p></main>"
)


class Client:
    """The page of one demo. Use as a context manager, or start and stop; ``url`` is its address."""

    def __init__(self, stage: Stage, port: int = 0) -> None:
        self._stage = stage
        self._token = secrets.token_urlsafe(24)
        self._lock = threading.Lock()
        self._acting = Acting(Desk(stage, stage.workspace))
        self._server = LoopbackServer(self, port)
        self._hosts = {
            self._server.url.removeprefix("http://"),
            self._server.url.replace("http://127.0.0.1", "localhost"),
        }
        self._styles = "".join(
            path.read_text("utf-8") for path in (Path(page.__file__).with_name("page.css"), _here("page.css"))
        )

    @property
    def url(self) -> str:
        """The page's address."""
        return self._server.url

    def start(self) -> Self:
        """Begin to serve."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST
        response = self._answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response(environ, start_response)

    # --- who may ask ---

    def _answer(self, request: Request) -> Response:
        if request.host not in self._hosts:  # another name for this computer may be somebody else's
            return Response("This page is at " + self.url, 421)
        if request.method == "GET" and request.path in self._open:
            return self._open[request.path](request)
        door = self._doors.get((request.method, request.path))
        if door is None:
            return Response("There is nothing here.", 404)
        if not self._is_ours(request):
            return Response("Only the page itself may ask for this. Load it again.", 403)
        return door(request)

    def _is_ours(self, request: Request) -> bool:
        origin = request.headers.get("Origin")
        here = origin is None or origin.removeprefix("http://") in self._hosts
        return here and secrets.compare_digest(request.headers.get(TOKEN, "").encode(), self._token.encode())

    @property
    def _open(self) -> dict[str, Callable[[Request], Response]]:
        files = dict.fromkeys(_FILES, self._file)
        return {"/": self._page, "/elsewhere": _elsewhere, **files}

    @property
    def _doors(self) -> dict[tuple[str, str], Callable[[Request], Response]]:
        return {("GET", "/changes"): self._changes, ("POST", "/do"): self._do}

    # --- answers ---

    def _file(self, request: Request) -> Response:
        text = self._styles if request.path == "/page.css" else _here("page.js").read_text("utf-8")
        return Response(text, content_type=f"{_FILES[request.path]}; charset=utf-8")

    def _page(self, request: Request) -> Response:
        desk = self._acting.desk
        look = looking(desk.workspace.state, request.args)
        version = desk.version(look)  # before: what changes while it is drawn is drawn again
        known = json.dumps(completions(list(desk.workspace.state.members.values())))
        shown = _DOCUMENT.format(
            token=self._token,
            version=version,
            known=known,
            beside=look.beside and "open",
            tour=tour.drawn(),
            again=to_type("demo"),
            in_terminal=to_type("demo", "--no-browser"),
            **Regions(desk, look, self.url).all(),
        )
        return Response(safe(shown), content_type="text/html; charset=utf-8")

    def _changes(self, request: Request) -> Response:
        """What shows now; where that is what the page has already, as soon as something changes."""
        desk = self._acting.desk
        look = looking(desk.workspace.state, request.args)
        known = request.args.get("version", "")
        version = desk.wait(look, known, PATIENCE) if known else desk.version(look)
        desk = self._acting.desk  # another one, if the demo began anew meanwhile
        look = looking(desk.workspace.state, request.args)
        regions = Regions(desk, look, self.url).all() if version != known else {}
        return _json({"version": version, "regions": regions})

    def _do(self, request: Request) -> Response:
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            return Response("This is no request of the page.", 400)
        act = str(given.get("act"))
        try:
            return _json(self._reset() if act == "reset" else self._acting.do(act, given))
        except NotPossible as refusal:
            return _json({"told": str(refusal)})

    def _reset(self) -> Json:
        with self._lock:
            old = self._acting.desk
            why = self._stage.reset()
            if why:
                raise NotPossible(why)
            self._acting = Acting(Desk(self._stage, self._stage.workspace, old.run + 1))
            old.run += 1  # whoever waits for the old one looks at the new one
            old.changed()
        return {"go": "/"}


def _here(name: str) -> Path:
    return Path(__file__).with_name(name)


def _elsewhere(request: Request) -> Response:
    shown = page.document("Not in this demo", [_ELSEWHERE.format(safe(request.args.get("to", "")))])
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return Response(shown, 404, {"Content-Security-Policy": policy}, content_type="text/html; charset=utf-8")


def _json(body: Json) -> Response:
    return Response(json.dumps(body), content_type="application/json")
