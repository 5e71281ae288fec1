"""An entry of the guidance with all that it says, and the word that there is none: what a terminal prints too.

It loads little, because ``explain`` starts anew for each error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.answers import Answer, Button, Part, Steps, Text
from bot.domain.orgs.setup_links import NAMES, setup_link
from bot.domain.recognition.entries import Entry, Kind, Recognition

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.model import Diagnosis, Org

ALL_COMMANDS = Button("All commands", command="help")


@dataclass(frozen=True, slots=True)
class About:
    """The org that an error is about, what was read of it and when; ``orgs`` are all that the asker has.

    ``several``: what is known of the orgs that are meant, where they are more than one.
    """

    org: Org | None = None
    orgs: Sequence[Org] = ()
    known: Diagnosis | None = None
    now: datetime | None = None
    several: Sequence[Diagnosis] = ()

    @property
    def only(self) -> Org | None:
        """The org that is meant, or the only one there is."""
        return self.org or (self.orgs[0] if len(self.orgs) == 1 else None)

    @property
    def reading(self) -> Diagnosis | None:
        """What is known of that org; nothing where it was neither read nor tried."""
        has_something = self.known and self.only and (self.known.facts or self.known.trouble)
        return self.known if has_something else None


def whole(found: Recognition, entry: Entry, about: About) -> Answer:
    """The cause in one sentence, who does what in which order, and how we know."""
    who_can = f"Who can: {entry.who}" if entry.who else ""
    parts: list[Part] = [Steps(entry.steps)] if entry.steps else []
    parts += [Text(tip) for tip in entry.tips]
    parts += map(Text, beside(found))
    return Answer(
        headline=finding(found, entry) if entry.kind is Kind.ERROR else entry.title,
        lead=entry.cause if entry.kind is Kind.GUIDE else who_can,
        parts=tuple(parts),
        buttons=guidance_buttons(entry, about),
        note=entry.source,
        rates=entry.id,
    )


def finding(found: Recognition, entry: Entry) -> str:
    """What an error means; no more certain than what it was found by."""
    return f"Likely: {entry.title}" if _is_unsure(found) else entry.cause


def _is_unsure(found: Recognition) -> bool:
    """Whether a cause was guessed. That none is told is no guess."""
    return found.is_guess and found.entry is not None and not found.entry.hides_cause


def beside(found: Recognition) -> list[str]:
    """What is to be said beside a finding: how sure it is, what else it may be or what else the text shows."""
    others = "; ".join(other.title for other in found.others)
    if _is_unsure(found):
        return [f"{_BY_WORDING} Or else: {others}" if others else _BY_WORDING]
    if found.is_guess:
        return []
    return [f"Also in the text: {others}"] if others else []


_BY_WORDING = "This goes by the wording: no error text that I know stands in it."


def guidance_buttons(entry: Entry, about: About) -> tuple[Button, ...]:
    """The check of the org that is meant, or of the only one there is; and the very page of its first step."""
    check, org = check_button(about), about.only
    page = Button(f"Open {NAMES[entry.page]}", url=setup_link(org.host, entry.page)) if org and entry.page else None
    return tuple(button for button in (check, page) if button)


def check_button(about: About, error: Entry | None = None) -> Button | None:
    """The check of the org that is meant, or of the only one there is; else the choice.

    Below an ``error`` it looks for the cause of that, in the org and in what whoever presses may do there. Below the
    guide it is so short that what rates it stands beside it on a phone.
    """
    if about.only is not None:
        name = about.only.name
        told = f" {int(about.now.timestamp())}" if about.now else ""  # what was done after that mends the error
        line = f"cause {name} {error.id}{told}" if error else f"status {name}"
        return Button(f"Check {name} now", command=line, primary=True)
    if about.several:
        names = ", ".join(found.org.name for found in about.several)
        return Button("Check these now", command=f"status {names}", primary=True)
    return Button("Choose an org to check" if error else "Choose an org", command="orgs") if about.orgs else None


def nothing_known(nearest: Sequence[Entry]) -> Answer:
    """Asked, and the guidance has nothing: said so, with the nearest sections as suggestions where any is near."""
    titles = " · ".join(entry.title for entry in nearest)
    return Answer(
        headline="I have no guidance for that",
        lead=f"The nearest in the guide: {titles}" if nearest else "",
        parts=(
            Text(
                "For a Salesforce login error, paste its whole text, and the page's address too "
                "(without `code=` and `state=`)."
            ),
        ),
        buttons=(*(map(_section_button, nearest) if nearest else (_GUIDE,)), ALL_COMMANDS),
        unknown=True,
    )


_GUIDE = Button("Show the guide", command="guide")


def _section_button(entry: Entry) -> Button:
    """A section by its short name: a title is longer than Slack shows of a button."""
    return Button(f"Guide: {entry.topic.replace('-', ' ')}", command=f"guide {entry.topic}")
