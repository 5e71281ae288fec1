"""With many workspaces the operator's key opens no org for any of them: an org belongs to who proved a login."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.orgs.logins import JWT_FORM
from bot.sandbox.slack.records import BOT_USER, SlackMessage, View
from tests.shared_bot import NORTH, SOUTH, SharedBot, bot_shared_by

OTHERS_USER, OTHERS_HOST = "flosum-bot@acme--uat.example", "acme--uat.sandbox.my.salesforce.com"
"""What the admin of any workspace can know of another's org."""


@pytest.fixture
def shared_key(tmp_path: Path) -> Iterator[SharedBot]:
    """Both have added the bot; the org is South's, and its admins have let the operator's app in."""
    with bot_shared_by(tmp_path, NORTH, SOUTH, with_key=True) as shared_bot:
        for workspace in (shared_bot.north, shared_bot.south):
            shared_bot.add(workspace)
        shared_bot.connect(shared_bot.south, ["uat"])
        yield shared_bot


def test_the_ways_to_connect_do_not_offer_it(shared_key: SharedBot) -> None:
    answer = shared_key.ask(shared_key.north, "connect uat")

    assert answer.text.startswith("Connect uat")
    assert JWT_FORM not in str(answer.blocks)


def test_a_button_made_by_hand_opens_no_form(shared_key: SharedBot) -> None:
    ada = shared_key.north.person("ada")
    button = {"type": "button", "action_id": f"form-{JWT_FORM}:0", "value": "uat", "text": {"type": "plain_text"}}
    forged = SlackMessage("C0SALESFORCE", "1.0", BOT_USER, "", ({"type": "actions", "elements": [button]},))

    assert ada.press(forged, button["action_id"]).acked  # type: ignore[arg-type]

    assert shared_key.north.settle(timeout=30)
    (window,) = shared_key.north.state.views.values()
    assert "is not offered here" in str(window.body)
    assert "input" not in {block["type"] for block in window.body["blocks"]}


def test_a_form_made_by_hand_connects_nothing(shared_key: SharedBot) -> None:
    ada, asked = shared_key.north.person("ada"), len(shared_key.salesforce.requests)
    body = {"type": "modal", "callback_id": JWT_FORM, "private_metadata": "uat", "blocks": []}
    values = {"username": {"line": {"value": OTHERS_USER}}, "host": {"line": {"value": OTHERS_HOST}}}

    assert ada.submit(View("V1", ada.member.id, body), values).acked

    assert "is not offered here" in shared_key.shown(shared_key.north)[-1].text
    assert shared_key.bot.store.orgs(NORTH.id) == []
    assert len(shared_key.salesforce.requests) == asked


def test_the_operator_is_told_at_the_start(shared_key: SharedBot) -> None:
    assert "SALESFORCE_JWT_KEY is offered to no workspace" in shared_key.log.getvalue()
