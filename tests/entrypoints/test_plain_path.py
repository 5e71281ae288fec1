"""A path that is served without Flask answers the same where Flask has to read what came."""

from __future__ import annotations

from io import BytesIO

import pytest
from werkzeug.test import Client, TestResponse

from bot.entrypoints.web import LARGEST, serve_plainly, web_app
from bot.entrypoints.web.plain import Headers, Reply


class Path:
    """What it took, and how often what follows an answer was begun."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, str, str]] = []
        self.begun = 0
        self.web = web_app({})
        serve_plainly(self.web, "/path", self._take, lambda: False)

    def _take(self, body: bytes, kind: str, headers: Headers) -> Reply:
        if body == b"fail":
            raise ZeroDivisionError
        self.taken.append((body, kind, headers.get("X-Slack-Signature")))
        return Reply(201, [("Content-Type", "text/plain")], b"taken", self._begin)

    def _begin(self) -> None:
        self.begun += 1

    def send(self, body: bytes, *, measured: bool) -> TestResponse:
        """With the body's length, or in chunks that a server puts together."""
        headers = {"X-Slack-Signature": "v0"}
        if measured:
            return Client(self.web).post("/path", data=body, headers=headers, content_type="text/x")
        environ = {"wsgi.input_terminated": True}
        return Client(self.web).post(
            "/path", input_stream=BytesIO(body), headers=headers, content_type="text/x", environ_overrides=environ
        )


@pytest.mark.parametrize("measured", [True, False])
def test_what_came_is_taken_answered_and_begun_once(measured: bool) -> None:
    path = Path()

    with path.send(b"body", measured=measured) as answer:
        assert (answer.status_code, answer.data, answer.content_type) == (201, b"taken", "text/plain")
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(answer.headers.getlist("Content-Length")) == 1

    assert path.taken == [(b"body", "text/x", "v0")]
    assert path.begun == 1


@pytest.mark.parametrize("measured", [True, False])
def test_a_fault_of_ours_is_answered_and_nothing_begun(measured: bool) -> None:
    path = Path()

    assert path.send(b"fail", measured=measured).status_code == 500
    assert path.begun == 0


@pytest.mark.parametrize("measured", [True, False])
def test_what_is_too_large_is_refused_unread(measured: bool) -> None:
    path = Path()

    assert path.send(b"x" * (LARGEST + 1), measured=measured).status_code == 413
    assert path.taken == []


def test_nobody_looks_at_it_as_at_a_page() -> None:
    assert Client(Path().web).get("/path").status_code == 405
