"""The content: the whole article, in order, with the labels as the pages print them."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.adapters.library import load
from bot.domain.model import BACKUP_APP, DEVOPS_APP
from bot.domain.orgs.next_steps import SECTIONS
from bot.domain.orgs.setup_links import PAGES
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import ERROR_TOPICS, SECTION_TOPICS, Guidance
from tests.paths import ROOT

GUIDANCE: Guidance = load()[0]
GUIDANCE_FILES = ROOT / "bot" / "guidance"
LABELS = {
    "check-installed": (
        "Quick Find",
        "Connected Apps OAuth Usage",
        "Uninstall",
        "Install",
        BACKUP_APP,
        DEVOPS_APP,
    ),
    "install": ("Connected Apps OAuth Usage", "Install"),
    "permitted-users": (
        *("Manage App Policies", "Permitted Users", "Save"),
        *("All users may self-authorize", "Admin approved users are pre-authorized"),
    ),
    "grant-profile": ("Profiles", "Manage Profiles", "Save"),
    "grant-permission-set": ("Permission Sets", "Manage Permission Sets", "Save"),
    "refresh-token": ("Global Settings", "Organizations", "Connections", "Three Dot", "Update Token"),
    "confirm-installed": ("Manage Connected Apps", "Connected Apps OAuth Usage"),
    "unblock": ("Connected Apps OAuth Usage", "Unblock", "Update Token", "Organizations"),
}


def section(topic: str) -> Entry:
    entry = GUIDANCE.topic(topic)
    assert entry is not None
    return entry


def texts(entry: Entry) -> list[str]:
    return [entry.title, entry.cause, *entry.steps, entry.who, entry.source, *entry.tips]


def test_the_sections_stand_in_the_articles_order() -> None:
    """What Flosum's other pages say stands behind them."""
    topics = tuple(entry.topic for entry in GUIDANCE.sections)

    assert topics == SECTION_TOPICS


def test_every_error_topic_has_an_entry() -> None:
    assert {entry.topic for entry in GUIDANCE.entries if entry.kind is Kind.ERROR} == set(ERROR_TOPICS)


@pytest.mark.parametrize(("topic", "labels"), LABELS.items())
def test_a_section_prints_the_labels_of_the_pages(topic: str, labels: tuple[str, ...]) -> None:
    bold = set(re.findall(r"\*\*(.+?)\*\*", " ".join(texts(section(topic)))))

    assert set(labels) <= bold


def test_the_article_beyond_its_steps_is_told_too() -> None:
    everything = " ".join(text for entry in GUIDANCE.sections for text in texts(entry))

    for fact in (
        "Metadata API",
        "Alternate method",
        "custom permission set",
        "SystemAdministrator role",
        "Token Valid",
    ):
        assert fact in everything
    assert "no longer visible" in everything


@pytest.mark.parametrize("topic", ["app-not-installed", "app-blocked", "user-not-approved", "token-expired-or-revoked"])
def test_the_steps_of_a_core_error_follow_the_articles_order(topic: str) -> None:
    briefs = {step: place for place, step in enumerate(_briefs_in_order())}
    for entry in GUIDANCE.entries:
        if entry.kind is Kind.ERROR and entry.topic == topic:
            places = [briefs[step] for step in entry.steps if step in briefs]
            assert places == sorted(places), f"{entry.id} changes the article's order"
            assert places, f"{entry.id} uses no step of the article"


def _briefs_in_order() -> list[str]:
    """Every step that an error takes from a section, in the article's order, with the unblocking."""
    order = (
        "check-installed",
        "install",
        "unblock",
        "permitted-users",
        "grant-profile",
        "grant-permission-set",
    )
    entry = GUIDANCE.entry("flosum-app-blocked")
    assert entry is not None
    assert len(entry.steps) == len(order) + 2
    return list(entry.steps)


def test_an_app_that_is_missing_is_installed_opened_granted_and_reconnected() -> None:
    entry = GUIDANCE.entry("app-must-be-installed")
    assert entry is not None

    answer = " ".join(entry.steps)

    marks = (
        "**Install**",
        "**Permitted Users**",
        "**Manage Profiles**",
        "**Manage Permission Sets**",
        "**Update Token**",
    )
    assert [answer.find(mark) for mark in marks] == sorted(answer.find(mark) for mark in marks)
    assert -1 not in [answer.find(mark) for mark in marks]


@pytest.mark.parametrize("entry", GUIDANCE.entries, ids=lambda entry: entry.id)
def test_an_entry_is_fit_to_be_read(entry: Entry) -> None:
    assert entry.page is None or entry.page in PAGES
    for text in texts(entry):
        assert text == text.strip()
        assert "!" not in text
        assert "please note" not in text.lower()
        assert text.count("**") % 2 == 0
        assert text.count("`") % 2 == 0
        assert not set("<>") & set(text), "an angle bracket would be markup in Slack"
    assert len(entry.title) <= 110
    assert len(entry.steps) <= 10


def test_the_sections_that_an_org_may_be_told_have_their_step_and_no_others() -> None:
    assert sorted(GUIDANCE.article) == sorted(SECTIONS)


def test_only_the_generic_page_asks_for_the_address() -> None:
    assert [entry.id for entry in GUIDANCE.entries if entry.asks_for_url] == ["approval-error-generic"]


def test_ids_are_unique() -> None:
    ids = [entry.id for entry in GUIDANCE.entries]

    assert len(ids) == len(set(ids))


def test_what_is_not_there_is_none() -> None:
    assert GUIDANCE.topic("lunch") is None
    assert GUIDANCE.entry("lunch") is None


def test_no_list_of_words_names_one_twice_or_nothing() -> None:
    content = yaml.safe_load((GUIDANCE_FILES / "errors.yml").read_text(encoding="utf-8"))
    lists = {f"{part}: {name}": words for part in ("context", "concepts") for name, words in content[part].items()}
    for entry in content["errors"]:
        lists |= {f"{entry['id']}: {name}": words for name, words in entry.items() if name.endswith("signs")}

    assert [name for name, words in lists.items() if not words or len({str(word) for word in words}) < len(words)] == []
