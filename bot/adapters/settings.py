"""The environment, or a ``.env`` file, read once into a frozen record. No other module looks at the environment."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from bot.adapters.environment import (
    at_odds,
    env_file_faults,
    given_names,
    given_values,
    is_emptied,
    marked_names,
    set_for_all,
)
from bot.adapters.named_file import read_named
from bot.adapters.setting_readers import OFF, READERS, Secret, read
from bot.domain import setting_forms as forms
from bot.domain.encodings import NotUtf8, decoded
from bot.domain.errors import AskerError, OperatorError
from bot.domain.orgs.install_links import InstallIds, read_install_ids
from bot.domain.orgs.pem import private_key
from bot.domain.program import to_type

PREFIX = "FLOSUM_"
ENV_FILE = ".env"
"""Read in the folder that the program is started in."""

_PROXY, _SPARED = "https_proxy", "no_proxy"
"""What the libraries read by themselves, from the environment alone."""

EVERYWHERE = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104 - compared with, not bound to
"""What a bot listens at that takes every address of its machine."""

NAMES = frozenset(name.upper() for name in READERS)
"""Every setting, as it is written."""


@dataclass(frozen=True)
class Settings:
    """Every setting of the contract, under its own name in lower case. Secrets never show in ``repr``.

    Read by a reader each, without a library for it: that took a sixth of a start and a tenth of an idle bot's memory.
    """

    slack_bot_token: Secret | None = None
    slack_app_token: Secret | None = None
    slack_signing_secret: Secret | None = None
    slack_client_id: str | None = None
    slack_client_secret: Secret | None = None
    slack_api_url: str = "https://slack.com/api/"
    flosum_database_url: Secret | None = None
    flosum_secret_keys: tuple[Secret, ...] = ()
    flosum_public_url: str | None = None
    flosum_host: str = "127.0.0.1"
    flosum_port: int = 3000
    flosum_metrics_address: str = "127.0.0.1:9464"
    flosum_admins: tuple[str, ...] = ()
    flosum_org_writes: bool = False
    flosum_app_install_ids: str = ""
    flosum_guidance_dir: Path | None = None
    salesforce_client_id: str | None = None
    salesforce_client_secret: Secret | None = None
    salesforce_jwt_client_id: Secret | None = None
    salesforce_jwt_key: Secret | None = None
    ssl_cert_file: Path | None = None
    requests_ca_bundle: Path | None = None
    chosen: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """The names of those that somebody gave; all others are as they are by default."""
    at_odds: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """A sentence for each proxy that is given twice and not alike; once it is set for all nobody can tell."""

    @cached_property
    def database_url(self) -> str:
        """The SQLAlchemy URL; without a setting, a SQLite file in the user's data folder."""
        if self.flosum_database_url is None:
            return f"sqlite:///{user_data_path('flosum-assistant', appauthor=False) / 'assistant.db'}"
        return forms.database_url(self.flosum_database_url.get_secret_value())

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """The host and the port for the operator's own eyes; None for nowhere."""
        host, _, port = self.flosum_metrics_address.rpartition(":")
        return (host.strip("[]"), int(port)) if port else None

    @property
    def ca_bundle(self) -> str | None:
        """The file of certificate authorities to trust; each library reads only one of the two names by itself."""
        chosen = self.requests_ca_bundle or self.ssl_cert_file
        return str(chosen) if chosen else None

    @property
    def install_ids(self) -> InstallIds:
        """The ids by which an app's install page is found, by the app's name."""
        return read_install_ids(self.flosum_app_install_ids)

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces add the bot themselves ("Add to Slack"), instead of one whose token is a setting."""
        return self.slack_client_id is not None and self.slack_client_secret is not None

    @property
    def on_postgresql(self) -> bool:
        """Whether more than one process may share the database."""
        return self.database_url.startswith("postgresql")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The encryption keys, newest first; empty means the key file beside the SQLite file."""
        return tuple(key.get_secret_value() for key in self.flosum_secret_keys)

    @cached_property
    def jwt_key(self) -> str | None:
        """The PEM of the JWT bearer login, read from the file if a file is named.

        Raises OperatorError when it cannot be read, or is no unencrypted private key.
        """
        value = reveal(self.salesforce_jwt_key)
        if value is None:
            return None
        try:
            return private_key(value if "-----BEGIN" in value else _read_pem(value))
        except AskerError as error:
            raise OperatorError(f"SALESFORCE_JWT_KEY is not right. {error.text}") from None


_RECORD = (b"\x30\x82", b"\x30\x83")
"""How every record of that length begins that is not turned into text."""
_TO_PEM = (
    "Turn it into PEM: openssl pkey -inform DER -in key.der -out key.pem, "
    "or openssl pkcs12 -in key.p12 -nodes -nocerts -out key.pem"
)


def _read_pem(path: str) -> str:
    said = "SALESFORCE_JWT_KEY names a file that"
    instead = "Give a readable PEM file or the PEM itself."
    try:
        content = read_named(Path(path).expanduser())
        return decoded(content)
    except NotUtf8 as error:
        if content.startswith(_RECORD):
            raise OperatorError(f"{said} holds a key in DER or PKCS #12, which is no text. {_TO_PEM}") from None
        raise OperatorError(f"{said} {error}; save it as UTF-8.") from None
    except OSError as error:
        raise OperatorError(f"{said} cannot be read: {error.strerror}. {instead}") from None
    except (ValueError, RuntimeError):  # no name of a file at all, or the home of nobody
        raise OperatorError(f"{said} cannot be. {instead}") from None


def reveal(secret: Secret | None) -> str | None:
    """The secret's own text, for the one call that needs it."""
    return secret.get_secret_value() if secret is not None else None


def given(**values: Any) -> Settings:
    """Settings from arguments alone, for tests and the demo, of which many may run side by side: what the environment
    and ``.env`` say does not count, and the operator's address is a free one. Raises OperatorError.
    """
    found, problems = _read(values)
    if problems:
        raise OperatorError("\n".join(problems))
    return Settings(**{"flosum_metrics_address": "127.0.0.1:0"} | found, chosen=frozenset(found))


def load(
    env_file: str = ENV_FILE,
    *,
    without_keys: bool = False,
    lacking: Callable[[Settings], Iterable[str]] = lambda _: (),
) -> Settings:
    """Read the settings. Raises OperatorError with one sentence per wrong or unknown one, a line each.

    ``without_keys`` is for whoever needs none, or is about to make the first encryption key. ``lacking`` says what else
    is missing for what is to be done, of those that are right: all is told at once.
    """
    if faults := env_file_faults(env_file):
        raise OperatorError("\n".join(faults))
    problems = _unknown_names(env_file)
    said = given_values(env_file)
    found, wrong = _read(said | _switched_off(env_file))
    if fault := forms.proxy_fault(said.get(_PROXY, "")):
        wrong.append(f"{_PROXY.upper()} is not right: {fault}.")
    torn = (at_odds(_PROXY, env_file, forms.proxy), at_odds(_SPARED, env_file, forms.cleaned))
    settings = Settings(**found, chosen=frozenset(found), at_odds=tuple(filter(None, torn)))
    besides = [*_at_odds(settings, without_keys=without_keys), *lacking(settings)]
    # What is wrong is left out of these settings, so what speaks of it may not be true.
    told = {sentence.partition(" ")[0] for sentence in wrong}
    problems += [*wrong, *(sentence for sentence in besides if told.isdisjoint(re.findall(r"[A-Z_]{4,}", sentence)))]
    if problems:
        raise OperatorError("\n".join(problems))
    _tell_libraries(settings, said)
    return settings


def _at_odds(settings: Settings, *, without_keys: bool) -> Iterator[str]:
    """What is wrong with several of them together."""
    if settings.on_postgresql and not settings.flosum_secret_keys and not without_keys:
        yield (
            "FLOSUM_SECRET_KEYS is missing; with PostgreSQL the encryption key must be given "
            f"(make one with `{to_type('rotate-keys', '--new-key')}`)."
        )
    if settings.slack_signing_secret is not None and settings.slack_signing_secret == settings.slack_client_secret:
        yield "SLACK_SIGNING_SECRET and SLACK_CLIENT_SECRET hold the same; Basic Information shows two."
    host, port = settings.metrics_address or ("", 0)
    hosts = {host, settings.flosum_host}
    if port == settings.flosum_port != 0 and (len(hosts) == 1 or EVERYWHERE & hosts):
        yield "FLOSUM_PORT and the port of FLOSUM_METRICS_ADDRESS are the same; give one of the two another."


def _tell_libraries(settings: Settings, said: Mapping[str, str]) -> None:
    """Set what libraries read by themselves, from the environment alone."""
    if settings.ca_bundle:
        # The one library that takes it from nowhere else: the line of Socket Mode.
        os.environ.setdefault("WEBSOCKET_CLIENT_CA_BUNDLE", settings.ca_bundle)
    if _PROXY in said:
        set_for_all(_PROXY, forms.proxy(said[_PROXY]))
    if _SPARED in said:
        set_for_all(_SPARED, forms.cleaned(said[_SPARED]))


def _switched_off(env_file: str) -> dict[str, str]:
    """The one setting that can be emptied; any other that is empty is as if it were not given."""
    return {"flosum_metrics_address": OFF[0]} if is_emptied("FLOSUM_METRICS_ADDRESS", env_file) else {}


def _read(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The settings among what is given, and a sentence for each that is wrong."""
    found: dict[str, Any] = {}
    problems: list[str] = []
    for name, reader in READERS.items():
        if (value := values.get(name)) is None:
            continue
        try:
            found[name] = read(reader, name.upper(), value)
        except ValueError as fault:
            reason = str(fault)
            problems.append(f"{name.upper()} is not right: {reason[:1].lower()}{reason[1:]}.")
    return found, problems


_MARKED = (
    "has an invisible mark (BOM) in front, so it does not count; save the file that it comes from as UTF-8 without BOM."
)


def _unknown_names(env_file: str) -> list[str]:
    told = [f"The name {name} {_MARKED}" for name in marked_names() if name in NAMES]
    known = {name.removeprefix(PREFIX): name for name in sorted(NAMES)}  # what all begin with makes none alike
    for name in sorted(given_names(env_file) - NAMES):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
            meant = f"; did you mean {known[near[0]]}?" if near else "."
            told.append(f"{name} is not a setting of the assistant{meant}")
    return told
