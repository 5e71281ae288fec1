"""``/flosum settings guests``: whether a workspace lets its guests see what members see."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Answer, Button, Item, Items, Part, State
from bot.domain.answers.markup import code
from bot.domain.command import Command, shorten
from bot.domain.errors import AskerError
from bot.domain.model import Asker, Change
from bot.ports import Clock, Governance
from bot.service.permissions import Permissions

_IN_WORDS = {
    True: "see what members see: every org, its state, Home",
    False: "get explanations of errors, and see nothing of orgs",
}
_BUTTONS = {
    True: Button("Close to guests", "settings guests off", replaces=True),
    False: Button("Open to guests", "settings guests on", replaces=True),
}
_ACTIONS = {True: "opened orgs to guests", False: "closed orgs to guests"}


class GuestAccess:
    """Closed until an admin opens it. ``shown`` and ``switch`` are parts of ``/flosum settings``."""

    def __init__(self, *, permissions: Permissions, governance: Governance, clock: Clock) -> None:
        self._permissions = permissions
        self._governance = governance
        self._clock = clock

    def shown(self, who: Asker) -> Sequence[Part]:
        """What guests see, with the button that changes it."""
        on = self._governance.guests_welcome(who.workspace)
        return (Items((Item("Guests", _IN_WORDS[on], State.READY if on else None, (_BUTTONS[on],)),)),)

    def switch(self, who: Asker, command: Command) -> Answer:
        """``settings guests [on|off]``."""
        wanted = command.rest.casefold()
        if not wanted:
            return self._answer(on=self._governance.guests_welcome(who.workspace))
        if wanted not in ("on", "off"):
            raise AskerError(f"Say `/flosum settings guests on` or `off`, not {code(shorten(command.rest))}.")
        on = wanted == "on"
        self._permissions.require_admin(who, "Changing what guests see")
        if self._governance.set_guests_welcome(who.workspace, on=on):
            self._governance.record(Change(who.workspace, self._clock(), who.user, _ACTIONS[on]))
        return self._answer(on=on)

    def _answer(self, *, on: bool) -> Answer:
        return Answer(
            f"Guests of this workspace {_IN_WORDS[on]}", state=State.READY if on else None, buttons=(_BUTTONS[on],)
        )
