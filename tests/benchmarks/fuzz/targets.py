"""The parsers, each as something that takes chance and must not fail."""

from __future__ import annotations

import http.client
import io
import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from bot.adapters.library import load
from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Answer
from bot.domain.answers.plain_text import part_lines
from bot.domain.command import parse, shorten, take_channel
from bot.domain.conversations import guidance_reply
from bot.domain.conversations.entry_reply import About
from bot.domain.errors import AskerError, AssistantError
from bot.domain.model import Asker
from bot.domain.orgs import own_app
from bot.domain.orgs.my_domain import my_domain_host
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets.redaction import redact
from bot.entrypoints.pages import CALLBACK, CONNECT
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM
from bot.sandbox.slack.signing import signed_headers
from bot.wiring.demo import built_in
from bot.wiring.parts import utc_now
from tests.adapters.salesforce.mutations import ACCESS, LOGIN, OVERVIEW, ScriptedOrg, serving, spoiled
from tests.adapters.salesforce.test_mutated_answers import Target as SalesforceTarget
from tests.adapters.salesforce.test_mutated_answers import outcome
from tests.benchmarks.fuzz.material import sendable, spoiled_lines, text
from tests.mutated_payloads import mutated, sent_by_people
from tests.paths import ROOT
from tests.recognition_helpers import MATCHER
from tests.running_bot import RunningBot
from tests.salesforce_under_test import NOW
from tests.shared_bot import NORTH, bot_shared_by

LONGEST = 5.0  # seconds for one case: a text that takes longer holds a worker, and many would hold all
GUIDANCE_FILES = 10  # in one folder: reading the built-in guidance, too, is most of a case
_WHO = Asker(TEAM, "U0YOU", "C0SALESFORCE")

Case = Callable[[random.Random], None]


class Found(Exception):
    """What a target did that it must not do."""


@contextmanager
def commands() -> Iterator[Case]:
    """What people type after ``/flosum``: parsed, and now and then carried out by the whole assistant."""
    with _running() as running:

        def case(chance: random.Random) -> None:
            typed = text(chance, 8)
            command = parse(typed)
            take_channel(command.words)
            shorten(command.rest)
            if chance.random() < 0.1:
                with suppress(AssistantError):
                    running.bot.uses.assistant.reply(_WHO, sendable(typed))

        yield case


@contextmanager
def pastes() -> Iterator[Case]:
    """What stands in messages: recognised, and answered in blocks and in plain lines."""

    def case(chance: random.Random) -> None:
        said, asked = redact(text(chance)).text, chance.random() < 0.5
        found = MATCHER.recognise(said, asked=asked)
        if found.entry is not None:
            _shown(guidance_reply.guidance(found, found.entry, About()))
        elif asked:
            _shown(guidance_reply.not_recognised(parse(said), found.nearest, ()))

    yield case


def _shown(answer: Answer) -> None:
    message(answer)
    for part in answer.parts:
        list(part_lines(part, 2))


@contextmanager
def redaction() -> Iterator[Case]:
    """Texts with secrets: masked, and masking again finds no more."""

    def case(chance: random.Random) -> None:
        once = redact(text(chance)).text
        if redact(once).text != once:
            raise Found("what was masked once is masked again")

    yield case


@contextmanager
def guidance() -> Iterator[Case]:
    """A team's own files: whatever is in them is read, or a mistake that is named."""
    built_in_files = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot/guidance").glob("*.yml"))]

    def case(chance: random.Random) -> None:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
            for number in range(GUIDANCE_FILES):
                whole = spoiled_lines(chance, chance.choice(built_in_files)).encode("utf-8", "replace")
                torn = whole if chance.random() < 0.9 else whole[: chance.randrange(len(whole) + 1)] + b"\xff\xfe"
                (Path(name) / f"{number}.yml").write_bytes(torn)
            Matcher(load(Path(name))[0]).recognise("OAUTH_APP_BLOCKED", asked=True)

    yield case


@contextmanager
def payloads() -> Iterator[Case]:
    """What Slack sends, spoiled, through the signed door."""
    with _running() as running:
        deliveries = sent_by_people(running)
        door = _Door(running.bot.address, running.log)

        def case(chance: random.Random) -> None:
            sent = mutated(chance.choice(deliveries), chance)
            headers = signed_headers(running.workspace.signing_secret, sent.body, int(utc_now().timestamp()))
            door.ask("POST", "/slack/events", sent.body, headers | {"Content-Type": sent.content_type})
            if running.bot.jobs.open > 500:
                running.bot.jobs.wait_idle(60)

        yield case
        running.bot.jobs.wait_idle(60)
        door.look()


@contextmanager
def salesforce() -> Iterator[Case]:
    """What Salesforce answers to logins and questions, spoiled."""
    with BuiltInSalesforce(NOW) as behind, serving(ScriptedOrg(behind.route("https://x/"))) as scripted:
        target = SalesforceTarget(behind, scripted)
        ways: list[tuple[str, Callable[[], object]]] = [
            *((LOGIN, way) for way in (target.first_facts, target.exchange, target.renewed, target.revoke)),
            *((kind, target.facts) for kind in (OVERVIEW, ACCESS)),
        ]

        def case(chance: random.Random) -> None:
            kind, way = chance.choice(ways)
            inside = ("results", chance.randrange(7)) if kind != LOGIN and chance.random() < 0.5 else ()
            scripted.script = {kind: spoiled(chance, target.right[kind], inside)}
            try:
                outcome(way)
            finally:
                scripted.script = {}

        yield case


@contextmanager
def addresses() -> Iterator[Case]:
    """Addresses: those that browsers come back with, those that people type, those that stand in errors."""
    with _running() as running, tempfile.TemporaryDirectory() as name:
        log = io.StringIO()
        with bot_shared_by(Path(name), NORTH, log=log) as shared:
            doors = [_Door(running.bot.address, log), _Door(shared.bot.address, log)]

            def case(chance: random.Random) -> None:
                typed = text(chance, 6)
                with suppress(AskerError):
                    my_domain_host(typed)
                own_app.guidance_for(typed)
                if chance.random() < 0.3:
                    method, path, body = _page_asked(chance)
                    headers = {"Cookie": _header(text(chance, 4)), "Content-Type": "application/x-www-form-urlencoded"}
                    chance.choice(doors).ask(method, path, body, headers)

            yield case
            for door in doors:
                door.look()


_PAGES = (CALLBACK, CALLBACK, CONNECT, "/slack/oauth_redirect", "/slack/install", "/healthz", "/")
_FIELDS = ("state", "code", "error", "error_description", "link", "where", "my_domain", "x")


def _page_asked(chance: random.Random) -> tuple[str, str, bytes]:
    given = [(chance.choice(_FIELDS), sendable(text(chance, 5))[:2000]) for _ in range(chance.randrange(5))]
    query = urlencode(given)
    if chance.random() < 0.3:
        query = quote(sendable(text(chance, 6))[:3000], safe="%&=+;[]?/#!$'()*,:@".replace("#", ""))
    if chance.random() < 0.2:
        return "POST", CONNECT, query.encode()
    return "GET", f"{chance.choice(_PAGES)}?{query}", b""


def _header(words: str) -> str:
    return "".join(letter for letter in words if " " <= letter <= "~")[:1000]


class _Door:
    """The bot's HTTP side, whose answers and log are looked at."""

    def __init__(self, address: str, log: io.StringIO) -> None:
        parts = urlsplit(address)
        self._host, self._port, self._log = parts.hostname or "", parts.port, log
        self._read = 0

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=20)
        try:
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status >= 500:
            raise Found(f"{method} {path[:300]} is answered {answer.status}")
        self.look()

    def look(self) -> None:
        """Raise Found where the log has a traceback that it did not have before."""
        self._log.seek(self._read)
        new = self._log.read()
        self._read = self._log.tell()
        if "Traceback" in new:
            raise Found(next(line for line in new.splitlines() if "Traceback" in line))


@contextmanager
def _running() -> Iterator[RunningBot]:
    log = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name, built_in(Path(name), log) as (workspace, orgs, bot):
        yield RunningBot(workspace, orgs, bot, log, Path(name))


TARGETS: dict[str, Callable[[], AbstractContextManager[Case]]] = {
    "commands": commands,
    "pastes": pastes,
    "redaction": redaction,
    "guidance": guidance,
    "payloads": payloads,
    "salesforce": salesforce,
    "addresses": addresses,
}
"""By name."""


def run(name: str, case: Case, seed: int, number: int, longest: float = math.inf) -> str | None:
    """One case, of at most so many seconds; what was found, None where all is well."""
    begun = time.monotonic()
    try:
        case(random.Random(f"{name}/{seed}/{number}"))  # noqa: S311 - a seed is the point
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        return f"{type(error).__name__}: {error}"[:2000]
    seconds = time.monotonic() - begun
    return f"took {seconds:.1f} s" if seconds > longest else None
