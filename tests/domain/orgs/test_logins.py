"""The ways to log in: each has all its parts, in every layer, and nobody tells them apart otherwise."""

from __future__ import annotations

import re

import pytest

from bot.adapters.salesforce.login_ways import session_makers
from bot.domain.model import Credentials, Login
from bot.domain.orgs.connection import ways
from bot.domain.orgs.logins import WAYS, in_terminal
from bot.entrypoints.cli.org_logins import LoginOptions
from tests.paths import ROOT


def test_every_way_has_its_record_and_its_sessions() -> None:
    assert set(WAYS) == set(session_makers(None)) == set(Login)


def test_what_the_terminal_can_ask_for_it_reads() -> None:
    readers = LoginOptions(Credentials(""), None, None, None).readers

    assert set(readers) == {login for login, way in WAYS.items() if way.needs}
    assert {in_terminal(names_user=named) for named in (True, False)} == set(readers)


@pytest.mark.parametrize("login", Login)
def test_a_way_is_begun_in_slack_where_it_is_set_up_or_in_the_terminal(login: Login) -> None:
    way = WAYS[login]

    offered = ways("prod", None, {login: "" if way.form else "https://bot.example/link"})

    assert way.label in str(offered.parts)
    assert [(button.label, bool(button.url), button.form or "") for button in offered.buttons] == (
        [(way.button, not way.form, way.form)] if way.button else []
    )
    assert bool(way.button) == bool(way.set_up)
    assert way.button or way.needs


def test_nobody_compares_ways_to_log_in() -> None:
    """What differs between them stands in their records, so that another way is one more record.

    The built-in Salesforce is no part of the bot: it hands out what each of its orgs asks for.
    """
    files = [path for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts]
    comparing = re.compile(r"(?:\bis|\bis not|==|!=|\bin) \(?Login\.")

    assert [path.name for path in files if comparing.search(path.read_text(encoding="utf-8"))] == []
