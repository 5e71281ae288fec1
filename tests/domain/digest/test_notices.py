"""What notices about orgs are known by: any name of an org, and an org that is called otherwise by now."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.digest.notices import OfOrg, key_of, org_of, with_new_name

AT = "2026-11-23T09:00:00+00:00"
NAMES = ("prod", "prod:eu", "prod%3Aeu", ":", "alert", "undelivered:alert", "west 100%", "北:1")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lead", ["", "back:", "undelivered:", "undelivered:7f3a:"])
def test_the_org_stands_in_a_key_whatever_it_is_called(name: str, lead: str) -> None:
    for kind in get_args(OfOrg):
        key = lead + key_of(kind, name, AT, "U1")

        assert org_of(key) == name
        for other in NAMES:
            assert with_new_name(key, name, other) == lead + key_of(kind, other, AT, "U1")
            if other != name:
                assert with_new_name(key, other, "live") == key
                assert not key.startswith(lead + key_of(kind, other, ""))


def test_what_is_about_no_org_stays() -> None:
    key = "left:U1:U2"

    assert org_of(key) == ""
    assert with_new_name(key, "U1", "U3") == key
