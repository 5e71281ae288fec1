"""What was read of orgs, put into words: one org, all of them, none yet. The finding comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Choice, Item, Items, Menu, Part, State, Text
from bot.domain.answers.fitting import SMALL, WIDTH, height
from bot.domain.answers.humanize import age, capital, counted, listed
from bot.domain.answers.markup import code, literal, plain
from bot.domain.answers.offered import for_others
from bot.domain.answers.plain_text import item_line, marked
from bot.domain.model import ApiUsage, AppFacts, AppState, Diagnosis, Org, Verdict
from bot.domain.orgs import app_history
from bot.domain.orgs.app_evidence import in_brief, may_be_renamed, unseen_blocks
from bot.domain.orgs.connection import CONNECT_AN_ORG, same_org, same_orgs
from bot.domain.orgs.findings import is_uninstalled
from bot.domain.orgs.grant_button import grant_button
from bot.domain.orgs.needs import need
from bot.domain.orgs.setup_links import page_name, with_link
from bot.domain.orgs.snooze_report import counted_words, since_words, told, wake
from bot.domain.orgs.tags import tag_words
from bot.domain.orgs.urgency import counting, is_snoozed, most_urgent_first, ready, state_of, still_read, tally
from bot.domain.orgs.which_org import ALL_ORGS, FIRST, NO_ORG
from bot.domain.selection import EVERY, Selection, with_page

LINES = 14
"""What a status may take of a phone."""

PER_PAGE = 20
"""Orgs on one page of a list."""

_TAGS = 3  # of an org, in the small print of its status

FEW = 5
"""So many orgs of a list have a button each; beyond that the list is to be read, not pressed."""

_AGAIN = {True: "Check all again", False: "Check all now"}  # by whether it was just read
_AGAIN_SOME = {True: "Check these again", False: "Check these now"}


def status(found: Diagnosis, now: datetime, by: str = "") -> Answer:
    """One org: the verdict, the one next step with the button to its very page, and what was read in few words.

    ``by`` is the name of whoever snoozed it, in our markup.
    """
    lead = _taken_away(found, now) + lead_of(found)
    first = first_button(found)
    parts: list[Part] = [Buttons((first,))] if first else []
    if found.facts is not None and found.facts.refreshed_at:
        when = age(found.facts.refreshed_at, now)
        parts.append(Text(f"Refreshed since it was connected, as seen {when}: **Update Token** in Flosum."))
    parts += _under_another_name(found)
    parts += snoozed_part(found, by)
    note = status_note(found, now, whole=False)
    above = height(marked(state_of(found), found.headline)) + height(lead) + 1 + height(note, SMALL)
    above += sum(height(part.text) if isinstance(part, Text) else 1 for part in parts)
    count = max(len(found.steps), 1)
    more = all_steps(found) if count > 1 else to_details(found)
    return Answer(
        headline=found.headline,
        lead=lead,
        state=state_of(found),
        parts=(*parts, *_evidence_in(LINES - above, found, now)),
        buttons=(more, *((wake(found.org),) if is_snoozed(found) else ()), share(found)),
        note=note,
    )


def _under_another_name(found: Diagnosis) -> list[Part]:
    """What an app of which there is no sign may be called here."""
    unseen = any(app.state is AppState.NOT_SEEN for app in found.needed_apps) and not found.trouble
    others = found.facts.other_apps if found.facts and unseen else ()
    return [Text(may_be_renamed(others))] if others else []


def _taken_away(found: Diagnosis, now: datetime) -> str:
    """Who took away an app and all that was left of it, and when, before what is to be done."""
    gone = [app for app in found.needed_apps if is_uninstalled(app)] if not found.trouble else []
    told = [
        f"**{literal(app.name)}** was {app_history.told(event, now)}. "
        for app in gone
        if (event := app_history.explains(app))
    ]
    return "".join(told)


def all_steps(found: Diagnosis) -> Button:
    """What shows every step."""
    return Button(
        f"All {len(found.steps)} steps" if len(found.steps) > 1 else "The step",
        command=f"status {found.org.name} steps",
    )


def to_details(found: Diagnosis) -> Button:
    """What shows all that is known."""
    return Button("Details", command=f"status {found.org.name} details")


def lead_of(found: Diagnosis) -> str:
    """The one next step, or why there is no fresh reading."""
    if found.trouble:
        return found.trouble
    return step_texts(found)[0] if found.steps else ""


def step_texts(found: Diagnosis) -> tuple[str, ...]:
    """The steps; where a button does the first from here, its page is led to by its words."""
    texts = tuple(step.text for step in found.steps)
    if grant_button(found) is None:
        return texts
    return (with_link(texts[0], found.steps[0].link), *texts[1:])


def _evidence_in(room: int, found: Diagnosis, now: datetime) -> tuple[Part, ...]:
    """What was read of each app, as much of it as there is room for; of an old reading nothing."""
    facts = found.facts
    if facts is None or found.trouble or not facts.apps:
        return ()
    for items in (
        tuple(in_brief(app, facts, found.org, now) for app in facts.apps),
        tuple(in_brief(app, facts, found.org, now, history=False) for app in facts.apps),
        tuple(_named_and(app, in_brief(app, facts, found.org, now)) for app in facts.apps),
    ):
        if sum(height(item_line(item)) for item in items) <= room:
            return (Items(items),)
    return ()


def _named_and(app: AppFacts, told: Item) -> Item:
    """An app without what is known of it, but for what explains that nothing is."""
    return told if is_uninstalled(app) else replace(told, detail="")


def snoozed_part(found: Diagnosis, by: str) -> list[Part]:
    """That it is snoozed, if it is."""
    snooze = found.org.snooze
    return [Text(told(snooze, by))] if snooze is not None and is_snoozed(found) else []


def first_button(found: Diagnosis) -> Button | None:
    """What to press next: what does the step from here, else the page on which it is done by hand."""
    grant, page = grant_button(found), _page_button(found)
    return replace(grant, otherwise=page) if grant else page


def _page_button(found: Diagnosis) -> Button | None:
    if found.org.reconnect:
        return reconnect(found.org)
    if found.trouble:
        return Button("Try again", command=f"status {found.org.name}", primary=True, replaces=True)
    first = found.steps[0] if found.steps else None
    return Button(f"Open {page_name(first.link)}", url=first.link, primary=True) if first and first.link else None


def share(found: Diagnosis) -> Button:
    """The short status, for everybody."""
    return Button("Share in channel", command=f"status {found.org.name}", public=True)


def status_note(found: Diagnosis, now: datetime, *, whole: bool) -> str:
    """How we know; ``whole``: with all of its tags, and the org's id."""
    if found.facts is None:
        return "Never read so far"
    read = f"Read from Salesforce {age(found.facts.checked_at, now)}"
    if found.trouble:
        read = f"Last read {age(found.facts.checked_at, now)}; it may have changed since"
    kind = {True: "sandbox", False: "production", None: ""}[found.facts.sandbox]
    unseen = unseen_blocks(found)
    since = since_words(found.org.open_since, now) if found.verdict is not Verdict.READY else ""
    is_open, number = f"Open for {since}" if since else "", (found.facts.organization_id or "") if whole else ""
    tags = found.org.tags if whole else found.org.tags[:_TAGS]
    more = f" and {len(found.org.tags) - len(tags)} more" if len(found.org.tags) > len(tags) else ""
    words = (
        is_open,
        read,
        kind,
        tag_words(tags) + more,
        number,
        unseen,
        "granting access allowed" if whole and found.may_grant else "",
        _api_words(found.facts.api_usage, whole=whole),
    )
    return " · ".join(word for word in words if word)


def _api_words(usage: ApiUsage | None, *, whole: bool) -> str:
    """How many API requests the org has used, where that is asked for or few are left."""
    if usage is None or not (whole or usage.is_low):
        return ""
    return f"API requests {usage.used:,} of {usage.limit:,} in 24 h"


def overview(
    diagnoses: Sequence[Diagnosis],
    now: datetime,
    *,
    live: bool,
    waiting: int = 0,
    page: int = 1,
    chosen: Selection = EVERY,
) -> Answer:
    """The orgs that are meant, one line each, and how many of them are ready; ``waiting`` more are still being read.

    The ready ones have no line of their own, unless they are what was asked for.
    """
    among = chosen.whole.of(diagnoses)
    urgent = most_urgent_first(chosen.of(among))
    if not urgent:
        return Answer(still_read(waiting), state=State.UNKNOWN) if waiting else _none(chosen, among, diagnoses)
    listed = [found for found in urgent if chosen.ready or found.verdict is not Verdict.READY]
    through = [] if chosen.ready else ready(urgent)
    asked, last = page, max(1, -(-len(listed) // PER_PAGE))
    page = min(max(page, 1), last)
    shown = listed[(page - 1) * PER_PAGE : page * PER_PAGE]
    is_pressed = len(listed) <= FEW
    parts: list[Part] = [Items(tuple(_org_line(found, chosen, pressed=is_pressed) for found in shown))] if shown else []
    head = _head(chosen, among, waiting)
    # How many are ready stands in a long head already; the line is needed for another org.
    is_told = len(shown) == PER_PAGE and height(marked(State.READY, head), WIDTH - 1) > 1
    told = _through(through, alone=not listed and not waiting) if through and not is_told else ""
    parts += [Text(told)] if told else []
    parts += [Text(same_org(names)) for names in same_orgs([found.org for found in among])]
    if not is_pressed or len(through) > FEW:
        parts.append(_menu([*shown, *through]))
    return Answer(
        headline=head,
        state=state_of(urgent[0]),
        parts=tuple(parts),
        buttons=_overview_buttons(chosen, page, len(listed) - page * PER_PAGE, live=live),
        note=_no_such_page(asked, last) + (_overview_note(among, waiting) if live else _as_last_read(among, now)),
    )


def _no_such_page(asked: int, last: int) -> str:
    """That the page which was asked for is not there, and another one is shown."""
    if 1 <= asked <= last:
        return ""
    return f"There is no page {asked}: {f'this is the last, {last}' if asked > last > 1 else 'this is the first'} · "


def _head(chosen: Selection, among: Sequence[Diagnosis], waiting: int) -> str:
    """How many of those that are meant are ready, or are not."""
    told_of, snoozed = counting(among), counted_words(among)
    told = tally(among, waiting) if told_of or waiting else ""
    if told and chosen.ready is False:
        left = len(told_of) - len(ready(told_of))
        told = f"{left} of {counted(len(told_of) + waiting, 'org', 'orgs')} not ready"
        told += f", {waiting} still being read" if waiting else ""
    told = ", ".join(filter(None, (told, snoozed)))
    if chosen.names:
        return f"{listed([code(name) for name in chosen.names])}: {told}"
    which = literal(plain(chosen.whole.words().replace("production orgs", "production").removeprefix("orgs ")))
    return told if chosen.whole.is_all else f"{capital(which)}: {told}"


def _none(chosen: Selection, among: Sequence[Diagnosis], diagnoses: Sequence[Diagnosis]) -> Answer:
    """None is meant: because none is there, or because none is ready, or all are."""
    if not diagnoses:
        return no_orgs()
    one = "connected org" if chosen.whole.is_all else chosen.whole.words(several=False)
    every = (Button("Check all orgs", command="status all"),)
    if not among:
        return Answer(f"No {one} is connected", buttons=every)
    if chosen.ready:
        return Answer(f"No {one} is ready yet", state=state_of(most_urgent_first(among)[0]), buttons=every)
    return Answer(f"Every {one} is ready", state=State.READY, buttons=every)


def _overview_buttons(chosen: Selection, page: int, left: int, *, live: bool) -> tuple[Button, ...]:
    """Three at most: to read again, the next page, which is shown as it was read, and Share."""
    if chosen.is_all:
        again = Button(_AGAIN[live], command="status all", primary=not live, replaces=True)
    else:
        again = Button(_AGAIN_SOME[live], command=f"status {chosen.line}", primary=not live, replaces=True)
    more = Button(f"Next {min(left, PER_PAGE)}", command=_orgs_line(chosen, page + 1)) if left > 0 else None
    other = more or (None if chosen.is_all else ALL_ORGS)
    shared = f"status {chosen.line}" if live and page == 1 else _orgs_line(chosen, page)
    share = Button("Share in channel", command=shared, public=True)
    return tuple(button for button in (None if live and more else again, other, share) if button)


def _orgs_line(chosen: Selection, page: int) -> str:
    """What shows a page as it was last read."""
    if chosen.is_all:
        return f"orgs {page}" if page > 1 else "orgs"
    return f"orgs {with_page(chosen, page)}"


def _menu(found: Sequence[Diagnosis]) -> Menu:
    """A press for each org of a list that has no room for buttons."""
    choices = (Choice(f"{each.org.name} · {need(each)}", f"status {each.org.name}") for each in found)
    return Menu("Choose an org…", tuple(choices))


def _as_last_read(diagnoses: Sequence[Diagnosis], now: datetime) -> str:
    read = [found.facts.checked_at for found in diagnoses if found.facts]
    return f"As last read, the oldest {age(min(read), now)}" if read else "Nothing was asked of Salesforce"


def _through(found: Sequence[Diagnosis], *, alone: bool) -> str:
    """The ready ones in one line, by name where that fits. ``alone``: the headline says already how many they are."""
    told = marked(State.READY, f"Ready: {', '.join(code(each.org.name) for each in found)}")
    if height(told) == 1:
        return told
    return "" if alone else marked(State.READY, f"{counted(len(found), 'org', 'orgs')} ready")


def _overview_note(diagnoses: Sequence[Diagnosis], waiting: int) -> str:
    resting = sum(1 for found in diagnoses if found.rests)
    failed = sum(1 for found in diagnoses if found.trouble and not found.rests)
    unread = failed + resting
    if not unread and not waiting:
        return "Read from Salesforce just now"
    every = len(diagnoses) + waiting
    where = "" if every > PER_PAGE else "from Salesforce "  # in a list that fills a phone each line counts
    note = f"{len(diagnoses) - unread} of {every} read {where}just now"
    left = [f"{failed} could not be read" if failed else "", f"{resting} not asked again yet" if resting else ""]
    note += f"; {', '.join(filter(None, left))}" if unread else ""
    return f"{note}; {still_read(waiting)}, the rest follows" if waiting else note


def _org_line(found: Diagnosis, chosen: Selection, *, pressed: bool) -> Item:
    button = Button(f"Check {found.org.name}", command=f"status {found.org.name}")
    if found.org.reconnect:
        button = replace(reconnect(found.org), primary=False, otherwise=button)  # many may stand in one list
    plain = need(found) + (" · snoozed" if is_snoozed(found) else "")
    line = Item(code(found.org.name), plain, state_of(found), (button,) if pressed else ())
    tags = [tag for tag in found.org.tags if (tag,) not in [group.tags for group in chosen.groups]]
    for tag in tags:
        longer = replace(line, detail=f"{line.detail}{', ' if line.detail != plain else ' · '}{literal(tag)}")
        line = longer if height(item_line(longer), WIDTH - 1) == 1 else line  # a state's sign is as wide as two letters
    return line


def reconnect(org: Org) -> Button:
    """Where a connection is over."""
    return Button(f"Reconnect {org.name}", command=f"connect {org.name}", primary=True)


NOT_YET = for_others("connects the first one")


def no_orgs(*, may_change: bool = False) -> Answer:
    """A workspace without orgs: how the first one is connected, with the button for who may; who can, for others."""
    return Answer(
        headline=NO_ORG,
        lead=FIRST if may_change else NOT_YET,
        state=State.UNKNOWN,
        buttons=(CONNECT_AN_ORG,) if may_change else (),
        note="Error pastes and questions are answered without any org.",
    )
