"""Who may see orgs: full members, and guests where they are let in."""

from __future__ import annotations

import pytest

from bot.domain.membership import refusal
from bot.domain.model import Standing

EXPECTED: dict[Standing | None, list[bool]] = {Standing.MEMBER: [False, False], Standing.GUEST: [True, False]}
"""Whether they are refused where guests are not welcome, and where they are; all others are."""


@pytest.mark.parametrize("standing", [*Standing, None])
def test_members_may_see_all_guests_where_they_are_welcome_and_nobody_else(standing: Standing | None) -> None:
    told = [bool(refusal(standing, guests_welcome=welcome)) for welcome in (False, True)]

    assert told == EXPECTED.get(standing, [True, True])


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.STRANGER, Standing.GONE, Standing.BOT, None])
def test_a_refusal_says_what_there_still_is(standing: Standing | None) -> None:
    assert refusal(standing, guests_welcome=False).endswith("Paste a Salesforce login error, and I explain it.")
