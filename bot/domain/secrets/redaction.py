"""Text to the same text without its secrets.

Two ways lead to a secret: by its own form (Salesforce and Slack tokens say what they are), and by the name in
front of it (``client_secret=…``, ``"password": "…"``, ``--password …``). Both look through URL encoding, JSON
and HTML escapes and Slack's link markup. No pattern bounds how long a secret may be: one that goes on without a
bound never gives a letter back and begins where no other has been, so that the cost grows with the length of the
text. What is bounded is what stands around secrets, and how much of a value its judgement rests on.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.secrets import MASK, Redacted, Secret, Span
from bot.domain.secrets.addresses import secrets_in_addresses
from bot.domain.secrets.by_column import secrets_in_columns
from bot.domain.secrets.by_name import NamedSecrets
from bot.domain.secrets.by_structure import secrets_by_structure
from bot.domain.secrets.credentials import credentials
from bot.domain.secrets.issued import SESSION_ID, issued_tokens
from bot.domain.secrets.oauth_addresses import oauth_values
from bot.domain.secrets.one_time_codes import one_time_codes
from bot.domain.secrets.private_keys import private_keys

_ROUNDS = 6  # two do for all but texts made for it
_SAME_BLANKS = str.maketrans(  # one letter for one, so that places stay: copied pages hold blanks of many kinds
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " ")
    | dict.fromkeys("\u200c\u200d\u2060\ufeff\u00ad", "\u200b")
)


def redact(text: str) -> Redacted:
    """``text`` with every secret masked. Redacting again changes nothing; all else stays as it was.

    A mask can bring a name nearer to what stands behind it, so it looks again until there is nothing more to mask.
    """
    safe = text
    kinds: tuple[Secret, ...] = ()
    named, masks = NamedSecrets(), list[int]()
    for _ in range(_ROUNDS):
        found, masks = _redacted_once(safe, named, masks)
        safe, kinds = found.text, (*kinds, *found.secrets)
        if not found.secrets:
            break
    return Redacted(safe, kinds)


def shows_session(text: str) -> bool:
    """Whether a text, as it was given, shows what is unmistakably a session id of Salesforce's."""
    return "00D" in text and SESSION_ID.search(text) is not None


def _redacted_once(text: str, named: NamedSecrets, masks: list[int]) -> tuple[Redacted, list[int]]:
    """``text`` with what shows at once masked, and where the masks begin; ``masks`` are those of the round before."""
    flat = text if text.isascii() else text.translate(_SAME_BLANKS)
    spans = [
        *private_keys(text),
        *issued_tokens(text),
        *credentials(text),
        *named.found(flat, masks),
        *secrets_in_columns(flat, masks[0] if masks else 0),  # before a first new mask nothing has changed
        *secrets_by_structure(flat),
        *oauth_values(text),
        *secrets_in_addresses(text),
        *one_time_codes(flat),
    ]
    return _masked(text, sorted(spans, key=lambda span: (span[0], -span[1])))


def _masked(text: str, spans: Iterable[Span]) -> tuple[Redacted, list[int]]:
    parts: list[str] = []
    kinds: list[Secret] = []
    masks: list[int] = []
    at = longer = 0
    for start, end, kind in spans:
        if end <= at or text[start:end] == MASK:
            continue
        if start >= at:
            parts += (text[at:start], MASK)
            kinds.append(_kind(text[start:end], kind))
            masks.append(start + longer)
            longer += len(MASK)
        longer -= end - max(start, at)
        at = end
    return Redacted("".join((*parts, text[at:])), tuple(kinds)), masks


def _kind(secret: str, named: Secret) -> Secret:
    """What a secret is: its form tells more than the words in front, as in "expired refresh token, sid=00D…"."""
    return Secret.SESSION_ID if named is Secret.REFRESH_TOKEN and SESSION_ID.search(secret) else named
