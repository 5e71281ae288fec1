"""The commands of ``app.py``. Each asks the composition root for just the parts it needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.domain.answers.markup import plain
from bot.domain.encodings import readable
from bot.domain.errors import AskerError, AssistantError
from bot.domain.model import Diagnosis, Org, Verdict
from bot.domain.orgs import details_report, status_report
from bot.domain.program import to_type
from bot.domain.secrets.redaction import redact
from bot.entrypoints.cli import output, streams
from bot.entrypoints.cli.audit import add_backup, add_ledger
from bot.entrypoints.cli.digest import add_digest
from bot.entrypoints.cli.evaluate import add_evaluate
from bot.entrypoints.cli.explain import explained
from bot.entrypoints.cli.forget import add_forget
from bot.entrypoints.cli.org_json import status_json
from bot.entrypoints.cli.orgs import no_orgs, orgs_program, told_of_none, unknown_org
from bot.entrypoints.cli.parts import CommandParts, OrgConsole
from bot.entrypoints.cli.status_csv import status_csv

HELP = f"""The Flosum assistant for Slack: gets Salesforce orgs through the connected-app restrictions.

Without a command it runs the bot. Start with: {to_type("demo")}"""


def main(parts: CommandParts, arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code. What goes wrong is one sentence on standard error."""
    try:
        result = program(parts)(arguments, prog_name=to_type(), standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return streams.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - told in the guard's words, or the library's own
        return failed(parts, error)
    return result if isinstance(result, int) else 0


def failed(parts: CommandParts, error: Exception) -> int:
    """Tell what went wrong; the exit code."""
    if (code := streams.ended(error)) is not None:
        return code
    # Typer brings Click's usage errors, but not the base class that they share.
    if show := getattr(error, "show", None):
        show()
        return 2
    from bot import guard  # its logging is slow to load, and most commands never fail

    parts.log_failures()
    told = plain(error.text) + "\n" if isinstance(error, AssistantError) else output.words(guard.answer_for(error))
    sys.stderr.write(redact(readable(told)).text)  # a log of a build shows it to others, what was typed with it
    return guard.exit_code(error)


def program(parts: CommandParts) -> typer.Typer:
    """The commands over ``parts``."""
    app = typer.Typer(
        help=HELP,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.add_typer(orgs_program(parts), name="orgs")

    @app.callback(invoke_without_command=True)
    def default(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help="Say which version this is, and exit.")] = False,
    ) -> None:
        if version:
            output.tell(f"Flosum assistant {parts.version()}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            parts.run()

    @app.command()
    def run() -> None:
        """Run the bot: Socket Mode when SLACK_APP_TOKEN is set, else HTTP when SLACK_SIGNING_SECRET is set."""
        parts.run()

    @app.command()
    def demo(
        port: Annotated[int, typer.Option(help="Port of the page, without it of the bot; 0 takes a free one.")] = 0,
        no_browser: Annotated[bool, typer.Option("--no-browser", help="Stay in this terminal.")] = False,
        once: Annotated[str | None, typer.Option(help="Send one message, print what Slack would show, exit.")] = None,
    ) -> None:
        """The whole bot against a built-in workspace and built-in orgs: no accounts, no network."""
        raise typer.Exit(parts.demo(port, once, browser=not no_browser))

    _explaining(app, parts)
    add_evaluate(app, parts)
    _operating(app, parts)
    _setting_up(app, parts)
    add_ledger(app, parts)
    add_backup(app, parts)
    add_digest(app, parts)
    add_forget(app, parts)
    return app


def _explaining(app: typer.Typer, parts: CommandParts) -> None:
    @app.command()
    def explain(
        text: Annotated[
            list[str] | None, typer.Argument(help="An error paste, a question or a file; - reads standard input.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
        batch: Annotated[bool, typer.Option("--batch", help="JSON lines in, JSON lines out.")] = False,
        channel: Annotated[bool, typer.Option("--channel", help="As overheard in a channel: nobody asked.")] = False,
    ) -> None:
        """Answer one error paste or question."""
        raise typer.Exit(explained(parts, text or (), as_json=as_json, batch=batch, channel=channel))


def _setting_up(app: typer.Typer, parts: CommandParts) -> None:
    @app.command()
    def manifest() -> None:
        """Print the Slack app's manifest, to be pasted at api.slack.com/apps."""
        output.tell(parts.manifest())

    @app.command()
    def doctor(
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each check.")] = False,
    ) -> None:
        """Check settings, tokens, scopes, the database, the clock and both services; each with its fix."""
        findings = parts.doctor()
        for finding in findings:
            output.tell(output.finding_json(finding) if as_json else output.finding_line(finding))
        raise typer.Exit(0 if all(finding.ok is not False for finding in findings) else 1)

    @app.command()
    def migrate() -> None:
        """Bring the database to the newest migration (SQLite does it by itself at start)."""
        output.tell(parts.migrate())


def _operating(app: typer.Typer, parts: CommandParts) -> None:
    @app.command()
    def status(
        org: Annotated[str | None, typer.Argument(help="The org's name.")] = None,
        every: Annotated[bool, typer.Option("--all", help="Every org.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each org, a line each.")] = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="A table, one line an org and app, for auditors.")] = False,
        in_detail: Annotated[bool, typer.Option("--details", help="All that can be read of the org, as text.")] = False,
    ) -> None:
        """What is true of an org, read from Salesforce now. Exit code 1: something needs doing or cannot be told."""
        if org and every:
            raise AskerError("Name one org or say --all, not both.")
        if as_json and as_csv:
            raise AskerError("Say --json or --csv, not both.")
        if in_detail and (not org or as_json or as_csv):
            raise AskerError("--details are of one org, as text: name it, without --json and --csv.")
        with parts.console() as console:
            found = [console.check_one(_org(console, org))] if org else list(console.check_all(console.workspace))
            rest = console.rest_of(found[0]) if in_detail else None
        if as_json or as_csv:
            told_of_none(found)
        if as_csv:
            output.tell(status_csv(found))
        elif in_detail:
            output.tell(output.words(details_report.details(found[0], datetime.now(UTC), more=rest, names=True)))
        else:
            _print_status(found, single=org is not None, as_json=as_json)
        raise typer.Exit(0 if all(each.verdict is Verdict.READY for each in found) else 1)


def _org(console: OrgConsole, name: str) -> Org:
    org = console.store.org(console.workspace, name)
    if org is None:
        raise unknown_org(console, name)
    return org


def _print_status(found: Sequence[Diagnosis], *, single: bool, as_json: bool) -> None:
    now = datetime.now(UTC)
    if not found and not as_json:
        output.tell(no_orgs())
    elif as_json:
        for each in found:
            output.tell(output.json_line(status_json(each)))
    else:
        output.tell(
            output.words(
                status_report.status(found[0], now) if single else status_report.overview(found, now, live=True)
            )
        )
