"""What Slack sends, spoiled in every way that comes to mind, from a seed: for the test and for the benchmark."""

from __future__ import annotations

import http.client
import json
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bot.sandbox.slack.payloads import snippet
from bot.sandbox.slack.signing import signed_headers
from bot.sandbox.slack.user import Delivery, Receipt
from bot.wiring.parts import utc_now
from tests.running_bot import RunningBot

ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**400, "", " ", "x", "0", "x" * 3000, "\0", "\ud800", "é\u202e", "null", "<@U1>",
    [], {}, [None], [[]], {"id": None}, {"id": []}, {"type": "message"}, [{"id": "x"}], "https://", "http://[", "C1",
]  # fmt: skip
SHOWN: dict[str, Any] = {
    "is_share": True,
    "fallback": "a table",
    "fields": [{"title": "Error", "value": "OAUTH_APP_BLOCKED"}],
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Sync"}, "fields": [{"type": "mrkdwn", "text": "400"}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "Error"}, {"type": "raw_text", "text": "400"}]]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "OAUTH_APP_BLOCKED"}]}],
        },
    ],
}
"""What Slack allows beside a text."""

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def sent_by_people(running_bot: RunningBot) -> list[Delivery]:
    """One of everything that people do, as it came to the bot."""
    ada = running_bot.ada
    said = ada.say("we get OAUTH_APP_BLOCKED since today")
    answer = running_bot.shown()[0]
    assert said.message
    alert = running_bot.other_app.alert("Sync failed", SHOWN["blocks"], [SHOWN]).message
    assert alert
    form = running_bot.other_app.form("@flosum help wanted", SHOWN["blocks"])
    receipts = [
        said,
        ada.share([snippet("OAUTH_APP_BLOCKED " * 900)]),
        ada.say("look", extra={"attachments": [SHOWN], "blocks": SHOWN["blocks"]}),
        ada.shortcut("explain_error", alert),
        *filter(None, (form, form.also)),
        ada.say("<@U0FLOSUM> status"),
        ada.command("status prod"),
        ada.command("help"),
        ada.edit(said.message, "we get OAUTH_APP_BLOCKED in uat"),
        ada.open_home(),
        ada.open_home("messages"),
        ada.verify_url("challenge"),
        ada.shortcut("explain_error", said.message),
        ada.press(answer, "Not what happened"),
        *_form(running_bot),
        _chosen(running_bot),
        ada.delete(said.message),
        ada.delete(alert),
    ]
    return [receipt.delivery for receipt in receipts if receipt.delivery is not None]


def _form(running_bot: RunningBot) -> list[Receipt]:
    """The form of the Home tab: opened, and sent."""
    ada = running_bot.ada
    ada.open_home()
    running_bot.shown()
    opened = ada.press_view(running_bot.workspace.state.homes[ada.member.id], "Connect an org")
    running_bot.shown()
    modal = next(view for view in running_bot.workspace.state.views.values() if view.kind == "modal")
    return [opened, ada.submit(modal, {"org": {"line": {"type": "plain_text_input", "value": "new-org"}}})]


def _chosen(running_bot: RunningBot) -> Receipt:
    """A line of a menu."""
    running_bot.ask("tag prod emea")
    return running_bot.ada.choose(running_bot.ask("tag"), "Choose a tag…", "emea (1)")


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree: where it is, and under which name or number."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield value, name
        yield from _parts(inner)


def _spoiled(tree: Any, chance: random.Random) -> Any:
    tree = deepcopy(tree)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        places = list(_parts(tree))
        if not places:
            break
        where, name = chance.choice(places)
        kind = chance.randrange(4)
        if kind == 0:
            del where[name]
        elif kind == 1:
            other, from_there = chance.choice(places)
            # Not an address that somebody else might be at: whether anybody answers there is not the door's question.
            where[name] = deepcopy(other[from_there]) if name != "response_url" else {}
        else:
            where[name] = deepcopy(chance.choice(ODD))
    return tree if chance.random() > 0.02 else chance.choice(ODD)


def _torn(body: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(max(1, body.find(b"response_url") if b"response_url" in body else len(body)))
    return chance.choice(
        (
            body[:at],
            body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :],
            body[:at] + b"\xff\xfe%ff" + body[at:],
            body.replace(b'"', b"'", 3),
            b"[" * 100_000,
            b'{"a":' * 2000,
            b"",
        )
    )


def mutated(delivery: Delivery, chance: random.Random) -> Delivery:
    """A delivery with something wrong in it, mostly."""
    if chance.random() < 0.1:
        return Delivery(_torn(delivery.body, chance), chance.choice((JSON, FORM, "text/plain", "")))
    if delivery.content_type == JSON:
        return Delivery(json.dumps(_spoiled(json.loads(delivery.body), chance)).encode(), JSON)
    fields = dict(parse_qsl(delivery.body.decode(), keep_blank_values=True))
    if "payload" in fields:
        spoiled = json.dumps(_spoiled(json.loads(fields["payload"]), chance))
        return Delivery(urlencode({"payload": spoiled}).encode(), FORM)
    spoiled_fields = _spoiled(fields, chance)
    if not isinstance(spoiled_fields, dict):
        return Delivery(json.dumps(spoiled_fields).encode(), FORM)
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in spoiled_fields.items()}
    return Delivery(urlencode(texts, errors="surrogatepass").encode(), FORM)


def statuses(running_bot: RunningBot, seed: int, number: int) -> Counter[int]:
    """Send ``number`` spoiled payloads through the signed door; how often it answered what."""
    chance, deliveries = random.Random(seed), sent_by_people(running_bot)  # noqa: S311 - a seed is the point
    bot = urlsplit(running_bot.bot.address)
    connection = http.client.HTTPConnection(bot.hostname or "", bot.port, timeout=20)
    answers = Counter[int]()
    for _ in range(number):
        spoiled = mutated(chance.choice(deliveries), chance)
        now = int(utc_now().timestamp())
        headers = signed_headers(running_bot.workspace.signing_secret, spoiled.body, now)
        connection.request("POST", "/slack/events", spoiled.body, headers | {"Content-Type": spoiled.content_type})
        answer = connection.getresponse()
        answer.read()
        answers[answer.status] += 1
    connection.close()
    assert running_bot.bot.jobs.wait_idle(60)
    return answers
