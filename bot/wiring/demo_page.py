"""``demo`` in a browser: the stage behind the page, the browser that opens it, and the terminal where there is none."""

from __future__ import annotations

import select
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from io import BufferedReader
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, NoReturn, Self

from rich.console import Console

from bot.domain.digest.schedule import latest, upcoming
from bot.domain.digest.subscription import Subscription
from bot.sandbox.client.exchanges import lines
from bot.sandbox.client.server import Client
from bot.sandbox.clock import SetClock
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.keyboard import Typed, typed_from
from bot.sandbox.slack.terminal import run
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.demo import LOG, ZONE, built_in, demo_folder, refuse_taken
from bot.wiring.ending import ENDINGS, leave_in_time
from bot.wiring.parts import utc_now

MONDAYS = Subscription("", "", "", zone=ZONE)
"""When the demo's digest comes: nobody chose another time."""

JUST_BEFORE = timedelta(seconds=10)
LAST_DIGEST_WITHIN = 10.0

OPENS_WITHIN = 3.0
"""Seconds for a browser to say that it has begun."""

_IN_A_TERMINAL = frozenset({"www-browser", "links", "elinks", "lynx", "w3m"})
"""Browsers that would take this terminal, and cannot show the page."""


class DemoStage:
    """A demo that can be had anew: ``bot.sandbox.client.desk.Stage``. Use as a context manager."""

    def __init__(self, folder: Path, *, with_past: bool = True) -> None:
        """``with_past``: last Monday's digest has come."""
        self.shared = False
        """Whether a terminal holds the workspace, too, which therefore stays."""
        self._folder = folder
        self._with_past = with_past
        self._runs = count(1)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _begin(self) -> None:
        folder = self._folder / str(next(self._runs))
        folder.mkdir()
        self.clock, begun = SetClock(), latest(MONDAYS, utc_now())
        if self._with_past:
            self.clock.set(begun - JUST_BEFORE)
        with ExitStack() as begun_so_far:  # what a signal finds half begun is closed
            log = begun_so_far.enter_context((folder / LOG).open("w"))
            self.workspace: Workspace
            self.salesforce: BuiltInSalesforce
            self.bot: Bot
            self.workspace, self.salesforce, self.bot = begun_so_far.enter_context(
                built_in(folder, log, clock=self.clock)
            )
            if self._with_past:  # so that next Monday's digest has something to be compared with
                self._strike(begun, wait=LAST_DIGEST_WITHIN)
                self.clock.set()
            self._open = begun_so_far.pop_all()

    def _strike(self, monday: datetime, wait: float = 0.0) -> None:
        self.clock.set(monday)
        self.bot.uses.digests.tick(self.bot.departures.away, patience=wait)

    def move_clock(self) -> None:
        """Go to the next Monday, nine; the bot would look at its clock within ten seconds, and does so at once."""
        self._strike(upcoming(MONDAYS, self.clock()))

    def page_for(self, url: str) -> str | None:
        """Where a built-in org's page is."""
        return self.salesforce.page_for(url)

    def asked_of_orgs(self) -> Sequence[str]:
        """The calls of orgs so far."""
        return lines((each.method, each.host, each.path) for each in self.salesforce.requests)

    def org_is_slow(self, seconds: float) -> None:
        """Let every org take its time, or not."""
        for org in list(self.salesforce.orgs.values()):
            if seconds:
                self.salesforce.break_org(org.name, OrgFault(hang=seconds))
            else:
                self.salesforce.mend(org.name)

    def reset(self) -> str:
        """Begin anew."""
        if self.shared:
            return "The terminal holds this workspace, too. /quit there and start the demo again."
        self._open.close()
        self._begin()
        return ""


def in_browser(port: int) -> int:
    """Serve the page until the program is told to go; the exit code. Raises OperatorError.

    What is piped in is typed at the terminal, which is also there where no browser can be opened.
    """
    refuse_taken(port)
    end = _End()
    for each in ENDINGS:  # also SIGINT, which a shell lets what it starts in the background ignore
        signal.signal(each, end.stop)
    leave_in_time(end.wait)
    scripted = _is_scripted()
    try:
        with (
            demo_folder() as folder,
            DemoStage(folder, with_past=not scripted) as stage,
            Client(stage, port) as client,
            _once(),
        ):
            _say(f"The demo is at {client.url}/ as long as this runs.")
            if not scripted and opened(client.url):
                _say("It opens in your browser. Ctrl-C here ends it.")
                end.wait()
                return 0
            if not scripted:
                _say("No browser could be opened here. Open that address in one, or go on in this terminal.")
            _type(stage, end)
    except KeyboardInterrupt:
        pass
    return 0


def _type(stage: DemoStage, end: _End) -> None:
    """Hold the session of the terminal; where nobody types, wait."""
    stage.shared = True
    typed = _Counted(typed_from(sys.stdin))
    run(stage.workspace, once=None, console=Console(), typed=typed, page_for=stage.page_for)
    if not typed.count and not sys.stdin.isatty():
        stage.shared = False
        end.wait()


class _Counted:
    """What is typed, and how many messages that were."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self.count = 0

    def __call__(self, prompt: str) -> str | None:
        entry = self._typed(prompt)
        self.count += entry is not None
        return entry


def opened(url: str) -> bool:
    """Whether a browser takes the page. It is not waited for long: one that runs in the foreground never comes back."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if Path(getattr(browser, "name", "")).name in _IN_A_TERMINAL:
        return False
    answers: SimpleQueue[bool] = SimpleQueue()
    threading.Thread(target=lambda: answers.put(browser.open(url)), name="browser", daemon=True).start()
    try:
        return answers.get(timeout=OPENS_WITHIN)
    except Empty:
        return True


def _is_scripted() -> bool:
    """Whether something is piped in, and waits to be typed."""
    if sys.stdin.isatty():
        return False
    try:
        return bool(select.select([sys.stdin], [], [], 0)[0]) and _has_more(sys.stdin.buffer)
    except (OSError, ValueError):  # closed, or nothing that can be asked
        return False


def _has_more(stream: BinaryIO) -> bool:
    """Whether what can be read is more than the end; what there is stays to be read."""
    return isinstance(stream, BufferedReader) and bool(stream.peek(1))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _once() -> Iterator[None]:
    """What comes after is done to its end: one more signal must not cut the closing off."""
    try:
        yield
    finally:
        for each in ENDINGS:
            signal.signal(each, signal.SIG_IGN)


class _End:
    """Whether the program was told to go: an interrupt that comes while the terminal reads ends the terminal alone."""

    def __init__(self) -> None:
        self._told = False  # no Event: a second signal may come while the first one sets it

    def stop(self, *_: object) -> NoReturn:
        """For a signal."""
        self._told = True
        raise KeyboardInterrupt

    def wait(self) -> None:
        """Until a signal comes, or at once where one came before."""
        while not self._told:
            time.sleep(0.2)
