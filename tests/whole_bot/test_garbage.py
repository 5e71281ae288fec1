"""Nothing of a request that is over is left for a look through all that is there: that holds up everybody."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from bot.entrypoints.slack.intake import Request
from bot.jobs import Batch
from tests.running_bot import RunningBot


@pytest.fixture
def earlier() -> Iterator[list[Batch | Request]]:
    """What threads of earlier tests hold on to in this process; nothing is collected from now on."""
    gc.collect()
    gc.disable()
    yield there()
    gc.enable()


def there() -> list[Batch | Request]:
    return [each for each in gc.get_objects() if isinstance(each, Batch | Request)]


def left_since(earlier: list[Batch | Request]) -> list[Batch | Request]:
    """What no thread lets go of within some seconds; without a collection, what hold each other stay."""
    known = set(map(id, earlier))
    until = time.monotonic() + 20
    while left := [each for each in there() if id(each) not in known]:
        if time.monotonic() > until:
            break
        left.clear()
        time.sleep(0.05)
    return left


def test_what_a_request_was_is_gone_with_it(earlier: list[Batch | Request], running_bot: RunningBot) -> None:
    running_bot.ask("help")
    running_bot.ada.say("the nightly job says OAUTH_APP_BLOCKED since today")
    running_bot.ada.mention("orgs")
    assert running_bot.workspace.settle()

    assert not left_since(earlier)
