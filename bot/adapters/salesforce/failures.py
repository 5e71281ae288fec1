"""What may break between us and an org, as finished sentences: what happened, and what to try."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import requests
import structlog
import urllib3

from bot.domain.answers.markup import code
from bot.domain.errors import AssistantError, OrgError, OrgUnreachable
from bot.domain.orgs.refusal_kinds import RefusalKind
from bot.domain.orgs.refusal_words import MEANINGS

T = TypeVar("T")
log = structlog.get_logger("assistant")

_AGAIN = "Try again in a minute"

# The first that fits speaks: a proxy that breaks TLS is a proxy's fault first.
_BROKEN: tuple[tuple[type[BaseException], str], ...] = (
    (
        requests.exceptions.ProxyError,
        "The proxy did not let the call to {org} through. Whoever runs this assistant can look at its proxy settings.",
    ),
    (
        requests.exceptions.SSLError,
        "The certificate shown for {org} is not trusted here. Whoever runs this assistant can look at its network.",
    ),
    (
        urllib3.exceptions.NameResolutionError,
        "The address of {org} cannot be found (DNS). Check its My Domain name and the network of the bot.",
    ),
    (urllib3.exceptions.DecodeError, f"{{org}} answered with a body that cannot be unpacked. {_AGAIN}."),
    (urllib3.exceptions.IncompleteRead, f"The answer of {{org}} was cut off half-way. {_AGAIN}."),
)
_OTHERWISE = f"The connection to {{org}} broke off. {_AGAIN}; if it stays so, check the network of the bot."
_TIMEOUTS = (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
_NOT_CONNECTED = urllib3.exceptions.NewConnectionError  # a connection refused at once, though it is called a time-out


class SessionEndedError(Exception):
    """Salesforce no longer takes the session; ``refusal`` is what to say if a new one fares no better."""

    def __init__(self, refusal: OrgError) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


def too_late(org: str, seconds: float) -> OrgUnreachable:
    """No whole answer within ``seconds``."""
    return OrgUnreachable(
        f"{code(org)} did not answer within {seconds:g} s. {_AGAIN}; if it stays silent, look its instance up at "
        "status.salesforce.com."
    )


def broken(error: BaseException, org: str) -> OrgUnreachable | None:
    """What broke the line; None if it was only too slow."""
    causes = tuple(_causes(error))
    for kind, text in _BROKEN:
        if any(isinstance(cause, kind) for cause in causes):
            return OrgUnreachable(text.format(org=code(org)))
    if any(isinstance(cause, _TIMEOUTS) and not isinstance(cause, _NOT_CONNECTED) for cause in causes):
        return None
    return OrgUnreachable(_OTHERWISE.format(org=code(org)))


def busy(org: str, status: int) -> OrgUnreachable:
    """Salesforce says that it cannot answer now; with which status only the operator's log says."""
    log.info("not available", org=org, status=status)
    return OrgUnreachable(
        f"{code(org)} is not available now. Try again in a few minutes; status.salesforce.com shows "
        "maintenance and outages of its instance."
    )


def moved(org: str) -> OrgUnreachable:
    """A redirect, which would carry the session or the secret elsewhere."""
    return OrgUnreachable(
        f"{code(org)} sent the call on to another address, where this assistant does not follow with a login. "
        "Check whether its My Domain was renamed, then connect the org again."
    )


def unusable(org: str, status: int, what: str) -> OrgUnreachable:
    """An answer that is not what was asked for; its status stands in the operator's log."""
    log.info("unusable answer", org=org, status=status, what=what)
    return OrgUnreachable(
        f"{code(org)} answered with {what} instead of data. {_AGAIN}; if it stays so, a proxy or a "
        "maintenance page may stand between."
    )


def kind_of(body: bytes) -> str:
    """What a body is that is not the JSON it should be."""
    start = body.lstrip()[:1]
    if not start:
        return "nothing"
    if start == b"<":
        return "a web page"
    return "a body that is cut off" if start in b"{[" else "plain text"


def odd(org: str, what: str) -> OrgUnreachable:
    """JSON, and still not an answer to our questions."""
    return OrgUnreachable(
        f"{code(org)} did not answer the questions about its apps ({what}). {_AGAIN}; if it stays so, tell whoever "
        "runs this assistant."
    )


def unanswered(org: str, answered: str, kind: RefusalKind) -> OrgUnreachable:
    """An error of Salesforce's that says nothing of the org's apps: a limit, an outage, a fault of ours."""
    meaning = MEANINGS[kind]
    return OrgUnreachable(
        f"{code(org)} did not answer the questions about its apps: {code(answered)}. {meaning.cause} {meaning.step}"
    )


def sealed(org: str, work: Callable[[], T]) -> T:
    """What ``work`` makes of an org's answers. An error that nobody foresaw becomes that org's own sentence.

    Such an error may hold a body as it came, so it stays here: the log gets its kind and where it arose. What we know
    is raised anew without what it came from, which may hold one, too.
    """
    try:
        return work()
    except (AssistantError, SessionEndedError) as known:
        trouble: Exception = known
    except Exception as error:  # noqa: BLE001 - not swallowed: logged, and told as the org's own trouble
        frames = traceback.extract_tb(error.__traceback__)[-6:]  # where it arose, innermost last, without any value
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        log.error("unforeseen answer", kind=type(error).__name__, at=places)  # noqa: TRY400 - its text stays here
        trouble = OrgUnreachable(
            f"{code(org)} gave an answer that this assistant cannot make sense of. Tell whoever runs this assistant; "
            "the log says where it happened."
        )
    trouble.__cause__ = trouble.__context__ = None
    raise trouble


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of; requests and urllib3 keep that in ``args`` and ``reason``."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(seen) < 20:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in seen:
            seen.append(cause)
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
            yield cause
