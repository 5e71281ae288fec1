"""What the value of a setting looks like: cleaned of what editors and shells leave, and told what it is instead.

Docker's ``--env-file`` and systemd take a line as it is: quotes and remarks behind the value come along with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.domain.patterns import late

_INVISIBLE = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff"
_QUOTES = ('"', "'", "“”", "‘’")
_STILL_THE_EXAMPLE = "that is still the example; put the real one in its place"
_REMARK = late(r"\s#")
_EXAMPLE = late(
    r"…|\.\.\.|^<.*>$|your[-_ ]|(?:change|replace)[-_]?me|x{6}|[*•]{3}|^(?:todo|tbd|null|none|undefined)$",
    re.IGNORECASE,
)
_NOT_PUT_IN = late(r"\$\{?[a-z_]\w*\}?$|\{\{.*\}\}$|(?:op|vault|ref\+\w+)://|arn:aws:", re.IGNORECASE)
"""Where something was to put the secret in before it came here."""
_FOREIGN = "there is a letter in it that none has; copy it once more"
_STRAY = late(r"[\"'`,;*$#{}()<>\[\]\\|^&?@]")
"""Signs that neither Slack nor Salesforce puts into what they give out: they came along from where it was copied."""
_NAMED = late(r"(?:export\s+)?[A-Z][A-Z0-9]*_[A-Z0-9_]+\s*=\s*\S")
_CUT_OFF = late(r"(?:xox[a-z]|xoxe\.xox[bp]|xapp)-\W*$")
_DATABASES = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_DRIVERS = ("", "pysqlite", "psycopg")
_A_FILE = late(r"(?:~|\.{1,2})?/\S*|[\w.-]+\.(?:db|sqlite3?)|file:\S*", re.IGNORECASE)
_EXAMPLE_PART = late(r"…|<(?:user\w*|password|host\w*|database|name)>|//user:password@host\b", re.IGNORECASE)
_NO_TIMEOUT = late(r"&timeout=(?![0-9]+(?:\.[0-9]+)?(?:&|$))")
_UNKNOWN = late(r"&(?!(?:timeout|isolation_level|detect_types|check_same_thread|cached_statements)=)")
"""What Python's SQLite takes no part of; with ``uri=true`` it goes to SQLite itself."""
_SHORTHAND = late(r"/*~|.*\$\{?[A-Za-z_]")
_SERVER = late(
    r"(?:[^:/@]*(?::[^@]*)?@)?"  # who; in a password SQLAlchemy minds nothing but the @
    r"(?:\[[0-9a-f:.]+\]|[^\[\]:/?@]*)(?::\d+)?(?:[/?].*)?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is known by its form, and the settings where it is right."""

    form: re.Pattern[str]
    name: str
    homes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What it is, and where it belongs, where that is known."""
        return f"{self.name}, which belongs in {' or '.join(self.homes)}" if self.homes else self.name


_IDS = (
    _Kind(late(r"A0[A-Z0-9]{6,14}$"), "by its form the ID of a Slack app, which the assistant does not use"),
    _Kind(late(r"00D[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$"), "the ID of an org of Salesforce"),
    _Kind(late(r"[\w.+-]+@[\w.-]+$"), "an e-mail address or the name of a user"),
)
_FILE = _Kind(late(r"(?:~|\.{1,2})?/|[A-Za-z]:\\"), "the name of a file; give what it holds")
_KINDS = (
    _Kind(late(r"xoxb-|xoxe\.xoxb-"), "a bot token", ("SLACK_BOT_TOKEN",)),
    _Kind(late(r"xapp-"), "an app-level token", ("SLACK_APP_TOKEN",)),
    _Kind(late(r"xoxp-|xoxe\.xoxp-"), "a user's token, which the assistant does not use"),
    _Kind(late(r"xoxe-|xoxr-"), "a refresh token, which the assistant does not take as a setting"),
    _Kind(late(r"\d{5,}\.\d{5,}$"), "a client ID", ("SLACK_CLIENT_ID",)),
    _Kind(
        late(r"[0-9a-f]{32}$"),
        "by its form a signing secret or a client secret of Slack",
        ("SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET"),
    ),
    _Kind(
        late(r"3MVG[\w.]{20,}$"),
        "a consumer key of Salesforce",
        ("SALESFORCE_CLIENT_ID", "SALESFORCE_JWT_CLIENT_ID"),
    ),
    _Kind(
        late(r"[0-9A-F]{64}$|\d{16,20}$"),
        "by its form a consumer secret of Salesforce",
        ("SALESFORCE_CLIENT_SECRET",),
    ),
    _Kind(late(r"-----BEGIN [A-Z0-9 ]+-----"), "a key or a certificate", ("SALESFORCE_JWT_KEY",)),
    _Kind(late(r"[\w-]{43}=$"), "by its form an encryption key", ("FLOSUM_SECRET_KEYS",)),
    _Kind(late(r"(?:sqlite|postgres(?:ql)?)(?:\+\w+)?:"), "the address of a database", ("FLOSUM_DATABASE_URL",)),
    _Kind(late(r"https?://"), "a web address", ("FLOSUM_PUBLIC_URL", "SLACK_API_URL")),
    *_IDS,
    _FILE,
)
"""The first that fits counts. A secret that fits none may be right all the same: nobody promises a form."""
_NO_SECRETS = ("SLACK_CLIENT_ID", "SALESFORCE_CLIENT_ID", "SLACK_API_URL")
_SECRET_KINDS = [kind for kind in _KINDS if kind not in (*_IDS, _FILE) and not {*_NO_SECRETS} & {*kind.homes}]
_RULES = {
    "SLACK_BOT_TOKEN": "a bot token starts with xoxb-",
    "SLACK_APP_TOKEN": "an app-level token starts with xapp-",
}
_WITHOUT_ITS_LINES = late(r"MI[\w+/=\s\\]{200,}")
_PROXY = late(r"(?:https?://)?(?:[^\s@/]+@)?(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::(?P<port>\d{1,5}))?/?", re.IGNORECASE)
_NO_PROXY = late(r"(?:none|off|no|false|direct|null)", re.IGNORECASE)
_HIGHEST_PORT = 65535
_WEB = late(r"https?://", re.IGNORECASE)
_PART = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST = late(rf"(?:{_PART}\.)*{_PART}\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
"""A name, or an address without brackets."""
_IPV6 = late(r"[0-9a-f:.]*:[0-9a-f:.]*(?:%\w+)?", re.IGNORECASE)
_PATH = late(r"(?:/[\w.~%+:@=-]*)*", re.ASCII)
_NO_ADDRESS = "that is no web address; it is written as in https://bot.example.com"
_OWN_PATHS = (
    *("/slack/events", "/slack/install", "/slack/oauth_redirect", "/salesforce/connect", "/salesforce/callback"),
    *("/healthz", "/readyz"),
)
_SIGNING_SECRET = late("[0-9a-f]{32}")
_SLACK_USER = late("[UW][A-Z0-9]+")


def cleaned(value: str) -> str:
    """Without white space, marks of an encoding and a pair of quotes around it."""
    bare = value.strip(_INVISIBLE)
    while len(bare) > 1 and any(bare[0] == marks[0] and bare[-1] == marks[-1] for marks in _QUOTES):
        bare = bare[1:-1].strip(_INVISIBLE)
    return bare


def line_fault(value: str) -> str | None:
    """That more of a line came along than the value: a remark behind it, or a name in front of it."""
    if _REMARK.search(value):
        return "a remark stands behind the value, and is taken as a part of it; put it on a line of its own"
    if _NAMED.match(value):
        return "a name stands in front of the value once more; give the value alone"
    return None


def credential_fault(name: str, value: str) -> str | None:
    """What is wrong with the form of a token, secret, key or id, without a letter of it; None if nothing shows."""
    if fault := _written_fault(value):
        return fault
    kind = _kind_of(value)
    if kind is not None and name in kind.homes:
        return _inner_fault(value)
    if kind is None and name not in _RULES:
        return _inner_fault(value)
    said = [_RULES.get(name, ""), f"that is {kind.words}" if kind else ""]
    return "; ".join(filter(None, said)) or None


def consumer_fault(what: str, value: str) -> str | None:
    """The same for the consumer key or secret of a single org, which no setting holds."""
    if fault := _written_fault(value):
        return f"the {what} is not right: {fault}"
    kind = _kind_of(value)
    if kind is None or kind.name.endswith(f"{what} of Salesforce"):
        fault = _inner_fault(value)
        return f"the {what} is not right: {fault}" if fault else None
    return f"the {what} is not right: that is {kind.name}"


def secret_kind(value: str) -> str | None:
    """What a text is, where it is a secret by its form and stands where none has a place."""
    kind = _kind_of(value)
    return kind.name if kind in _SECRET_KINDS else None


def key_fault(name: str, value: str) -> str | None:
    """The same for a private key, which is a PEM or the name of a file with one."""
    if _EXAMPLE.search(value):
        return _STILL_THE_EXAMPLE
    if _WITHOUT_ITS_LINES.match(value):
        return "that is a key without the lines BEGIN and END around it; give the whole of it"
    kind = _kind_of(value)
    return None if kind in (None, _FILE) or name in kind.homes else f"that is {kind.words}"


def _written_fault(value: str) -> str | None:
    if _EXAMPLE.search(value):
        return _STILL_THE_EXAMPLE
    if _NOT_PUT_IN.match(value):
        return "that only names where the secret is kept, and nobody put the secret in its place"
    if any(sign.isspace() for sign in value) and not value.startswith("-----BEGIN"):
        return "there is a space or a line break in the middle of it; copy it once more"
    if not value.isascii() or not value.replace("\n", "").isprintable():
        return _FOREIGN
    return None


def _inner_fault(value: str) -> str | None:
    """What is wrong with the rest of a value whose beginning is right."""
    if _CUT_OFF.match(value):
        return "it is cut off; copy it once more"
    return _FOREIGN if _STRAY.search(value) and not value.startswith("-----BEGIN") else None


def _kind_of(value: str) -> _Kind | None:
    return next((kind for kind in _KINDS if kind.form.match(value)), None)


def is_like_signing_secret(value: str) -> bool:
    """Whether it has the form of those that Slack gives out today; Slack promises none."""
    return _SIGNING_SECRET.fullmatch(value) is not None


def database_fault(value: str) -> str | None:
    """What is wrong with a database's address, without anything of it; None if nothing shows."""
    scheme, _, rest = value.partition(":")
    backend, _, driver = scheme.lower().partition("+")
    if _EXAMPLE_PART.search(rest):
        return _STILL_THE_EXAMPLE
    if backend in _DATABASES and driver not in _DRIVERS:
        return f"another driver is not there; write {backend}:// without +{driver}"
    if backend not in _DATABASES and _A_FILE.fullmatch(value):
        return "a file is written sqlite:///path/to/file.db, with four slashes where the path begins with one"
    if backend not in _DATABASES:
        kind = _kind_of(value)
        instead = f"; that is {kind.words}" if kind and "FLOSUM_DATABASE_URL" not in kind.homes else ""
        return f"only SQLite (sqlite:///…) and PostgreSQL (postgresql://…) are supported{instead}"
    if backend != "sqlite" and rest.partition("?")[0].count("@") > 1:
        return "an @ in the password is written %40"
    if not rest.startswith("//") or "\0" in rest or (backend != "sqlite" and not _SERVER.fullmatch(rest[2:])):
        return f"that is no address of a database; it is written {_written(backend)}"
    return _file_fault(rest[2:]) if backend == "sqlite" else None


def _file_fault(rest: str) -> str | None:
    """The same of a file's, from behind the two slashes."""
    path, _, options = rest.partition("?")
    if _SHORTHAND.match(path):
        return "the path is written out; ~ and $ stand for nothing in it"
    if path[:1] not in ("", "/"):
        return "the path of a file stands behind three slashes, or four where it begins with one"
    if path not in ("", "/") and path.rpartition("/")[2] in ("", ".", ".."):
        return "that is a folder; name a file in it"
    if path.endswith(".key"):
        return "a name that ends in .key is that of the key file beside it; let it end in .db"
    if _NO_TIMEOUT.search(f"&{options}"):
        return "the timeout behind it is a number of seconds"
    if options and "&uri=" not in f"&{options}" and _UNKNOWN.search(f"&{options}"):
        return "behind the question mark stands something that SQLite does not know"
    return None


def _written(backend: str) -> str:
    if backend == "sqlite":
        return "sqlite:///path/to/file.db"
    return "postgresql://user:password@host:5432/name, with the signs @ and % of a password as %40 and %25"


def database_url(value: str) -> str:
    """The address with the driver that is installed."""
    scheme, colon, rest = value.partition(":")
    return _DATABASES[scheme.lower().partition("+")[0]] + colon + rest


def address_fault(value: str) -> str | None:
    """What is wrong with a web address that other addresses are made of."""
    if not _WEB.match(value):
        return "a web address starts with https://"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return _NO_ADDRESS
    if _EXAMPLE.search(value):
        return _STILL_THE_EXAMPLE
    if "@" in parts.netloc:
        return "it holds a user or a password; give it without, for it is shown to people"
    host = parts.hostname or ""
    if not host.isascii():
        return "a name with other letters than a to z is written as browsers send it, with xn--"
    behind = value.partition("://")[2].removeprefix(parts.netloc)  # an empty query or fragment, too
    if not _HOST.fullmatch(host) or port == 0 or parts.netloc.endswith(":") or not _PATH.fullmatch(behind):
        return _NO_ADDRESS
    own = next((path for path in _OWN_PATHS if parts.path.rstrip("/").endswith(path)), None)
    return f"give it without {own}, which the assistant puts behind it" if own else None


def web_address(value: str) -> str:
    """A right one as it is compared elsewhere: its scheme in small letters."""
    scheme, divider, rest = value.partition("://")
    return scheme.lower() + divider + rest


def api_fault(value: str) -> str | None:
    """The same of what the names of Slack's methods are put behind."""
    if fault := address_fault(value):
        return fault
    parts = urlsplit(value)
    slacks_own = re.fullmatch(r"(?:.*\.)?slack(?:-gov)?\.com", parts.hostname or "") is not None
    if slacks_own and (parts.scheme, parts.path.strip("/")) != ("https", "api"):
        return "that of Slack is https://slack.com/api/; leave it out for that"
    return None


def proxy_fault(value: str) -> str | None:
    """What is wrong with the address of a proxy, without anything of it; nothing is no proxy."""
    bare = cleaned(value)
    if not bare:
        return None
    found = _PROXY.fullmatch(bare)
    if _NO_PROXY.fullmatch(bare):
        return "for no proxy leave it out"
    if found is None or int(found["port"] or 0) > _HIGHEST_PORT:
        return "a proxy is written http://host:port, the signs @ and / of a password in it as %40 and %2F"
    return None


def proxy(value: str) -> str:
    """Its address as every library understands it: some take none without a scheme."""
    scheme, divider, rest = cleaned(value).rpartition("://")
    return f"{scheme.lower() or 'http'}{divider or '://'}{rest}"


def host_fault(value: str) -> str | None:
    """What is wrong with what the assistant listens at."""
    if re.fullmatch(r"[^\s:/]+:\d+", value):
        return "the port stands in FLOSUM_PORT"
    if not (_HOST.fullmatch(value) or _IPV6.fullmatch(value)) and value != "*":
        return "it is a name or an address alone, as in 127.0.0.1"
    return None


def user_fault(value: str) -> str | None:
    """What is wrong with an id of somebody in Slack."""
    if _SLACK_USER.fullmatch(value):
        return None
    return "each is a Slack member ID such as U0123ABCD (in Slack: profile, ⋮, Copy member ID), with commas between"
