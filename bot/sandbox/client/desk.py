"""What the page keeps beside the workspace: which windows are open, what was read; and what stands around both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.client.looking import HAPPENED, Looking
from bot.sandbox.slack.records import Happening, Member, Shown, SlackMessage, View
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.workspace import Workspace


class Stage(Protocol):
    """The demo that the page shows: a workspace, orgs, and the bot between them, which can be had anew."""

    @property
    def workspace(self) -> Workspace:
        """The present one."""
        ...

    def move_clock(self) -> None:
        """Set the bot's clock to the next Monday, nine o'clock, and let it look at it."""
        ...

    def page_for(self, url: str) -> str | None:
        """Where a built-in org's page is that an address of Salesforce's leads to; None where there is none."""
        ...

    def asked_of_orgs(self) -> Sequence[str]:
        """What the bot asked of Salesforce, a line each, oldest first."""
        ...

    def org_is_slow(self, seconds: float) -> None:
        """Let every org take so long before it answers; 0 for as fast as ever."""
        ...

    def reset(self) -> str:
        """Begin anew: a fresh workspace, database, bot and orgs. "", or why that cannot be."""
        ...


@dataclass(slots=True)
class Desk:
    """One run of the demo as its page knows it. ``changes`` counts what changes without the workspace's log."""

    stage: Stage
    workspace: Workspace
    run: int = 0
    changes: int = 0
    closed: set[str] = field(default_factory=set)
    dismissed: set[tuple[str, str]] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    read: dict[tuple[str, str], str] = field(default_factory=dict)

    def person(self, looking: Looking) -> SlackUser:
        """Somebody's hands."""
        return self.workspace.person(looking.person.name)

    def version(self, looking: Looking) -> str:
        """Differs as soon as anything shows that did not before."""
        state = self.workspace.state
        exchanged = state.exchanged if looking.beside == HAPPENED else 0
        return f"{self.run}.{len(state.log)}.{exchanged}.{self.changes}"

    def wait(self, looking: Looking, version: str, seconds: float) -> str:
        """Wait until something else shows than at ``version``; the version then."""
        with self.workspace.state.changed:
            self.workspace.state.changed.wait_for(lambda: self.version(looking) != version, seconds)
            return self.version(looking)

    def changed(self) -> None:
        """Something changed that is no happening of the workspace."""
        with self.workspace.state.changed:
            self.changes += 1
            self.workspace.state.changed.notify_all()

    def windows(self, person: Member) -> list[View]:
        """The modals that stand open before somebody, the upmost last."""
        state = self.workspace.state
        with state.changed:
            opened = [shown.view for shown in state.log if _is_modal_of(shown, person)]
            ids = dict.fromkeys(view.id for view in opened if view is not None and view.id not in self.closed)
            return [state.views[one] for one in ids]

    def close(self, *views: View) -> None:
        """Shut modals for good: what the bot still puts into them is not seen."""
        self.closed.update(view.id for view in views)
        self.changed()

    def notices(self, person: Member) -> list[str]:
        """What Slack itself says to somebody alone, as that the bot did not answer, and they have not put away."""
        with self.workspace.state.changed:
            found = [
                one.text
                for one in self.workspace.state.log
                if one.happening is Happening.FAILED and one.user == person.id
            ]
        return found[self.told.get(person.id, 0) :]

    def put_away(self, person: Member) -> None:
        """Show no notice again that was shown so far."""
        self.told[person.id] = self.told.get(person.id, 0) + len(self.notices(person))
        self.changed()

    def tell(self, person: Member, text: str) -> None:
        """Say something to somebody as Slack would, beside every conversation."""
        self.workspace.state.show(Shown(Happening.FAILED, user=person.id, text=text))

    def seen(self, person: Member, channel: str) -> None:
        """Somebody looks at a conversation: nothing in it is news now."""
        found = [message.ts for message in self._all(person, channel)]
        self.read[person.id, channel] = max(found, default="")

    def unread(self, person: Member, channel: str) -> int:
        """How many messages of others came since somebody looked there; of threads those for them alone count."""
        since = self.read.get((person.id, channel), "")
        return sum(message.ts > since and message.user != person.id for message in self._all(person, channel))

    def _all(self, person: Member, channel: str) -> list[SlackMessage]:
        return self.workspace.state.conversation(channel, seen_by=person.id)

    def status(self, person: Member) -> str:
        """What the bot says in the assistant's pane that it is doing, until it answers."""
        with self.workspace.state.changed:
            log = list(self.workspace.state.log)
        for shown in reversed(log):
            if shown.happening is Happening.STATUS and shown.user == person.id:
                return shown.text
            if shown.message is not None and shown.message.by_bot and _is_direct(shown.message, self.workspace, person):
                return ""
        return ""


def _is_modal_of(shown: Shown, person: Member) -> bool:
    view = shown.view
    return shown.happening is Happening.OPENED and view is not None and view.user == person.id and view.kind != "home"


def _is_direct(message: SlackMessage, workspace: Workspace, person: Member) -> bool:
    direct = workspace.state.direct_channel(person.id)
    return direct is not None and message.channel == direct.id
