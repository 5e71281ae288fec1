"""A person's browser: keeps cookies, follows links and forms, and shows what a page says."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import requests

_INLINE = re.compile(r"</?(?:code|strong|small|a)\b[^>]*>")
_TAG = re.compile(r"<(?:style|title)>.*?</(?:style|title)>|<[^>]+>", re.DOTALL)


class Browser:
    """One profile of one browser."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.page: requests.Response = requests.Response()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def open(self, url: str) -> Browser:
        """Follow a link to where it ends."""
        self.page = self.session.get(url, timeout=30)
        return self

    def submit(self, **values: str) -> Browser:
        """Send the page's form, with what it already holds, and follow to where that ends."""
        self.submit_only(**values)
        return self.open(self.leads_to) if self.leads_to else self

    def submit_only(self, **values: str) -> Browser:
        """Send the page's form, with what it already holds, and stay on the page that it gives."""
        found = re.search(r'<form method="post" action="([^"]*)"', self.page.text)
        assert found, self.text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page.text))
        address = urljoin(self.page.url, html.unescape(found[1]))
        self.page = self.session.post(address, data={**hidden, **values}, timeout=30)
        return self

    def follow(self, words: str) -> Browser:
        """Follow the page's link with these words, or that screen readers call so."""
        named = re.escape(words)
        found = re.search(rf'<a href="([^"]+)"[^>]*(?:>{named}</a>|aria-label="{named}")', self.page.text)
        assert found, self.text
        return self.open(urljoin(self.page.url, html.unescape(found[1])))

    def press(self, words: str, *, within: str = "", **values: str | list[str]) -> Browser:
        """Press the button with these words (or this name) in the first form that has ``within``."""
        for form in re.findall(r"<form\b.*?</form>", self.page.text, re.DOTALL):
            button = re.search(rf"<button([^>]*)>{re.escape(words)}</button>", form)
            if button is None or within not in html.unescape(form):
                continue
            held = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
            named = re.findall(r'name="([^"]+)" value="([^"]*)"', button[1])
            sent = {key: html.unescape(value) for key, value in [*held, *named]}
            found = re.search(r'action="([^"]*)"', form)
            address = urljoin(self.page.url, html.unescape(found[1])) if found else self.page.url
            self.page = self.session.post(address, data={**sent, **values}, timeout=30)
            return self
        raise AssertionError(f"no button {words!r}: {self.text}")

    @property
    def leads_to(self) -> str:
        """Where the page sends the browser by itself; "" where it stays."""
        found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', self.page.text)
        return html.unescape(found[1]) if found else ""

    @property
    def status(self) -> int:
        """The HTTP status of the page."""
        return self.page.status_code

    @property
    def text(self) -> str:
        """What a person reads on the page, below what stands above every page."""
        main = re.search(r"<main\b.*</main>", self.page.text, re.DOTALL)
        shown = main[0] if main else self.page.text
        return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", shown))).split())
