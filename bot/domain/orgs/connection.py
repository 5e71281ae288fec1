"""Connecting orgs: what may be a name, when a connection is over, and the words for all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.domain import selection
from bot.domain.answers import Answer, Button, Entry, Field, Form, Item, Items, Part, State, Steps, Text
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import as_typed, code
from bot.domain.answers.plain_text import marked
from bot.domain.command import NAMED_AT_MOST, shorten
from bot.domain.errors import AskerError, OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import BACKUP_APP, DEVOPS_APP, FLOSUM_APPS, Login, Org, short_id
from bot.domain.name_lists import parts_of_list
from bot.domain.org_questions import folded
from bot.domain.orgs.logins import JWT_FORM, WAYS
from bot.domain.orgs.my_domain import is_address, my_domain_host
from bot.domain.orgs.one_org import one_at_a_time
from bot.domain.orgs.refusal_kinds import kind_of
from bot.domain.orgs.refusal_words import MEANINGS

APPS = {"backup": (BACKUP_APP,), "devops": (DEVOPS_APP,), "both": FLOSUM_APPS}
"""The words for the apps that an org needs."""

_BESIDE_APPS = frozenset("a and app apps archive flosum for is it just needs only the to".split())


_SIGNED = re.compile(r"(?<!\S)[-+−–!]+\w")


def apps_meant(said: str) -> str | None:
    """Which of ``APPS`` somebody says an org needs; None where some word says something else."""
    if _SIGNED.search(said):  # "-backup" takes one off and "+devops" adds one, of those that are needed now
        return None
    words = set(re.findall(r"[^\W_]+", said.casefold())) - _BESIDE_APPS
    if words == {"backup", "devops"}:
        return "both"
    word = next(iter(words)) if len(words) == 1 else ""
    return word if word in APPS else None


WHICH_NAME = "What should the org be called? For example: `/flosum connect prod`"
_RESERVED = frozenset({"all", "yes", "none"})

# --- names ---------------------------------------------------------------------------------------------


def org_name(typed: str) -> str:
    """A name for an org: any letters. Raises AskerError where nobody could type or read it."""
    name = " ".join(typed.strip(" \"'“”`,;").split())
    if not name:
        raise AskerError(WHICH_NAME)
    if name.casefold() in _RESERVED:
        raise _taken_word(name)
    is_none = name.startswith(("<", "http://", "https://")) or as_typed(name) != name  # Slack's ids for people
    if len(name) > NAMED_AT_MOST or not name.isprintable() or is_none:
        raise AskerError(f"{code(shorten(name))} cannot be an org's name. Use a short word, such as `prod`.")
    return name


_KIND_NAMES = frozenset("non-prod non-production nonprod prod prods production productions sandbox sbx".split())
"""What chooses orgs, too, and many an org is called: its name comes first."""

_ELSEWHERE = frozenset("both detail details me never no off on page steps".split())
_AMOUNT = re.compile(r"\d+[dwmy]?")


def new_org_name(typed: str) -> str:
    """A name for an org that is not called so yet. Raises AskerError for what means something else in commands, too."""
    name = org_name(typed)
    word = folded(name)
    is_choice = word not in _KIND_NAMES and selection.read(name) is not None
    if is_choice or word in _ELSEWHERE or _AMOUNT.fullmatch(word) or selection.paged(name)[1] > 1:
        raise _taken_word(name)
    return name


def _taken_word(name: str) -> AskerError:
    return AskerError(f"{code(name)} means something else in my commands. Choose another name for the org.")


# --- when a connection is over -------------------------------------------------------------------------


def is_over(refusal: OrgRefused, login: Login | None = None) -> bool:
    """Whether only connecting again can help: not where an address, an hour, an app or a limit refuses for now."""
    return MEANINGS[kind_of(refusal.code, refusal.description, login)].over


def trouble_of(org: Org, error: OrgError) -> str:
    """Why an org was not read; of one whose connection is over that stands first, and what passes comes behind it."""
    if not org.reconnect or not _may_pass(error, org.login):
        return error.text
    return f"Its connection is over: only connecting it again helps. Just now there is this, too: {error.text}"


def _may_pass(error: OrgError, login: Login) -> bool:
    """Whether it says nothing of a connection that is over already."""
    if isinstance(error, OrgRefused):
        return not (error.let_in or is_over(error, login))
    return isinstance(error, OrgUnreachable)


# --- connecting ----------------------------------------------------------------------------------------


def with_doubt(answer: Answer, *words: str) -> Answer:
    """Ways to connect an org whose name may be of two words: what was understood, and how to say the other."""
    *_, domain = words
    told = Text(
        f"I read {code(shorten(domain))} as its My Domain. If it is a part of the name: "
        f"{code('/flosum connect ' + shorten('-'.join(words)))}"
    )
    return replace(answer, parts=(told, *answer.parts))


def ways(name: str, known: Org | None, set_up: Mapping[Login, str]) -> Answer:
    """The ways to connect an org; ``set_up`` are those that Slack can begin, each with its link if it has one."""
    headline = f"Connect {code(name)} again" if known else f"Connect {code(name)}"
    if not set_up:
        return Answer(headline, _NOT_SET_UP, parts=(Steps(_BY_HAND),), note=_LATER, private=True)
    offered: list[Item] = []
    buttons: list[Button] = []
    for login, way in WAYS.items():
        if way.button and login not in set_up:
            continue
        offered.append(Item(f"**{way.label}**", way.offer))
        if way.form:
            buttons.append(Button(way.button, form=way.form, command=name, primary=not buttons))
        elif way.button:
            buttons.append(Button(way.button, url=set_up[login], primary=not buttons))
    return Answer(
        headline,
        "Choose how the bot logs in. No secret passes through Slack.",
        parts=(Items(tuple(offered)),),
        buttons=tuple(buttons),
        note="The link is yours alone, works once, and ends in 10 minutes." if any(set_up.values()) else "",
        private=True,
    )


_NOT_SET_UP = (
    "Whoever runs the bot connects it: logins from Slack are not set up here. An admin of the org prepares it."
)
_BY_HAND = (
    "In the org's Setup, **External Client App Manager**: a new app with OAuth, *api* and **Client Credentials Flow**.",
    "Under the app's **Policies** set **Run As** to the user that the bot may read as.",
    "Hand the consumer key and secret, and the org's My Domain, to whoever runs the bot. Not in Slack.",
)
_LATER = "The bot's README, under Connect an org, tells how they go on, and how logins from Slack are set up."


NEW_ORG_FORM = "connect-new"
CONNECT_AN_ORG = Button("Connect an org", command="-", form=NEW_ORG_FORM, primary=True)
_HINT = "A short word. With its My Domain behind it, the login begins there: prod acme"
NAME_LINE = Field("org", "Name", _HINT, "prod")


def new_org_form() -> Form:
    """What a new org is called; the ways to connect it come after that."""
    text = (
        "What should the org be called here? People type this name after `/flosum status`. The ways to connect it come "
        "into your direct messages with me."
    )
    return Form(NEW_ORG_FORM, "-", "Connect an org", text, (NAME_LINE,), "Next")


def name_and_host(typed: str, is_known: Callable[[str], bool]) -> tuple[str, str | None]:
    """The name and the My Domain host that somebody typed. A name that is known may hold spaces; a new one is one word.

    Raises AskerError where it is neither.
    """
    words = typed.split()
    if is_known(typed.strip()):
        return org_name(typed), None

    def name_in(text: str) -> str:
        return org_name(text) if is_known(text) else new_org_name(text)

    listed = parts_of_list(typed)
    is_list = len(listed) > 1 and (len(words) > 1 or "," in typed)  # R&D is one
    if is_list and not any(is_address(word) or len(word.split()) > 1 for word in listed):
        raise one_at_a_time("connect {org}", listed)
    if words and is_address(words[0]):
        if len(words) > 1:
            return name_in(" ".join(words[1:])), my_domain_host(words[0])
        raise _nameless(my_domain_host(words[0]))
    if len(words) < 2:
        return name_in(typed), None
    *first, last = words
    if len(first) > 1 and not is_known(" ".join(first)):
        raise AskerError(
            "I understand a name of one word, and the My Domain behind it: `/flosum connect prod acme`. "
            f"If all of that is the org's name: {code('/flosum connect ' + shorten('-'.join(words)))}"
        )
    return name_in(" ".join(first)), my_domain_host(last)


def _nameless(host: str) -> AskerError:
    """An address alone: what the org may be called, as a button."""
    name = host.partition(".")[0].rpartition("--")[2]
    line = f"connect {name} {host}"
    return AskerError(
        f"What should the org at {code(host)} be called? Its name comes first: {code(f'/flosum {line}')}",
        (Button(f"Connect {name}", command=line, primary=True),),
    )


def name_faults(lines: Mapping[str, str], is_known: Callable[[str], bool]) -> dict[str, str]:
    """What is wrong with the name, by line: the window then keeps what was typed."""
    try:
        name_and_host(lines.get("org", ""), is_known)
    except AskerError as error:
        return {"org": error.text.replace("`", "")}
    return {}


GRANTS_LINE = Field(
    "grants",
    "What may the bot do in this org?",
    "It asks each time, and only people who may change things in Slack can say yes.",
    value="no",
    entry=Entry.CHOICE,
    choices=(("no", "Read only"), ("yes", "Read, and let people into the Flosum apps")),
)


def jwt_form(name: str, known: Org | None, *, asks_for_grants: bool = False) -> Form:
    """What the JWT bearer login needs from a person: a user name and where the org is. Never a secret."""
    said = "yes" if known and known.grants_allowed else "no"
    grants = (replace(GRANTS_LINE, value=said),) if asks_for_grants else ()
    return Form(
        kind=JWT_FORM,
        subject=name,
        title="Connect an org",
        text=f"{code(name)}: the bot logs in with its own key as the user that you name. An administrator of the org "
        "must have let that user use the bot's app before. The answer comes into your direct messages with me.",
        fields=(
            Field("username", "User name", "As in Setup → Users.", "flosum-bot@acme.example", _username(known)),
            Field(
                "host", "My Domain", "As in Setup → My Domain.", "acme.my.salesforce.com", known.host if known else ""
            ),
            *grants,
        ),
        submit="Connect",
    )


def _username(known: Org | None) -> str:
    return known.username or "" if known and WAYS[known.login].names_user else ""


SAID_BY_A_LOGIN = ("host", "login", "username", "organization_id", "sandbox", "grants_allowed")
"""What a login says of an org; all else that is kept of it was set by people, and stays when it is connected again."""


def logged_in_anew(known: Org, login: Org, by: str) -> Org:
    """What is known of an org, with what a new login of ``by`` says of it."""
    said = {name: getattr(login, name) for name in SAID_BY_A_LOGIN}
    return replace(known, **said, connected_by=by, reconnect=False, failure=None)


def connected(org: Org, first: Answer, orgs: Sequence[Org]) -> Answer:
    """An org was connected: that, and the first status. ``orgs`` are all of the workspace."""
    kind = " (a sandbox)" if org.sandbox else ""
    parts: list[Part] = [Text(marked(first.state, f"{first.headline}. {first.lead}".strip())), *first.parts]
    parts[:0] = [Text(same_org(names)) for names in same_orgs(orgs) if org.name in names]
    headline = f"{code(org.name)} is connected{kind}"
    return replace(first, headline=headline, lead="", state=State.READY, parts=tuple(parts))


def same_orgs(orgs: Sequence[Org]) -> list[list[str]]:
    """The names of orgs that are one and the same at Salesforce."""
    by_id: dict[str, list[str]] = {}
    for org in orgs:
        if org.organization_id:
            by_id.setdefault(short_id(org.organization_id), []).append(org.name)
    return [names for names in by_id.values() if len(names) > 1]


def same_org(names: Sequence[str]) -> str:
    """That one Salesforce org has several names here."""
    return f"{listed([code(name) for name in names])} are the same Salesforce org. `/flosum disconnect` takes one off."


def refused(name: str, text: str, meaning: Answer | None, form: Button | None = None) -> Answer:
    """A login that came to nothing, with what helps against the very error. ``form`` is where it was begun, if one."""
    again = Button("Try again", command=f"connect {name}", primary=True) if form is None else form
    if meaning is None or meaning.unknown:
        return Answer(text, "Nothing was saved.", State.MISSING, buttons=(again,))
    lead = Text(" ".join(word for word in (meaning.headline, meaning.lead) if word))
    return Answer(
        text, "Nothing was saved.", State.MISSING, parts=(lead, *meaning.parts), buttons=(again,), note=meaning.note
    )


def wrong_org(known: Org, host: str) -> str:
    """A name that stands for another org already."""
    return (
        f"{code(known.name)} is {code(known.host)}, and this login was for {code(host)}: another org. Connect that one "
        f"under a name of its own, or disconnect {code(known.name)} first."
    )


# --- afterwards ----------------------------------------------------------------------------------------


def must_reconnect(org: Org, refusal: str) -> Answer:
    """For the person who connected an org: its connection is over."""
    return Answer(
        f"{code(org.name)} must be connected again",
        refusal,
        State.UNKNOWN,
        buttons=(Button("Reconnect", command=f"connect {org.name}", primary=True),),
        note="You are told once, because you connected it. What was read before is kept, and shown with its age.",
    )


def ask_disconnect(org: Org) -> Answer:
    """Whether it is meant."""
    revoked = " Its login is revoked at Salesforce." if WAYS[org.login].revoked else ""
    return Answer(
        f"Disconnect {code(org.name)}?",
        f"The bot forgets the org, its login and what was read of it.{revoked} Nothing else changes in the org.",
        State.NEEDS_STEP,
        buttons=(
            Button(f"Disconnect {org.name}", command=f"disconnect {org.name} yes", replaces=True),
            Button("Keep it", command=f"status {org.name}", replaces=True),
        ),
    )


def disconnected(org: Org, trouble: str | None) -> Answer:
    """It is gone; ``trouble`` says why its login could not be revoked."""
    if trouble:
        by_hand = "Revoke it by hand: **Setup** → **Connected Apps OAuth Usage**, the app's user count, **Revoke**."
        return Answer(
            f"{code(org.name)} is disconnected, but its login could not be revoked at Salesforce",
            f"{trouble} {by_hand}",
            State.NEEDS_STEP,
        )
    done = "Its login was revoked at Salesforce." if WAYS[org.login].revoked else ""
    return Answer(f"{code(org.name)} is disconnected", done, State.READY)
