"""Which names the environment and the ``.env`` file give, at a glance: reading the settings takes far longer."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bot.domain.encodings import UTF_8, NotUtf8, decoded

_TOLD = 5  # lines that are named
_MARK = "\ufeff"
_PUT_IN = re.compile(r"\$\{([^}:]*)\}")
"""Where the value of another name is put in; with ``:-`` there is one for when it is not set."""


def env_file_faults(env_file: str) -> list[str]:
    """What of the file could not be read, a sentence each: what is skipped in silence looks like a missing setting."""
    path = Path(env_file)
    if not path.is_file():
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        return [f"{env_file} cannot be read: {error.strerror}."]
    try:
        text = decoded(content)
    except NotUtf8 as error:
        return [f"{env_file} {error}; save it as UTF-8."]
    return [f"Line {line} of {env_file} {fault}" for line, fault in islice(_faulty(text), _TOLD)]


def _faulty(text: str) -> Iterator[tuple[int, str]]:
    """The lines of which python-dotenv passes over the whole or a part with nothing but a warning in the log."""
    from dotenv.parser import parse_stream

    known = set(os.environ)
    for binding in parse_stream(io.StringIO(text, newline=None)):
        said = binding.original.string
        line = binding.original.line + said[: len(said) - len(said.lstrip())].count("\n")
        if binding.error or (binding.key is not None and binding.value is None):
            yield line, "is not NAME=value; nothing of it counts."
        elif lost := [name for name in _PUT_IN.findall(binding.value or "") if name not in known]:
            yield line, f"names ${{{lost[0]}}}, which is set nowhere; in an address the sign $ can be written as %24."
        known.add(binding.key or "")


def given_names(env_file: str) -> set[str]:
    """All of them, in capitals."""
    return {name.upper() for name in (*os.environ, *_said_in(env_file))}


def overruled_names(env_file: str) -> list[str]:
    """Those that the file gives and the environment gives otherwise, which goes before it."""
    said = _said_in(env_file)
    return [name.upper() for name, value in said.items() if os.environ.get(name, value) != value]


def given_values(env_file: str) -> dict[str, str]:
    """What stands under each name, in small letters, where anything does; the environment goes before the file."""
    found = {name.lower(): value for name, value in _said_in(env_file).items() if value}
    return found | {name.lower(): value for name, value in os.environ.items() if value}


def marked_names() -> list[str]:
    """Names that were given with the mark of UTF-8 in front: Docker and systemd take it for a part of the first one."""
    return sorted(name.removeprefix(_MARK).upper() for name in os.environ if name.startswith(_MARK))


def is_emptied(name: str, env_file: str) -> bool:
    """Whether a name is given, and as nothing; the environment goes before the file."""
    if name in os.environ:
        return not os.environ[name].strip()
    return _said_in(env_file).get(name) == ""


def _said_in(env_file: str) -> dict[str, str | None]:
    """The names and values of the file; none where there is no file."""
    if not Path(env_file).is_file():
        return {}
    from dotenv import dotenv_values

    return dotenv_values(env_file, encoding=UTF_8)


def reach_loopback_directly() -> None:
    """Leave this machine's own addresses out of what goes through a proxy, for all libraries of this process."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, (spared, "127.0.0.1,localhost")))
