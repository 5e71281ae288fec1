"""The My Domain host behind whatever a person typed; partitions, clouds and hosts as in the Salesforce reference."""

from __future__ import annotations

import re

from bot.domain.errors import AskerError
from bot.domain.patterns import late

MY_DOMAIN = ".my.salesforce.com"

# The longest first: ".my" is also the end of what is left of a half-typed My Domain address.
_SUFFIXES = (".my.salesforce-setup.com", ".lightning.force.com", MY_DOMAIN, ".my.salesforce", ".my")
PARTITIONS = ("sandbox", "develop", "scratch", "demo", "trailblaze", "free", "patch")
_STEM = late(rf"(?P<name>[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?:\.(?P<partition>{'|'.join(PARTITIONS)}))?")
_SHARED = frozenset({"login", "test", "my", "www", "help", "welcome"})
_NOT_PRODUCTION = frozenset({"sandbox", "scratch"})

_MINUS = late("[\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63\uff0d]")
_LONG_DASH = late("[\u2014\u2015]")  # what keyboards make of two hyphens
_DASHES = late(f"{_MINUS.pattern}|{_LONG_DASH.pattern}")

_ADDRESS = late(r"(?i)^https?://|\.(?:salesforce|force|salesforce-setup)\.(?:com|mil)\b")
_GIVE = "Give its My Domain, as Setup → My Domain shows it: it ends in `.my.salesforce.com`."
_NOT_YET = "this assistant cannot follow there yet."
_NOT_SERVED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (late(pattern), reason)
    for pattern, reason in (
        (
            r"(?:.+\.)?(?:salesforce|salesforce-setup|force)\.mil",
            "{host} is in a cloud of its own. Orgs on salesforce.mil log in elsewhere, and " + _NOT_YET,
        ),
        (
            r"(?:.+\.)?sfcrm(?:products|apps)\.cn",
            "{host} is in Salesforce's cloud in China. Orgs there log in elsewhere, and " + _NOT_YET,
        ),
        (
            r".+\.vf\.force\.com|.+\.visualforce\.com|.+\.visual\.force\.com",
            "{host} is where an org shows its Visualforce pages, not where it logs in. " + _GIVE,
        ),
        (
            r".+\.(?:file|content)\.force\.com|.+\.documentforce\.com",
            "{host} is where an org keeps its files, not where it logs in. " + _GIVE,
        ),
        (
            r".+\.site\.com|.+\.salesforce-(?:sites|experience)\.com|.+\.force\.com",
            "{host} is a site that an org shows to others, not where it logs in. " + _GIVE,
        ),
        (
            r"(?:[\w-]+\.)?[a-z]{2,4}\d{1,4}s?\.salesforce\.com",
            "{host} is an instance, which many orgs share; it is not the address of one Salesforce org. " + _GIVE,
        ),
        (
            r"[\w-]+\.[a-z]{2,4}\d{1,4}s?\.my\.salesforce\.com",
            "{host} is from before enhanced domains, with an instance in it, and leads nowhere any more. " + _GIVE,
        ),
        (
            r"(?:login|test|welcome|www|help)\.salesforce\.com|my\.salesforce\.com",
            "{host} is a page that all orgs share; it is not the address of one Salesforce org. " + _GIVE,
        ),
    )
)


def is_address(word: str) -> bool:
    """Whether a word is an address of an org, and so no name that somebody would give one."""
    return _ADDRESS.search(word) is not None


def my_domain_host(typed: str) -> str:
    """The My Domain host that ``typed`` speaks of: a bare name, or any Lightning, Setup or My Domain address.

    Raises AskerError where that is not the address of one Salesforce org, or of one that is not served, and why.
    """
    host = _host_of(typed)
    if not host:
        raise AskerError("Which org? Give its My Domain, such as `acme` or `acme.my.salesforce.com`.")
    host = _with_hyphens(host)
    suffix = next((suffix for suffix in _SUFFIXES if host.endswith(suffix)), "")
    stem = _STEM.fullmatch(host.removesuffix(suffix))
    if stem is None or stem["name"] in _SHARED:
        raise AskerError(_refusal(host))
    partition = f".{stem['partition']}" if stem["partition"] else _spelled_partition(host)
    return f"{stem['name']}{partition}{MY_DOMAIN}"


def is_sandbox_host(host: str) -> bool:
    """Whether the org at a My Domain host logs in at test.salesforce.com (sandboxes and scratch orgs)."""
    name, _, rest = host.partition(".")
    return "--" in name or rest.partition(".")[0] in _NOT_PRODUCTION


def _host_of(typed: str) -> str:
    address = typed.strip(" \t\r\n<>\"'`").lower()
    address = address.partition("://")[2] if "://" in address else address
    authority = re.split(r"[/?#|\\]", address, maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    return re.sub(r":\d*$", "", host).rstrip(".").strip()


def _with_hyphens(host: str) -> str:
    """Typographic dashes are hyphens; a sandbox's name holds two, of which keyboards like to make one."""
    if not _DASHES.search(host):
        return host
    short = _DASHES.sub("-", host)
    name, _, rest = short.partition(".")
    if name.endswith("-dev-ed"):
        return short
    if rest.startswith("sandbox") and "--" not in name and len(_DASHES.findall(host)) == 1:
        return _DASHES.sub("--", host)
    return re.sub(r"-{3,}", "--", _LONG_DASH.sub("--", _MINUS.sub("-", host)))


def _spelled_partition(host: str) -> str:
    """What a bare name says of its kind; an address that was typed in full is left as it is."""
    if "." in host:
        return ""
    if "--" in host:
        return ".sandbox"
    return ".develop" if host.endswith("-dev-ed") else ""


def _refusal(host: str) -> str:
    shown = host if len(host) <= 80 and host.isprintable() and "`" not in host else "That"
    named = f"`{shown}`" if shown != "That" else shown
    reasons = (reason for pattern, reason in _NOT_SERVED if pattern.fullmatch(host))
    reason = next(reasons, "{host} is not the address of one Salesforce org. " + _GIVE)
    return reason.replace("{host}", named)
