"""What is written about the slash verbs elsewhere: each place that whoever adds one can forget."""

from __future__ import annotations

import re

import pytest

from bot.domain.verbs import BY_NAME, VERBS
from bot.wiring.manifest import manifest
from tests.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRACT = ROOT.parent / "shared" / "contract.md"

TYPED = {verb.name for verb in VERBS if not verb.is_pressed}


def in_readme() -> dict[str, str]:
    """The verbs in README's table, each with what follows it there."""
    found: dict[str, str] = {}
    for row in re.findall(r"^\| (`/flosum .*?) (?<!\\)\| ", README, flags=re.MULTILINE):
        for typed in re.findall(r"`([^`]+)`", row.replace("\\|", "|")):
            verb, _, rest = typed.removeprefix("/flosum ").partition(" ")
            found[verb] = f"{found.get(verb, '')} {rest}"
    return found


def spelled_out(verb: str) -> set[str]:
    """The words that a verb's forms spell out, as people type them."""
    places = [place for usage in BY_NAME[verb].usages for place in usage.words.split()]
    return {word for place in places if place[0] not in "<[" for word in place.split("|")}


def test_the_readme_has_every_verb_that_works_and_no_other() -> None:
    assert set(in_readme()) == TYPED


@pytest.mark.parametrize("verb", sorted(TYPED))
def test_the_readme_has_every_word_that_a_verb_takes(verb: str) -> None:
    assert spelled_out(verb) <= set(re.findall(r"\w+", in_readme()[verb]))


def test_the_manifests_usage_hint_shows_commands_that_exist() -> None:
    (command,) = manifest()["features"]["slash_commands"]
    for typed in command["usage_hint"].split(" | "):
        verb, *words = typed.split()
        assert verb in TYPED
        assert any(usage.fits(words) for usage in BY_NAME[verb].usages), typed


def test_the_manifests_prompts_are_commands_that_exist() -> None:
    for prompt in manifest()["features"]["agent_view"]["suggested_prompts"]:
        verb, *words = prompt["message"].split()
        assert verb in TYPED
        assert any(usage.fits(words) for usage in BY_NAME[verb].usages), prompt


def test_every_verb_is_one_of_the_contract_and_every_one_of_the_contract_is_known() -> None:
    if not CONTRACT.is_file():
        pytest.skip("the contract is not beside the repository")
    text = CONTRACT.read_text(encoding="utf-8").partition("\n## 2.")[2].partition("Anything else")[0]

    assert {typed.split()[0] for typed in re.findall(r"`([a-z][^`]*)`", text)} == TYPED
