"""``python app.py orgs …``: connecting orgs from the operator's terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.command import shorten
from bot.domain.errors import AskerError, OrgRefused
from bot.domain.model import Org
from bot.domain.orgs import own_app
from bot.domain.orgs.connection import new_org_name
from bot.domain.orgs.logins import in_terminal
from bot.domain.orgs.my_domain import is_sandbox_host, my_domain_host
from bot.domain.program import to_type
from bot.entrypoints.cli import output
from bot.entrypoints.cli.org_list import add_org_list
from bot.entrypoints.cli.org_logins import LoginOptions, connect, prompt, where
from bot.entrypoints.cli.parts import CommandParts, OrgConsole

_FROM_WHERE = "File with the consumer secret, - for standard input; else the settings or a prompt. Never an argument."
_GRANTS = "The org's administrator allows /flosum grant in it; FLOSUM_ORG_WRITES has to be on, too."


def no_orgs() -> str:
    """How the first org is connected, in a terminal."""
    return f"No org is connected yet. Next: {to_type('orgs', 'add', 'prod')}"


def unknown_org(console: OrgConsole, name: str) -> AskerError:
    """That no org is called so, and which there are, or how the first one is connected."""
    known = ", ".join(org.name for org in console.store.orgs(console.workspace))
    return AskerError(f"There is no org called {shorten(name)}. {f'Connected orgs: {known}.' if known else no_orgs()}")


def told_of_none(orgs: Sequence[object]) -> None:
    """Where a file has no org in it, say so beside it: who looks at an empty one learns the next step."""
    if not orgs:
        sys.stderr.write(f"{no_orgs()}\n")


def orgs_program(parts: CommandParts) -> typer.Typer:
    """``orgs add``, ``list``, ``remove``, ``import`` and ``export``."""
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
        allow_grants: Annotated[bool, typer.Option("--allow-grants", help=_GRANTS)] = False,
    ) -> None:
        """Connect an org: client credentials, or JWT bearer when a user name is given."""
        name = new_org_name(name)
        my_domain = my_domain_host(host or prompt("My Domain of the org", "give --host"))
        login = in_terminal(names_user=bool(username))
        given = LoginOptions(parts.org_defaults(), consumer_key, secret_file, key_file)
        credentials = given.readers[login]()
        with parts.console() as console:
            org = Org(
                console.workspace,
                name,
                my_domain,
                login,
                username,
                sandbox=is_sandbox_host(my_domain) or None,
                grants_allowed=allow_grants,
            )
            _refuse_taken(console, org)
            try:
                facts = connect(console, org, credentials, check=check)
            except OrgRefused as refusal:
                meaning = output.words(own_app.guidance(refusal.code, refusal.description, org.login))
                raise AskerError(f"{refusal.text}\nNothing was saved.\n\n{meaning}".rstrip()) from None
        sys.stdout.write(f"Connected {name} ({where(org, facts)}).\nNext: {to_type('status', name)}\n")

    _add_listing(app, parts)
    add_org_list(app, parts)
    return app


def _add_listing(app: typer.Typer, parts: CommandParts) -> None:
    @app.callback(invoke_without_command=True)
    def default(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            list_orgs()

    @app.command(name="list")
    def list_orgs() -> None:
        """List the connected orgs."""
        with parts.console() as console:
            orgs = console.store.orgs(console.workspace)
            for org in orgs:
                kind = "sandbox" if org.sandbox else "production" if org.sandbox is False else "not read yet"
                sys.stdout.write(f"{org.name}\t{org.host}\t{org.login}\t{kind}\n")
        if not orgs:
            output.tell(no_orgs())

    @app.command()
    def remove(name: Annotated[str, typer.Argument(help="The org's name.")]) -> None:
        """Forget an org, its credentials and what was read of it. Nothing changes in Salesforce."""
        with parts.console() as console:
            org = console.store.org(console.workspace, name)
            if org is None or not console.store.remove_org(console.workspace, name):
                raise unknown_org(console, name)
            console.record("disconnected", f"{org.name} ({org.host})")
        sys.stdout.write(
            f"Removed {name}. Its app in Salesforce is untouched; delete that there if nothing else uses it.\n"
        )


def _refuse_taken(console: OrgConsole, org: Org) -> None:
    if console.store.org(org.workspace, org.name) is not None:
        raise AskerError(f"An org called {org.name} is connected already. Choose another name, or remove it first.")
