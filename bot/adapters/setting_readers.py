"""From what is written to a setting's value, a reader for each; what is wrong is a sentence's end (``ValueError``)."""

from __future__ import annotations

import re
import ssl
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.domain import setting_forms as forms
from bot.domain.orgs.install_links import read_install_ids

OFF = ("off", "")
_ON, _NOT_ON = ("on", "true", "yes", "1"), ("off", "false", "no", "0", "")
_HIGHEST_PORT = 65535
_PORT = re.compile("[0-9]{1,5}")
_SOMEWHERE = re.compile(r"\[[^\s/\[\]]+\]|[^\s/\[\]]+")
"""A name or an address; an empty one would be all of them."""


class Secret:
    """A text that shows itself only to who asks for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """The text."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


Reader = Callable[[str, Any], Any]
"""Given a setting's name in capitals and what is written, without what editors and shells leave around it."""


def read(reader: Reader, name: str, value: Any) -> Any:
    """The value of a setting. Raises ValueError."""
    if isinstance(value, Secret):
        value = value.get_secret_value()
    if isinstance(value, str):
        value = forms.cleaned(value)
        _refuse(forms.line_fault(value))
    return reader(name, value)


def _refuse(fault: str | None) -> None:
    if fault is not None:
        raise ValueError(fault)


def credential(name: str, value: str) -> str:
    """What Slack or Salesforce gave out."""
    _refuse(forms.credential_fault(name, value))
    return value


def secret_credential(name: str, value: str) -> Secret:
    """The same, secret."""
    return Secret(credential(name, value))


def key_or_file(name: str, value: str) -> Secret:
    """A PEM, or the name of its file."""
    _refuse(forms.key_fault(name, value))
    return Secret(value)


def keys(name: str, value: str | Iterable[Secret]) -> tuple[Secret, ...]:
    """Keys with commas between them."""
    parts = _parts(value) if isinstance(value, str) else [key.get_secret_value() for key in value]
    return tuple(secret_credential(name, part) for part in parts)


def people(_: str, value: str | Iterable[str]) -> tuple[str, ...]:
    """Slack's ids of people, with commas between them."""
    found = tuple(_parts(value) if isinstance(value, str) else value)
    _refuse(next(filter(None, map(forms.user_fault, found)), None))
    return found


def _parts(value: str) -> list[str]:
    return list(filter(None, map(forms.cleaned, value.split(","))))


def address(_: str, value: str) -> str:
    """A web address."""
    _refuse(forms.address_fault(value))
    return forms.web_address(value)


def host(_: str, value: str) -> str:
    """What is listened at."""
    bare = value[1:-1] if value[:1] == "[" and value[-1:] == "]" else value
    _refuse(forms.host_fault(bare))
    return bare


def api_address(_: str, value: str) -> str:
    """The same, to which the names of methods are joined: without a slash at its end every call would miss."""
    _refuse(forms.api_fault(value))
    found = forms.web_address(value)
    return found if found.endswith("/") else f"{found}/"


def switch(_: str, value: str | bool) -> bool:
    """On or off."""
    word = str(value).strip().casefold()
    if word not in (*_ON, *_NOT_ON):
        raise ValueError("it is on or off")
    return word in _ON


def install_ids(_: str, value: str) -> str:
    """The ids of apps, which are read again where they are needed."""
    read_install_ids(value)
    return value


def port(_: str, value: str | int) -> int:
    """A port, 0 for a free one."""
    if not _is_port(str(value)):
        raise ValueError("a port is a number from 0 to 65535")
    return int(value)


def _is_port(text: str) -> bool:
    return _PORT.fullmatch(text) is not None and int(text) <= _HIGHEST_PORT


def metrics_address(_: str, value: str) -> str:
    """A host and a port; empty for none."""
    if value.strip().casefold() in OFF:
        return ""
    name, _, number = value.rpartition(":")
    if not _SOMEWHERE.fullmatch(name) or forms.host_fault(name.strip("[]")) or not _is_port(number):
        raise ValueError("an address is a host and a port, as in 127.0.0.1:9464; off for none")
    return value.strip()


def database(_: str, value: str) -> Secret:
    """The address of a database, which may hold a password."""
    _refuse(forms.database_fault(value))
    return Secret(value)


def folder(_: str, value: str | Path) -> Path:
    """A folder that is there."""
    found = Path(value)
    if not stat.S_ISDIR(_kind_at(found)):
        raise ValueError("there is no folder of that name")
    return found


def bundle(_: str, value: str | Path) -> Path:
    """A file of authorities; the first connection would tell no more than that it fails."""
    if "-----BEGIN" in str(value):
        raise ValueError("that is a certificate itself; name a file of certificates")
    found = Path(value)
    kind = _kind_at(found)
    if stat.S_ISDIR(kind):
        raise ValueError("that is a folder; name a file of certificates")
    if not stat.S_ISREG(kind):
        raise ValueError("there is no file of that name")
    try:
        ssl.create_default_context(cafile=found)
    except OSError:  # what OpenSSL says is one
        raise ValueError("no certificate can be read from that file") from None
    return found


def _kind_at(path: Path) -> int:
    """The kind of what stands there, 0 for nothing. Raises ValueError, without the name: it may be a secret."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except OSError as error:
        raise ValueError(f"nothing of that name can be looked at ({error.strerror})") from None
    except ValueError:  # no name of a file at all
        return 0


READERS: Mapping[str, Reader] = {
    "slack_bot_token": secret_credential,
    "slack_app_token": secret_credential,
    "slack_signing_secret": secret_credential,
    "slack_client_id": credential,
    "slack_client_secret": secret_credential,
    "slack_api_url": api_address,
    "flosum_database_url": database,
    "flosum_secret_keys": keys,
    "flosum_public_url": address,
    "flosum_host": host,
    "flosum_port": port,
    "flosum_metrics_address": metrics_address,
    "flosum_admins": people,
    "flosum_org_writes": switch,
    "flosum_app_install_ids": install_ids,
    "flosum_guidance_dir": folder,
    "salesforce_client_id": credential,
    "salesforce_client_secret": secret_credential,
    "salesforce_jwt_client_id": secret_credential,
    "salesforce_jwt_key": key_or_file,
    "ssl_cert_file": bundle,
    "requests_ca_bundle": bundle,
}
"""By the setting's name, in the order in which what is wrong is told."""
