"""The titles of the bot's own buttons and prompts work when they are typed: after ``/flosum``, directly, by a mention.

Every title is collected, from what people see and from the source, so that none that is new is forgotten.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator

import pytest

from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.domain.orgs.granting import NEW_LABEL
from bot.domain.orgs.setup_links import NAMES
from bot.sandbox.slack.records import TEAM
from bot.wiring.demo import built_in
from tests import phone
from tests.paths import ROOT
from tests.running_bot import ADA, RunningBot
from tests.situations import ERRORS, situations
from tests.whole_bot.test_commands import labels

ASKER = Asker(TEAM, ADA, "C0SALESFORCE")
_MAKES_BUTTONS = {"Button": 0, "_button": 1, "Prompt": 0}
"""What makes a button or a prompt, and which of its arguments is the title."""


def _filled_in(value: ast.expr) -> str | None:
    """A title in the source, with something that fits in its gaps; None where it is made elsewhere."""
    if isinstance(value, ast.Constant):
        return str(value.value)
    if not isinstance(value, ast.JoinedStr):
        return None
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else _sample(ast.unparse(part)) for part in value.values
    )


def _sample(gap: str) -> str:
    if "name(" in gap or "NAMES" in gap:
        return NAMES["manage"]
    if "off" in gap:
        return "on"
    if "topic" in gap:
        return "permitted users"
    if "name" in gap or "tag" in gap:
        return "prod"
    if "verb" in gap:
        return "Check"
    if "NEW_LABEL" in gap:
        return NEW_LABEL
    return "status prod" if "meant" in gap else "7"


def in_source() -> Iterator[str]:
    """Every title that is written down in the source."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            at = _MAKES_BUTTONS.get(getattr(node.func, "id", ""))
            titles = [node.args[at]] if at is not None and len(node.args) > at else []
            titles += [word.value for word in node.keywords if word.arg in ("button", "submit")]
            yield from filter(None, map(_filled_in, titles))


def _is_understood(bot: RunningBot, title: str) -> bool:
    try:
        return not bot.bot.uses.assistant.reply(ASKER, title).unknown
    except AskerError:  # it says what is missing
        return True


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The titles of all buttons in the situations, which are taken in a bot of their own: they change it."""
    folder, log = tmp_path_factory.mktemp("titles"), io.StringIO()
    with built_in(folder, log) as parts:
        every = situations(RunningBot(*parts, log, folder))
        return {button["text"]["text"] for situation in every for button in phone.buttons(situation.blocks)}


def test_every_title_that_people_see_says_something_when_it_is_typed(running_bot: RunningBot, seen: set[str]) -> None:
    titles = (
        {title for title in seen if "team-" not in title and title != "Release Managers"}  # names of an org and a set
        | set(in_source())
        | {f"Open {name}" for name in NAMES.values()}
    )
    assert len(titles) > 60

    without = [title for title in sorted(titles) if not _is_understood(running_bot, title)]

    assert not without, without


@pytest.mark.parametrize("title", ["Check now", "try again", "Check again", "Details", "Reconnect"])
def test_a_title_that_needs_an_org_is_about_the_only_one_or_asks_which(running_bot: RunningBot, title: str) -> None:
    answer = running_bot.ask(title)
    assert answer.text == "Which org?" or "Which org?" in str(answer.blocks)
    assert len(labels(answer)) == 6
    assert "emea-prod" in labels(answer)[0]

    for name in ("emea-prod", "uat", "qa", "legacy", "partner", "fresh"):
        running_bot.bot.store.remove_org(TEAM, name)
    about = "Connect prod again" if title == "Reconnect" else "prod is ready"

    assert about in running_bot.ask(title).text
    assert about in running_bot.say(title, "dm")[0].text
    assert about in running_bot.say(f"@flosum {title}")[0].text

    running_bot.bot.store.remove_org(TEAM, "prod")
    assert "No org is connected yet" in running_bot.ask(title).text


def test_the_steps_are_those_of_the_error_above(running_bot: RunningBot) -> None:
    assert "Of which error?" in running_bot.say("Show the steps", "dm")[0].text
    running_bot.say(ERRORS["ip-restricted"], "dm")

    (answer,) = running_bot.say("All 4 steps", "dm")
    assert "IP" in answer.text
    (thanks,) = running_bot.say("Not what happened", "dm")
    assert "I count that" not in thanks.text
    (paste,) = running_bot.say(ERRORS["app-blocked"])
    (steps,) = running_bot.say("@flosum show the steps", thread_ts=paste.thread_ts)
    assert "Unblock" in str(steps.blocks)


@pytest.mark.parametrize("text", ["/flosum status prod", "`/flosum status prod`", " /FLOSUM  status prod"])
def test_the_commands_own_name_may_stand_before_it(running_bot: RunningBot, text: str) -> None:
    assert "prod is ready" in running_bot.ask(text).text
    assert "prod is ready" in running_bot.say(text, "dm")[0].text
