"""The demo's prompt: a terminal that feels like a channel of the built-in workspace."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

from rich.console import Console

from bot.sandbox.slack.keyboard import Typed, typed_from
from bot.sandbox.slack.markup import safe
from bot.sandbox.slack.modal_input import GivenUpError, ModalInput
from bot.sandbox.slack.records import BOT_USER, Json, SlackMessage, View
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.workspace import Workspace

COMMAND = "/flosum"
SHORTCUT = "explain_error"
ECHOED = 500
SILENCE = "(the bot stays silent)"
HELP = (
    "A number presses that button · /as ada|ben|mia · /channel #random|dm · /edit TEXT · /reply TEXT · /explain · /home"
    " · /quit"
)

PageFor = Callable[[str], str | None]
"""Where the demo has a page for an address; None where it has none."""


class Terminal:
    """One person's session at the built-in workspace."""

    def __init__(
        self, workspace: Workspace, console: Console, typed: Typed | None, page_for: PageFor, *, echoes: bool
    ) -> None:
        self._page_for = page_for
        self._workspace = workspace
        self._typed = typed
        self._echoes = echoes
        self._person = workspace.person("ada")
        self._screen = Screen(console, workspace.state, self._person.member)
        self._channel = "#salesforce"
        self._last: SlackMessage | None = None
        self._seen = len(workspace.log)
        self._verbs: dict[str, Callable[[str], None]] = {
            "/as": self._switch,
            "/channel": self._enter,
            "/edit": self._edit,
            "/explain": lambda _rest: self._explain(),
            "/help": lambda _rest: self._screen.note(HELP),
            "/home": lambda _rest: self._act(lambda: self._person.open_home()),
            "/reply": self._reply,
            COMMAND: lambda rest: self._act(lambda: self._person.command(rest, self._channel)),
        }

    def greet(self) -> None:
        """Say where the person is and what there is to try."""
        self._screen.note("Acme, a Slack workspace inside this program: nothing leaves this computer.")
        self._screen.note(f"You are {self._who()} in {self._channel}.")
        self._screen.note(HELP)
        self._screen.console.print(
            "Try:  /flosum help   /flosum status prod   or paste a Salesforce login error", highlight=False
        )
        self._screen.console.print()

    def converse(self, typed: Typed) -> None:
        """Take one message after another until there is no more; what a script says is echoed."""
        while (entry := typed(prompt := f"{self._person.member.name} in {self._channel}> ")) is not None:
            if entry.strip() == "/quit":
                return
            if not entry.strip():
                continue
            if self._echoes:
                self._screen.note(prompt + safe(entry if len(entry) <= ECHOED else f"{entry[:ECHOED]}…"))
            self.take(entry)

    def take(self, entry: str) -> None:
        """Do what one entry says: a command, a button's number, or something to say in the channel."""
        text = entry.strip()
        verb, _, rest = text.partition(" ")
        if verb in self._verbs:
            self._verbs[verb](rest.strip())
        elif text.isdigit() and len(text) < 4:
            self._press(int(text))
        elif verb.startswith("/") and "/" not in verb[1:] and "\n" not in verb:
            self._screen.note(f"Nothing here is called {verb}. {HELP}")
        else:
            self._act(lambda: self._remember(self._person.say(entry, self._channel).message))

    def _remember(self, message: SlackMessage | None) -> None:
        self._last = message

    def _edit(self, text: str) -> None:
        last = self._last
        if last is None or not text:
            self._screen.note("/edit TEXT changes your last message; there is none yet.")
            return
        self._act(lambda: self._remember(self._person.edit(last, text).message))

    def _reply(self, text: str) -> None:
        """Say something in the thread of one's last message."""
        last = self._last
        if last is None or not text:
            self._screen.note("/reply TEXT adds to the thread of your last message; there is none yet.")
            return
        thread = last.thread_ts or last.ts
        self._act(lambda: self._remember(self._person.say(text, last.channel, thread).message))

    def _explain(self) -> None:
        """Use the message shortcut of the bot."""
        last = self._last
        if last is None:
            self._screen.note("/explain uses “Explain this error” on your last message; there is none yet.")
            return
        self._act(lambda: self._person.shortcut(SHORTCUT, last))

    def _press(self, number: int) -> None:
        found = self._screen.pressable.get(number)
        if found is None:
            known = ", ".join(map(str, self._screen.pressable)) or "none yet"
            self._screen.note(f"No button has the number {number}. Buttons to press: {known}")
            return
        pressed = found.button
        if pressed.url:
            page = self._page_for(pressed.url)
            known = f"The demo has a page for {pressed.url}: {page}" if page else ""
            self._screen.note(known or f"Your browser would open {pressed.url}")
        self._act(lambda: self._person.press_shown(pressed.action_id, found.message, found.view, pressed.line))

    def _switch(self, name: str) -> None:
        try:
            self._person = self._workspace.person(name.lower())
        except LookupError:
            self._screen.note("People here: ada (admin), ben (member), mia (member)")
            return
        self._screen.hand_to(self._person.member)
        self._last = None
        self._screen.note(f"You are {self._who()} in {self._channel}.")

    def _enter(self, name: str) -> None:
        wanted = name if name in ("", "dm") else f"#{name.removeprefix('#')}"
        if wanted not in self._channels():
            self._screen.note(f"Channels here: {', '.join(self._channels())}")
            return
        self._channel = wanted
        self._screen.note(f"You are {self._who()} in {self._channel}.")
        found = self._workspace.state.channel_named(wanted)
        if found is not None and BOT_USER not in found.members:
            self._screen.note("The bot is not in this channel: it hears commands only.")
        if wanted == "dm":
            self._act(lambda: self._person.open_home("messages"), quietly=True)

    def _channels(self) -> list[str]:
        mine = (c for c in self._workspace.state.channels.values() if self._person.member.id in c.members)
        return [*(f"#{c.name}" for c in mine if c.name and not c.archived), "dm"]

    def _who(self) -> str:
        member = self._person.member
        return f"{member.name} ({'admin' if member.admin else 'member'})"

    def _act(self, act: Callable[[], object], *, quietly: bool = False) -> None:
        """Do something, wait until the bot is at rest, and print what became visible."""
        with self._screen.console.status("…"):
            act()
            rested = self._workspace.settle()
        log = self._workspace.log[self._seen :]
        self._seen += len(log)
        shown = self._screen.show(log)
        if not rested:
            self._screen.note("(the bot is still busy; what it says next is printed with the next message)")
        elif not shown and not quietly:
            self._screen.note(SILENCE)
        for view in self._screen.take_forms():
            self._fill_in(view)

    def _fill_in(self, view: View) -> None:
        """Ask for the inputs of a form that opened, and submit them."""
        if self._typed is None:
            self._screen.note("(the form waits; without --once it can be filled in)")
            return
        form = ModalInput(self._typed, self._screen.note, self._workspace.state)
        try:
            values = form.fill_in(view)
        except GivenUpError:
            self._screen.note("(the form is closed)")
            return
        self._submit(view, values)

    def _submit(self, view: View, values: Json) -> None:
        answers: list[Json] = []
        self._act(lambda: answers.append(self._person.submit(view, values).answer), quietly=True)
        errors = [error for answer in answers for error in answer.get("errors", {}).values()]
        for error in errors:
            self._screen.note(f"Not taken: {safe(str(error))}")
        if errors:
            self._fill_in(view)
        else:
            self._screen.note("(the form is sent)")


def run(
    workspace: Workspace,
    *,
    once: str | None,
    console: Console,
    typed: Typed | None = None,
    page_for: PageFor = lambda _: None,
) -> int:
    """Hold the session; the exit code. ``once`` sends one message and prints what Slack shows."""
    if isinstance(console.file, io.TextIOWrapper):
        console.file.reconfigure(errors="replace")  # a terminal without emoji still shows the word beside them
    if once is not None:
        Terminal(workspace, console, None, page_for, echoes=False).take(once)
        return 0
    typed = typed or typed_from(sys.stdin)
    terminal = Terminal(workspace, console, typed, page_for, echoes=not sys.stdin.isatty())
    terminal.greet()
    try:
        terminal.converse(typed)
    except KeyboardInterrupt:
        console.print()
    return 0
