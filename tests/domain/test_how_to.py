"""How something is done that a verb does, asked in anybody's words."""

from __future__ import annotations

import pytest

from bot.domain.command import parse
from bot.domain.how_to import how_to
from bot.domain.verbs import VERBS

NAMES = ("prod", "emea-prod", "uat", "west two")


@pytest.mark.parametrize(
    ("asked", "verb", "line"),
    [
        ("help me connect prod", "connect", "connect prod"),
        ("Help me connect PROD!", "connect", "connect prod"),
        ("can you help me connect prod please", "connect", "connect prod"),
        ("help with connecting prod", "connect", "connect prod"),
        ("how do I connect acme-new?", "connect", "connect acme-new"),
        ("how to connect another org", "connect", ""),
        ("how do I snooze uat?", "snooze", "snooze uat"),
        ("show me how to snooze west two", "snooze", "snooze west two"),
        ("how do we tag orgs", "tag", "tag"),
        ("how do I add a tag to prod", "tag", "tag prod"),
        ("help with tags", "tag", "tag"),
        ("how can I change the owner of prod", "owner", "owner prod"),
        ("what is the command to rename an org", "rename", ""),
        ("I need help with renaming uat", "rename", "rename uat"),
        ("how do I set up a reminder", "remind", "remind"),
        ("how do I get a reminder every monday at 9", "remind", "remind"),
        ("how do I switch off alerts", "remind", "remind"),
        ("how do I remove uat", "disconnect", "disconnect uat"),
        ("how do I mute uat?", "snooze", "snooze uat 1 week"),
        ("how to give access in emea-prod", "grant", "grant emea-prod"),
        ("how do I give somebody access to uat?", "grant", "grant uat"),
        ("how do I add access for Ben in prod", "grant", "grant prod"),
        ("how can we let people into west two", "grant", "grant west two"),
        ("how do I give access", "grant", ""),
        ("how do I get access to prod", "access", "access prod me"),
        ("how to request access for uat", "access", "access uat me"),
    ],
)
def test_the_verb_that_does_it_is_shown_with_its_line(asked: str, verb: str, line: str) -> None:
    found = how_to(asked, NAMES)

    assert found is not None
    assert (found.verb.name, found.line) == (verb, line)
    assert not line or parse(line).verb == verb


@pytest.mark.parametrize(
    "asked",
    [
        "connect prod",
        "help me",
        "how are you",
        "how do I connect to the VPN",
        "how do I connect Jira with Slack",
        "how do I share my screen",
        "how do I set my settings in splunk",
        "how do I grant my boss a holiday",
        "how do I give access to the garage",
        "how do I get access to Jira",
        "how do I bake bread?",
        "how do I connect prod\nand what then",
        "can you help me to find somebody who knows how one may connect our two offices",
    ],
)
def test_what_asks_something_else_is_left_to_be_a_question(asked: str) -> None:
    assert how_to(asked, NAMES) is None


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.names_org and not verb.is_pressed], ids=str)
def test_every_verb_of_an_org_can_be_asked_for(verb: object) -> None:
    found = how_to(f"help me {verb.name} uat", NAMES)  # type: ignore[attr-defined]

    assert found is not None
    assert (found.verb, found.line) == (verb, f"{verb.name} uat")  # type: ignore[attr-defined]
