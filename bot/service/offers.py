"""Which buttons somebody is offered who alone sees an answer: the one place that decides it, for every face.

A message in a channel is everybody's who reads it, so it keeps its buttons; whoever may not press one is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Protocol

from bot.domain import org_questions
from bot.domain.answers import Answer, Button
from bot.domain.answers.offered import buttons_of, offered
from bot.domain.answers.typed import unpacked
from bot.domain.command import split, who_may_say
from bot.domain.digest.escalation import OWNER_FORM
from bot.domain.digest.form import ANY as ANY_PLACE
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.model import Asker, Org, is_person
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.granting_report import ASSIGN_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.snooze_report import ANY, SNOOZE_FORM
from bot.domain.verbs import Who

FORMS: Mapping[str, Who] = {
    NEW_ORG_FORM: Who.TRUSTED,
    JWT_FORM: Who.TRUSTED,
    OWNER_FORM: Who.TRUSTED,
    SNOOZE_FORM: Who.TRUSTED,
    ASSIGN_FORM: Who.TRUSTED,
    DIGEST_FORM: Who.TRUSTED,
}
"""Who may open each form; somebody's own digest, and the snooze of an org that they own, are theirs besides."""


class Rights(Protocol):
    """Who may what."""

    def has(self, who: Asker, needed: Who) -> bool:
        """Whether somebody may do what is for those; no where nobody can tell."""
        ...


class Offers:
    """Leaves out of answers what would only refuse the one who reads them."""

    def __init__(self, rights: Rights, orgs: Callable[[str], Sequence[Org]]) -> None:
        """``orgs`` gives those of a workspace."""
        self._rights = rights
        self._orgs = orgs

    def to(self, who: Asker, answer: Answer) -> Answer:
        """The answer as somebody sees it whom nobody else reads along with."""
        direct = (who.channel or "").startswith("D")
        if all(_needed(button, direct=direct) is Who.EVERYBODY for button in buttons_of(answer)):
            return answer  # most are, and then nobody has to be asked who they are

        @cache
        def has(needed: Who) -> bool:
            return self._rights.has(who, needed)

        @cache
        def owned() -> Sequence[str]:
            return [org.name for org in self._orgs(who.workspace) if org.owner == who.user]

        def allows(button: Button) -> bool:
            needed = _needed(button, direct=direct)
            if needed is Who.EVERYBODY or has(needed):
                return True
            return needed is Who.TRUSTED and has(Who.EVERYBODY) and _is_of_own(button, owned)

        return offered(answer, allows)


_OF_ALL = ("escalate", "handover")
"""What of ``remind`` is about the whole workspace, wherever it is said."""


def _needed(button: Button, *, direct: bool) -> Who:
    """Whom a button is for. ``direct``: it stands in somebody's direct messages, where a digest is their own."""
    if button.url is not None:
        return Who.EVERYBODY
    if button.form is None:
        line = button.command or ""
        verb, rest = split(line)
        is_own = direct and verb == "remind" and "<#" not in rest and not rest.startswith(_OF_ALL)
        return Who.EVERYBODY if is_own else who_may_say(line)
    if button.form == DIGEST_FORM:
        place, _ = unpacked(button.command or ANY_PLACE)
        return Who.EVERYBODY if place == ANY_PLACE or is_person(place) else Who.TRUSTED
    return FORMS[button.form]


def _is_of_own(button: Button, owned: Callable[[], Sequence[str]]) -> bool:
    """Whether it snoozes an org of theirs, or ends that."""
    if button.form == SNOOZE_FORM:
        name, _ = unpacked(button.command or ANY)
        return bool(owned()) if name == ANY else name in owned()
    verb, rest = split(button.command or "")
    return button.form is None and verb == "snooze" and org_questions.leading(rest, owned()) is not None
