"""What an org needs in a few words, and in which order orgs stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.model import BACKUP_APP, DEVOPS_APP, AppFacts, AppState, Doubt
from bot.domain.orgs.findings import Finding
from bot.domain.orgs.needs import _WORDS, need
from bot.domain.orgs.urgency import natural
from tests.domain.conversations.test_error_reply import BLOCKED, MISSING, NEVER, OLD, READY, THROUGH, known

NOBODY = replace(THROUGH, profiles=(), permission_sets=(), users_with_access=0)
UNSEEN = AppFacts(BACKUP_APP, AppState.NOT_SEEN)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (READY, "ready"),
        (MISSING, "install DevOps"),
        (BLOCKED, "unblock DevOps"),
        (NEVER, "could not be read"),
        (OLD, "not read now, was ready"),
        (known(NOBODY, AppFacts(DEVOPS_APP, AppState.NOT_SEEN)), "grant access to Backup"),
        (known(UNSEEN, AppFacts(DEVOPS_APP, AppState.NOT_SEEN)), "neither app seen"),
        (known(THROUGH, AppFacts(DEVOPS_APP, AppState.NOT_SEEN)), "DevOps not seen"),
        (known(THROUGH, AppFacts(DEVOPS_APP, AppState.INSTALLED, doubts=(Doubt.TWO_APPS,))), "two apps of one name"),
    ],
)
def test_what_an_org_needs_in_few_words(found: object, words: str) -> None:
    assert need(found) == words  # type: ignore[arg-type]


def test_every_finding_has_words_that_fit_a_line_beside_a_name() -> None:
    through = (Finding.GRANT_UNNAMED, Finding.GRANTS_CUT, Finding.FROZEN_UNSEEN, Finding.TOKENS_CUT, Finding.THROUGH)

    assert set(_WORDS) == set(Finding) - set(through)
    assert max(len(words.format(apps="both apps", neither="neither app")) for words in _WORDS.values()) <= 26


def test_names_are_ordered_as_people_count() -> None:
    names = ["team-13", "Team-2", "team", "team-2b", "10x", "9x", "prod"]

    assert sorted(names, key=natural) == ["9x", "10x", "prod", "team", "Team-2", "team-2b", "team-13"]
