"""The Home tab as Slack publishes it: a page of sections, because Slack allows no tables there."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from bot.adapters.slack.views.blocks import (
    FORM,
    LABEL,
    NOTE,
    OPTION,
    OPTIONS,
    VALUE,
    Block,
    mrkdwn_text,
    option,
    section,
)
from bot.adapters.slack.views.mrkdwn import cut
from bot.domain.answers.plain_text import marked
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.org_questions import ALL
from bot.domain.orgs.home_report import DigestLine, Home, OrgRow, Place

HEADER = 150
CHECK, CHECK_ALL, PAGE, TELL, CONNECT = "home-check", "home-check-all", "home-page", "home-say", "home-connect"
CHOOSE = "home-choose"


def view(home: Home) -> dict[str, Any]:
    """The page as Slack publishes it. Every state stands there as a word; the emoji only repeats it."""
    place = Place(home.page, home.chosen).text
    return {"type": "home", "private_metadata": place, "blocks": list(_blocks(home))}


def _blocks(home: Home) -> Iterator[Block]:
    yield {"type": "header", "text": {"type": "plain_text", "text": cut(home.headline, HEADER)}}
    yield section("\n".join(line for line in (home.lead, home.doing) if line))
    if home.closed:
        return
    if top := list(_top(home)):
        # Under the id of before Slack would go on showing what was chosen, and choosing it again would say nothing.
        yield {"type": "actions", "block_id": f"home-top:{zlib.crc32(home.note.encode())}", "elements": top}
    yield from (_row(row, number, home) for number, row in enumerate(home.rows))
    if home.pages > 1:
        yield {"type": "actions", "block_id": "home-pages", "elements": list(_turns(home))}
    if home.rows:
        yield {"type": "divider"}
    if home.news:
        yield section("\n".join(("**What changed**", *home.news)))
    for number, line in enumerate(home.digests):
        yield from _digest(line, number)
    if home.trail:
        yield section("\n".join(("**Done this week**", *home.trail)))
    yield {"type": "context", "elements": [mrkdwn_text(home.note, NOTE)]}


def _top(home: Home) -> Iterator[Block]:
    if home.rows or home.chosen != ALL:
        yield _button(CHECK_ALL, "Check all now", str(home.page), "Check all orgs now") | {"style": "primary"}
    if home.may:
        yield _button(CONNECT, "Connect an org", "connect", "Connect a Salesforce org")
    if home.choices:
        yield _choice(home)
    said = [(f"Check {row.name}", _checked(row, home.page)) for row in home.rows if home.many]
    if one := [option(label, line) for label, line in said if len(line) <= OPTION]:
        yield _menu(f"{CHECK}:one", "Check one…", one)


def _choice(home: Home) -> Block:
    """The menu of what can be shown. What was chosen comes early in it, so that it is never cut off."""
    options = [option(label, line) for line, label in home.choices if len(line) <= OPTION][:OPTIONS]
    initial = [each for each in options if each["value"] == home.chosen]
    shown = {"initial_option": initial[0]} if initial else {}
    return _menu(CHOOSE, "Show…", options) | shown


def _menu(action: str, hint: str, options: list[Block]) -> Block:
    placeholder = {"type": "plain_text", "text": hint, "emoji": False}
    return {"type": "static_select", "action_id": action, "placeholder": placeholder, "options": options}


def _digest(line: DigestLine, number: int) -> Iterator[Block]:
    yield section(line.text)
    if not line.may:
        return
    its = f"-{number}" if number else ""
    form, hint = f"{FORM}-{DIGEST_FORM}:home{its}", f"Digest {number + 1}"
    label = "Change" if line.off else "Set it up"
    elements = [_button(form, label, line.target or ANY, f"{hint}: {label}")] if line.target or not line.off else []
    options = [option(label, said) for label, said in (("Post it now", line.now), ("Switch it off", line.off)) if said]
    if options:
        elements.append({"type": "overflow", "action_id": f"{TELL}:digest{its}", "options": options})
    yield {"type": "actions", "block_id": f"home-digest{its}", "elements": elements}


def _row(row: OrgRow, number: int, home: Home) -> Block:
    block = section("\n".join((marked(row.state, row.lines[0]), *row.lines[1:]))) | {"block_id": f"home-org:{number}"}
    if row.reconnect and home.may:
        button = _button(f"{TELL}:{number}", f"Reconnect {row.name}", f"connect {row.name}", f"Log in to {row.name}")
    elif home.many:
        return block
    else:
        button = _button(f"{CHECK}:{number}", f"Check {row.name}", _checked(row, home.page), f"Check {row.name} now")
    return block | {"accessory": button}


def _checked(row: OrgRow, page: int) -> str:
    """What a press says that reads an org: also which page shows it."""
    return f"{page} {row.name}"


def _turns(home: Home) -> Iterator[Block]:
    if home.page > 1:
        yield _button(f"{PAGE}:previous", "Previous page", str(home.page - 1), f"Page {home.page - 1} of {home.pages}")
    if home.page < home.pages:
        yield _button(f"{PAGE}:next", "Next page", str(home.page + 1), f"Page {home.page + 1} of {home.pages}")


def _button(action: str, label: str, value: str, hint: str) -> Block:
    text = {"type": "plain_text", "text": cut(label, LABEL), "emoji": False}
    return {
        "type": "button",
        "action_id": action,
        "text": text,
        "value": value[:VALUE],
        "accessibility_label": cut(hint, LABEL),
    }
