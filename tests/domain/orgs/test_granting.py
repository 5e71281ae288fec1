"""What stands in the way of a grant, known before it is tried."""

from __future__ import annotations

import pytest

from bot.domain.model import DEVOPS_APP, AppState, Doubt, Policy
from bot.domain.orgs.granting import AppToGrant, Bar, bar_of_app


@pytest.mark.parametrize(
    ("app_id", "state", "doubts", "bar"),
    [
        ("0H4", AppState.INSTALLED, (), None),
        ("0xI", AppState.INSTALLED, (), Bar.EXTERNAL),
        ("0xI", AppState.INSTALLED, (Doubt.BOTH_KINDS,), Bar.TWO_APPS),
        ("0H4", AppState.INSTALLED, (Doubt.BOTH_KINDS,), Bar.TWO_APPS),
        ("0H4", AppState.INSTALLED, (Doubt.TWO_APPS,), Bar.TWO_APPS),
        ("0H4", AppState.BLOCKED, (Doubt.TWO_APPS,), Bar.BLOCKED),
        (None, AppState.INSTALLED, (), Bar.UNREADABLE),
    ],
)
def test_of_two_apps_of_one_name_none_is_called_flosums(
    app_id: str | None, state: AppState, doubts: tuple[Doubt, ...], bar: Bar | None
) -> None:
    app = AppToGrant(DEVOPS_APP, app_id, state, Policy.ADMIN_APPROVED, doubts, frozenset())

    assert bar_of_app(app) is bar
