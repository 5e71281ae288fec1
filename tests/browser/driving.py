"""What a test does with a browser: pages of any width and scheme, and what none of them may do."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE = 60_000
"""Milliseconds for which a test waits for something to show, on a machine that has much else to do."""

DESKTOP, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)


class Driven:
    """Opens pages. At the end none may have written an error to the console, or asked for anything off this machine."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self._refused: set[str] = set()
        self.faults: list[str] = []
        """What went wrong in the pages so far; a test that makes something go wrong takes it out."""

    def page(self, size: tuple[int, int] = DESKTOP, *, scheme: str = "light", script: bool = True) -> Any:
        """A page in a profile of its own."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=script,
            locale="en-GB",
            timezone_id="Europe/Berlin",
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", self._watch)  # also what opens in a tab of its own
        return context.new_page()

    def _watch(self, page: Any) -> None:
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._logged)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "about", "blob") and parts.hostname != "127.0.0.1":
            self.faults.append(f"asked for {request.url}")

    def _answered(self, response: Any) -> None:
        if response.request.is_navigation_request() and response.status >= 400:
            self._refused.add(response.url)  # a page that refuses: the browser notes its status as an error

    def _logged(self, message: Any) -> None:
        if message.type == "error" and message.location.get("url") not in self._refused:
            self.faults.append(message.text)

    def close(self) -> None:
        """Close every page, before what they ask goes away."""
        while self._contexts:
            self._contexts.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None:
            assert self.faults == [], self.faults


def comes_true(page: Any, expression: str) -> None:
    """Wait until something is so in the page: what a key or a press does there is done a moment later.

    Playwright's own wait asks a second time from within the page, whose policy refuses to compute a string.
    """
    until = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < until, f"never came true: {expression}"
        page.wait_for_timeout(50)


def barriers(page: Any) -> list[str]:
    """What axe-core finds on the page that keeps people out: its serious and critical findings."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def barriers_in_each_look(page: Any) -> list[str]:
    """The same for what is shown now, light on a desktop and dark at 320 pixels, where nothing may be cut off."""
    found = []
    for scheme, (width, height) in (("light", DESKTOP), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{scheme} at {width}: {barrier}" for barrier in barriers(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"wider than {width}")
    return found
