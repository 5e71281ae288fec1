"""Findings put into words: what a person reads about an org, an error, a secret, a command. The finding comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.connections import same_org, same_orgs
from bot.domain.links import setup_link
from bot.domain.markup import code, literal
from bot.domain.model import (
    Answer,
    AppFacts,
    AppState,
    Button,
    Diagnosis,
    Entry,
    Item,
    Items,
    Org,
    Part,
    Policy,
    Recognition,
    Secret,
    State,
    Steps,
    Text,
    Verdict,
)
from bot.domain.phrases import age, counted, either_of
from bot.domain.reminders import in_short, state_of

_APP_STATES = {
    AppState.INSTALLED: (State.READY, "installed"),
    AppState.NOT_INSTALLED: (State.MISSING, "not installed"),
    AppState.NOT_SEEN: (State.UNKNOWN, "not seen: never used here, or only refused"),
    AppState.UNREADABLE: (State.UNKNOWN, "cannot be read with this connection's permissions"),
    AppState.BLOCKED: (State.MISSING, "blocked"),
}


# --- an org --------------------------------------------------------------------------------------------


def status(found: Diagnosis, now: datetime) -> Answer:
    """One org: the verdict, the one next step with the link to its very page, then what was read of each app."""
    steps = [step.text for step in found.steps]
    parts: list[Part] = []
    if found.facts is not None:
        parts.append(Items(tuple(_app(app, found.org, now) for app in found.facts.apps)))
    if found.trouble:
        after, lead = "Until then, as far as is known:", found.trouble
        if found.org.reconnect:
            lead = f"Reconnect needed. {lead}"
    else:
        after, lead = "After that:", steps.pop(0) if steps else ""
    if steps:
        parts += [Text(after), Steps(tuple(steps))]
    return Answer(
        headline=found.headline,
        lead=lead,
        state=state_of(found),
        parts=tuple(parts),
        buttons=_status_buttons(found),
        note=_status_note(found, now),
    )


def _status_buttons(found: Diagnosis) -> tuple[Button, ...]:
    again = Button("Try again", command=f"status {found.org.name}", primary=True)
    if found.org.reconnect:
        again = reconnect(found.org)
    buttons = [again] if found.trouble else []
    first = found.steps[0] if found.steps else None
    if first and first.link:
        buttons.append(Button("Open the page", url=first.link, primary=not buttons))
    if first and not found.trouble:
        buttons.append(Button("Show the steps", command=f"guide {first.topic}"))
    return (*buttons, Button("Share in channel", command=f"status {found.org.name}", public=True))


def _app(app: AppFacts, org: Org, now: datetime) -> Item:
    state, words = _APP_STATES[app.state]
    if app.state is AppState.INSTALLED and app.permitted_users is Policy.ADMIN_APPROVED and app.users_with_access == 0:
        state = State.NEEDS_STEP
    details = [words]
    if app.state in (AppState.INSTALLED, AppState.BLOCKED):
        details += _access(app)
    if app.connected_users:
        details.append(f"{counted(app.connected_users, 'person', 'people')} connected")
    if app.last_used is not None:
        details.append(f"last used {age(app.last_used, now)}")
    if app.name not in org.apps:
        details.append("not needed for this org")
    return Item(f"**{literal(app.name)}**", " · ".join(details), state)


def _access(app: AppFacts) -> list[str]:
    details = []
    if app.permitted_users is Policy.ADMIN_APPROVED:
        details.append("admin-approved")
    elif app.permitted_users is Policy.SELF_AUTHORIZE:
        details.append("all users may self-authorize")
    else:
        details.append("Permitted Users cannot be read")
    if app.permitted_users is not Policy.SELF_AUTHORIZE:
        details += _grants(app)
    return details


def _grants(app: AppFacts) -> list[str]:
    if app.profiles is None or app.permission_sets is None:
        return ["who is granted cannot be read"]
    if not app.profiles and not app.permission_sets:
        return ["nobody granted"]
    granted = []
    if app.profiles:
        granted.append(f"{counted(len(app.profiles), 'profile', 'profiles')} ({_names(app.profiles)})")
    if app.permission_sets:
        sets = counted(len(app.permission_sets), "permission set", "permission sets")
        granted.append(f"{sets} ({_names(app.permission_sets)})")
    if app.users_with_access is not None:
        granted.append(f"{counted(app.users_with_access, 'user', 'users')} with access")
    return [", ".join(granted)]


def _names(names: Sequence[str], shown: int = 3) -> str:
    listed = ", ".join(literal(name) for name in names[:shown])
    return listed if len(names) <= shown else f"{listed} and {len(names) - shown} more"


def _status_note(found: Diagnosis, now: datetime) -> str:
    if found.facts is None:
        return "Never read so far"
    read = f"Read from Salesforce {age(found.facts.checked_at, now)}"
    if found.trouble:
        read = f"Last read from Salesforce {age(found.facts.checked_at, now)}; it may have changed since"
    kind = {True: "sandbox", False: "production", None: ""}[found.facts.sandbox]
    return " · ".join(word for word in (read, kind, found.facts.organization_id or "") if word)


def overview(diagnoses: Sequence[Diagnosis], now: datetime, *, live: bool) -> Answer:
    """Every org of the workspace in one line each, what needs doing first."""
    if not diagnoses:
        return no_orgs()
    urgent = sorted(diagnoses, key=_urgency)
    return Answer(
        headline=_tally(diagnoses),
        lead="" if urgent[0].verdict is Verdict.READY else f"First: {urgent[0].headline}",
        state=state_of(urgent[0]),
        parts=(Items(tuple(_org_line(found, now) for found in urgent)), *_twins(diagnoses)),
        buttons=(
            Button("Check all again" if live else "Check all now", command="status all", primary=not live),
            Button("Share in channel", command="status all" if live else "orgs", public=True),
        ),
        note="Read from Salesforce just now" if live else "As last read; nothing was asked of Salesforce",
    )


def _twins(diagnoses: Sequence[Diagnosis]) -> list[Text]:
    return [Text(same_org(names)) for names in same_orgs([found.org for found in diagnoses])]


def _tally(diagnoses: Sequence[Diagnosis]) -> str:
    ready = sum(1 for found in diagnoses if found.verdict is Verdict.READY)
    unread = sum(1 for found in diagnoses if found.facts is None and not found.trouble)
    headline = f"{ready} of {counted(len(diagnoses), 'org', 'orgs')} ready"
    return f"{headline}, {unread} not read yet" if unread else headline


def _urgency(found: Diagnosis) -> tuple[int, str]:
    order = {State.MISSING: 0, State.NEEDS_STEP: 1, State.UNKNOWN: 2, State.READY: 3}
    return order[state_of(found)], found.org.name.casefold()


def _org_line(found: Diagnosis, now: datetime) -> Item:
    checked = f"read {age(found.facts.checked_at, now)}" if found.facts else ""
    over = "reconnect needed" if found.org.reconnect else ""
    details = (over, in_short(found), "sandbox" if found.org.sandbox else "", checked)
    button = Button(f"Check {found.org.name}", command=f"status {found.org.name}")
    if over:
        button = reconnect(found.org)
    return Item(code(found.org.name), " · ".join(word for word in details if word), state_of(found), (button,))


def reconnect(org: Org) -> Button:
    """Where a connection is over."""
    return Button(f"Reconnect {org.name}", command=f"connect {org.name}", primary=True)


def no_orgs() -> Answer:
    """A workspace without orgs: how the first one is connected."""
    return Answer(
        headline="No org is connected yet",
        lead="Connect the first one: `/flosum connect prod`",
        state=State.UNKNOWN,
        note="Error pastes and questions are answered without any org.",
    )


# --- an error, a section of the guide ------------------------------------------------------------------


def guidance(found: Recognition, entry: Entry, org: Org | None, orgs: Sequence[Org]) -> Answer:
    """The cause in one sentence, who does what in which order, and how we know."""
    steps = list(entry.steps)
    parts: list[Part] = [Steps(tuple(steps))] if steps else []
    parts += [Text(tip) for tip in entry.tips]
    if found.others:
        also = "; ".join(other.title for other in found.others)
        parts.append(Text(f"The text shows more than one error. Also in it: {also}"))
    return Answer(
        headline=entry.cause if entry.kind == "error" else entry.title,
        lead=_lead(entry),
        parts=tuple(parts),
        buttons=guidance_buttons(entry, org, orgs),
        note=_how_sure(found, entry),
        rates=entry.id,
    )


def _lead(entry: Entry) -> str:
    if entry.kind == "guide":
        return entry.cause
    return f"Who can: {entry.who}" if entry.who else ""


def guidance_buttons(entry: Entry, org: Org | None, orgs: Sequence[Org]) -> tuple[Button, ...]:
    """The check of the org that is meant, or of the only one there is; and the very page of its first step."""
    buttons = []
    if org is not None and entry.page:
        buttons.append(Button(f"Open the page in {org.name}", url=setup_link(org.host, entry.page)))
    if org is None and len(orgs) == 1:
        org = orgs[0]
    if org is not None:
        buttons.insert(0, Button(f"Check {org.name} now", command=f"status {org.name}", primary=True))
    elif orgs:
        buttons.append(Button("Choose an org to check", command="orgs"))
    return tuple(buttons)


def _how_sure(found: Recognition, entry: Entry) -> str:
    if entry.kind == "guide":
        return entry.source
    spellings = {sign.replace("_", " ").casefold(): either_of(sign) for sign in reversed(found.evidence)}
    evidence = ", ".join(code(sign) for sign in [*reversed(spellings.values())][:3])
    return " · ".join(word for word in (f"From the text: {evidence}" if evidence else "", entry.source) if word)


def nothing_known(nearest: Sequence[Entry]) -> Answer:
    """Asked, and the guidance has nothing: said so, with the nearest sections as suggestions."""
    titles = " · ".join(f"**{entry.title}**" for entry in nearest)
    return Answer(
        headline="I have no guidance for that",
        lead=f"The nearest in the guide: {titles}" if nearest else "",
        parts=(
            Text(
                "For a Salesforce login error, paste its whole text, and the page's address too "
                "(without `code=` and `state=`)."
            ),
        ),
        buttons=tuple(Button(entry.title, command=f"guide {entry.topic}") for entry in nearest),
        unknown=True,
    )


def mistyped(typed: str, meant: str) -> Answer:
    """A verb that is nearly one of ours, and a text that the guidance does not know either."""
    return Answer(
        headline=f"There is no command {code(typed.split()[0])}",
        lead=f"Did you mean {code(f'/flosum {meant}')}?",
        buttons=(Button(f"/flosum {meant}", command=meant, primary=True), Button("All commands", command="help")),
        unknown=True,
    )


# --- secrets -------------------------------------------------------------------------------------------

_REVOKE = {
    Secret.SESSION_ID: "End the session: **Setup → Session Management**, select it, **Remove**.",
    Secret.ACCESS_TOKEN: "End the session: **Setup → Session Management**, select it, **Remove**.",
    Secret.REFRESH_TOKEN: "Revoke it: **Setup → Connected Apps OAuth Usage**, open the app's user count, **Revoke**; "
    "then **Update Token** in Flosum.",
    Secret.JWT: "It ends by itself within minutes; if others could have used it, replace the signing certificate.",
    Secret.CONSUMER_KEY: "A consumer key alone opens nothing; if the secret was shown too, rotate both in the app.",
    Secret.CONSUMER_SECRET: "Rotate it where the app was made: **Manage Consumer Details**, new secret, **Apply**.",
    Secret.PASSWORD: "Change the password, and reset the user's security token.",
    Secret.SECURITY_TOKEN: "Reset it: the user's **Settings → Reset My Security Token**.",
    Secret.AUTHORIZATION_CODE: "It works once and for minutes only; start the login again so that it is spent.",
    Secret.PRIVATE_KEY: "Replace the key pair: new certificate in the app, new key wherever it is used.",
    Secret.OTHER_TOKEN: "Revoke it where it was issued and make a new one.",
}


def secret_warning(secrets: Sequence[Secret], *, shared: bool) -> Answer:
    """For the author's eyes: which kinds of secret the message shows, and how each is made worthless."""
    kinds = list(dict.fromkeys(secrets))
    named = " and ".join((", ".join(kinds[:-1]), kinds[-1])) if len(kinds) > 1 else kinds[0]
    where = "Anyone here could use it." if shared else "I do not store or repeat it."
    ways = tuple(dict.fromkeys(_REVOKE[kind] for kind in kinds))
    return Answer(
        headline=f"Your message shows a Salesforce secret: {named}",
        lead=f"{where} Delete the message, then make the secret worthless:",
        state=State.NEEDS_STEP,
        parts=(Steps(ways),),
        note="Only you see this. What the secret was is neither stored nor logged.",
    )


def with_warning(answer: Answer, secrets: Sequence[Secret]) -> Answer:
    """An answer that only the asker sees, with the warning about the secrets in their text at its end."""
    if not secrets:
        return answer
    warning = secret_warning(secrets, shared=False)
    told = Text(f"⚠️ **{warning.headline}.** {warning.lead}")
    return replace(answer, parts=(*answer.parts, told, *warning.parts))


def secret_in_message(secrets: Sequence[Secret]) -> tuple[Part, ...]:
    """The same beside an answer about a message that somebody pointed at, whoever wrote it."""
    warning = secret_warning(secrets, shared=True)
    told = warning.headline.replace("Your message", "That message", 1)
    who = "Tell its author to delete it, then to make the secret worthless:"
    return (Text(f"⚠️ **{told}.** Anyone here could use it. {who}"), *warning.parts)


# --- the bot itself ------------------------------------------------------------------------------------


def help_text(orgs: Sequence[Org]) -> Answer:
    """The short help: what to type, by what one wants."""
    example = orgs[0].name if orgs else "prod"
    return Answer(
        headline="I help Salesforce orgs through the connected-app restrictions for Flosum",
        lead="Paste a Salesforce login error into a channel I am in, or type one of these:",
        parts=(
            Items(
                (
                    Item(
                        code(f"/flosum status {example}"),
                        "what is true of an org, and its next step",
                    ),
                    Item("`/flosum status all`", "every org, read from Salesforce now"),
                    Item("`/flosum orgs`", "every org, as last read"),
                    Item("`/flosum connect …`", "connect an org, or connect it again"),
                    Item("`/flosum explain …`", "an error's cause and steps, seen only by you"),
                    Item("`/flosum guide`", "the installation guide, section by section"),
                    Item("`/flosum remind`", "the weekly digest: when and where it comes"),
                    Item(
                        "`/flosum settings`", "whether I answer pastes in this channel, and what people said of answers"
                    ),
                )
            ),
        ),
        note="Anything else after `/flosum` is taken as a question about the guide.",
    )


def guide_contents(sections: Sequence[Entry]) -> Answer:
    """The table of contents."""
    return Answer(
        headline="The guide, section by section",
        lead="A System Administrator of the org goes through these once for each org.",
        parts=(Items(tuple(Item(f"`/flosum guide {entry.topic}`", entry.title) for entry in sections)),),
        note="Source: Flosum's article on installing its connected apps",
    )


def not_built(verb: str, instead: str) -> Answer:
    """A command of the contract that is not there yet: said so, with the way by hand."""
    return Answer(f"`/flosum {verb}` is not there yet", instead, state=State.UNKNOWN)
