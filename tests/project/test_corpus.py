"""The labelled texts are well formed: every later measure of recognition leans on them."""

from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter

import pytest

from tests.paths import ROOT

CORPUS = ROOT / "tests" / "corpus"
HALVES = ("tune", "gate")
CORE = ("app-not-installed", "app-blocked", "user-not-approved", "token-expired-or-revoked")
TOPICS = (
    *CORE,
    "ip-restricted",
    "wrong-credentials",
    "client-misconfigured",
    "wrong-org-or-domain",
    "user-inactive-or-locked",
    "api-disabled",
    "rate-limited-or-unavailable",
    "other-salesforce-auth",
)
SECTIONS = (
    "why",
    "check-installed",
    "install",
    "permitted-users",
    "grant-profile",
    "grant-permission-set",
    "refresh-token",
    "confirm-installed",
    "unblock",
)
AROUND = ("flosum-user", "token-valid", "flosum-addresses", "native-package")
"""Sections of what stands around the article."""
SILENT_KINDS = {"team", "prose", "code", "other-vendor", "sf-other", "local-fault", "healthy", "not-in-guide"}
KINDS = {"live", "told", "localised", "new-since-2025", "guide-question", "error-question"} | SILENT_KINDS
FIELDS = {"id", "text", "label", "kind", "form", "asked", "accept", "silent_ok", "source"}
CARRIER_FIELDS = {"id", "text", "live", "kind", "fit", "names_salesforce"}
AT_LEAST = {"tune": (550, 24, 6, 4), "gate": (1350, 60, 18, 9)}
"""For each half: texts in all, of a core topic, of any other topic, of a section of the guide."""

SECRETS = re.compile(
    r"xox[abeprs]-\w|AKIA[0-9A-Z]{16}|gh[opsu]_\w{30}|glpat-\w{15}|sk_live_\w{10}|eyJ[\w-]{10,}\.eyJ|PRIVATE KEY-----"
    r"|00D\w{12,15}![\w.]{15}|5Aep\w{20}|3MVG9[\w.]{30}|hooks\.slack\.com/services|[0-9a-f]{40}|[\w/]{60}"
)
EMAIL = re.compile(r"[\w.+-]+@+([\w-]+\.)+[A-Za-z]\w+")
ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")

Row = dict[str, object]


def rows(half: str) -> list[Row]:
    return [row for path in _files(half) if path != "carriers.jsonl" for row in _read(half, path)]


def carriers(half: str) -> list[Row]:
    return _read(half, "carriers.jsonl")


@pytest.mark.parametrize("half", HALVES)
def test_every_text_has_all_fields_and_known_labels(half: str) -> None:
    for row in rows(half):
        assert set(row) == FIELDS, row["id"]
        assert str(row["text"]).strip(), row["id"]
        assert row["kind"] in KINDS, row["id"]
        assert row["label"] in (*TOPICS, *SECTIONS, *AROUND, "none"), row["id"]
        assert row["asked"] in (True, False, "both"), row["id"]
        assert isinstance(row["silent_ok"], bool), row["id"]
        assert row["source"] in ("own", "fact"), row["id"]


@pytest.mark.parametrize("half", HALVES)
def test_the_label_is_the_first_of_what_is_accepted_and_nothing_is_accepted_twice(half: str) -> None:
    for row in rows(half):
        accept = row["accept"]
        assert isinstance(accept, list)
        assert accept[0] == row["label"], row["id"]
        assert len(set(accept)) == len(accept), row["id"]
        assert set(accept) <= {*TOPICS, *SECTIONS, *AROUND, "none"}, row["id"]


@pytest.mark.parametrize("half", HALVES)
def test_what_must_stay_silent_says_so_and_what_must_not_does_not(half: str) -> None:
    for row in rows(half):
        assert (row["label"] == "none") == (row["kind"] in SILENT_KINDS), row["id"]


@pytest.mark.parametrize("half", HALVES)
def test_a_section_of_the_guide_is_only_ever_the_answer_to_a_question(half: str) -> None:
    assert {row["kind"] for row in rows(half) if row["label"] in (*SECTIONS, *AROUND)} == {"guide-question"}
    assert {row["asked"] for row in rows(half) if row["kind"] == "guide-question"} == {True}


def test_ids_are_unique_and_say_where_the_text_is() -> None:
    found = Counter(str(row["id"]) for half in HALVES for row in [*rows(half), *carriers(half)])

    assert [one for one, times in found.items() if times > 1] == []
    for half in HALVES:
        assert all(str(row["id"]).startswith(f"{half}-") for row in [*rows(half), *carriers(half)])


def test_no_text_is_there_twice_nor_in_both_halves() -> None:
    found = Counter(_words(row) for half in HALVES for row in [*rows(half), *carriers(half)])

    assert [text for text, times in found.items() if times > 1] == []


def test_the_same_words_in_another_order_are_not_another_text() -> None:
    found = Counter(frozenset(_words(row).split()) for half in HALVES for row in rows(half))

    assert [sorted(words) for words, times in found.items() if times > 1] == []


@pytest.mark.parametrize("half", HALVES)
def test_there_are_enough_texts_of_each_topic_and_section(half: str) -> None:
    in_all, core, other, section = AT_LEAST[half]
    found = Counter(row["label"] for row in rows(half))

    assert found.total() >= in_all
    assert {topic: found[topic] for topic in CORE if found[topic] < core} == {}
    assert {topic: found[topic] for topic in TOPICS if found[topic] < other} == {}
    assert {one: found[one] for one in SECTIONS if found[one] < section} == {}


def test_both_halves_hold_the_same_files_and_kinds() -> None:
    assert _files("tune") == _files("gate")
    assert {row["kind"] for row in rows("tune")} == {row["kind"] for row in rows("gate")} == KINDS


@pytest.mark.parametrize("half", HALVES)
def test_carriers_take_one_error_each_and_are_of_both_sorts(half: str) -> None:
    for row in carriers(half):
        assert set(row) == CARRIER_FIELDS, row["id"]
        assert str(row["text"]).count("{error}") == 1, row["id"]
        assert row["fit"] in ("plain", "json", "json-twice", "url"), row["id"]
        assert isinstance(row["live"], bool), row["id"]
        assert isinstance(row["names_salesforce"], bool), row["id"]
    assert sum(row["live"] is True for row in carriers(half)) >= 25
    assert sum(row["live"] is False for row in carriers(half)) >= 20


@pytest.mark.parametrize("half", HALVES)
def test_nothing_in_it_is_or_looks_like_a_real_secret_person_or_address(half: str) -> None:
    for row in [*rows(half), *carriers(half)]:
        text = str(row["text"])
        assert not SECRETS.search(text), row["id"]
        assert [mail[0] for mail in EMAIL.finditer(text) if ".example" not in mail[0]] == [], row["id"]
        assert [one for one in ADDRESS.findall(text) if not _for_documentation(one)] == [], row["id"]


def test_every_file_is_told_of_in_the_readme() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")

    assert [name for name in _files("gate") if f"`{name}`" not in readme] == []
    assert [field for field in sorted(FIELDS | CARRIER_FIELDS) if f"`{field}`" not in readme] == []


def _files(half: str) -> list[str]:
    return sorted(path.name for path in (CORPUS / half).glob("*.jsonl"))


def _read(half: str, name: str) -> list[Row]:
    return [json.loads(line) for line in (CORPUS / half / name).read_text(encoding="utf-8").splitlines()]


def _words(row: Row) -> str:
    return " ".join(re.findall(r"\w+", str(row["text"]).lower()))


def _for_documentation(address: str) -> bool:
    nets = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(net) for net in nets)
