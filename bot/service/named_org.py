"""The org that a command's words begin with; names may hold spaces, so the longest beginning that is one counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.model import Org

_AROUND = " \"'`´‘’‚‛“”„‟«»‹›*_~"
_JOINS = f"{_AROUND},;:"


def org_and_rest(find: Callable[[str], Org | None], words: Sequence[str]) -> tuple[Org, str] | None:
    """The org, by ``find``, and what follows its name; None where the words begin with no org's.

    Quotes around it and a mark that joins what follows to it are no part of a name, unless an org is called so.
    """
    for length in range(len(words), 0, -1):
        name = " ".join(words[:length])
        bare = name.rstrip(_JOINS).lstrip(_AROUND)
        org = find(name) or (find(bare) if bare not in ("", name) else None)
        if org is not None:
            return org, " ".join(words[length:])
    return None
