"""Granting in words: what would change and for how many, what was done, and why something is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.answers import Answer, Button, Choice, Field, Form, Items, Menu, Part, State, Text
from bot.domain.answers import Item as Line
from bot.domain.answers.humanize import capital, counted, listed, shortened
from bot.domain.answers.markup import MENTION, code, literal, time
from bot.domain.command import shorten
from bot.domain.errors import AskerError, WriteRefused
from bot.domain.model import BACKUP_APP, DEVOPS_APP, Org, Policy, short_id
from bot.domain.orgs.findings import named
from bot.domain.orgs.granting import (
    KEYS,
    NEW_LABEL,
    NEW_SET,
    SET_ID,
    AppToGrant,
    Bar,
    GrantReading,
    Holder,
    bar_of,
    key_of,
)
from bot.domain.orgs.org_writes import UNDO_WITHIN, OrgWrite, WriteKind, WriteStatus
from bot.domain.orgs.setup_links import page_link, page_name, setup_link
from bot.domain.orgs.user_access import OrgUser

ASSIGN_FORM = "grant-assign"
_TITLE = 30  # letters of a name in a button
OFFERED = 3
"""Permission sets that have a button each; all of them stand in a menu."""

_MENU_AT_MOST = 100
_BY_HAND = "By hand: `/flosum guide grant-permission-set`"

_APP_BARS: Mapping[Bar, tuple[str, str]] = {
    Bar.NOT_INSTALLED: ("{app} is not installed in {org}, so it cannot be granted", "Install it first"),
    Bar.BLOCKED: ("{app} is blocked in {org}, so nobody gets in through it", "Unblock it first"),
    Bar.NOT_SEEN: ("{org} shows no sign of {app}, so there is nothing to grant yet", "Install it first"),
    Bar.UNREADABLE: ("Whether {app} is installed in {org} cannot be read", "Look yourself"),
    Bar.EXTERNAL: (
        "{app} is an external client app in {org}, and those are granted in their own policies",
        "Open it, **Edit Policies**, and add the permission set there",
    ),
    Bar.TWO_APPS: (
        "{org} has more than one app called {app}, and which of them is Flosum's cannot be read",
        "Look yourself, and grant it there",
    ),
    Bar.GRANTS_UNREAD: ("Whom {app} is granted to in {org} cannot be read", "Look yourself"),
}
_PAGES = {Bar.EXTERNAL: "external-apps"}
_SET_BARS: Mapping[Bar, str] = {
    Bar.MANAGED: (
        "**{name}** belongs to the package `{namespace}`, and Salesforce lets nobody change what a package brought. "
        "Choose a permission set of your own."
    ),
    Bar.OF_PROFILE: (
        "**{name}** belongs to a profile. From here apps are granted to permission sets; a profile is added by hand: "
        "**Manage App Policies**, **Manage Profiles**."
    ),
    Bar.GROUP: "**{name}** is what a permission set group adds up to. Choose one of the group's permission sets.",
    Bar.STANDARD: "**{name}** comes with Salesforce and cannot be changed. Choose a permission set of your own.",
}

_KEY_LABELS = {"backup": "Backup", "devops": "DevOps", "both": "Both"}


# --- switched off ------------------------------------------------------------------------------------------


def off_here(org: Org) -> AskerError:
    """The operator lets nothing be written."""
    return AskerError(
        f"I only read {code(org.name)}: whoever runs this assistant has not let it grant access. They can switch that "
        f"on. {_BY_HAND}",
        (_open(org),),
    )


def off_in_org(org: Org) -> AskerError:
    """Whoever connected the org has not let anything be written."""
    return AskerError(
        f"I only read {code(org.name)}: nobody allowed more when it was connected. An administrator of that org can, "
        f"by connecting it again. {_BY_HAND}",
        (Button("Connect it again", command=f"connect {org.name}", primary=True), _open(org)),
    )


def _open(org: Org) -> Button:
    link = setup_link(org.host, "usage")
    return Button(f"Open {page_name(link)}", url=link)


# --- what is asked back ------------------------------------------------------------------------------------


def which_app(org: Org, said: str) -> Answer:
    """No app was said, or none that we know."""
    strange = f"I know no app called {code(shorten(said))}. " if said else ""
    return Answer(
        f"Which app should be granted in {code(org.name)}?",
        f"{strange}`backup` is **{BACKUP_APP}**, `devops` is **{DEVOPS_APP}**: "
        f"`/flosum grant {org.name} both Flosum Users`",
        buttons=tuple(Button(_KEY_LABELS[word], command=f"grant {org.name} {word}", replaces=True) for word in KEYS),
    )


def which_set(org: Org, apps: Sequence[str], reading: GrantReading, said: str) -> Answer:
    """No permission set was said, or none that is there; those that fit, and the one that would be made."""
    offered, key = reading.offered, key_of(apps)
    head = f"Which permission set should {named(apps)} be granted to in {code(org.name)}?"
    lead = "Who has it may connect from then on."
    if said:
        head = f"{code(org.name)} has no permission set called {code(shorten(said))}"
        if SET_ID.fullmatch(said):  # nobody types ids
            head = f"That permission set is not in {code(org.name)} any more"
        elif MENTION.search(said):
            head = "Apps are granted to a permission set, which is then assigned to people"
        lead = f"{_of_profile(reading)}Choose one, or say its label or API name."
    line = f"grant {org.name} {key}"
    buttons = [
        Button(shortened(each.label, _TITLE), command=f"{line} {each.id}", replaces=True) for each in offered[:OFFERED]
    ]
    parts: list[Part] = []
    if reading.dedicated is None:
        parts.append(
            Text(
                f"Flosum's guide advises one for this alone, for more control: **{NEW_LABEL}** is not there yet, and "
                "can be made here."
            )
        )
        made = Button(f"Make {NEW_LABEL}", command=f"{line} {NEW_SET}", primary=True, replaces=True)
        buttons = [made, *buttons[: OFFERED - 1 - bool(said)]]
    if said:
        buttons.append(Button("All permission sets", command=line, replaces=True))
    elif len(offered) > len(buttons):
        choices = (Choice(f"{each.label} ({each.api_name})", f"{line} {each.id}") for each in offered[:_MENU_AT_MOST])
        parts.append(Menu("Choose a permission set…", tuple(choices)))
    return Answer(head, lead, State.UNKNOWN if said else None, tuple(parts), tuple(buttons))


def _of_profile(reading: GrantReading) -> str:
    if reading.profile is None:
        return ""
    return f"**{literal(reading.profile)}** is a profile; those are added by hand, in **Manage App Policies**. "


def several(org: Org, apps: Sequence[str], found: Sequence[Holder], said: str) -> Answer:
    """More than one permission set is called so."""
    line = f"grant {org.name} {key_of(apps)}"
    items = (
        Line(
            f"**{literal(each.label)}**",
            literal(each.api_name) if bar_of(each) is None else f"{literal(each.api_name)} · cannot be granted to",
            buttons=(Button("This one", command=f"{line} {each.id}", replaces=True),) if bar_of(each) is None else (),
        )
        for each in found[:_MENU_AT_MOST]
    )
    return Answer(
        f"{len(found)} permission sets of {code(org.name)} are called {code(shorten(said))}",
        "Which one? Their API names differ.",
        State.UNKNOWN,
        parts=(Items(tuple(items)),),
    )


# --- what stands in the way --------------------------------------------------------------------------------


def barred_app(org: Org, app: AppToGrant, bar: Bar, others: Sequence[str]) -> Answer:
    """An app that cannot be granted from here."""
    finding, step = _APP_BARS[bar]
    page = _PAGES.get(bar, "usage")
    renamed = f"An app of another name is there: {listed([code(name) for name in others])}." if others else ""
    return Answer(
        finding.format(app=f"**{app.name}**", org=code(org.name)),
        f"{step}: {page_link(org.host, page)}",
        State.MISSING if bar in (Bar.NOT_INSTALLED, Bar.BLOCKED) else State.UNKNOWN,
        parts=(Text(renamed),) if renamed and bar in (Bar.NOT_SEEN, Bar.NOT_INSTALLED) else (),
        buttons=(
            Button(f"Open {page_name(setup_link(org.host, page))}", url=setup_link(org.host, page), primary=True),
            Button(f"Guide for {org.name}", command=f"guide for {org.name}"),
        ),
        note="Nothing was written. Read from Salesforce just now",
    )


def barred_set(org: Org, apps: Sequence[str], holder: Holder, bar: Bar) -> Answer:
    """A permission set that nothing can be granted to."""
    told = _SET_BARS[bar].format(name=literal(holder.label), namespace=holder.namespace or "")
    return Answer(
        f"Nothing can be granted to {code(holder.api_name)} in {code(org.name)}",
        told,
        State.MISSING,
        buttons=(Button("Other permission sets", command=f"grant {org.name} {key_of(apps)}", replaces=True),),
        note="Nothing was written. Read from Salesforce just now",
    )


def no_right(org: Org, kind: WriteKind) -> Answer:
    """The connection's user may not write that."""
    right = "Assign Permission Sets" if kind is WriteKind.ASSIGNMENT else "Manage Profiles and Permission Sets"
    return Answer(
        f"My user in {code(org.name)} may not do that",
        f"It needs **{right}**, in a permission set of its own: {page_link(org.host, 'permission-sets')}. {_BY_HAND}",
        State.MISSING,
        note="Nothing was written. Read from Salesforce just now",
    )


def unreadable(org: Org) -> Answer:
    """The permission sets cannot be read."""
    return Answer(
        f"The permission sets of {code(org.name)} cannot be read",
        f"My user there needs **View Setup and Configuration**. {_BY_HAND}",
        State.UNKNOWN,
    )


# --- before --------------------------------------------------------------------------------------------------


CHANGED = "It changed meanwhile. "
OTHER_ORG = "It was shown before this org was connected as it is now, so look again. "


def preview(
    org: Org, apps: Sequence[AppToGrant], holder: Holder | None, reading: GrantReading, changed: str = ""
) -> Answer:
    """What would change, and for how many people; ``holder`` None is the permission set that would be made.

    ``changed`` says why it is not what was shown when the button was made. The button says all that was shown: no
    more apps, and no other Salesforce org, even where the name is connected to one meanwhile.
    """
    new = [app for app in apps if holder is None or not app.is_granted(holder)]
    old = [app.name for app in apps if app not in new]
    label = literal(holder.label if holder else NEW_LABEL)
    key = key_of([app.name for app in apps])
    said = holder.id if holder else NEW_SET
    yes = f"yes {people_of(holder)} {short_id(reading.organization_id)}".strip()
    parts: list[Part] = [Text(text) for text in (*_already(old, label), *_warnings(new, holder))]
    return Answer(
        f"Grant {named([app.name for app in new])} to **{label}** in {code(org.name)}?",
        f"{changed}{_effect(holder, label)}",
        State.NEEDS_STEP,
        tuple(parts),
        (
            Button(
                _press(holder),
                command=f"grant {org.name} {key_of([app.name for app in new])} {said} {yes}",
                primary=True,
                replaces=True,
            ),
            Button("Another permission set", command=f"grant {org.name} {key}", replaces=True),
            Button("Leave it", command=f"status {org.name}", replaces=True),
        ),
        "Nothing is written before you press; for an hour it can be undone. Read from Salesforce just now",
    )


def _press(holder: Holder | None) -> str:
    if holder is None:
        return "Make it and grant"
    exact = holder.people is not None and not holder.in_groups  # somebody may have it both ways
    return f"Grant to {counted(people_of(holder), 'person', 'people')}" if exact else "Grant"


def people_of(holder: Holder | None) -> int:
    """How many people a grant to it concerns: those who have it directly, and those who have it by a group."""
    return (holder.people or 0) + (holder.in_groups or 0) if holder else 0


def _effect(holder: Holder | None, label: str) -> str:
    if holder is None:
        return f"Makes the permission set **{label}**, which nobody has yet. Assign it to somebody after that."
    if holder.people is None:
        return "How many people have it cannot be read; all of them may connect from then on."
    groups = f", and {counted(holder.in_groups, 'has', 'have')} it by a group" if holder.in_groups else ""
    if not people_of(holder):
        return "No active user has it, so nobody gets in until it is assigned to somebody."
    return (
        f"{counted(holder.people, 'active user has', 'active users have')} it{groups}: they may connect from then on. "
        "Nothing else of theirs changes."
    )


def _already(old: Sequence[str], label: str) -> list[str]:
    return [capital(f"{named(old)} {_is(old)} granted to **{label}** already.")] if old else []


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _warnings(apps: Sequence[AppToGrant], holder: Holder | None) -> list[str]:
    """What makes it come to less than one may think."""
    open_to_all = [app for app in apps if app.policy is Policy.SELF_AUTHORIZE and not app.controlled]
    unknown = [app.name for app in apps if app.policy is None]
    told = []
    if open_to_all:
        unless = " (unless **API Access Control** is on)" if any(app.controlled is None for app in open_to_all) else ""
        told.append(
            f"For now this has no effect for {named([app.name for app in open_to_all])}: **Permitted Users** is **All "
            f"users may self-authorize**, so everybody may connect already{unless}. It counts once that is **Admin "
            "approved users are pre-authorized**, and then locks nobody of these out."
        )
    if unknown:
        told.append(
            f"The **Permitted Users** of {named(unknown)} cannot be read, so the effect cannot be told for sure."
        )
    if holder is not None and (holder.needs_session or holder.kind == "Session"):
        told.append("It counts only while it is activated in a session.")
    return told


def already(org: Org, apps: Sequence[AppToGrant], holder: Holder) -> Answer:
    """Nothing to do: it is granted, and perhaps nobody has the permission set."""
    people = people_of(holder)
    has = counted(people, "active user has it", "active users have it") if people else "No active user has it yet"
    names = [app.name for app in apps]
    return Answer(
        capital(f"{named(names)} {_is(names)} granted to **{literal(holder.label)}** in {code(org.name)} already"),
        f"{has}. To let somebody in, assign it to them." if not people else f"{has}.",
        State.READY,
        parts=tuple(Text(text) for text in _warnings(apps, holder)),
        buttons=(assign(org, holder.id, primary=not people), check(org)),
        note="Nothing was written. Read from Salesforce just now",
    )


def assign(org: Org, holder_id: str, *, primary: bool = False) -> Button:
    """The second choice: to give the permission set to somebody."""
    return Button("Assign it to somebody", command=f"{org.name} {holder_id}", form=ASSIGN_FORM, primary=primary)


def check(org: Org) -> Button:
    """Reads the org."""
    return Button(f"Check {org.name} now", command=f"status {org.name}")


# --- after -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one write: ``done``, refused with ``refusal``, taken on by somebody else, or not known."""

    write: OrgWrite
    done: bool = False
    refusal: WriteRefused | None = None
    elsewhere: bool = False

    @property
    def unknown(self) -> bool:
        """Whether nobody knows yet if it was written."""
        return not (self.done or self.refusal or self.elsewhere)


def outcome(org: Org, outcomes: Sequence[Outcome], apps: Sequence[AppToGrant], holder: Holder | None) -> Answer:
    """What came of a press: everything done, some of it, or nothing."""
    done = [each.write for each in outcomes if each.done]
    rest = [each for each in outcomes if not each.done]
    subjects = [write.subject_name for write in done if write.kind is WriteKind.ACCESS]
    if rest:
        first = _not_done(org, rest[0])
        told = [f"Done before that: {_what(write)}." for write in done]
        undo = (undo_button(org, done),) if done else ()
        parts = (*(Text(text) for text in told), *first.parts)
        return Answer(first.headline, first.lead, first.state, parts, (*undo, check(org)), first.note)
    label, people = literal(done[-1].holder_name), people_of(holder)
    lets_in = f"{counted(people, 'active user who has it', 'active users who have it')} may connect now."
    return Answer(
        capital(f"{named(subjects)} {_is(subjects)} granted to **{label}** in {code(org.name)}"),
        lets_in if people else "Nobody has it yet: assign it to whoever connects to Flosum.",
        State.READY,
        parts=tuple(Text(text) for text in _warnings(apps, holder)),
        buttons=(
            assign(org, done[-1].holder, primary=not people),
            check(org),
            undo_button(org, done),
        ),
        note=f"Read back from Salesforce just now · can be undone until {_undo_until(done)}",
    )


def assigned(org: Org, found: Outcome) -> Answer:
    """What came of assigning a permission set to somebody."""
    if not found.done:
        return _not_done(org, found)
    write = found.write
    return Answer(
        f"**{literal(write.holder_name)}** is assigned to **{literal(write.subject_name)}** in {code(org.name)}",
        "What it lets them into they may use from now on.",
        State.READY,
        buttons=(check(org), undo_button(org, [write])),
        note=f"Read back from Salesforce just now · can be undone until {_undo_until([write])}",
    )


def _undo_until(writes: Sequence[OrgWrite]) -> str:
    return time(min(write.at for write in writes) + UNDO_WITHIN)


def undo_button(org: Org, writes: Sequence[OrgWrite]) -> Button:
    """Takes back what was just written."""
    ids = " ".join(write.record_id or "" for write in writes)
    return Button("Undo", command=f"grant {org.name} undo {ids}", replaces=True)


def _what(write: OrgWrite) -> str:
    if write.kind is WriteKind.SET:
        return f"the permission set **{literal(write.holder_name)}**"
    return f"**{literal(write.subject_name)}** → **{literal(write.holder_name)}**"


_REFUSALS: Mapping[str, tuple[str, str]] = {
    "DUPLICATE_VALUE": ("It was done by somebody else a moment ago", "There is nothing left to do."),
    "DUPLICATE_DEVELOPER_NAME": ("There is a permission set of that name already", "Choose it from the list."),
    "CANNOT_MODIFY_MANAGED_OBJECT": (
        "It belongs to a package, and Salesforce lets nobody change that",
        "Choose a permission set of your own.",
    ),
    "INVALID_CROSS_REFERENCE_KEY": ("The app or the permission set is gone", "Read the org anew, then choose again."),
    "ENTITY_IS_DELETED": ("It is gone already", "There is nothing left to do."),
    "UNABLE_TO_LOCK_ROW": ("Somebody changes the same just now", "Press once more in a minute."),
}
_RIGHT = "My user there lacks a right: **Manage Profiles and Permission Sets**, or **Assign Permission Sets**."


def _not_done(org: Org, found: Outcome) -> Answer:
    name = code(org.name)
    if found.elsewhere:
        is_done = found.write.status is WriteStatus.DONE
        return Answer(
            f"{found.write.by} {'has done' if is_done else 'does'} the same in {name} just now, so I did not",
            "Check the org to see what came of it.",
            State.READY if is_done else State.UNKNOWN,
            buttons=(check(org),),
        )
    refusal = found.refusal
    if refusal is None:
        return Answer(
            f"{name} did not answer, so I cannot tell yet whether it was written",
            "I look it up in the org, and tell you in your direct messages. Until then do not press it again.",
            State.UNKNOWN,
            buttons=(check(org),),
        )
    why, step = _REFUSALS.get(refusal.code, ("", ""))
    if refusal.code.startswith("INSUFFICIENT_ACCESS") or refusal.code == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY":
        why, step = _RIGHT, _BY_HAND
    told = f" ({literal(refusal.message)})" if refusal.message else ""
    return Answer(
        f"Salesforce refused it in {name}: {why[0].lower() + why[1:] if why else 'nothing was changed'}",
        step or _BY_HAND,
        State.MISSING,
        buttons=(check(org),),
        note=f"Salesforce's words: {code(refusal.code)}{told}",
    )


# --- undoing -------------------------------------------------------------------------------------------------


def undone(org: Org, writes: Sequence[OrgWrite], left: Sequence[str]) -> Answer:
    """What was taken back; ``left`` are sentences about what was not."""
    if not writes:
        return Answer(
            f"Nothing was taken back in {code(org.name)}", " ".join(left), State.UNKNOWN, buttons=(check(org),)
        )
    return Answer(
        f"Taken back in {code(org.name)}: {listed([_what(write) for write in writes])}",
        " ".join(left),
        State.READY if not left else State.NEEDS_STEP,
        buttons=(check(org),),
        note="Read back from Salesforce just now",
    )


def not_undone(org: Org, write: OrgWrite, by: str) -> str:
    """Why something cannot be taken back with a press: it is taken back already, or an hour is over."""
    if write.status is WriteStatus.DONE:
        return (
            f"{_sentence(write)} was written more than an hour ago, so I leave it. By hand: "
            f"{page_link(org.host, 'permission-sets')}."
        )
    if write.status in (WriteStatus.NOT_DONE, WriteStatus.UNCERTAIN):
        return f"Whether {_what(write)} is there could not be found out. Look yourself: {_sets_page(org)}."
    if write.status is WriteStatus.UNDONE:
        return f"{_sentence(write)} is taken back already."
    return f"{_sentence(write)}: {by} is at it just now."


def being_undone(org: Org, write: OrgWrite) -> str:
    """Somebody else pressed it, too."""
    return f"{_sentence(write)}: somebody else takes it back just now. Check {code(org.name)} in a minute."


def undo_refused(org: Org, write: OrgWrite, refusal: WriteRefused) -> str:
    """Salesforce does not let it go."""
    if write.kind is WriteKind.SET and refusal.code in ("DELETE_FAILED", "DEPENDENCY_EXISTS"):
        return f"The permission set **{literal(write.holder_name)}** stays, because somebody has it."
    return f"{_sentence(write)} stays: Salesforce refused ({code(refusal.code)}). By hand: {_sets_page(org)}."


def still_used(write: OrgWrite) -> str:
    """A permission set that was made here grants something else by now."""
    return f"The permission set **{literal(write.holder_name)}** stays, because an app is granted to it."


def perhaps_used(org: Org, write: OrgWrite) -> str:
    """Nobody can tell whether it grants something else by now."""
    name = literal(write.holder_name)
    return f"The permission set **{name}** stays: what is granted to it cannot be read. By hand: {_sets_page(org)}."


def undo_unknown(org: Org, write: OrgWrite) -> str:
    """No answer, or it is still there."""
    return (
        f"{_sentence(write)}: {code(org.name)} did not say whether it is gone. I look it up, and tell you in "
        "your direct messages."
    )


def _sentence(write: OrgWrite) -> str:
    return capital(_what(write))


def _sets_page(org: Org) -> str:
    return page_link(org.host, "permission-sets")


def written_elsewhere(org: Org) -> str:
    """The name is connected to another Salesforce org than the one that was written in."""
    return f"It was written in another Salesforce org, which {code(org.name)} was connected to then. Undo it there."


def not_ours(org: Org) -> AskerError:
    """What is to be undone was not written from here, or is forgotten."""
    return AskerError(f"I know of nothing like that in {code(org.name)} that I could take back.", (check(org),))


def found_out(org: Org, write: OrgWrite, *, there: bool | None, now: datetime) -> Answer:
    """What became of a write that was interrupted; ``there`` None: it could not be found out for a day."""
    what, name = _what(write), code(org.name)
    undoing = write.status is WriteStatus.UNDOING
    if there is None:
        why = f"{name} did not answer for a day. Look yourself: {_sets_page(org)}"
        if write.is_elsewhere(org.organization_id):
            why = f"{name} is connected to another Salesforce org by now. Look yourself in the one before."
        return Answer(
            f"Whether something was written in {name} could not be found out",
            f"{what}: {why}",
            State.UNKNOWN,
        )
    if undoing:
        head = f"I was interrupted while I took something back in {name}: it " + (
            "is still there" if there else "is taken back"
        )
    else:
        head = f"I was interrupted while I wrote in {name}: it " + ("was written" if there else "was not written")
    may_undo = there and now - write.at < UNDO_WITHIN
    undo = (undo_button(org, [write]),) if may_undo else ()
    step = "" if there or undoing else " Press again, if it is still meant."
    return Answer(
        head,
        f"{what}.{step}",
        State.READY if there != undoing else State.NEEDS_STEP,
        buttons=(*undo, check(org)),
        note="Read from Salesforce just now. You are told, because you pressed it",
    )


# --- assigning -----------------------------------------------------------------------------------------------


def assign_form(subject: str, org: str) -> Form:
    """Who is to get a permission set."""
    field = Field(
        "person",
        "User in Salesforce",
        "Their user name, e-mail address or name there. Flosum's own user is the one that the connection names.",
        "flosum@acme.example",
    )
    text = f"Who should get the permission set in {code(org)}? You see who that is before anything is written."
    return Form(ASSIGN_FORM, subject, "Assign a permission set", text, (field,), "Next")


def assign_preview(org: Org, holder: Holder, user: OrgUser, apps: Sequence[str]) -> Answer:
    """Who would get what."""
    opens = f"It lets them into {named(apps)}" if apps else "It lets them into neither Flosum app yet"
    doubts = []
    if user.frozen:
        doubts.append("The user is frozen, and gets in nowhere until that ends.")
    if user.active is None:
        doubts.append("Whether the user is active cannot be read.")
    return Answer(
        f"Assign **{literal(holder.label)}** to **{literal(user.name)}** in {code(org.name)}?",
        f"{opens}, and gives them whatever else is in it. Nobody else is concerned.",
        State.NEEDS_STEP,
        tuple(Text(text) for text in doubts),
        (
            Button(
                f"Assign it to {shortened(user.name, _TITLE)}",
                command=f"grant {org.name} assign {holder.id} {user.username} yes",
                primary=True,
                replaces=True,
            ),
            Button("Leave it", command=f"status {org.name}", replaces=True),
        ),
        f"{literal(user.username)} · nothing is written before you press; for an hour it can be undone",
    )


def not_assignable(org: Org, user: OrgUser) -> Answer:
    """A user whom nothing can be assigned to, or who would not get in by it."""
    why = "is not active" if user.active is False else "is no user of the standard kind"
    return Answer(
        f"**{literal(user.name)}** {why} in {code(org.name)}, so I assign nothing",
        "Choose somebody who connects to Flosum, or put that right first: " + page_link(org.host, "users"),
        State.MISSING,
        note=literal(user.username),
    )


def which_user(org: Org, wanted: str, users: Sequence[OrgUser]) -> Answer:
    """More than one fits."""
    names = listed([code(user.username) for user in users[:5]])
    return Answer(
        f"{counted(len(users), 'user', 'users')} of {code(org.name)} fit {code(shorten(wanted))}",
        f"Say the whole user name of the one that is meant, such as {names}.",
        State.UNKNOWN,
        note="Nothing was written",
    )


def had_it(org: Org, holder: Holder, user: OrgUser) -> Answer:
    """They have it until a day that is over: Salesforce keeps one assignment for each person, and takes no second."""
    return Answer(
        f"**{literal(user.name)}** had **{literal(holder.label)}** in {code(org.name)} until a day that is over",
        f"Give their assignment another end in Setup: **Permission Sets**, **{literal(holder.label)}**, "
        "**Manage Assignments**. Or take it off there, and assign it anew here.",
        State.NEEDS_STEP,
        buttons=(Button(f"Access of {shortened(user.name, _TITLE)}", command=f"access {org.name} {user.username}"),),
        note="Nothing was written. Read from Salesforce just now",
    )


def has_it(org: Org, holder: Holder, user: OrgUser) -> Answer:
    """Nothing to do."""
    return Answer(
        f"**{literal(user.name)}** has **{literal(holder.label)}** in {code(org.name)} already",
        f"Whether they may connect: `/flosum access {org.name} {user.username}`",
        State.READY,
        buttons=(Button(f"Access of {shortened(user.name, _TITLE)}", command=f"access {org.name} {user.username}"),),
        note="Nothing was written. Read from Salesforce just now",
    )
