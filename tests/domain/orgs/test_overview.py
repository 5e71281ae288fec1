"""The list of all orgs: what its small print counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.model import Diagnosis, Login, Org
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.status_report import overview
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def silent(name: str, *, rests: bool) -> Diagnosis:
    org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT)
    return replace(diagnose(org, None, article=ARTICLE, now=NOW, trouble="It did not answer."), rests=rests)


@pytest.mark.parametrize(
    ("rests", "note"),
    [
        ((False, False), "0 of 2 read from Salesforce just now; 2 could not be read"),
        ((False, True), "0 of 2 read from Salesforce just now; 1 could not be read, 1 not asked again yet"),
        ((True, True), "0 of 2 read from Salesforce just now; 2 not asked again yet"),
    ],
)
def test_each_org_is_counted_once(rests: tuple[bool, ...], note: str) -> None:
    found = [silent(f"org-{number}", rests=each) for number, each in enumerate(rests)]

    assert overview(found, NOW, live=True).note == note
