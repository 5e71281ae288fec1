"""The built-in guidance with its matcher, as it was built before: kept in the user's cache folder, by content.

Reading 3,000 lines of YAML and indexing them takes three quarters of what ``explain`` takes. The name of the file holds
what it was made from, so that whatever changes makes another file; nothing is ever read that somebody else wrote.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.recognition.guidance import Guidance
    from bot.domain.recognition.matcher import Matcher

_BOT = Path(__file__).resolve().parents[1]
_OTHERS = 0o077  # what people beside the owner may do with a file


def built_in(cache: Path) -> tuple[Guidance, Matcher]:
    """The built-in guidance and its matcher, from ``cache`` where they are there."""
    path = cache / f"guidance-{_content()}.pickle"
    kept = _kept(path)
    if kept is not None:
        return kept
    from bot.adapters.library import load
    from bot.domain.recognition.matcher import Matcher

    guidance, _ = load()
    made = guidance, Matcher(guidance)
    _keep(path, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
    return made


def _content() -> str:
    """What the guidance is made from: its files, the code that reads and indexes them, the interpreter.

    The trained weights are no part of it: they are read when the first text needs them.
    """
    digest = sha256(sys.version.encode())
    for path in sorted(_sources()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _sources() -> Iterator[Path]:
    for folder, kind in (("guidance", ".yml"), ("domain/recognition", ".py"), ("adapters/library", ".py")):
        with os.scandir(_BOT / folder) as found:
            yield from (Path(file.path) for file in found if file.name.endswith(kind))


def _kept(path: Path) -> tuple[Guidance, Matcher] | None:
    """What an earlier start kept; None where nothing is there that this user alone could have written."""
    try:
        for place in (path, path.parent):
            found = place.lstat()
            if found.st_uid != os.getuid() or found.st_mode & _OTHERS:
                return None
        content = path.read_bytes()
    except OSError:
        return None  # the first start, or no folder of one's own
    try:
        kept: tuple[Guidance, Matcher] = pickle.loads(content)  # noqa: S301 - written by this user alone, as seen above
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, ValueError):
        return None  # half a file: it is made anew
    return kept


def _keep(path: Path, content: bytes) -> None:
    """Keep it for the next start. Where that is not possible, every start takes as long as the first one."""
    import tempfile

    temporary = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
        for older in path.parent.glob("guidance-*.pickle"):
            if older != path:
                older.unlink(missing_ok=True)
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
