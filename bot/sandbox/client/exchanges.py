"""What just happened between Slack, the bot and Salesforce, for developers: payloads without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any
from urllib.parse import parse_qsl

from markupsafe import Markup

from bot.domain.secrets.redaction import redact
from bot.sandbox.slack.markup import safe
from bot.sandbox.slack.records import Exchange, Json

MASKED = "•••"
SHOWN = 40
_LONGEST = 6_000  # characters of one payload
_SECRET = ("token", "trigger_id", "response_url", "authorization", "client_secret", "code")
"""Names in payloads behind which nothing is shown, whatever it looks like."""

_WORDS = ("text", "value", "title", "fallback", "pretext", "footer", "name", "preview")
"""Names in payloads behind which stands what people wrote."""
_SHORTEST = 4  # letters of a text that may be a secret

_LINE = Markup("<details id=x{}><summary>{} <strong>{}</strong> <span class=small>{}</span></summary>{}</details>")
_PART = Markup('<p class="small">{}</p><pre tabindex="0" class="words">{}</pre>')


def drawn(exchanges: Sequence[Exchange], count: int, asked: Sequence[str]) -> Markup:
    """The newest first; ``count`` is how many there were in all."""
    newest = list(exchanges)[::-1][:SHOWN]
    lines = (_exchange(one, count - number) for number, one in enumerate(newest))
    orgs = Markup("").join(Markup("<li>{}</li>").format(safe(line)) for line in list(asked)[::-1][:SHOWN])
    return Markup(
        '<p class="small">Every request is real HTTP on this computer. Slack’s carry <code>X-Slack-Signature: v0={}'
        "</code> and are refused without; secrets are masked here.</p>{}"
        '<h3>Asked of Salesforce</h3><ul class="asked">{}</ul>'
    ).format(MASKED, Markup("").join(lines), orgs or Markup("<li>nothing yet</li>"))


def _exchange(one: Exchange, number: int) -> Markup:
    sent = masked(_read(one.sent))
    way, what = ("Slack → bot", _kind(sent)) if one.to_bot else ("bot → Slack", one.name)
    status = "no answer in 3 s" if one.status is None else str(one.status)
    took = f" in {one.seconds * 1000:.0f} ms" if one.to_bot and one.status else ""
    parts = _PART.format("sent", _written(sent)) + _PART.format("answered", _written(masked(_read(one.answer))))
    return _LINE.format(number, way, what, f"{status}{took}", parts)


def _kind(sent: Any) -> str:
    """What Slack tells the bot of, in its own word."""
    if not isinstance(sent, dict):
        return "request"
    event = sent.get("event") or {}
    return str(event.get("type") or sent.get("command") or sent.get("type") or "request")


def masked(value: Any) -> Any:
    """JSON with everything secret masked: by the name in front of it, by its own form, and by the words around it.

    Slack tells words of several styles, lines and cells apart. So what is left of none that holds them all is masked.
    """
    words = [word for word in _words(value) if len(word) >= _SHORTEST]
    wholes = [redact(between.join(words)).text for between in ("", " ", "\n")]
    return _masked(value, frozenset(word for word in words if not all(word in whole for whole in wholes)))


def _words(value: Any) -> Iterator[str]:
    """The texts of a payload as they stand there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _WORDS and isinstance(inner, str):
                yield inner
            else:
                yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)


def _masked(value: Any, found: Set[str], name: str = "") -> Any:
    if name in _SECRET and value:
        return MASKED
    if isinstance(value, dict):
        return {key: _masked(inner, found, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner, found) for inner in value]
    if not isinstance(value, str):
        return value
    safe = redact(value).text
    return MASKED if value in found and safe == value else safe


def _read(sent: Json | bytes | str) -> Any:
    """A body as the JSON that it is, or holds."""
    if isinstance(sent, dict):
        return {name: _parsed(value) for name, value in sent.items()}
    text = sent.decode("utf-8", "replace") if isinstance(sent, bytes) else sent
    form = dict(parse_qsl(text)) if "=" in text and not text.startswith(("{", "[")) else {}
    return _parsed(form["payload"]) if "payload" in form else form or _parsed(text)


def _parsed(text: Any) -> Any:
    if not isinstance(text, str) or not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _written(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False)
    return safe(text[:_LONGEST] + ("\n… (longer)" if len(text) > _LONGEST else ""))


def lines(calls: Iterable[tuple[str, str, str]]) -> list[str]:
    """Calls of orgs (method, host, path), a line each."""
    return [f"{method} {host}{path}" for method, host, path in calls]
