"""Logs: one line each, for people or for machines, without secrets whatever is logged."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot import log_names
from bot.domain.answers.plain_text import disarmed
from bot.domain.secrets.redaction import redact


class _LogHandler(logging.StreamHandler[TextIO]):
    """Ours, to be told from handlers that others have put beside it."""


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send our logs and the libraries' to ``stream``: coloured on a terminal, JSON lines elsewhere."""
    shared: list[structlog.typing.Processor] = [
        log_names.merged,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # the plain format: no locals, which could hold a secret
        without_payloads,
        without_secrets,
        without_people,
        without_orders,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    last: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if stream.isatty():
        last = structlog.dev.ConsoleRenderer()
    handler = _LogHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers = [*(other for other in root.handlers if not isinstance(other, _LogHandler)), handler]
    root.setLevel(level)
    for harmless in ("waitress.queue", "slack_bolt"):  # a burst of commands, an event that nobody listens to
        logging.getLogger(harmless).setLevel(logging.ERROR)
    for chatty in ("apscheduler", "slack_sdk", "waitress", "websocket", "urllib3", "alembic"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


_PAYLOAD = re.compile(r"(Received a response in a non-JSON format): .*")
"""How Slack's library shows the beginning of an answer: of one that was cut off, what people said or are called."""


def without_payloads(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Leave out what libraries show of an answer; that it was none says enough."""
    return _changed(event, lambda text: _PAYLOAD.sub(r"\1", text))


def without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Mask secrets in every text of a log line: libraries log URLs and payloads of their own accord."""
    return _changed(event, lambda text: redact(text).text)


_ADDRESS = re.compile(r"[\w.+%-]{1,64}@(?=[\w-]{1,63}\.[\w-])")


def without_people(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Cut who somebody is from addresses and user names: refusals repeat what was typed. Whose they are stays."""
    return _changed(event, lambda text: _ADDRESS.sub("…@", text))


def without_orders(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """On a terminal a line of the log is shown as it is, and what somebody typed may stand in it."""
    return _changed(event, disarmed)


def _changed(event: EventDict, change: Callable[[str], str]) -> EventDict:
    """A log line with every text in it changed."""
    return {key: change(value) if isinstance(value, str) else value for key, value in event.items()}
