"""The page's HTTP: who may ask for it, and what it is made of."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.client.server import TOKEN, Client
from bot.sandbox.slack.workspace import Workspace
from tests.tiny_bot import tiny_bot

Json = dict[str, Any]


@dataclass
class Bare:
    """A stage with nothing around the workspace."""

    workspace: Workspace
    resets: int = 0
    slow: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def move_clock(self) -> None:
        self.workspace.person().say("the clock struck nine")

    def page_for(self, url: str) -> str | None:
        return "http://127.0.0.1:1/look-alike" if "/lightning/setup/" in url else None

    def asked_of_orgs(self) -> Sequence[str]:
        return ["GET acme.my.salesforce.com/services/data"]

    def org_is_slow(self, seconds: float) -> None:
        self.slow.append(seconds)

    def reset(self) -> str:
        self.resets += 1
        return ""


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Visitor:
    """Whoever asks."""

    client: Client
    token: str = ""

    def ask(self, path: str, body: Json | None = None, method: str = "", **headers: str) -> Answer:
        port = int(self.client.url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        given = {TOKEN: self.token} if self.token else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = json.dumps(body) if body is not None else None
        kind = {"Content-Type": "application/json"} if sent else {}
        connection.request(method or ("POST" if sent else "GET"), path, sent, given | kind)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        connection.close()
        return found

    def do(self, act: str, **given: Any) -> Json:
        answer = self.ask("/do", {"act": act, **given})
        assert answer.status == 200, answer.text
        return dict(json.loads(answer.text))

    def regions(self, query: str = "") -> dict[str, str]:
        return dict(json.loads(self.ask(f"/changes?{query}").text)["regions"])


@pytest.fixture
def stage() -> Iterator[Bare]:
    with Workspace() as workspace, tiny_bot(workspace):
        yield Bare(workspace)


@pytest.fixture
def visitor(stage: Bare) -> Iterator[Visitor]:
    with Client(stage) as client:
        first = Visitor(client).ask("/").text
        token = re.search(r'name="token" content="([^"]+)"', first)
        assert token is not None
        yield Visitor(client, token[1])


def test_the_page_is_for_this_computer_alone(visitor: Visitor) -> None:
    assert visitor.ask("/", Host="attacker.example").status == 421
    assert visitor.ask("/changes", Host=f"attacker.example:{visitor.client.url.rpartition(':')[2]}").status == 421
    assert (
        visitor.ask("/", Host=visitor.client.url.removeprefix("http://").replace("127.0.0.1", "localhost")).status
        == 200
    )


@pytest.mark.parametrize("path", ["/changes", "/do"])
def test_only_the_page_itself_may_ask(visitor: Visitor, path: str) -> None:
    body = {"act": "say", "text": "hello"} if path == "/do" else None

    assert Visitor(visitor.client).ask(path, body).status == 403
    assert Visitor(visitor.client, "guessed").ask(path, body).status == 403
    assert visitor.ask(path, body, Origin="http://attacker.example").status == 403
    assert visitor.ask(path, body, Origin=visitor.client.url).status == 200


def test_the_page_is_light_and_asks_for_nothing_from_elsewhere(visitor: Visitor) -> None:
    found = [visitor.ask(path) for path in ("/", "/page.css", "/page.js")]

    assert sum(len(each.text.encode()) for each in found) < 150_000
    assert {each.status for each in found} == {200}
    for each in found:
        assert each.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert re.findall(r"(?:src|href)=\"(?!/|data:|#)[^\"]*|url\(|@import|https?://(?!127)", each.text) == []


@pytest.mark.parametrize(("path", "method"), [("/nothing", "GET"), ("/do", "GET"), ("/", "POST")])
def test_there_is_nothing_else(visitor: Visitor, path: str, method: str) -> None:
    assert visitor.ask(path, method=method).status == 404
