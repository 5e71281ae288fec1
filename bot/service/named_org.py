"""The org that a command's words begin with; names may hold spaces, so the longest beginning that is one counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.model import Org


def org_and_rest(find: Callable[[str], Org | None], words: Sequence[str]) -> tuple[Org, str] | None:
    """The org, by ``find``, and what follows its name; None where the words begin with no org's."""
    for length in range(len(words), 0, -1):
        org = find(" ".join(words[:length]))
        if org is not None:
            return org, " ".join(words[length:])
    return None
