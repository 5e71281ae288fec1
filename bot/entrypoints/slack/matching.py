"""Whether a listener is the one that a request is for, asked with no more than the question needs.

Bolt asks one listener after the other, and for each makes a dictionary of the forty things that it could be asked with.
Nearly all look at the body alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.listener import Listener
from slack_bolt.listener_matcher import CustomListenerMatcher, ListenerMatcher
from slack_bolt.listener_matcher.builtins import BuiltinListenerMatcher
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse


class OfBody(ListenerMatcher):
    """Asks about the body of a request."""

    def __init__(self, fits: Callable[[dict[str, Any]], bool]) -> None:
        self._fits = fits

    def matches(self, req: BoltRequest, resp: BoltResponse) -> bool:  # noqa: ARG002 - as Bolt has it
        """Whether it fits."""
        return self._fits(req.body)


def listeners_of(app: App) -> list[Listener]:
    """What is registered, in the order in which it is asked."""
    return app._listeners  # noqa: SLF001 - Bolt lets listeners be added, and has nothing for what is there


def match_by_body(app: App) -> None:
    """Ask the listeners that are registered by now that way, where they look at nothing else."""
    for listener in listeners_of(app):
        listener.matchers = [_of_body(matcher) for matcher in listener.matchers]


def _of_body(matcher: ListenerMatcher) -> ListenerMatcher:
    if isinstance(matcher, BuiltinListenerMatcher | CustomListenerMatcher) and matcher.arg_names == ["body"]:
        return OfBody(matcher.func)  # type: ignore[arg-type]  # none of them is a coroutine: this is no AsyncApp
    return matcher
