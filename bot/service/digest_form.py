"""Setting the weekly digest with a form: from Home, from the command's answer and from the digest itself."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.answers import Answer, Form
from bot.domain.digest import form
from bot.domain.digest.zones import usable
from bot.domain.model import Asker, Reminder
from bot.ports import Store
from bot.service.digest import DOING, WeeklyDigest
from bot.service.permissions import Permissions
from bot.service.shared_channels import SharedChannels


class DigestForm:
    """What stands behind the form."""

    def __init__(
        self, weekly_digest: WeeklyDigest, store: Store, permissions: Permissions, shared_channels: SharedChannels
    ) -> None:
        self._shared_channels = shared_channels
        self._weekly_digest = weekly_digest
        self._store = store
        self._permissions = permissions

    def form(self, who: Asker, _: str) -> Form:
        """The form as the digest is set, else for the channel it is opened in. Raises AskerError for who may not."""
        person = self._permissions.require(who, DOING)
        known = self._store.reminder(who.workspace)
        here = who.channel if who.channel and who.channel[:1] in ("C", "G") else ""
        reminder = known or Reminder(who.workspace, here, zone=usable(person.zone))
        is_shared = self._shared_channels.has_now(who.workspace, reminder.channel)
        return form.digest_form(replace(reminder, channel="") if is_shared else reminder, is_shared=is_shared)

    def faults(self, who: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the lines, by line; of the channel what is known here already."""
        found = form.faults(values)
        if "channel" not in found and self._shared_channels.is_known(who.workspace, values["channel"]):
            found["channel"] = form.SHARED
        return found

    def submit(self, who: Asker, _: str, values: dict[str, str]) -> Answer:
        """Set it, and say so in its channel. Raises AskerError, SlackRefused."""
        person = self._permissions.require(who, DOING)
        known = self._store.reminder(who.workspace) or Reminder(who.workspace, "")
        return self._weekly_digest.keep(who, person, form.filled_in(values, known), "set the weekly digest")
