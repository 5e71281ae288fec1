"""What is pressed and typed in the page becomes what a person does at the workspace: a signed request to the bot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.client.desk import Desk
from bot.sandbox.client.looking import HOME, PANE, Looking, bot_is_in, looking
from bot.sandbox.client.regions import COMMAND, SHORTCUT
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.filled import filled_in, missing
from bot.sandbox.slack.markup import unescape
from bot.sandbox.slack.records import Json, SlackMessage, View
from bot.sandbox.slack.user import Receipt, SlackUser

WAIT = 2.0
"""Seconds that a rate-limited call is told to wait."""
SLOW = 5.0

THREADS_TAKE_NO_COMMANDS = f"{COMMAND} is not supported in threads, as in Slack. Type it in the channel."


_LINK = re.compile(r"<(https?:[^|>]+)(?:\|[^>]*)?>")


class NotPossible(Exception):
    """What was asked for cannot be done; the text says why, for the person."""


@dataclass(slots=True)
class Acting:
    """One person's deeds. ``do`` carries one out and returns what the page is to do with it.

    The answer may hold ``errors`` of a form by line, or ``go``, an address of the page.
    """

    desk: Desk
    last: Receipt | None = None

    def do(self, act: str, given: Json) -> Json:
        """Do what ``given`` says. Raises NotPossible."""
        deed = _DEEDS.get(act)
        if deed is None:
            raise NotPossible(f"This page cannot do that ({act}).")
        look = looking(self.desk.workspace.state, {name: str(given.get(name) or "") for name in ("as", "in", "beside")})
        try:
            return deed(self, _Deed(look, self.desk.person(look), given)) or {}
        except LookupError:
            raise NotPossible("That is not there any more.") from None

    def sent(self, receipt: Receipt) -> None:
        """Remember what was sent; where it was not taken in time, send it once more, as Slack does."""
        person = self.desk.workspace.person()
        for one in (receipt, receipt.also):
            if one is None or one.delivery is None:
                continue
            self.last = one
            if not one.acked and one.delivery.content_type == "application/json":
                self.last = person.redeliver(one)

    # --- writing ---

    def say(self, deed: _Deed) -> Json | None:
        """Send what stands in the message field: words, or a command."""
        text, channel, thread = deed.text("text").strip(), deed.channel(), deed.text("thread") or None
        verb, _, rest = text.partition(" ")
        if verb == COMMAND:
            if thread:
                raise NotPossible(THREADS_TAKE_NO_COMMANDS)
            deed.person.command(rest.strip(), channel)
        elif verb.startswith("/") and "/" not in verb[1:] and "\n" not in verb:
            raise NotPossible(f"{verb} is not a command in this workspace. There is {COMMAND}.")
        elif text:
            self.sent(deed.person.say(text, channel, thread))
        return None

    def edit(self, deed: _Deed) -> Json | None:
        """Change one's own message; without other words, what there is to change."""
        message, text = self._own(deed), deed.text("text").strip()
        if not text:
            return {"edit": unescape(_LINK.sub(r"\1", message.text))}
        self.sent(deed.person.edit(message, text))
        return None

    def delete(self, deed: _Deed) -> None:
        """Delete one's own message."""
        self.sent(deed.person.delete(self._own(deed)))

    def _own(self, deed: _Deed) -> SlackMessage:
        message = self._message(deed)
        if message.user != deed.person.member.id:
            raise NotPossible("Only your own messages can be changed.")
        return message

    def dismiss(self, deed: _Deed) -> None:
        """Put a message away that one sees alone."""
        self.desk.dismissed.add((deed.text("channel"), deed.text("ts")))
        self.desk.changed()

    # --- pressing ---

    def use(self, deed: _Deed) -> None:
        """Press a button, or choose something, on a message, in a window or on Home."""
        view = deed.text("view")
        shown = self._view(view) if view else self._message(deed)
        blocks = shown.body.get("blocks", ()) if isinstance(shown, View) else ()
        entered = filled_in(blocks, deed.given.get("values") or {})
        deed.person.use(shown, (deed.text("block"), deed.text("action")), deed.given.get("chosen") or [], entered)

    def submit(self, deed: _Deed) -> Json | None:
        """Send a form; what is wrong with it, by line."""
        view, given = self._view(deed.text("view")), deed.given.get("values") or {}
        blocks = view.body.get("blocks", ())
        if faults := missing(blocks, given):
            return {"errors": faults}
        receipt = deed.person.submit(view, filled_in(blocks, given))
        answer = receipt.answer
        if not receipt.acked:
            raise NotPossible("We had some trouble connecting. Try again.")
        if answer.get("response_action") == "errors":
            return {"errors": answer.get("errors") or {}}
        if answer.get("response_action") == "clear":
            self.desk.close(*self.desk.windows(deed.person.member))
        elif not answer.get("response_action"):
            self.desk.close(view)
        return None

    def close(self, deed: _Deed) -> None:
        """Close a window."""
        self.desk.close(self._view(deed.text("view")))

    def explain(self, deed: _Deed) -> None:
        """The bot's shortcut on a message."""
        deed.person.shortcut(SHORTCUT, self._message(deed))

    def reply(self, deed: _Deed) -> Json:
        """Open a message's thread."""
        message = self._message(deed)
        return {"go": deed.look.at(deed.look.place, message.thread_ts or message.ts).address}

    def _message(self, deed: _Deed) -> SlackMessage:
        return self.desk.workspace.state.messages[deed.text("channel"), deed.text("ts")]

    def _view(self, view_id: str) -> View:
        return self.desk.workspace.state.views[view_id]

    # --- going about ---

    def look(self, deed: _Deed) -> None:
        """Somebody came to a place: the bot is told where it is its own."""
        direct = self.desk.workspace.state.direct_channel(deed.person.member.id)
        if direct is None:
            return
        if deed.look.place == HOME:
            deed.person.open_home()
        elif direct.id == deed.look.place or deed.look.beside == PANE:
            deed.person.open_home("messages")

    def invite(self, deed: _Deed) -> None:
        """Invite the bot into the channel."""
        channel = self.desk.workspace.state.channels[deed.channel()]
        if not bot_is_in(channel):
            self.sent(deed.person.invite_bot(channel.id))
            self.desk.changed()

    def put_away(self, deed: _Deed) -> None:
        """Close what Slackbot said."""
        self.desk.put_away(deed.person.member)

    def monday(self, _: _Deed) -> None:
        """Set the bot's clock forward."""
        self.desk.stage.move_clock()
        self.desk.changed()

    # --- making it hard ---

    def rate_limit(self, deed: _Deed) -> None:
        """Let the bot's next call of Slack be one too many."""
        self._fault(deed, WebApiFault(FaultKind.RATE_LIMIT, WAIT), f"is told to wait {WAIT:.0f} s (429, Retry-After)")

    def server_error(self, deed: _Deed) -> None:
        """Let the bot's next call of Slack fail."""
        self._fault(deed, WebApiFault(FaultKind.SERVER_ERROR), "is answered with an error 500")

    def _fault(self, deed: _Deed, fault: WebApiFault, what: str) -> None:
        self.desk.workspace.fail("*", fault)
        self.desk.tell(deed.person.member, f"The bot’s next call of Slack’s Web API {what}.")

    def retry(self, deed: _Deed) -> None:
        """Send the last event again, as Slack does that heard nothing for three seconds."""
        if self.last is None:
            raise NotPossible("There is nothing to send again yet: write a message first.")
        deed.person.redeliver(self.last)
        self.desk.tell(
            deed.person.member, "Slack sent your last message again, as after 3 s without an answer. It counts once."
        )

    def slow(self, deed: _Deed) -> None:
        """Let Salesforce take its time."""
        self.desk.stage.org_is_slow(SLOW)
        self.desk.tell(deed.person.member, f"From now on every org takes {SLOW:.0f} s to answer.")

    def fast(self, deed: _Deed) -> None:
        """Let Salesforce answer as ever."""
        self.desk.stage.org_is_slow(0)
        self.desk.tell(deed.person.member, "Every org answers at once again.")


@dataclass(frozen=True, slots=True)
class _Deed:
    """Who does it, from where, and what the page sent."""

    look: Looking
    person: SlackUser
    given: dict[str, Any]

    def text(self, name: str) -> str:
        """A value that the page sent; "" for none."""
        return str(self.given.get(name) or "")

    def channel(self) -> str:
        """The conversation it is for."""
        return self.text("channel") or self.look.place


_DEEDS: dict[str, Callable[[Acting, _Deed], Json | None]] = {
    deed.__name__: deed
    for deed in (
        Acting.say,
        Acting.edit,
        Acting.delete,
        Acting.dismiss,
        Acting.use,
        Acting.submit,
        Acting.close,
        Acting.explain,
        Acting.reply,
        Acting.look,
        Acting.invite,
        Acting.put_away,
        Acting.monday,
        Acting.rate_limit,
        Acting.server_error,
        Acting.retry,
        Acting.slow,
        Acting.fast,
    )
}
