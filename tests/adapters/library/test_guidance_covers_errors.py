"""Every error of the catalogue leads somewhere right."""

from __future__ import annotations

import re

from bot.adapters.library import load
from bot.domain.recognition.matcher import Matcher
from tests.shared_material import catalogue

JUDGED_OTHERWISE = {
    ("OAUTH_APPROVAL_ERROR_GENERIC", "app-not-installed"): "other-salesforce-auth",
    ("INVALID_SESSION_ID", "app-blocked"): "api-disabled",
}
"""Rows where the judges of the real texts chose another topic than the catalogue; the texts decide."""

NOT_FOUND_IN_PUBLIC = "text not"


def _spoken(code: str, description: str) -> str:
    """The code and its description as a person would paste them; a note in brackets is said in words."""
    note = re.fullmatch(r"\((.*)\)", description)
    if note is None:
        return f"Salesforce error: {code}: {description}"
    silent = ("varies", "no ", "same ", "text ", "(")
    return f"Salesforce error: {code}" + ("" if note.group(1).startswith(silent) else f" {note.group(1)}")


def test_every_row_of_the_catalogue_leads_to_its_topic() -> None:
    matcher = Matcher(load()[0])
    wrong: list[str] = []
    for row in catalogue():
        descriptions = row["descriptions"]
        assert isinstance(descriptions, list)
        for code in str(row["code"]).split(" / "):
            expected = JUDGED_OTHERWISE.get((code, str(row["topic"])), str(row["topic"]))
            for description in descriptions:
                text = _spoken(code, description)
                entry = matcher.recognise(text, asked=True).entry
                if entry is None or entry.topic != expected:
                    wrong.append(f"{expected} <- {entry and entry.id}: {text}")

    assert wrong == []
