"""Whatever Slack might sign, spoiled as it may be, is taken or refused; nothing of it is a mistake of ours."""

from __future__ import annotations

from collections import Counter

from tests.mutated_payloads import statuses
from tests.running_bot import RunningBot

SEED, NUMBER = 10, 2500


def test_a_spoiled_payload_is_taken_or_refused_without_a_traceback(running_bot: RunningBot) -> None:
    answers = statuses(running_bot, SEED, NUMBER)

    kinds = Counter[str]()
    for status, count in answers.items():
        kinds[f"{status // 100}xx"] += count
    assert set(kinds) == {"2xx", "4xx"}, answers
    assert min(kinds.values()) > NUMBER / 10
    assert "Traceback" not in running_bot.log.getvalue()
