"""No workspace sees another's orgs: everything that can be typed, pressed, said, opened or waited for, in two at once.

What there is to do is taken from the code and the manifest, so that a new verb or event is walked, or missed loudly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.answers import Answer
from bot.domain.errors import AssistantError
from bot.domain.model import Asker, Change, PostedAnswer
from bot.domain.verbs import VERBS
from bot.sandbox.slack.records import BOT_USER, Member, SlackMessage, View
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.manifest import bot_events, manifest
from bot.wiring.parts import utc_now
from tests.digests import past, the_digest, weekly
from tests.shared_bot import NORTH, SOUTH, SharedBot, bot_shared_by
from tests.store_helpers import keep_past

HOMES = {NORTH.id: ("prod", "uat", "legacy"), SOUTH.id: ("emea-prod", "qa", "fresh", "partner")}
ERROR = "error=invalid_client&error_description=app+must+be+installed+into+org"
ADA = "U0YOU"
# What is near a name in the guide goes by its letters, whose org it is or nobody's.
_NEAREST = re.compile(
    r"lead=(['\"])(?:The nearest in the guide: .*?)?\1, state=|Button\(label='(?:Guide: |Show the guide)[^)]*\),? ?"
)


def word(workspace: Workspace) -> str:
    """What is in the name of everything that a workspace has."""
    return workspace.state.team.name.lower()


def furnish(shared_bot: SharedBot, workspace: Workspace) -> None:
    """Give a workspace a little of everything, as far as it is not there any more."""
    store, team, mine, now = shared_bot.bot.store, workspace.state.team.id, word(workspace), utc_now()
    for org, credentials in shared_bot.salesforce.built_in(team):
        name = f"{mine}-{org.name}"
        if org.name in HOMES[team] and store.org(team, name) is None:
            store.add_org(replace(org, name=name, added_at=now), credentials)
    store.keep_subscription(weekly(team, "C0SALESFORCE", now.weekday(), now.hour, now.minute, "UTC", set_at=None))
    store.record(Change(team, now, ADA, f"{mine}-changed", f"{mine}-thing"))
    keep_past(store, team, "weekly", past("2026-W40", (f"{mine}-was-ready",), (f"{mine}-prod",)))
    store.remember_answer(PostedAnswer(team, "C0SALESFORCE", "1.0", None, "1.1", f"{mine}-entry", now))
    store.set_overhearing(team, "C0RANDOM", on=mine == "north")
    store.trust(team, "U0BEN" if mine == "north" else "S0CRM")


@pytest.fixture
def shared_bot(tmp_path: Path) -> Iterator[SharedBot]:
    with bot_shared_by(tmp_path, NORTH, SOUTH) as shared_bot:
        # The same person has the same id in both, and runs only one of them.
        shared_bot.south.state.members[ADA] = replace(shared_bot.south.state.members[ADA], admin=False)
        shared_bot.south.state.members["U0BEN"] = Member("U0BEN", "ben", "Ben", admin=True)
        for workspace in (shared_bot.north, shared_bot.south):
            shared_bot.add(workspace)
            furnish(shared_bot, workspace)
        yield shared_bot


def marks(shared_bot: SharedBot, other: Workspace) -> set[str]:
    """What nobody outside ``other`` may ever be shown."""
    team = other.state.team.id
    orgs = [org for org in shared_bot.salesforce.orgs.values() if org.name in HOMES[team]]
    found = {word(other), team, *(org.host for org in orgs), *(org.organization_id[:15] for org in orgs)}
    return found | set(other.tokens._good)  # noqa: SLF001 - the workspace's own secret


def rest_of(verb: str, mine: str) -> list[str]:
    """What is typed after a verb: nothing, an org of one's own, and what only this verb takes."""
    org = f"{mine}-{'prod' if mine == 'north' else 'qa'}"
    special = {
        "apps": [f"{org} both"],
        "access": [f"{org} <@{ADA}>"],
        "explain": [ERROR, "how do I grant a permission set?"],
        "grant": [f"{org} backup Users"],
        "guide": ["install"],
        "remind": ["now", "friday 14:00", "off", "on", "handover on", "escalate after 3 weeks to <@U0BEN>"],
        "settings": ["trust <@U0BEN>", "trust @crm-team", "quiet", "listen", "distrust <@U0BEN>"],
        "snooze": [f"{org} 7", f"{org} never sold", f"{org} off", f"{org} someday"],
        "status": ["all"],
    }
    return ["", org, *special.get(verb, ())]


def everything_shown(workspace: Workspace) -> str:
    """All that the bot ever sent to a workspace, refused or not."""
    return json.dumps([[call.method, call.args] for call in workspace.calls], ensure_ascii=False)


def pressable(blocks: Any) -> list[str]:
    elements = [e for b in blocks for e in (*(b.get("elements") or ()), b.get("accessory") or {})]
    return [str(e["action_id"]) for e in elements if e.get("type") == "button" and "url" not in e]


# --- the walk ------------------------------------------------------------------------------------------


def type_everything(workspace: Workspace) -> None:
    for person in ("ada", "ben"):
        for verb in sorted(verb.name for verb in VERBS):
            for rest in rest_of(verb, word(workspace)):
                assert workspace.person(person).command(f"{verb} {rest}".strip()).acked
        assert workspace.settle(timeout=60)


def press_everything(workspace: Workspace) -> None:
    """Every button of every answer and view, once for each thing that it says."""
    pressed: set[str] = set()
    for shown in list(workspace.log):
        for action, thing in _buttons(shown.message, shown.view):
            key = f"{action.partition(':')[0]} {_value(thing, action)}"
            if key not in pressed:
                pressed.add(key)
                _press(workspace, thing, action)
    assert pressed
    assert workspace.settle(timeout=60)


def _buttons(message: SlackMessage | None, view: View | None) -> Iterator[tuple[str, SlackMessage | View]]:
    if message is not None and message.by_bot:
        yield from ((action, message) for action in pressable(message.blocks))
    if view is not None:
        yield from ((action, view) for action in pressable(view.body["blocks"]))


def _value(thing: SlackMessage | View, action: str) -> str:
    blocks = thing.blocks if isinstance(thing, SlackMessage) else thing.body["blocks"]
    return json.dumps([block for block in blocks if action in json.dumps(block)])


def _press(workspace: Workspace, thing: SlackMessage | View, action: str) -> None:
    person = workspace.person("ada")
    receipt = person.press(thing, action) if isinstance(thing, SlackMessage) else person.press_view(thing, action)
    assert receipt.status == 200


def hear_everything(shared_bot: SharedBot, workspace: Workspace, other: Workspace) -> set[str]:
    """Each event of the manifest; which were sent. Pastes name the other's orgs, as a colleague of both might."""
    (host, *_), ada = [org.host for org in shared_bot.bot.store.orgs(other.state.team.id)], workspace.person("ada")
    paste = f"{ERROR} at https://{host}/"
    ada.say(paste)
    ada.say(paste, "dm")
    ada.mention(f"what about {paste}")
    ada.open_home()
    ada.invite_bot("#general")
    for person in ("U0BEN", ADA):
        ada.deliver({"type": "user_change", "user": {"id": person, "deleted": True}})
    workspace.settle(timeout=60)
    for shortcut in manifest()["features"].get("shortcuts", ()):
        said = next(shown.message for shown in workspace.log if shown.message and not shown.message.by_bot)
        ada.shortcut(shortcut["callback_id"], said if shortcut["type"] == "message" else None)
    assert workspace.settle(timeout=60)
    return {
        "message.channels",
        "message.groups",
        "message.im",
        "app_mention",
        "app_home_opened",
        "member_joined_channel",
        "user_change",
    }


def test_nothing_of_the_one_is_ever_shown_in_the_other(shared_bot: SharedBot) -> None:
    for workspace, other in ((shared_bot.north, shared_bot.south), (shared_bot.south, shared_bot.north)):
        type_everything(workspace)
        furnish(shared_bot, workspace)
        heard = hear_everything(shared_bot, workspace, other)
        press_everything(workspace)
        furnish(shared_bot, workspace)
        subscribed = set(bot_events())
        told_elsewhere = {"app_uninstalled", "tokens_revoked"}  # test_many_workspaces.py
        assert subscribed - heard - told_elsewhere <= {"assistant_thread_started", "app_context_changed"}
    shared_bot.bot.uses.digests.tick()

    for workspace, other in ((shared_bot.north, shared_bot.south), (shared_bot.south, shared_bot.north)):
        shown = everything_shown(workspace)
        # The paste itself is somebody's own words; the bot does not repeat them.
        assert [mark for mark in marks(shared_bot, other) if mark.lower() in shown.lower()] == []
        assert word(workspace) in shown
        assert f'"key": "{workspace.state.team.id}:' in shown, "the weekly digest did not come"
    assert "unexpected" not in shared_bot.log.getvalue()


# --- asking for what the other has ---------------------------------------------------------------------


def said(shared_bot: SharedBot, who: Asker, text: str) -> str:
    """What somebody is told, whether it is an answer or a refusal."""
    try:
        answer = shared_bot.bot.uses.assistant.reply(who, text)
    except AssistantError as error:
        answer = Answer(error.text)
    return repr(replace(answer, note=""))


def _told(shared_bot: SharedBot, who: Asker, line: str, name: str) -> str:
    """What is said to a line, the name left out. Which sections of the guide are near goes by the name's letters."""
    return _NEAREST.sub("", said(shared_bot, who, line)).replace(name, "it")


def test_an_org_of_the_other_is_the_same_as_none(shared_bot: SharedBot) -> None:
    who = Asker(NORTH.id, ADA, "C0SALESFORCE")
    before = _kept(shared_bot, SOUTH.id)

    for verb in sorted(verb.name for verb in VERBS):
        for rest in ("{}", "{} both", "{} 7", f"{{}} <@{ADA}>", "{} backup Users"):
            theirs, nobodys = (
                _told(shared_bot, who, f"{verb} {rest.format(name)}", name) for name in ("south-qa", "south-qq")
            )
            assert theirs == nobodys, f"{verb} tells that the other workspace has that org"

    assert _kept(shared_bot, SOUTH.id) == before


def test_a_forged_button_does_not_reach_over_either(shared_bot: SharedBot) -> None:
    workspace, before = shared_bot.north, _kept(shared_bot, SOUTH.id)
    workspace.person("ada").open_home()
    workspace.settle()
    home = workspace.state.homes[ADA]
    for block in home.body["blocks"]:
        if "accessory" in block:
            block["accessory"]["value"] = "1 south-qa"

    _press(workspace, home, "home-check:0")

    assert workspace.settle()
    assert "south-qa` is not connected any more" in everything_shown(workspace)
    assert _kept(shared_bot, SOUTH.id) == before
    assert shared_bot.bot.store.all_facts(SOUTH.id) == {}


def _kept(shared_bot: SharedBot, team: str) -> tuple[object, ...]:
    store = shared_bot.bot.store
    since = utc_now() - timedelta(days=1)
    return (
        store.orgs(team),
        store.all_facts(team),
        the_digest(store, team),
        store.trusted(team),
        store.changes(team),
        store.past_digests(team, "weekly"),
        store.overhears(team, "C0RANDOM"),
        store.around(team, "C0SALESFORCE", ts="1.0", thread=None, since=since),
        store.installation(None, team),
    )


def test_being_an_admin_there_is_nothing_here(shared_bot: SharedBot) -> None:
    assert "is for workspace admins" not in shared_bot.ask(shared_bot.north, "remind friday 14:00").text

    answer = shared_bot.ask(shared_bot.south, "remind friday 14:00")

    assert "is for workspace admins" in answer.text
    assert "Today that is Ben and" in answer.text
    assert BOT_USER not in answer.text
