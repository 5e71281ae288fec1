"""Encryption at rest: Fernet (AES-128-CBC with HMAC-SHA256), newest key first, each text bound to its place.

Fernet authenticates what it encrypts but has no associated data, so the digest of the context travels inside
the ciphertext and is compared on opening: a ciphertext copied into another row does not open there.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.encodings import NotUtf8, decoded
from bot.domain.errors import LoginLost, OperatorError
from bot.domain.program import to_type
from bot.domain.setting_forms import cleaned

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

# Python's base64 skips letters it does not know, so a mistyped key would pass as another one.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_DIGEST_BYTES = hashlib.sha256().digest_size
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HOW = to_type("rotate-keys", "--new-key")
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class Vault:
    """Seals texts under the first key and opens what any of the keys has sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises OperatorError when there is no key or one is malformed; the key itself is never named."""
        if not keys:
            raise OperatorError(f"FLOSUM_SECRET_KEYS holds no key. Make one with: {_HOW}")
        self._keys = [_checked(key, place) for place, key in enumerate(keys, start=1)]

    def __repr__(self) -> str:
        return f"Vault({len(self._keys)} keys)"

    @cached_property
    def _fernet(self) -> MultiFernet:
        from cryptography.fernet import Fernet, MultiFernet  # slow to load, and a start seals nothing

        return MultiFernet([Fernet(key) for key in self._keys])

    def load(self) -> None:
        """Load what the first to seal something would wait for."""
        self._fernet  # noqa: B018 - made by being asked for

    def seal(self, text: str, context: str) -> str:
        """Encrypt ``text`` so that it opens only for the same ``context``, which names its row."""
        return self._fernet.encrypt(_digest(context) + text.encode()).decode("ascii")

    def open(self, token: str, context: str, *, name: str) -> str:
        """Decrypt what was sealed for ``context``. ``name`` says in the error what has to be connected again.

        Raises LoginLost when none of the keys opens it, or when it was sealed for another row.
        """
        from cryptography.fernet import InvalidToken

        try:
            plain = self._fernet.decrypt(token.encode())
        except InvalidToken:
            raise LoginLost(
                f"None of the encryption keys opens the stored login of `{name}`. Put the key that was used "
                f"back into FLOSUM_SECRET_KEYS (or the key file), or remove `{name}` and connect it again."
            ) from None
        if not hmac.compare_digest(plain[:_DIGEST_BYTES], _digest(context)):
            raise LoginLost(f"The stored login of `{name}` is another org's. Remove `{name}` and connect it again.")
        return plain[_DIGEST_BYTES:].decode()


def make_key() -> str:
    """A new random key, as FLOSUM_SECRET_KEYS takes it."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")


def key_file(path: Path) -> tuple[str, ...]:
    """The keys in ``path``, newest first; at first start one is made there, readable by its owner alone.

    Raises OperatorError when others may read the file, when it cannot be read or made, or a line is not a key.
    """
    with _told(path):
        keys = _read(path) if path.exists() else _make(path)
    if not keys or not all(map(_KEY.fullmatch, keys)):
        raise OperatorError(f"The key file {path} does not hold a key. Put the key that was in use back into it.")
    return keys


def add_key(path: Path) -> None:
    """Put a new key in front of those in ``path``, in one step: whoever reads meanwhile gets the old or the new.

    Raises OperatorError as ``key_file`` does, and while another process is adding one.
    """
    key_file(path)  # refused or made before anything is changed
    aside = path.with_name(f".{path.name}.new")
    with _told(path):
        try:
            # One process at a time, from the reading on, or the key of one would be lost to the other.
            descriptor = os.open(aside, _NEW_FILE, 0o600)
        except FileExistsError:
            raise OperatorError(f"A key is being added already. If that was broken off, delete {aside}.") from None
        try:
            _fill(descriptor, (make_key(), *key_file(path)))
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        _settle(path.parent)


def _checked(key: str, place: int) -> str:
    if not _KEY.fullmatch(key.strip()):
        raise OperatorError(
            f"Key {place} of FLOSUM_SECRET_KEYS is not 44 letters of URL-safe base64. Make a key with: {_HOW}"
        )
    return key.strip()


def _digest(context: str) -> bytes:
    return hashlib.sha256(context.encode()).digest()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OperatorError(f"The key file {path} cannot be read or made: {error.strerror}.") from error


def _read(path: Path) -> tuple[str, ...]:
    with open(path, "rb", opener=_opened_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OperatorError(f"The key file {path} is no file. Put the key that was in use into one.")
        if is_open_to_others(os.fstat(file.fileno())):
            raise OperatorError(f"The key file {path} is open to other users of this machine: run chmod 600 {path}")
        content = file.read()
    try:
        text = decoded(content)
    except NotUtf8 as error:
        raise OperatorError(f"The key file {path} {error}; save it as UTF-8.") from None
    # A key to a line, or as they stand in FLOSUM_SECRET_KEYS, where somebody put them here from.
    parts = (part for line in text.splitlines() for part in cleaned(line).split(","))
    return tuple(filter(None, map(cleaned, parts)))


def _opened_at_once(path: str, flags: int) -> int:
    """A pipe would be waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def is_open_to_others(found: os.stat_result) -> bool:
    """Whether other users of this machine may do anything with a file."""
    # Windows keeps its permissions elsewhere and reports every file as readable by all.
    return os.name == "posix" and bool(found.st_mode & _OTHERS)


def _make(path: Path) -> tuple[str, ...]:
    """Write the key aside, then give it its name: nobody ever sees half a key, and the first process wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _fill(os.open(aside, _NEW_FILE, 0o600), [make_key()])
        with suppress(FileExistsError):  # another process was first, and its key is the one to use
            path.hardlink_to(aside)
    finally:
        aside.unlink(missing_ok=True)
    return _read(path)


def _fill(descriptor: int, keys: Sequence[str]) -> None:
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{key}\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the new name on the disk before anything is sealed under the key that is behind it."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
