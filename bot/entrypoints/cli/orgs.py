"""``python app.py orgs …``: connecting orgs from the operator's terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.errors import AskerError, OrgRefused
from bot.domain.model import Credentials, Login, Org, OrgFacts
from bot.domain.orgs import own_app
from bot.domain.orgs.logins import in_terminal
from bot.domain.orgs.my_domain import is_sandbox_host, my_domain_host
from bot.domain.orgs.pem import private_key
from bot.entrypoints.cli import output
from bot.entrypoints.cli.parts import CommandParts, OrgConsole

_FROM_WHERE = "File with the consumer secret, - for standard input; else the settings or a prompt. Never an argument."


def orgs_program(parts: CommandParts) -> typer.Typer:
    """``orgs add``, ``orgs list``, ``orgs remove``."""
    app = typer.Typer(help="Connect, list and remove Salesforce orgs.", rich_markup_mode=None)

    @app.command()
    def add(
        name: Annotated[str, typer.Argument(help="What people will call the org, such as prod.")],
        host: Annotated[str | None, typer.Option(help="Its My Domain, such as acme.my.salesforce.com.")] = None,
        username: Annotated[str | None, typer.Option(help="Log in by JWT bearer as this user.")] = None,
        consumer_key: Annotated[str | None, typer.Option(help="Of the app that lets the bot in.")] = None,
        secret_file: Annotated[str | None, typer.Option(help=_FROM_WHERE)] = None,
        key_file: Annotated[Path | None, typer.Option(help="PEM file with the private key, for JWT bearer.")] = None,
        check: Annotated[bool, typer.Option(help="Log in before saving.")] = True,
    ) -> None:
        """Connect an org: client credentials, or JWT bearer when a user name is given."""
        my_domain = my_domain_host(host or _prompt("My Domain of the org", "--host"))
        login = in_terminal(names_user=bool(username))
        given = LoginOptions(parts.org_defaults(), consumer_key, secret_file, key_file)
        credentials = given.readers[login]()
        with parts.console() as console:
            org = Org(console.workspace, name, my_domain, login, username, sandbox=is_sandbox_host(my_domain) or None)
            _refuse_taken(console, org)
            facts = _checked(console, org, credentials) if check else None
            console.store.add_org(org, credentials)
            if facts is not None:
                console.store.save_facts(org, facts)
            console.record("connected", f"{name} ({my_domain})")
        where = f"{my_domain}, {facts.organization_id}" if facts else f"{my_domain}, not checked yet"
        sys.stdout.write(f"Connected {name} ({where}).\nNext: python app.py status {name}\n")

    @app.command(name="list")
    def list_orgs() -> None:
        """List the connected orgs."""
        with parts.console() as console:
            orgs = console.store.orgs(console.workspace)
            for org in orgs:
                kind = "sandbox" if org.sandbox else "production" if org.sandbox is False else "not read yet"
                sys.stdout.write(f"{org.name}\t{org.host}\t{org.login}\t{kind}\n")
        if not orgs:
            sys.stdout.write("No org is connected yet. Next: python app.py orgs add prod\n")

    @app.command()
    def remove(name: Annotated[str, typer.Argument(help="The org's name.")]) -> None:
        """Forget an org, its credentials and what was read of it. Nothing changes in Salesforce."""
        with parts.console() as console:
            org = console.store.org(console.workspace, name)
            if org is None or not console.store.remove_org(console.workspace, name):
                known = ", ".join(org.name for org in console.store.orgs(console.workspace)) or "none yet"
                raise AskerError(f"There is no org called {name}. Connected orgs: {known}.")
            console.record("disconnected", f"{org.name} ({org.host})")
        sys.stdout.write(
            f"Removed {name}. Its app in Salesforce is untouched; delete that there if nothing else uses it.\n"
        )

    return app


class LoginOptions:
    """Where the parts of the credentials come from: options first, then settings, then a prompt."""

    def __init__(
        self, defaults: Credentials, consumer_key: str | None, secret_file: str | None, key_file: Path | None
    ) -> None:
        self._defaults = defaults
        self._consumer_key = consumer_key
        self._secret_file = secret_file
        self._key_file = key_file
        self.readers: Mapping[Login, Callable[[], Credentials]] = {
            Login.CLIENT_CREDENTIALS: self._for_client_credentials,
            Login.JWT: self._for_jwt,
        }

    def _for_client_credentials(self) -> Credentials:
        key = self._consumer_key or self._defaults.consumer_key or _prompt("Consumer key", "--consumer-key")
        return Credentials(key, consumer_secret=self._secret())

    def _secret(self) -> str:
        if self._secret_file == "-":  # noqa: S105 - the sign for standard input
            return sys.stdin.readline().strip()
        if self._secret_file:
            return _read(Path(self._secret_file))
        ours = self._defaults.consumer_secret if not self._consumer_key else None
        return ours or _prompt("Consumer secret", "--secret-file", hide=True)

    def _for_jwt(self) -> Credentials:
        key = self._consumer_key or self._defaults.consumer_key or _prompt("Consumer key", "--consumer-key")
        pem = _read(self._key_file) if self._key_file else self._defaults.private_key
        if not pem:
            raise AskerError("JWT bearer needs the private key: give --key-file or set SALESFORCE_JWT_KEY.")
        return Credentials(key, private_key=private_key(pem))


def _prompt(what: str, option: str, *, hide: bool = False) -> str:
    if not sys.stdin.isatty():
        raise AskerError(f"{what} is missing; give {option}.")
    return str(typer.prompt(what, hide_input=hide)).strip()


def _read(path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise AskerError(f"The file {path} cannot be read.") from None


def _refuse_taken(console: OrgConsole, org: Org) -> None:
    if console.store.org(org.workspace, org.name) is not None:
        raise AskerError(f"An org called {org.name} is connected already. Choose another name, or remove it first.")


def _checked(console: OrgConsole, org: Org, credentials: Credentials) -> OrgFacts:
    """A first reading. Raises AskerError, with what helps against the very error, when Salesforce refuses the login."""
    try:
        return console.orgs.facts(org, credentials)
    except OrgRefused as refusal:
        meaning = output.words(own_app.guidance(refusal.code, refusal.description, org.login))
        raise AskerError(f"{refusal.text}\nNothing was saved.\n\n{meaning}".rstrip()) from None
