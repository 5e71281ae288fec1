"""One request over a connection that is there, and what comes back, by a parser in C.

``http.client`` reads the head of an answer as that of an e-mail, which takes longer than all the rest of a call.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from http.client import BadStatusLine, HTTPException, IncompleteRead

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_PIECE = 65_536
_WHOLE_WITHIN = 30.0
"""Seconds for all of an answer. Each piece has the connection's time-out, which what drips in never meets."""

_LARGEST = 32_000_000
"""Bytes of a body; a page of five hundred people, the largest that is asked for, stays below two million."""

_FINAL = 200
"""Below it an answer only says that there is one to come."""


class Response:
    """What comes back, as the parser tells of it. ``stays``: the far end takes another request on this connection."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = []
        self.reason = ""
        self.body = b""
        self.status = 0
        self.is_whole = False
        self.stays = False
        self._ends_with_the_connection = False
        self._parser: HttpResponseParser | None = HttpResponseParser(self)

    def take(self, piece: bytes) -> None:
        """Take what came; nothing, where the far end hung up. Raises HTTPException where it is no answer, or half."""
        if not piece:
            if not self._ends_with_the_connection:
                raise IncompleteRead(self.body)
            self.is_whole = True
            return
        try:
            self._parsing.feed_data(piece)
        except (HttpParserError, HttpParserUpgrade) as error:
            self.stays = False
            if not self.is_whole:  # what comes behind a whole one is nobody's
                raise BadStatusLine(str(error)) from None

    def let_go(self) -> None:
        """Hold the parser no more, which holds this: such stay until all that is there is looked through."""
        self._parser = None

    @property
    def _parsing(self) -> HttpResponseParser:
        assert self._parser is not None  # noqa: S101 - it is let go at the end
        return self._parser

    # --- told by the parser ----------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """It begins, or goes on to the next where the one before said no more than that. Raises ValueError."""
        if self.is_whole:
            raise ValueError("one more than was asked for")
        self.headers, self.reason = [], ""

    def on_status(self, reason: bytes) -> None:
        """The words beside the status."""
        self.reason += reason.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A line of its head."""
        self.headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        """Its head is there."""
        names = {name.lower() for name, _ in self.headers}
        has_end = not names.isdisjoint(("content-length", "transfer-encoding"))
        self.status = self._parsing.get_status_code()
        self._ends_with_the_connection = self.status >= _FINAL and not has_end

    def on_body(self, piece: bytes) -> None:
        """A piece of its body."""
        self.body += piece

    def on_message_complete(self) -> None:
        """Nothing more belongs to it."""
        self.is_whole, self.stays = self.status >= _FINAL, self._parsing.should_keep_alive()


def posted(line: socket.socket, host: str, target: str, data: bytes, headers: Mapping[str, str]) -> Response:
    """What comes back for ``data``, which is sent with its head in one piece: two wake the far end twice.

    Raises HTTPException, OSError or ValueError where it is lost, or cannot be sent; what is not whole in time is lost.
    """
    told = {"Host": host, "Accept-Encoding": "identity", **headers, "Content-Length": str(len(data))}
    head = "\r\n".join(f"{name}: {value}" for name, value in told.items())
    if head.count("\n") >= len(told) or head.count("\r") >= len(told):
        raise ValueError("a header with a line end")
    line.sendall(f"POST {target} HTTP/1.1\r\n{head}\r\n\r\n".encode("latin-1") + data)
    answer, until = Response(), time.monotonic() + _WHOLE_WITHIN
    answer.take(line.recv(_PIECE))
    while not answer.is_whole:
        if time.monotonic() > until:
            raise TimeoutError("no whole answer in time")
        if len(answer.body) > _LARGEST:
            raise HTTPException("more than any answer")
        answer.take(line.recv(_PIECE))
    answer.let_go()
    return answer
