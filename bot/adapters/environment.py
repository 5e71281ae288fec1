"""Which names the environment and the ``.env`` file give, at a glance: reading the settings takes far longer."""

from __future__ import annotations

import io
import os
from pathlib import Path

from bot.domain.encodings import UTF_8, is_utf_16

_TOLD = 5  # lines that are named
_MARK = "\ufeff"


def env_file_faults(env_file: str) -> list[str]:
    """What of the file could not be read, a sentence each: what is skipped in silence looks like a missing setting."""
    path = Path(env_file)
    if not path.is_file():
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        return [f"{env_file} cannot be read: {error.strerror}."]
    if is_utf_16(content):
        return [f"{env_file} is saved as UTF-16; save it as UTF-8."]
    try:
        text = content.decode(UTF_8)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [f"{env_file} is not UTF-8 in line {line}; save it as UTF-8."]
    return [f"Line {line} of {env_file} is not NAME=value; nothing of it counts." for line in _unread(text)[:_TOLD]]


def _unread(text: str) -> list[int]:
    """The lines that python-dotenv passes over with nothing but a warning in the log."""
    from dotenv.parser import parse_stream

    lines = []
    for binding in parse_stream(io.StringIO(text, newline=None)):
        said = binding.original.string
        if binding.error or (binding.key is not None and binding.value is None):
            lines.append(binding.original.line + said[: len(said) - len(said.lstrip())].count("\n"))
    return lines


def given_names(env_file: str) -> set[str]:
    """All of them, in capitals."""
    names = {name.upper() for name in os.environ}
    if Path(env_file).is_file():
        from dotenv import dotenv_values

        names |= {name.upper() for name in dotenv_values(env_file, encoding=UTF_8)}
    return names


def marked_names() -> list[str]:
    """Names that were given with the mark of UTF-8 in front: Docker and systemd take it for a part of the first one."""
    return sorted(name.removeprefix(_MARK).upper() for name in os.environ if name.startswith(_MARK))


def is_emptied(name: str, env_file: str) -> bool:
    """Whether a name is given, and as nothing; the environment goes before the file."""
    if name in os.environ:
        return not os.environ[name].strip()
    if not Path(env_file).is_file():
        return False
    from dotenv import dotenv_values

    return dotenv_values(env_file, encoding=UTF_8).get(name) == ""


def reach_loopback_directly() -> None:
    """Leave this machine's own addresses out of what goes through a proxy, for all libraries of this process."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, (spared, "127.0.0.1,localhost")))
