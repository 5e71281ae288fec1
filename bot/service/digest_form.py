"""Setting the weekly digest with a form: from Home, from the command's answer and from the digest itself."""

from __future__ import annotations

from bot.domain.answers import Answer, Form
from bot.domain.digest import form
from bot.domain.digest.subscription import Subscription
from bot.domain.digest.zones import usable
from bot.domain.model import Asker
from bot.service.digest import DOING, WeeklyDigest
from bot.service.permissions import Permissions


class DigestForm:
    """What stands behind the form."""

    def __init__(self, weekly_digest: WeeklyDigest, permissions: Permissions) -> None:
        self._weekly_digest = weekly_digest
        self._permissions = permissions

    def form(self, who: Asker, _: str) -> Form:
        """The form as the digest is set, else for the channel it is opened in. Raises AskerError for who may not."""
        person = self._permissions.require(who, DOING)
        known = self._weekly_digest.the_one(who.workspace)
        here = who.channel if who.channel and who.channel[:1] in ("C", "G") else ""
        return form.digest_form(known or Subscription(who.workspace, "", here, zone=usable(person.zone)))

    def faults(self, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the lines, by line."""
        return form.faults(values)

    def submit(self, who: Asker, _: str, values: dict[str, str]) -> Answer:
        """Set it, and say so in its channel. Raises AskerError, SlackRefused."""
        person = self._permissions.require(who, DOING)
        known = self._weekly_digest.the_one(who.workspace) or Subscription(who.workspace, "", "")
        return self._weekly_digest.keep(who, person, form.filled_in(values, known), "set the weekly digest")
