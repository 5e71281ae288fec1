"""The Home tab as Slack publishes it: a page of sections, because Slack allows no tables there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.adapters.slack.views.blocks import FORM, LABEL, NOTE, VALUE, Block, mrkdwn_text, section
from bot.adapters.slack.views.mrkdwn import cut
from bot.domain.answers.plain_text import marked
from bot.domain.digest.form import ANY, DIGEST_FORM
from bot.domain.orgs.home_report import DigestLine, Home, OrgRow

HEADER = 150
CHECK, CHECK_ALL, PAGE, TELL, CONNECT = "home-check", "home-check-all", "home-page", "home-say", "home-connect"


def view(home: Home) -> dict[str, Any]:
    """The page as Slack publishes it. Every state stands there as a word; the emoji only repeats it."""
    return {"type": "home", "blocks": list(_blocks(home))}


def _blocks(home: Home) -> Iterator[Block]:
    yield {"type": "header", "text": {"type": "plain_text", "text": cut(home.headline, HEADER)}}
    yield section("\n".join(line for line in (home.lead, home.doing) if line))
    if home.closed:
        return
    if top := list(_top(home)):
        yield {"type": "actions", "block_id": "home-top", "elements": top}
    yield from (_row(row, home.page, number, may=home.may) for number, row in enumerate(home.rows))
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
    if home.rows:
        yield _button(CHECK_ALL, "Check all now", str(home.page), "Check all orgs now") | {"style": "primary"}
    if home.may:
        yield _button(CONNECT, "Connect an org", "connect", "Connect a Salesforce org")


def _digest(line: DigestLine, number: int) -> Iterator[Block]:
    if not line.may:
        yield section(line.text)
        return
    form, hint = f"{FORM}-{DIGEST_FORM}:home-{number}", f"Digest {number + 1}"
    if not line.off:
        yield section(line.text) | {"accessory": _button(form, "Set it up", ANY, "Set up a digest")}
        return
    yield section(line.text)
    off = _button(f"{TELL}:digest-off-{number}", "Switch it off", line.off, f"{hint}: switch it off")
    change = [_button(form, "Change", line.target, f"{hint}: change it")] if line.target else []
    yield {"type": "actions", "block_id": f"home-digest-{number}", "elements": [*change, off]}


def _row(row: OrgRow, page: int, number: int, *, may: bool) -> Block:
    text = "\n".join((marked(row.state, row.lines[0]), *row.lines[1:]))
    if row.reconnect and may:
        button = _button(f"{TELL}:{number}", f"Reconnect {row.name}", f"connect {row.name}", f"Log in to {row.name}")
    else:
        button = _button(f"{CHECK}:{number}", f"Check {row.name}", f"{page} {row.name}", f"Check {row.name} now")
    return section(text) | {"accessory": button}


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
