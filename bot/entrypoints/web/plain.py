"""One path that is served without Flask: what comes most often, and needs nothing of what Flask does for pages.

What says no length, or too great a one, is left to Flask, which bounds what it reads and has its own refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from bot import guard

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Headers:
    """The headers of a request, looked up where the server put them."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def get(self, name: str, default: str = "") -> str:
        """A header that is not about the body's form."""
        return str(self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", default))


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, and what is to be called once that has left."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    then: Callable[[], None] = lambda: None


Handler = Callable[[bytes, str, Headers], Reply]
"""Answers a body of a content type."""


class _Body:
    """The answer's one piece, as a server takes it."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        yield self._reply.body

    def close(self) -> None:
        self._reply.then()


class PlainPath:
    """Answers POSTs to a path."""

    def __init__(
        self,
        web: Flask,
        path: str,
        handler: Handler,
        *,
        begin: Callable[[], None],
        told: Callable[[], Sequence[tuple[str, str]]],
    ) -> None:
        """``begin`` is called before each, and ``told`` gives the headers that every answer has."""
        self._path = path
        self._handler = handler
        self._begin = begin
        self._told = told
        self._largest = web.config["MAX_CONTENT_LENGTH"]
        self._otherwise: WSGIApplication = web.wsgi_app
        web.wsgi_app = self  # type: ignore[method-assign]  # as Flask says that middleware is put around it
        web.add_url_rule(path, view_func=self._by_flask, methods=["POST"], endpoint=path)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        is_ours = environ["PATH_INFO"] == self._path and environ["REQUEST_METHOD"] == "POST"
        if not is_ours or not length.isdecimal() or int(length) > self._largest:
            return self._otherwise(environ, start_response)
        self._begin()
        reply = self._replied(environ, environ["wsgi.input"].read(int(length)))
        headers = [*reply.headers, ("Content-Length", str(len(reply.body))), *self._told()]
        start_response(_REASONS[reply.status], headers)
        return _Body(reply)

    def _by_flask(self) -> Response:
        reply = self._replied(request.environ, request.get_data(cache=False))  # bounded by MAX_CONTENT_LENGTH
        response = Response(reply.body, reply.status, list(reply.headers))
        response.call_on_close(reply.then)
        return response

    def _replied(self, environ: Mapping[str, Any], body: bytes) -> Reply:
        kind = environ.get("CONTENT_TYPE", "")
        return guard.attempted(lambda: self._handler(body, kind, Headers(environ)), _failed)


def _failed(_error: Exception, _answer: object) -> Reply:
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, (), b"")
