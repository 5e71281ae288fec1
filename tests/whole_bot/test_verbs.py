"""Every form of every slash verb, typed by somebody who may change nothing; and errors that begin like one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from bot.domain.orgs.home_report import OVERHEARING
from bot.domain.verbs import VERBS, Who
from tests.digests import the_digest
from tests.running_bot import RunningBot

FILLED = {
    "<org>": "prod",
    "<error>": "OAUTH_APP_BLOCKED",
    "<app>": "backup",
    "<step>": "refresh-token",
    "<permission-set>": "Flosum_Users",
    "<verb>": "remind",
    "<person>": "eli",
    "<name>": "production",
    "<tag>": "sandboxes",
    "<word>": "emea",
    "<day>": "friday",
    "<time>": "14:00",
    "<days>": "7",
    "<weeks>": "3",
    "<@person>": "@ben",
    "<orgs>": "sandboxes",
    "<@person|#channel|none>": "@ben",
    "<@person|@user-group>": "@ben",
}
"""What stands for each place that people fill in."""


def typed(words: str) -> Iterator[str]:
    """A usage filled in, once for each of its choices; what may be left out is."""
    places = [place for place in words.split() if not place.startswith("[")]
    choices = [[FILLED[place]] if place.startswith("<") else place.split("|") for place in places]
    return (" ".join(words) for words in itertools.product(*choices))


FORMS = [
    (f"{verb.name} {words}".strip(), usage.who)
    for verb in VERBS
    if not verb.is_pressed
    for usage in verb.usages
    for words in typed(usage.words)
]


def test_who_may_use_each_form_of_a_verb_is_what_its_declaration_says(running_bot: RunningBot) -> None:
    """In one bot: a member leaves nothing behind but what everybody may change."""
    store = running_bot.bot.store
    before = (store.orgs("T0DEMO"), the_digest(store, "T0DEMO"), store.trusted("T0DEMO"))

    said = {text: running_bot.ask(text, running_bot.ben).text for text, _ in FORMS}

    by_trust = {text for text, answer in said.items() if "is for workspace admins and people added in" in answer}
    by_admins = {text for text, answer in said.items() if "is for workspace admins. " in answer}
    assert by_trust == {text for text, who in FORMS if who is Who.TRUSTED}
    assert by_admins == {text for text, who in FORMS if who is Who.ADMINS}
    # A check that saves what it read first would show here as a change of an org.
    assert [org.name for org in before[0]] == [org.name for org in store.orgs("T0DEMO")]
    assert before[1:] == (the_digest(store, "T0DEMO"), store.trusted("T0DEMO"))
    assert {change.action for change in store.changes("T0DEMO")} == set(OVERHEARING.values())


@pytest.mark.parametrize(
    "text",
    [
        "access denied",
        "access denied: OAUTH_APP_BLOCKED",
        "access prod OAUTH_APP_BLOCKED",
        "access token expired",
        "grant type not supported",
        "grant OAUTH_APP_BLOCKED",
        "access invalid_grant inactive_user",
    ],
)
def test_an_error_that_begins_with_a_verb_is_explained(running_bot: RunningBot, text: str) -> None:
    answer = running_bot.ask(text)

    assert "was not helpful" in str(answer.blocks) or "Not what happened" in str(answer.blocks)
