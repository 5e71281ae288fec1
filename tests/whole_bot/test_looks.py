"""What people see, measured: how high it stands on a phone, how many buttons it has, what the notification says.

And the rules of our voice, each held against every situation on record.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from bot.domain.answers.plain_text import SIGNS
from tests import phone
from tests.blockkit import message_faults, view_faults
from tests.running_bot import ADA
from tests.seen import Situation
from tests.situations import RECORD, found_anew, record


@pytest.fixture(scope="module")
def found() -> Sequence[Situation]:
    return found_anew()


def test_the_figures_are_those_on_record(found: Sequence[Situation]) -> None:
    """After a change that is meant: ``python -m tests.situations`` records them anew."""
    assert record(found).splitlines() == RECORD.read_text("utf-8").splitlines()


def test_each_situation_has_its_own_name(found: Sequence[Situation]) -> None:
    assert len({one.name for one in found}) == len(found) >= 200


BARS = {
    "error": 18,
    "status": 14,
    "steps": 25,
    "details": 25,
    "shared": 15,
    "all": 25,
    "digest": 20,
    "guide": 20,
    "window": 25,
    "other": 25,
}
"""Lines at most, by the kind of answer; ``whole`` is what somebody asked to see all of."""

LISTS = ("home", "all", "orgs", "digest", "whole")
"""Kinds whose lines have a button each."""

OF_A_LINE = "Snooze"
"""A button that stands below each line of a digest, beside the page that helps; the line says which org it is about."""


@pytest.mark.parametrize("kind", BARS)
def test_it_fits_a_phone(found: Sequence[Situation], kind: str) -> None:
    too_high = {one.name: phone.height(one.blocks) for one in found if one.kind == kind}

    assert {name: lines for name, lines in too_high.items() if lines > BARS[kind]} == {}


# --- the rules -----------------------------------------------------------------------------------------

_PERSON_OR_CHANNEL = re.compile(r"\b[UWCGD]0[A-Z0-9]{3,}\b")
_ORG = re.compile(r"\b00D[A-Za-z0-9]{12}")
_RAW = re.compile(rf"\*\*|`|https?://|{_PERSON_OR_CHANNEL.pattern}|{_ORG.pattern}")
_MENTION = re.compile(r"<[@#][A-Z0-9]+>")
_EMOJI = re.compile(r"[\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?")
_NOT_BOTH = re.compile(r"\b(?:no|not|none|nobody|never|without|cannot|n't)\b[^.:;·]*\bboth\b", re.IGNORECASE)
_LABELLED = re.compile(r"<(https?://[^|>]+)\|([^>]+)>")
_SAYS_NOTHING = ("ok", "okay", "here", "click here", "link", "this", "open", "open the page", "the page", "more")


def _text(one: Situation) -> str:
    return "\n".join(phone.lines(one.blocks))


def _paragraphs(one: Situation) -> list[str]:
    """The lines as they were written, and not as they stand on a phone."""
    objects = [each or {} for block in one.blocks for each in (block.get("text"), *block.get("elements", ()))]
    texts = [phone.words(str(each.get("text", ""))) for each in objects if each.get("type") == "mrkdwn"]
    return [line for text in texts for line in text.split("\n")]


def _label(button: phone.Json) -> str:
    return str(button["text"]["text"])


def _rows(one: Situation) -> list[list[phone.Json]]:
    """The buttons that stand in rows, which is not beside a line of a list; a menu among them is none."""
    rows = [block["elements"] for block in one.blocks if block.get("type") == "actions"]
    return [[element for element in row if element.get("type") == "button"] for row in rows]


def _valid(one: Situation) -> list[str]:
    if one.view is not None:
        return view_faults(one.view, mentions=(ADA, "U0BEN"))
    return message_faults({"text": one.text, "blocks": list(one.blocks)}, mentions=(ADA, "U0BEN"))


def _notified(one: Situation) -> list[str]:
    faults = ["more than two lines"] if len(one.text.splitlines()) > 2 else []
    faults += _RAW.findall(_MENTION.sub("", one.text))
    return faults + (["no notification, or one of a view"] if bool(one.text) == (one.view is not None) else [])


def _ids(one: Situation) -> list[str]:
    shown = _text(one)
    is_evidence = one.kind == "details" or one.name.endswith("in uat")
    return _PERSON_OR_CHANNEL.findall(shown) + ([] if is_evidence else _ORG.findall(shown))


def _buttons(one: Situation) -> list[str]:
    rows = [[_label(button) for button in row] for row in _rows(one)]
    labels = [label for row in rows if OF_A_LINE not in row for label in row]
    pressed = [button for button in phone.buttons(one.blocks) if button.get("style") == "primary"]
    # Home has several parts, each with its own; a choice that is asked back has a button for each answer.
    is_free = one.kind == "home" or one.name == "/flosum snooze uat"
    faults = [f"{len(labels)} buttons: {labels}"] if len(labels) > 3 and not is_free else []
    return faults + ([f"{len(pressed)} primary ones"] if len(pressed) > 1 else [])


def _first_press(one: Situation) -> list[str]:
    """What to press stands right after the first step, or before the steps; never below all of them."""
    if one.kind not in ("error", "status", "steps", "details"):
        return []
    kinds = [str(block.get("type")) for block in one.blocks]
    texts = [str((block.get("text") or {}).get("text", "")) for block in one.blocks]
    at = next((number for number, text in enumerate(texts) if text.startswith("1. ")), None)
    pressed = next((number for number, block in enumerate(one.blocks) if '"primary"' in json.dumps(block)), None)
    if at is None or pressed is None or pressed < at or (kinds[at + 1] == "actions" and "\n2. " not in texts[at]):
        return []
    return [f"block {pressed} holds the button, block {at} the first step"]


def _folded(one: Situation) -> list[str]:
    """Sections of messages of which Slack may show the first lines alone."""
    sections = [block for block in one.blocks if block.get("type") == "section" and one.view is None]
    return [str(block["text"]["text"]) for block in sections if not block.get("expand")]


def _labels(one: Situation) -> list[str]:
    """Links and buttons say where they lead, in words that Slack shows whole; no two different ones say the same."""
    buttons = [(_label(button), button.get("url") or button.get("value")) for button in phone.buttons(one.blocks)]
    links = {(label, url) for url, label in _LABELLED.findall(str(one.blocks))}
    labels = Counter(label for label, _ in {*buttons} if label != OF_A_LINE)
    twice = [label for label, count in labels.items() if count > 1]
    twice += [
        label for label, count in Counter(label for label, _ in links).items() if count > 1 and one.kind not in LISTS
    ]
    heard = Counter(each.get("accessibility_label") or each["text"]["text"] for each in phone.buttons(one.blocks))
    twice += [label for label, count in heard.items() if count > 1]
    faults = [label for label, _ in (*buttons, *links) if label.casefold().strip(" .") in _SAYS_NOTHING]
    return [*faults, *twice, *(label for label, _ in buttons if len(label) > 40)]


def _emoji(one: Situation) -> list[str]:
    """Those of the four states alone, each with a word behind it."""
    shown = _text(one) + one.text
    found = [sign for sign in _EMOJI.findall(shown) if sign not in SIGNS.values()]
    return found + [sign for sign in SIGNS.values() if re.search(rf"{sign}(?! \S)", shown)]


def _words(*patterns: str) -> Callable[[Situation], list[str]]:
    every = re.compile("|".join(patterns))
    return lambda one: [each[0] for each in every.finditer(f"{_text(one)}\n{html.unescape(one.text)}")]


RULES: dict[str, Callable[[Situation], list[str]]] = {
    "Slack takes it, and nobody is pinged": _valid,
    "the notification is two lines in plain words": _notified,
    "no ids of people, channels and orgs": _ids,
    "three buttons beside lists, one of them primary": _buttons,
    "the first button follows the first step": _first_press,
    "Slack folds nothing away": _folded,
    "labels say where they lead": _labels,
    "emoji are the four states": _emoji,
    "no raw markup": _words(r"\*\*", r"\{(?:user|channel|time):", r"\]\(http", r"&(?:lt|gt|amp);"),
    "nothing is said to operators": _words(r"\b(?:SALESFORCE|FLOSUM|SLACK)_[A-Z_]+", r"HTTP \d", r"[Ss]tatus code"),
    "a calm colleague": _words(r"\b[Oo]ops\b", r"[Pp]lease note", r"\b[Ss]orry\b", r"\w!(?=\s|$)", r"\b[Ss]imply\b"),
    "both is never said with a no": lambda one: [text for text in _paragraphs(one) if _NOT_BOTH.search(text)],
    "no exception shows": _words(r"\b\w+(?:Error|Exception)\b", r"\bTraceback\b", r"\bNone\b", r"\{\}|\bnull\b"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_holds_everywhere(found: Sequence[Situation], rule: str) -> None:
    faults = {one.name: wrong for one in found if (wrong := RULES[rule](one))}

    assert faults == {}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("no ids of people, channels and orgs", "owner U0YOU"),
        ("emoji are the four states", "done \U0001f389"),
        ("emoji are the four states", "✅"),
        ("no raw markup", "**bold**"),
        ("nothing is said to operators", "set SALESFORCE_CLIENT_ID"),
        ("a calm colleague", "It works!"),
        ("both is never said with a no", "nobody is granted access to both apps"),
        ("no exception shows", "ValueError: no"),
        ("the notification is two lines in plain words", "a\nb\nc"),
        ("Slack takes it, and nobody is pinged", "<!here> hello"),
    ],
)
def test_the_rules_find_what_they_are_for(rule: str, text: str) -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}

    assert RULES[rule](Situation("made up", "other", [block], text))
