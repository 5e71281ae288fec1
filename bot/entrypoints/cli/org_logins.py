"""Connecting an org from the terminal: where its credentials come from, and the first reading."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from bot.domain.answers.humanize import capital
from bot.domain.errors import AskerError
from bot.domain.model import Credentials, Login, Org, OrgFacts
from bot.domain.orgs.pem import private_key
from bot.domain.setting_forms import cleaned, consumer_fault
from bot.entrypoints.cli.files import text_of
from bot.entrypoints.cli.parts import OrgConsole


class LoginOptions:
    """Where the parts of the credentials come from: options first, then settings, then a prompt."""

    def __init__(
        self,
        defaults: Credentials,
        consumer_key: str | None,
        secret_file: str | None,
        key_file: Path | None,
        of: str = "",
    ) -> None:
        """``of``: the org's name, where several are asked for."""
        self._defaults = defaults
        self._consumer_key = consumer_key
        self._secret_file = secret_file
        self._key_file = key_file
        self._of = f" of {of}" if of else ""
        self.readers: Mapping[Login, Callable[[], Credentials]] = {
            Login.CLIENT_CREDENTIALS: self._for_client_credentials,
            Login.JWT: self._for_jwt,
        }
        self._askers: Mapping[Login, Callable[[], list[str]]] = {
            Login.CLIENT_CREDENTIALS: self._asks_for_secret,
            Login.JWT: self._asks_for_no_key,
        }

    def to_ask(self, login: Login) -> list[str]:
        """What a person would be asked for. Raises AskerError for what is given and wrong, or cannot be asked for."""
        asked = [] if self._consumer_key or self._defaults.consumer_key else ["consumer key"]
        return asked + self._askers[login]()

    def _asks_for_secret(self) -> list[str]:
        if not self._secret_file and (self._consumer_key or not self._defaults.consumer_secret):
            return ["consumer secret"]
        self._secret()
        return []

    def _asks_for_no_key(self) -> list[str]:
        self._private_key()
        return []

    def _for_client_credentials(self) -> Credentials:
        return Credentials(self._key(), consumer_secret=self._secret())

    def _key(self) -> str:
        given = cleaned(self._consumer_key or "")
        key = given or self._defaults.consumer_key or prompt(f"Consumer key{self._of}", self._giving("--consumer-key"))
        return _right("consumer key", key)

    def _secret(self) -> str:
        ours = self._defaults.consumer_secret if not self._consumer_key else None
        if self._secret_file == "-":  # noqa: S105 - the sign for standard input
            secret = cleaned(sys.stdin.readline())
        elif self._secret_file:
            secret = cleaned(text_of(Path(self._secret_file)))
        else:
            secret = ours or prompt(f"Consumer secret{self._of}", self._giving("--secret-file"), hide=True)
        if not secret:
            raise AskerError(f"The consumer secret{self._of} is empty. Copy it from the app in Salesforce once more.")
        return _right("consumer secret", secret)

    def _giving(self, option: str) -> str:
        """How it is given: by an option, or by the column of that name where orgs stand in a file."""
        return f"fill in {option.removeprefix('--').replace('-', '_')}" if self._of else f"give {option}"

    def _for_jwt(self) -> Credentials:
        return Credentials(self._key(), private_key=self._private_key())

    def _private_key(self) -> str:
        pem = text_of(self._key_file) if self._key_file else self._defaults.private_key
        if not pem:
            giving = self._giving("--key-file")
            raise AskerError(f"JWT bearer needs the private key: {giving} or set SALESFORCE_JWT_KEY.")
        return private_key(pem)


def prompt(what: str, giving: str, *, hide: bool = False) -> str:
    """Ask the person at the terminal. Raises AskerError where nobody is there; ``giving`` is what to do then."""
    if not sys.stdin.isatty():
        raise AskerError(f"{what} is missing; {giving}.")
    return cleaned(str(typer.prompt(what, hide_input=hide)))


def _right(what: str, value: str) -> str:
    if fault := consumer_fault(what, value):
        raise AskerError(f"{capital(fault)}.")
    return value


def connect(console: OrgConsole, org: Org, credentials: Credentials, *, check: bool) -> OrgFacts | None:
    """Save an org, after a first reading if it is to be checked. Raises OrgError when Salesforce refuses the login."""
    facts = console.orgs.facts(org, credentials) if check else None
    console.store.add_org(org, credentials)
    if facts is not None:
        console.store.save_facts(org, facts)
    console.record("connected", f"{org.name} ({org.host})")
    return facts


def where(org: Org, facts: OrgFacts | None) -> str:
    """Where it was connected to, and how much is known of it."""
    return f"{org.host}, {facts.organization_id}" if facts else f"{org.host}, not checked yet"
