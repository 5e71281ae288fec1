"""Orgs as a CSV file: to connect many at once, and to take the list elsewhere. It never holds a secret."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import plain
from bot.domain.command import shorten
from bot.domain.errors import AskerError
from bot.domain.model import Login, Org
from bot.domain.orgs import tags
from bot.domain.orgs.connection import APPS, org_name
from bot.domain.orgs.logins import WAYS, in_terminal
from bot.domain.orgs.my_domain import my_domain_host
from bot.domain.setting_forms import consumer_fault, secret_kind

COLUMNS = (
    "name",
    "host",
    "login",
    "username",
    "consumer_key",
    "secret_file",
    "key_file",
    "apps",
    "owner",
    "tags",
    "allow_grants",
)
_NEEDED = ("name", "host")
_MAY_SEPARATE = ",;\t"
_SECRET = re.compile(r"secret|passw|pwd|passphrase|credential|private|pem\b|token|certificate|^key$", re.IGNORECASE)
_SEPARATOR = re.compile(r"sep=(?P<sign>[,;\t])\r?\n", re.IGNORECASE)
"""The line with which Excel is told how cells are separated."""
_DAMAGED = re.compile(r"\d(?:[.,]\d+)?E\+\d+|#(?:NAME\?|REF!|VALUE!|N/A|DIV/0!|NULL!|NUM!)|#{4,}")
"""What a spreadsheet makes of long numbers, and of what it takes for a formula."""
_YES, _NO = ("yes", "true", "on", "1", "x"), ("no", "false", "off", "0", "none")
_OWNER = re.compile(r"(?:<[@#])?(?P<id>[UWCG][A-Z0-9]+)(?:\|[^>]*)?>?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for one


@dataclass(frozen=True, slots=True)
class OrgRow:
    """A line that can be followed. ``line`` is its number in the file; the files are named as they stand there.

    ``apps``, ``owner``, ``tags`` and ``grants_allowed`` are None where the line says nothing of them: what an org has
    stays. An empty ``owner`` takes that of the org off.
    """

    line: int
    name: str
    host: str
    login: Login
    username: str | None
    consumer_key: str | None
    secret_file: str | None
    key_file: str | None
    apps: tuple[str, ...] | None = None
    owner: str | None = None
    tags: tuple[str, ...] | None = None
    grants_allowed: bool | None = None


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A line that cannot be followed, and why."""

    line: int
    name: str
    fault: str


def read(text: str) -> list[OrgRow | FaultyRow]:
    """The lines in their order. Raises AskerError where the file as a whole cannot be read, or would hold a secret."""
    beginning = text.lstrip("\ufeff\r\n ")
    if not beginning:
        raise AskerError("The file is empty. Its first line names the columns, name and host among them.")
    told = _SEPARATOR.match(beginning)
    beginning = beginning[told.end() :] if told else beginning
    separator = told["sign"] if told else max(_MAY_SEPARATE, key=re.split("[\r\n]", beginning, maxsplit=1)[0].count)
    reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=separator, strict=True)
    before = text[: len(text) - len(beginning)].count("\n")
    begins, lines = 1, []
    try:
        columns = _columns(next(reader, []))
        begins += reader.line_num
        for cells in reader:
            if any(map(str.strip, cells)):
                lines.append((reader.line_num + before, cells))
            begins = reader.line_num + 1
    except csv.Error:  # noticed at the end of the file, lines below the quote
        raise AskerError(f"Line {begins + before} is no line of a CSV file: a quote is not closed.") from None
    return list(_without_doubles(_row_of(line, columns, cells) for line, cells in lines))


def _columns(header: Sequence[str]) -> list[str]:
    names = [re.sub(r"[\s_-]+", "_", name.strip().casefold()) for name in header]
    for given, name in zip(header, names, strict=True):
        if name in COLUMNS:
            continue
        if _SECRET.search(name):
            raise AskerError(
                f"The column {given.strip()} would hold secrets, which have no place in this file. "
                "Name a file with it in secret_file or key_file, or leave it out to be asked."
            )
        near = difflib.get_close_matches(name, COLUMNS, n=1)
        meant = f"Did you mean {near[0]}?" if near else f"Columns are {', '.join(COLUMNS)}."
        raise AskerError(f"The column {given.strip() or 'without a name'} means nothing here. {meant}")
    if missing := [name for name in _NEEDED if name not in names]:
        raise AskerError(f"The first line names the columns; {listed(missing)} must be among them.")
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise AskerError(f"The column {twice[0]} stands there twice.")
    return names


def _without_doubles(rows: Iterable[OrgRow | FaultyRow]) -> Iterator[OrgRow | FaultyRow]:
    taken: dict[tuple[str, str], int] = {}
    for row in rows:
        if isinstance(row, FaultyRow):
            yield row
            continue
        said = {"name": row.name.casefold(), "host": row.host}
        same = next((what for what, value in said.items() if (what, value) in taken), None)
        if same is not None:
            yield FaultyRow(row.line, row.name, f"line {taken[same, said[same]]} has the same {same}")
        else:
            taken |= dict.fromkeys(said.items(), row.line)
            yield row


def _row_of(line: int, columns: Sequence[str], cells: Sequence[str]) -> OrgRow | FaultyRow:
    values = {name: cell.strip().removeprefix("'") for name, cell in zip(columns, cells, strict=False)}
    name = _name_told(values.get("name", ""))
    if any(map(str.strip, cells[len(columns) :])):
        return FaultyRow(line, name, "it has more cells than there are columns")
    faults = (_cell_fault(column, cell) for column, cell in values.items())
    fault = next(filter(None, faults), None) or ("" if values.get("name") else "it has no name")
    return FaultyRow(line, name, fault) if fault else _row(line, values)


def _name_told(cell: str) -> str:
    """A name as an answer repeats it: on one line, and none where a secret stands in its place."""
    return "" if secret_kind(cell) else shorten(cell)


def _cell_fault(column: str, cell: str) -> str | None:
    """What is wrong with a cell whatever it stands for."""
    if kind := secret_kind(cell):
        return f"its {column} is {kind}, which has no place in this file"
    if _DAMAGED.fullmatch(cell):
        return f"a spreadsheet has changed its {column}; type it again in a column of the kind Text"
    if len(cell.splitlines()) > 1:
        return f"there is a line break in its {column}"
    return consumer_fault("consumer key", cell) if cell and column == "consumer_key" else None


def _row(line: int, values: Mapping[str, str]) -> OrgRow | FaultyRow:
    try:
        name = org_name(values["name"])
        login = _login(values)
        return OrgRow(
            line,
            name,
            my_domain_host(values.get("host", "")),
            login,
            (values.get("username") or None) if WAYS[login].names_user else None,
            values.get("consumer_key") or None,
            values.get("secret_file") or None,
            values.get("key_file") or None,
            _apps(values.get("apps", "")),
            _owner(values.get("owner", "")),
            tags.listed_in(values.get("tags", "")),
            _grants(values.get("allow_grants", "")),
        )
    except AskerError as error:
        return FaultyRow(line, values.get("name", ""), plain(error.text))


def _login(values: Mapping[str, str]) -> Login:
    said = re.sub(r"[\s_]+", "-", values.get("login", "").casefold()).removesuffix("-bearer")
    if not said:
        return in_terminal(names_user=bool(values.get("username")))
    if said not in set(Login):
        raise AskerError(f"its login is none of {listed([login.value for login in Login])}")
    way = WAYS[Login(said)]
    if way.names_user and not values.get("username"):
        raise AskerError(f"login {said} needs a username")
    return Login(said)


def _apps(said: str) -> tuple[str, ...] | None:
    if said and said.casefold() not in APPS:
        raise AskerError("its apps are none of backup, devops and both")
    return APPS[said.casefold()] if said else None


def _grants(said: str) -> bool | None:
    if said and said.casefold() not in (*_YES, *_NO):
        raise AskerError("its allow_grants is neither yes nor no")
    return said.casefold() in _YES if said else None


def _owner(said: str) -> str | None:
    if not said or said.casefold() == "none":
        return "" if said else None
    if (found := _OWNER.fullmatch(said)) is None:
        raise AskerError("its owner is no id of a person or a channel in Slack, such as U0123ABCD")
    return found["id"]


def written(orgs: Sequence[Org]) -> str:
    """The file for these orgs: what ``read`` takes again, once the files with the secrets are named in it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    words = {apps: word for word, apps in APPS.items()}
    for org in orgs:
        connected = (org.name, org.host, org.login.value, org.username, "", "", "")
        grants = "yes" if org.grants_allowed else "no"
        cells = (*connected, words.get(org.apps, "both"), org.owner or "none", " ".join(org.tags) or "none", grants)
        writer.writerow([safe_cell(cell or "") for cell in cells])
    return out.getvalue()


def safe_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
