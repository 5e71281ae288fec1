"""Setting a digest with a form: from Home, from the command's answers and from a digest itself."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.answers import Answer, Form
from bot.domain.answers.markup import code
from bot.domain.command import shorten
from bot.domain.digest import form
from bot.domain.digest.subscription import Subscription
from bot.domain.digest.wish import ME
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.service.digest_making import DigestMaking
from bot.service.permissions import Permissions
from bot.service.shared_channels import SharedChannels
from bot.service.subscriptions import Reminders, is_on


class DigestForm:
    """What stands behind the form. Its subject is the place whose digest is changed, or ``ANY``."""

    doing = "Setting a digest"

    def __init__(
        self,
        reminders: Reminders,
        making: DigestMaking,
        permissions: Permissions,
        shared_channels: SharedChannels,
    ) -> None:
        self._shared_channels = shared_channels
        self._reminders = reminders
        self._making = making
        self._permissions = permissions

    def form(self, who: Asker, subject: str) -> Form:
        """The form as that place's digest is set, else with what is usual. Raises NotAllowed for who may not."""
        target = _target(who, subject)
        known = self._reminders.at(who.workspace, target) if target else None
        may = self._permissions.may(who)
        if target and target != who.user and (known or not may):
            self._reminders.require(who, target)
        zone = usable(self._permissions.require_member(who).zone)
        own = "" if may else who.user
        filled = known or Subscription(who.workspace, "", target or own, zone=zone)
        is_shared = not filled.personal and self._shared_channels.has_now(who.workspace, filled.target)
        filled = replace(filled, target="") if is_shared else filled
        return form.digest_form(filled, target or form.ANY, channels=may, is_shared=is_shared)

    def faults(self, who: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the lines, by line; of the channel what is known here already."""
        found, channel = form.faults(values), values.get("channel", "")
        is_meant = values.get("to") != ME and "channel" not in found
        if is_meant and self._shared_channels.is_known(who.workspace, channel):
            found["channel"] = form.SHARED
        return found

    def submit(self, who: Asker, subject: str, values: dict[str, str]) -> Answer:
        """Show what is new before it is on; what is on already is changed at once. Raises AskerError, SlackRefused."""
        person = self._permissions.require_member(who)
        changed = self._reminders.at(who.workspace, _target(who, subject))
        wanted = form.filled_in(values, Subscription(who.workspace, "", "", zone=person.zone), who.user)
        self._reminders.require_setting(who, wanted.target)
        chosen = self._making.chooser(who.workspace)(wanted.orgs)
        if chosen is None:
            strange = code(shorten(self._making.strange(who.workspace, wanted.orgs)))
            raise AskerError(
                f"{strange} is no org, tag or kind of orgs here. Say all, sandboxes, production, not ready, a tag, or "
                "names of orgs."
            )
        before = self._reminders.at(who.workspace, wanted.target)
        moved = _moved(changed, wanted, before)
        from_where = moved or before
        wanted = _under(wanted, from_where, chosen.line)
        if moved:
            self._reminders.require(who, moved.target)
        if from_where is None or not (from_where.enabled or from_where.failing_since):
            return self._reminders.preview(who, person, wanted, before)
        if is_on(before, wanted):
            return self._reminders.already(who, wanted)
        return self._reminders.keep(who, person, wanted, from_where)


def _under(wanted: Subscription, before: Subscription | None, orgs: str) -> Subscription:
    """What is wanted, kept in the place of what was there."""
    return Subscription(
        wanted.workspace,
        before.id if before else "",
        wanted.target,
        rhythm=wanted.rhythm,
        weekday=wanted.weekday,
        hour=wanted.hour,
        minute=wanted.minute,
        zone=wanted.zone,
        orgs=orgs,
        when_nothing=wanted.when_nothing,
    )


def _moved(changed: Subscription | None, wanted: Subscription, there: Subscription | None) -> Subscription | None:
    """What goes from one channel to another; somebody's own is another thing than a channel's."""
    if changed is None or changed.target == wanted.target or there is not None:
        return None
    return None if changed.personal or wanted.personal or not changed.enabled else changed


def _target(who: Asker, subject: str) -> str:
    """The place that a form is about: itself where it names one, else where it was opened; "" for nowhere."""
    if subject == ME:
        return who.user
    if subject not in ("", form.ANY):
        return subject
    here = who.channel or ""
    return who.user if here.startswith("D") else here if here[:1] in ("C", "G") else ""
