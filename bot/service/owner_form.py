"""Choosing an org's owner with a form."""

from __future__ import annotations

import re

from bot.domain.answers import Answer, Entry, Field, Form
from bot.domain.answers.markup import code
from bot.domain.command import Command
from bot.domain.digest.escalation import OWNER_FORM
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.service.manage_orgs import ManageOrgs
from bot.service.permissions import Permissions

_PERSON = re.compile("[UW][A-Z0-9]+")


class OwnerForm:
    """What stands behind *Choose an owner*."""

    def __init__(self, manage_orgs: ManageOrgs, permissions: Permissions) -> None:
        self._manage_orgs = manage_orgs
        self._permissions = permissions

    def form(self, who: Asker, subject: str) -> Form:
        """The form for an org. Raises AskerError for who may not."""
        self._permissions.require(who, "Changing the owner of an org")
        person = Field("person", "Owner", "Digests name them, and they may snooze the org.", entry=Entry.PERSON)
        return Form(OWNER_FORM, subject, "Choose an owner", f"Who looks after {code(subject)}?", (person,), "Save")

    def faults(self, _: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong, by line."""
        return {} if _PERSON.fullmatch(values.get("person", "")) else {"person": "Choose a person."}

    def submit(self, who: Asker, subject: str, values: dict[str, str]) -> Answer:
        """Set it. Raises AskerError."""
        if wrong := self.faults(who, values):
            raise AskerError(" ".join(wrong.values()))
        return self._manage_orgs.owner(who, Command("owner", f"{subject} <@{values['person']}>"))
