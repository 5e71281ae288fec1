"""What the guidance says and what a text was recognised as: frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST = 40_000  # characters; Slack's own limit for one message. What lies beyond is not looked at


class Kind(StrEnum):
    """What an entry of the guidance is about."""

    ERROR = "error"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the guidance: an error's meaning, or a section of the guide.

    ``topic`` is one of the contract's; several error entries may share one. ``page`` names the Setup page on which
    the first step happens (a key of ``bot.domain.orgs.setup_links.PAGES``), None where no Setup page helps. ``step`` is
    what a section comes to for one org that still needs it, with ``{app}`` for the app. ``short`` are the steps as a
    first answer tells them, where the whole ones are too long for that. ``hides_cause``: an error's text that does not
    say why.
    """

    id: str
    kind: Kind
    topic: str
    title: str
    cause: str
    steps: tuple[str, ...]
    who: str
    source: str
    page: str | None = None
    tips: tuple[str, ...] = ()
    asks_for_url: bool = False
    hides_cause: bool = False
    step: str = ""
    short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a text was recognised as.

    ``code`` is Salesforce's code where the text shows one. ``evidence`` are the guidance's patterns that were
    found, each in the one of its readings that the text has. ``nearest``: sections to name where nothing answers what
    somebody asked and they are near it. ``is_guess``: no pattern was found, the wording alone speaks for the entry;
    ``others`` are then what it may be instead.
    """

    entry: Entry | None
    code: str | None = None
    evidence: tuple[str, ...] = ()
    others: tuple[Entry, ...] = ()
    nearest: tuple[Entry, ...] = ()
    is_guess: bool = False
