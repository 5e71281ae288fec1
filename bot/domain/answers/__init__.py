"""What people are told: records that every face (Slack, the terminal, Home) renders in its own way.

Texts in these records, and in the guidance's, use a light markup: ``**bold**`` for labels as Salesforce's and Flosum's
pages print them, backticks for names and codes, ``[words](https://…)`` for links.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What an emoji may say; always beside the word."""

    READY = "ready"
    NEEDS_STEP = "needs-step"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Button:
    """Either a link (``url``) or something said for the person who presses it (``command``, as typed after /flosum).

    ``public`` answers into the channel instead of to the presser alone. ``form`` opens the form of that kind, and
    ``command`` is then what the form is about. ``replaces``: what comes of it takes the place of this answer,
    where only the presser sees that: a question that is answered by it, a state that it changes or reads again.
    ``otherwise`` stands in its place for somebody whom it would only refuse.
    """

    label: str
    command: str | None = None
    url: str | None = None
    public: bool = False
    primary: bool = False
    form: str | None = None
    replaces: bool = False
    otherwise: Button | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A numbered list; ``first`` is the number of its first step."""

    items: tuple[str, ...]
    first: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: a state, what it is about, what is known of it; with buttons of its own if need be."""

    name: str
    detail: str
    state: State | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things with their states."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons amid the answer: beside what they are for."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers in their order, each with its label, drawn where that can be done; elsewhere a text says it."""

    title: str
    points: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu: ``command`` is said for the person who chooses it, as typed after /flosum."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu for what has no room for a button each. ``hint`` stands in it before something is chosen."""

    hint: str
    choices: tuple[Choice, ...]


Part = Text | Steps | Items | Buttons | Menu | Chart


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person is told: the finding, the next step, the evidence, in this order.

    ``lead`` is the one next step. ``note`` is the small print: how we know. ``unknown`` is true where the guidance
    has nothing. ``rates`` is the entry that people are asked about: was it helpful? ``private``: for the asker's eyes
    only, wherever it was asked.
    """

    headline: str
    lead: str = ""
    state: State | None = None
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: str = ""
    unknown: bool = False
    rates: str | None = None
    private: bool = False


class Entry(StrEnum):
    """How a line is filled in, and what comes of it."""

    TEXT = "text"  # what was typed
    CHOICE = "choice"  # the value of one of the choices
    TIME = "time"  # 09:00
    PERSON = "person"  # the id of somebody of the workspace
    CHANNEL = "channel"  # the id of a channel of the workspace's own people


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in. ``hint`` stands below it; ``choices`` are values with their labels.

    ``optional``: it may be left empty.
    """

    key: str
    label: str
    hint: str = ""
    placeholder: str = ""
    value: str = ""
    entry: Entry = Entry.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """Lines for somebody to fill in: a modal in Slack. ``subject`` is what it is about, given back with the lines."""

    kind: str
    subject: str
    title: str
    text: str
    fields: tuple[Field, ...]
    submit: str
