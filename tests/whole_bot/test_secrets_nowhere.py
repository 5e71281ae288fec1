"""Secrets by every way in that a text has, and looked for wherever something comes out: nothing of them is there.

Each way sends each secret. What the bot shows, posts, offers, writes into its log at its most talkative, keeps in its
database (opened where it is sealed), and what the demo tells of its requests is gone through for their letters.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.adapters import logs
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.domain.verbs import VERBS
from bot.sandbox.client import exchanges
from bot.sandbox.slack.payloads import snippet
from bot.sandbox.slack.records import SlackMessage
from tests.running_bot import RunningBot
from tests.running_bot import running_bot as running_bot
from tests.whole_bot.test_forgetting import everything
from tests.whole_bot.test_outsiders import sent

Json = dict[str, Any]

NOT_INSTALLED = "error=invalid_client&error_description=app+must+be+installed+into+org"
# Written in parts, so that a scanner of this repository does not take the fakes for real ones.
SECRETS = {
    "a session id": ("00D5g000004CYAb!AQEAQ{}", "Sa1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"),
    "a password": ("password: {}", "Kp9!vTz4qW"),
    "a password in JSON": ('{{"password":"{}"}}', "Jp9!vTz4qW"),
    "a refresh token": ("5Aep861{}", "Rb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"),
    "a consumer secret": ("client_secret={}", "9A8B7C6D5E4F3A2B1C0D9E8F7A6B5C4D3E2F1A0B"),
    "a token of GitHub's": ("ghp" + "_{}", "Gb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2"),
    "a webhook": ("https://discord.com/api/" + "webhooks/123456789012345678/{}", "Wb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv"),
    "a link": ("https://acme.my.salesforce.com/secur/forgotpassword.jsp?c={}", "Lb1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0"),
    "a code": ("verification code: {}", "482913"),
    "a command": ("mysql -u root -p{} acme", "Mp9!vTz4qW"),
}
"""Texts, and what of each is secret."""

TEXTS = [template.format(letters) for template, letters in SECRETS.values()]


def whatever_comes_out(running_bot: RunningBot) -> Iterator[tuple[str, str]]:
    """Where something comes out of the bot, and what."""
    state = running_bot.workspace.state
    yield "Slack", json.dumps([[call.method, call.args] for call in running_bot.workspace.calls], ensure_ascii=False)
    yield "the log", running_bot.log.getvalue()
    yield from ((f"{table}.{column}", value) for table, column, value in everything(running_bot))
    for file in Path(running_bot.folder).glob("demo.db*"):
        yield file.name, file.read_bytes().decode("latin-1")
    yield (
        "acknowledgements",
        "\n".join(each.answer for each in state.exchanges if each.to_bot and isinstance(each.answer, str)),
    )
    told = [*state.exchanges]
    for at in range(0, len(told), exchanges.SHOWN):
        yield "What just happened", str(exchanges.drawn(told[at : at + exchanges.SHOWN], len(told), ()))


def rich(*words: str) -> Json:
    """What Slack makes of words in several styles."""
    elements = [{"type": "text", "text": each, "style": {"code": at % 2 == 1}} for at, each in enumerate(words)]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def by_messages(running_bot: RunningBot, texts: Iterator[str]) -> None:
    ada = running_bot.ada
    for channel in ("#salesforce", "dm"):
        for _ in TEXTS:
            text = next(texts)
            said = ada.say(f"{NOT_INSTALLED} {text}", channel)
            assert said.message
            ada.say(text, channel, said.message.ts)
            ada.edit(said.message, f"{text}\n{NOT_INSTALLED}")
    for _ in TEXTS:
        text = next(texts)
        for typed in ("{}", "what is this? {}", "explain {}", "status {}", "is {} ready?"):
            ada.mention(typed.format(text))
    ada.share([snippet(f"{NOT_INSTALLED}\n{text}") for text in TEXTS])
    for text in TEXTS:
        ada.share([{**snippet(NOT_INSTALLED), "name": f"{text}.log", "title": text}], text)


def by_the_shortcut(running_bot: RunningBot, texts: Iterator[str]) -> None:
    state = running_bot.workspace.state
    for _ in TEXTS:
        text = next(texts)
        name, _, rest = text.partition(" ")
        blocks = (rich(f"{NOT_INSTALLED} {name} ", rest),)
        for message in (
            SlackMessage("C0SALESFORCE", state.next_ts(), "U0BEN", text),
            SlackMessage("C0SALESFORCE", state.next_ts(), "U0BEN", "", blocks=blocks),
            SlackMessage("C0SALESFORCE", state.next_ts(), "U0BEN", "", extra={"attachments": [{"text": text}]}),
        ):
            state.post(message)
            running_bot.ada.shortcut("explain_error", message)


def by_commands(running_bot: RunningBot, texts: Iterator[str]) -> None:
    rests = ("{}", "prod {}", "prod, {}", "add {}", "prod 7 {}", "trust {}", "me {}", "every {}")
    for verb in ("", *(each.name for each in VERBS)):
        for rest in rests:
            running_bot.ada.command(f"{verb} {rest.format(next(texts))}".strip())
    for typed in (
        "grant prod backup {}",
        "guide for prod done {}",
        "remind alerts {}",
        "remind for {}",
        "tag prod off {}",
    ):
        running_bot.ada.command(typed.format(next(texts)))


def by_forms(running_bot: RunningBot, texts: Iterator[str]) -> None:
    digest = {"day": "0", "time": "09:00", "channel": "C0SALESFORCE"}
    for _ in TEXTS:
        text = next(texts)
        for kind, subject, lines in (
            (SNOOZE_FORM, "uat", {"length": "7", "reason": text}),
            (SNOOZE_FORM, "uat", {"length": text, "reason": "later"}),
            (NEW_ORG_FORM, "-", {"org": text}),
            (JWT_FORM, "uat", {"host": text, "username": text}),
            (DIGEST_FORM, "-", {**digest, "zone": text}),
            (DIGEST_FORM, "-", {**digest, "zone": "Berlin", "orgs": text}),
        ):
            sent(kind, subject, **lines)(running_bot.ada, running_bot)


WAYS = (by_messages, by_the_shortcut, by_commands, by_forms)


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_comes_out_nowhere(running_bot: RunningBot, way: Callable[[RunningBot, Iterator[str]], None]) -> None:
    logs.configure(running_bot.log, logging.DEBUG)

    way(running_bot, cycle(TEXTS))

    assert running_bot.workspace.settle(timeout=300)
    shown = list(whatever_comes_out(running_bot))
    letters = {letters for _, letters in SECRETS.values()}
    assert [(where, found) for where, said in shown for found in letters if found in said] == []


NAMED_BY_IT = (
    "rename prod",
    "tag prod",
    "snooze uat 7",
    "owner prod",
    "connect",
    "disconnect",
    "status",
    "access prod",
)


def test_what_is_named_by_a_secret_is_not_done_and_who_typed_it_is_told(running_bot: RunningBot) -> None:
    for verb in NAMED_BY_IT:
        answer = running_bot.ask(f"{verb} {TEXTS[0]}")

        assert answer.text.startswith("I did nothing: what you typed shows a secret"), verb
        assert "Your text shows a Salesforce secret: session id" in str(answer.blocks)
    assert not [place for *place, value in everything(running_bot) if "masked" in value]
