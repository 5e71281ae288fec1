"""The demo's page in a real browser: the bot in a workspace that looks and behaves like Slack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.client.server import Client
from bot.sandbox.client.tour import ERROR, STEPS
from bot.sandbox.slack import method_context
from bot.wiring.demo_page import DemoStage
from tests.browser.driving import DESKTOP, NARROW, PHONE, Driven, barriers, comes_true

APP = "Flosum DevOps: Web App Production"


@dataclass(frozen=True)
class Demo:
    """A running demo, and a browser to look at it."""

    stage: DemoStage
    client: Client
    driven: Driven

    def open(self, address: str = "/", size: tuple[int, int] = DESKTOP, *, tour: bool = False, **more: Any) -> Any:
        """The page, without the tour unless that is wanted."""
        page = self.driven.page(size, **more)
        page.goto(self.client.url + address)
        if not tour:
            press(page, "Skip the tour")
        return page

    def home(self, page: Any) -> None:
        """Go to Home, once the bot has shown it anew: what is pressed before is not there any more."""
        page.goto(f"{self.client.url}/?in=home")
        assert self.stage.workspace.settle()
        page.reload()


@pytest.fixture
def demo(driven: Driven, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    monkeypatch.setattr(method_context, "TRIGGER_LIFE", timedelta(minutes=1))  # what is tried here is the page
    with DemoStage(tmp_path) as stage, Client(stage) as client:
        yield Demo(stage, client, driven)
        driven.close()


def press(place: Any, words: str) -> None:
    """Press what has these words on it; a screen reader may hear more."""
    pressable = place.locator("button:visible, a:visible, summary:visible")
    pressable.filter(has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")).last.click()


def press_named(place: Any, role: str, name: str) -> None:
    """Press what a screen reader calls so."""
    place.get_by_role(role, name=name, exact=True).click()


def write(page: Any, text: str, field: str = "Message #salesforce") -> None:
    """Type into a message field, and send it with Enter."""
    page.get_by_role("combobox", name=field).fill(text)
    page.keyboard.press("Enter")


def see(place: Any, text: str) -> None:
    place.get_by_text(text).last.wait_for()


def opens(page: Any, name: str) -> Any:
    """The page that a link opens in a tab of its own."""
    with page.context.expect_page() as opened:
        press(page.locator("aside"), name)
    opened.value.wait_for_load_state()
    return opened.value


def test_the_tour_is_the_whole_story(demo: Demo) -> None:
    page = demo.open(tour=True)

    press(page, "Put the error there")
    page.keyboard.press("Enter")
    press(page, "Next")
    page.get_by_role("link", name="1 reply").click()
    see(page.locator("aside"), "not installed in the org")
    press(page, "Next")
    setup = opens(page, "Connected Apps OAuth Usage")
    press_named(setup, "link", f"Install {APP}")
    press(setup, "Install")
    press_named(setup, "link", f"Manage App Policies of {APP}")
    press(setup, "Edit Policies")
    setup.get_by_label("Permitted Users").select_option("Admin approved users are pre-authorized")
    press(setup, "Save")
    press(setup, "Manage Profiles")
    setup.get_by_label("System Administrator").check()
    press(setup, "Save")
    setup.close()
    press(page, "Next")
    press(page, "Check emea-prod now")
    see(page.locator("aside"), "Only visible to you")
    press(page, "Type /flosum status emea-prod")
    page.keyboard.press("Enter")
    see(page.locator("main"), "is ready")
    press(page, "Next")
    press(page, "Set the clock to Monday, nine")

    see(page.locator("main"), "3 of 7 orgs ready, 1 not read (+1 since last week)")
    see(page.locator("main"), "Done since last week:")
    press(page, "Done")
    page.get_by_role("region", name="Tour").wait_for(state="hidden")


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
def test_the_tour_fits_a_phone(demo: Demo, size: tuple[int, int]) -> None:
    page = demo.open(size=size, tour=True)
    write(page, ERROR)
    page.get_by_role("link", name="1 reply").click()
    see(page.locator("aside"), "not installed in the org")
    cut_off = []
    for _ in STEPS:
        comes_true(page, "!document.getElementById('tour').hidden")
        buttons = page.locator("#tour button:visible").all()
        cut_off += [each.inner_text() for each in buttons if sum(edges(each)) > size[0]]
        if page.locator("#tour button:visible", has_text="Type /flosum").count():
            break
        press(page, "Next")

    assert cut_off == []
    press(page, "Type /flosum status emea-prod")  # the thread covers the field that it types into
    comes_true(page, "document.activeElement.id === 'line'")
    page.keyboard.press("Enter")
    see(page.locator("main"), "emea-prod")
    page.get_by_role("link", name="1 reply").click()
    press(page, "Next")
    press(page, "Set the clock to Monday, nine")
    see(page.locator("main"), "for 1 week")


def edges(element: Any) -> tuple[float, float]:
    """Where something begins from the left, and how wide it is."""
    box = element.bounding_box()
    return box["x"], box["width"]


def test_a_page_that_is_zoomed_shows_the_conversation(demo: Demo) -> None:
    """WCAG's reflow: a desktop at 400 % has 320 by 256 pixels, in which the tour alone has no room."""
    page = demo.open(size=(320, 256), tour=True)
    page.get_by_role("combobox", name="Message #salesforce").focus()

    assert page.locator("#messages").bounding_box()["height"] > 50


def test_by_keyboard_alone(demo: Demo) -> None:
    page = demo.open()

    comes_true(page, "document.activeElement.id === 'line'")  # whoever skips the tour writes next
    page.keyboard.type("/flosum sta")
    page.get_by_role("listbox", name="What to type").get_by_role("option").first.wait_for()
    for key in ("ArrowDown", "Tab"):
        page.keyboard.press(key)
    comes_true(page, "document.activeElement.value === '/flosum status '")
    page.keyboard.type("emea-prod")
    page.keyboard.press("Enter")
    see(page.locator("main"), "Only visible to you")
    share = page.get_by_role("button", name="Share in channel")
    share.wait_for()
    _reach(page, "Share in channel", back=True)
    page.keyboard.press("Enter")
    page.locator("main .line:not(.hidden-one)", has_text="needs a step").wait_for()
    comes_true(page, "document.activeElement !== document.body")  # nobody loses their place
    demo.home(page)
    press(page, "Connect an org")
    page.get_by_role("textbox", name="Name").wait_for()
    page.keyboard.press("Enter")
    see(page.get_by_role("dialog"), "Please complete this required field.")
    comes_true(page, "document.activeElement.getAttribute('aria-invalid') === 'true'")
    page.keyboard.type("prod prod prod")
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    comes_true(page, "document.activeElement.textContent === 'Connect an org'")  # the window gives the focus back


def _reach(page: Any, name: str, *, back: bool = False) -> None:
    """Tab until something with that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("document.activeElement.textContent") == name:
            return
    raise AssertionError(f"{name} cannot be reached")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(demo: Demo, size: tuple[int, int], scheme: str) -> None:
    page = demo.open(size=size, scheme=scheme, tour=True)
    found = barriers(page)
    press(page, "Skip the tour")
    write(page, ERROR)
    page.get_by_role("link", name="1 reply").click()
    see(page.locator("aside"), "not installed in the org")
    found += barriers(page)
    for beside in ("pane", "happened"):
        page.goto(f"{demo.client.url}/?in=home&beside={beside}")
        see(page.locator("#aside"), "Close")
        found += barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    demo.home(page)
    press(page, "Connect an org")
    page.get_by_role("textbox", name="Name").wait_for()
    press(page, "Next")
    see(page.get_by_role("dialog"), "Please complete this required field.")
    found += barriers(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_window_is_filled_in_and_leads_on(demo: Demo) -> None:
    page = demo.open()
    demo.home(page)

    press(page, "Change")
    time = page.get_by_role("dialog").get_by_label("Time", exact=True)
    time.fill("08:30")
    press(page.get_by_role("dialog"), "Save")
    page.get_by_role("dialog").wait_for(state="detached")

    see(page.locator("main"), "08:30")
    page.get_by_role("link", name="Flosum 1 new").click()  # the answer came as a direct message
    see(page.locator("main"), "08:30")


def test_each_sees_their_own(demo: Demo) -> None:
    page = demo.open()

    page.get_by_role("combobox", name="Act as").select_option("ben")
    write(page, "/flosum disconnect prod")
    see(page.locator("main"), "Ada Lindt")  # a refusal names who can
    page.get_by_role("combobox", name="Act as").select_option("mia")
    page.locator(".hidden-one").wait_for(state="detached")

    comes_true(page, "location.href.includes('as=mia')")


def test_talk_with_the_bot_begins_with_a_suggestion(demo: Demo) -> None:
    page = demo.open()

    press(page, "✦ Ask Flosum")
    page.get_by_role("combobox", name="Message Flosum").and_(page.locator(":focus")).wait_for()
    press(page.locator("aside"), "Go through the guide")

    see(page.locator("aside"), "The guide, section by section")


def test_messages_are_explained_edited_dismissed_and_deleted(demo: Demo) -> None:
    page = demo.open()

    def choose(text: str, what: str) -> None:
        line = page.locator("main .line", has_text=text).last
        line.hover()
        line.locator("summary", has_text="⋯").last.click()
        press(line, what)

    write(page, "we get OAUTH_APP_BLOCKED, lunch?")
    choose("lunch?", "Explain this error · Flosum")
    see(page.locator("main"), "Only visible to you")
    choose("Only visible to you", "Dismiss message")
    page.locator(".hidden-one").wait_for(state="detached")
    choose("lunch?", "Edit message")
    see(page.get_by_role("alert"), "You change your message.")
    page.keyboard.press("End")
    page.keyboard.type(" no")
    page.keyboard.press("Enter")
    see(page.locator("main"), "lunch? no")
    choose("lunch? no", "Delete message")
    see(page.locator("main"), "This message was deleted.")


def test_what_just_happened_has_no_secrets_and_can_be_made_hard(demo: Demo) -> None:
    page = demo.open("/?beside=happened")

    press(page, "Slack: rate limit on the next call")
    see(page.locator("#notices"), "429")
    press(page, "Close")
    write(page, "/flosum help")
    see(page.locator("main"), "Only visible to you")
    command = page.locator("aside summary", has_text="/flosum").first
    command.click()
    shown = page.locator("aside").inner_text()

    assert '"response_url": "•••"' in shown
    assert "429" in shown
    secrets = (demo.stage.workspace.bot_token, demo.stage.workspace.signing_secret, demo.stage.salesforce.client_secret)
    assert not [secret for secret in secrets if secret in page.content()]


def test_reset_begins_anew(demo: Demo) -> None:
    page = demo.open()
    write(page, "to be forgotten")
    see(page.locator("main"), "to be forgotten")

    press(page, "Reset")
    page.get_by_text("to be forgotten").wait_for(state="detached")
    write(page, "/flosum help")

    see(page.locator("main"), "Only visible to you")
