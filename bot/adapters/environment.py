"""Which names the environment and the ``.env`` file give, at a glance: reading the settings takes far longer."""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from bot.domain.encodings import UTF_8, NotUtf8, decoded
from bot.domain.setting_forms import cleaned

_TOLD = 5  # lines that are named
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = re.compile(r"FLOSUM|SLACK|SALESFORCE", re.IGNORECASE)
_MARK = "\ufeff"
_PUT_IN = re.compile(r"\$\{([^}:]*)\}")
"""Where the value of another name is put in; with ``:-`` there is one for when it is not set."""


def env_file_faults(env_file: str) -> list[str]:
    """What of the file could not be read, a sentence each: what is skipped in silence looks like a missing setting."""
    path = Path(env_file)
    try:
        if other := _other_kind(path):
            return [f"{env_file} {other}"]
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        return [f"{env_file} cannot be read: {error.strerror}."]
    try:
        text = decoded(content)
    except NotUtf8 as error:
        return [f"{env_file} {error}; save it as UTF-8."]
    return [f"Line {line} of {env_file} {fault}" for line, fault in islice(_faulty(text), _TOLD)]


def _other_kind(path: Path) -> str | None:
    """What stands there in place of a file, as Docker makes a folder of a file that it should mount and that is not
    there; None where it is a file, or nothing."""
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "leads to a file that is not there." if path.is_symlink() else None
    if stat.S_ISDIR(kind):
        return "is a folder; a file with NAME=value in each line belongs there."
    return None if stat.S_ISREG(kind) else "is no file that can be read twice; give what it holds in the environment."


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # what nobody may look at is told by ``env_file_faults``
        return False


def _faulty(text: str) -> Iterator[tuple[int, str]]:
    """The lines of which python-dotenv passes over the whole or a part with nothing but a warning in the log."""
    from dotenv.parser import parse_stream

    known = set(os.environ)
    for binding in parse_stream(io.StringIO(text, newline=None)):
        said = binding.original.string
        line = binding.original.line + said[: len(said) - len(said.lstrip())].count("\n")
        if binding.error or (binding.key is not None and (binding.value is None or _disguised(binding.key))):
            yield line, "is not NAME=value; nothing of it counts."
        elif lost := [name for name in _PUT_IN.findall(binding.value or "") if name not in known]:
            yield line, f"names ${{{lost[0]}}}, which is set nowhere; in an address the sign $ can be written as %24."
        known.add(binding.key or "")


def _disguised(name: str) -> bool:
    """Whether it is one of ours that no program would find, as in ``$env:FLOSUM_PORT`` or ``FLOSUM-PORT``."""
    return _OURS.search(name) is not None and _NAME.fullmatch(name) is None


def given_names(env_file: str) -> set[str]:
    """All of them, in capitals."""
    return {name.upper() for name in (*os.environ, *_said_in(env_file))}


def overruled_names(env_file: str) -> list[str]:
    """Those that the file gives and the environment gives otherwise, which goes before it."""
    said, first = _by_name(_said_in(env_file).items()), _by_name(os.environ.items())
    return [name.upper() for name, value in said.items() if cleaned(first.get(name, value)) != cleaned(value)]


def given_values(env_file: str) -> dict[str, str]:
    """What stands under each name, in small letters, where anything does; the environment goes before the file."""
    return _by_name(_said_in(env_file).items()) | _by_name(os.environ.items())


def _by_name(said: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """What is said, by names in small letters. Quotes alone say nothing; of two spellings that in capitals counts."""
    capitals_last = sorted(said, key=lambda each: each[0].isupper())
    return {name.lower(): value for name, value in capitals_last if value and cleaned(value)}


def doubled_names(env_file: str) -> list[str]:
    """Names that the environment gives in two spellings, or a file on several lines, in capitals."""
    in_environment = Counter(name.upper() for name in os.environ)
    in_file = Counter(map(str.upper, _lines_of(env_file)))
    return [name for name, times in (in_environment | in_file).items() if times > 1]


def at_odds(name: str, env_file: str, meaning: Callable[[str], str]) -> str:
    """That a name is given in two spellings or places and does not mean the same in both, as a sentence; else ""."""
    said = (*os.environ.items(), *_said_in(env_file).items())
    values = {meaning(value) for key, value in said if key.upper() == name.upper() and value and cleaned(value)}
    if len(values) < 2:
        return ""
    return f"{name.upper()} is given twice, not alike; the environment goes before {env_file}, capitals before the rest"


def set_for_all(name: str, value: str) -> None:
    """Have every library of this process find it: some read small letters first, some capitals, none a file."""
    os.environ[name.lower()] = os.environ[name.upper()] = value


def marked_names() -> list[str]:
    """Names that were given with the mark of UTF-8 in front: Docker and systemd take it for a part of the first one."""
    return sorted(name.removeprefix(_MARK).upper() for name in os.environ if name.startswith(_MARK))


def is_emptied(name: str, env_file: str) -> bool:
    """Whether a name is given, and as nothing; the environment goes before the file."""
    value = os.environ.get(name, _said_in(env_file).get(name))
    return value is not None and not cleaned(value)


def _said_in(env_file: str) -> dict[str, str | None]:
    """The names and values of the file; none where there is no file."""
    if not _is_file(Path(env_file)):
        return {}
    from dotenv import dotenv_values

    return dotenv_values(env_file, encoding=UTF_8)


def _lines_of(env_file: str) -> Iterator[str]:
    """The name on each line of the file that has one."""
    if not _is_file(Path(env_file)):
        return
    from dotenv.parser import parse_stream

    with Path(env_file).open(encoding=UTF_8) as file:
        yield from (binding.key for binding in parse_stream(file) if binding.key is not None)


def reach_loopback_directly() -> None:
    """Leave this machine's own addresses out of what goes through a proxy, for all libraries of this process."""
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, (spared, "127.0.0.1,localhost")))
