"""Was it helpful? What people say of an answer, kept by entry and never with their text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Answer, Item, Items, Part, Text
from bot.domain.command import Command
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.domain.recognition.guidance import Guidance
from bot.metrics import Counts
from bot.ports import Clock, Conversations

SHOWN_AT_MOST = 5


class Feedback:
    """Takes verdicts and shows what they add up to."""

    def __init__(self, conversations: Conversations, guidance: Guidance, counts: Counts, clock: Clock) -> None:
        self._conversations = conversations
        self._guidance = guidance
        self._counts = counts
        self._clock = clock

    def command(self, who: Asker, command: Command) -> Answer:
        """``helpful <entry> yes|no``, which only buttons say."""
        entry_id, _, verdict = command.rest.partition(" ")
        entry = self._guidance.entry(entry_id)
        if entry is None:
            raise AskerError("That answer is not in the guidance any more; nothing was noted.")
        helpful = verdict == "yes"
        self._conversations.rate(who.workspace, entry.id, who.user, helpful=helpful, now=self._clock())
        self._counts.rated(entry.topic, helpful=helpful)
        if helpful:
            return Answer("Noted: it helped", note="Kept without any text; a later press replaces it")
        return Answer(
            "Noted: it did not help",
            "If the error shows more text than was pasted, or an address with `error=` in it, paste that too.",
            note="Kept without any text; a later press replaces it",
        )

    def shown(self, who: Asker) -> Sequence[Part]:
        """The entries with the most verdicts against them, for ``/flosum settings``."""
        ratings = self._conversations.ratings(who.workspace)
        known = [(self._guidance.entry(entry_id), *counts) for entry_id, counts in ratings.items()]
        rated = sorted(
            ((entry, yes, no) for entry, yes, no in known if entry is not None),
            key=lambda line: (-line[2], -line[1], line[0].title),
        )
        if not rated:
            return (Text("**Was it helpful?** Nobody has said so far."),)
        lines = [Item(entry.title, f"helped {yes}, did not {no}") for entry, yes, no in rated[:SHOWN_AT_MOST]]
        all_yes, all_no = sum(line[1] for line in rated), sum(line[2] for line in rated)
        total = f"**Was it helpful?** Yes {all_yes:,}, no {all_no:,}. The answers that helped least:"
        return (Text(total), Items(tuple(lines)))
