"""Further situations: forms and windows, greetings and small talk, refusals, confirmations, and all of the guide.

They change the workspace that they are taken in, so they come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.command import parse
from bot.domain.conversations import replies
from bot.domain.errors import OperatorError
from bot.domain.model import Login, Org
from bot.domain.orgs import connection, own_app, status_report
from bot.domain.orgs.diagnosis import diagnose
from bot.guard import RESTARTED, answer_for
from bot.sandbox.salesforce.faults import WEB_PAGE, OrgFault
from bot.sandbox.slack import payloads
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.wiring.parts import utc_now
from tests.people import EVE, GUEST, arrive, share
from tests.recognition_helpers import ARTICLE
from tests.running_bot import RunningBot
from tests.seen import Situation, asked, home_tab, newest, said, told, window

NOT_INSTALLED = '{"error":"invalid_client","error_description":"app must be installed into org"}'
EXPIRED = "error=invalid_grant&error_description=expired access/refresh token"
SECRET = "00DKd0000000001!AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"
_SECTION = re.compile(r"`([a-z-]+)`(?! install)")


def further(bot: RunningBot) -> Iterator[Situation]:
    """All of them."""
    for part in (
        _guide,
        _entries,
        _causes,
        _verbs,
        _small_talk,
        _talk,
        _forms,
        _buttons,
        _faults,
        _refused,
        _told,
        _shared,
    ):
        yield from part(bot)
    yield from _changed(bot)


def _guide(bot: RunningBot) -> Iterator[Situation]:
    sections = _SECTION.findall(str(bot.ask("guide").blocks))
    assert len(sections) > 5
    for section in sections:
        if section not in ("why", "install", "permitted-users"):
            yield asked(bot, f"guide {section}", "guide")
    yield asked(bot, "guide nowhere", "other")


def _entries(bot: RunningBot) -> Iterator[Situation]:
    """All steps of an error, behind its button."""
    for text, org in ((NOT_INSTALLED, ""), (NOT_INSTALLED, " in uat"), (EXPIRED, "")):
        short = bot.ask(f"explain {text}{org}")
        label = next(label for label in _labels(short) if label.startswith("All"))
        bot.ada.press(short, label)
        yield newest(f"all steps of {'token-expired' if text == EXPIRED else 'app-not-installed'}{org}", "whole", bot)


def _causes(bot: RunningBot) -> Iterator[Situation]:
    """What comes of the check below an explained error, by who presses."""
    denied = "OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app"
    for text, org, person in (
        (NOT_INSTALLED, "prod", bot.ada),
        (NOT_INSTALLED, "emea-prod", bot.ada),
        (denied, "prod", bot.ben),
        (denied, "legacy", bot.ada),
        (NOT_INSTALLED, "partner", bot.ada),
    ):
        explained = bot.ask(f"explain {org} says {text}", person)
        person.press(explained, f"Check {org} now")
        topic = "user-not-approved" if text is denied else "app-not-installed"
        yield newest(f"the cause of {topic} in {org}, for {person.member.name}", "error", bot)


def _labels(message: SlackMessage) -> list[str]:
    return re.findall(r"'text': '([^']+)', 'emoji': False", str(message.blocks))


def _verbs(bot: RunningBot) -> Iterator[Situation]:
    """Verbs in the states that the first round leaves out."""
    for text in (
        "help status",
        "help remind",
        "help nothing",
        "privacy",
        "version",
        "status sandboxes",
        "status not ready",
        "status prodd",
        "connect prod",
        "connect all",
        "disconnect",
        "disconnect nowhere",
        "rename",
        "rename prod",
        "rename prod uat",
        "apps",
        "apps prod nothing",
        "apps prod backup",
        "owner",
        "owner prod nobody",
        "owner prod none",
        "remind on",
        "remind now",
        "remind monday 9:00 EST",
        "remind monday 9:00 Mars",
        "remind someday",
        "remind monday 9:00 #nowhere",
        "settings nothing",
        "settings trust",
        "settings trust nobody",
        "settings trust <@U0BEN>",
        "settings trust <@U0BEN> again",
        "settings distrust <@U0BEN>",
        "settings distrust <@U0BEN> again",
        "settings guests on",
        "settings guests maybe",
        "settings guests off",
        "grant prod devops Everybody",
        "snooze prod 7",
        "explain lunch at noon",
        "explain reconnect prod",
    ):
        yield asked(bot, text.removesuffix(" again"), "other", f"/flosum {text}")
    bot.ask("apps prod both")
    bot.ask("settings trust <@U0BEN>")
    yield asked(bot, "settings", "other", "/flosum settings with somebody added")
    bot.ask("settings distrust <@U0BEN>")


def _small_talk(bot: RunningBot) -> Iterator[Situation]:
    for text in ("hello", "thanks", "who are you?", "bye", "help me", "install", "why"):
        assert bot.ada.say(text, "dm").acked
        yield newest(f"said: {text}", "other", bot)
    bot.ada.say("is prod ready?", "dm")
    yield newest("said: is prod ready?", "status", bot)
    bot.ada.say("who may connect?", "dm")
    yield newest("said: who may connect?", "guide", bot)
    bot.ada.say(NOT_INSTALLED, "dm")
    yield newest("an error in a direct message", "error", bot)
    bot.ada.say(f"{NOT_INSTALLED} with {SECRET}", "dm")
    yield newest("a secret beside an error in a direct message", "other", bot)


def _talk(bot: RunningBot) -> Iterator[Situation]:
    """In channels: what is edited, cut, an alert's, or nobody's error."""
    solved = bot.ada.say(f"fresh says {EXPIRED}", "#random").message
    assert solved
    bot.shown()
    bot.ada.edit(solved, "solved, thanks")
    yield newest("a paste that was edited to: solved", "other", bot)
    taken = bot.ada.say(f"uat says {NOT_INSTALLED}", "#random").message
    assert taken
    bot.shown()
    bot.ada.edit(taken, "never said that")
    yield newest("a paste that was edited to something else", "error", bot)
    bot.ada.share(
        [payloads.snippet("\n".join(f"row {row} of the export" for row in range(900)), 300)],
        "@flosum what is this?",
        "#random",
    )
    yield newest("a file of which Slack shows the beginning", "other", bot)
    bot.ada.mention("who is in for lunch?", "#random")
    yield newest("asked in a channel, and not known", "other", bot)
    bot.ada.mention("status uat", "#random")
    yield newest("asked in a channel: status uat", "status", bot)
    alert = bot.other_app.alert("Deployment 7 failed", attachments=[{"text": EXPIRED}]).message
    assert alert
    bot.ada.shortcut("explain_error", alert)
    yield newest("explain: an app's alert", "error", bot)
    chat = bot.ada.say("lunch at noon?", "#random").message
    assert chat
    bot.ada.shortcut("explain_error", chat)
    yield newest("explain: a message without an error", "other", bot)


def _forms(bot: RunningBot) -> Iterator[Situation]:
    bot.ada.press(bot.ask("connect lab"), "Name the user")
    yield window(bot, "form: connect with the bot's key")
    view = [shown.view for shown in bot.workspace.log if shown.view][-1]
    assert view
    typed = {"username": "ada@other.example", "host": "acme"}
    bot.ada.submit(view, {key: {"line": {"type": "plain_text_input", "value": value}} for key, value in typed.items()})
    yield newest("form: a login that was refused", "other", bot)
    bot.ada.press(bot.ask("remind"), "Change")
    yield window(bot, "form: a digest")
    bot.ada.open_home()
    assert bot.workspace.settle()
    bot.ada.press_view(bot.workspace.state.homes[bot.ada.member.id], "Connect an org")
    yield window(bot, "form: the name of a new org")
    bot.ada.mention("remind")  # what everybody sees has buttons that are not for everybody
    bot.ben.press(bot.shown()[-1], "Change")
    yield window(bot, "form: refused in its window")
    view = [shown.view for shown in bot.workspace.log if shown.view and shown.view.kind == "home"][-1]
    assert view
    bot.ada.press_view(bot.workspace.state.homes[bot.ada.member.id], "Reconnect partner")
    yield window(bot, "window: reconnect partner")


def _buttons(bot: RunningBot) -> Iterator[Situation]:
    whole = bot.ask("guide install")
    for label in [label for label in _labels(whole) if "elpful" in label or label in ("Yes", "No")][:2]:
        bot.ada.press(whole, label)
        yield newest(f"pressed: {label}", "other", bot)
    short = bot.ask(f"explain {NOT_INSTALLED}")
    bot.ada.press(short, "Not what happened")
    yield newest("pressed: Not what happened", "other", bot)
    bot.ada.press(bot.ask("status uat"), "Share in channel")
    yield newest("shared: status uat", "shared", bot)
    bot.ada.press(bot.ask("orgs"), "Share in channel")
    yield newest("shared: orgs", "all", bot)


def _faults(bot: RunningBot) -> Iterator[Situation]:
    """Salesforce does not answer, or refuses."""
    for name, fault in (("closes the line", OrgFault(reset=True)), ("shows a web page", WEB_PAGE)):
        bot.salesforce.break_org("prod", fault)
        yield asked(bot, "status prod", "status", f"status of an org that {name}")
        bot.salesforce.mend("prod")


def _refused(bot: RunningBot) -> Iterator[Situation]:
    for text in (
        "connect lab",
        "disconnect prod",
        "rename prod other",
        "apps prod backup",
        "owner prod <@U0BEN>",
        "settings trust <@U0BEN>",
        "settings guests on",
    ):
        yield asked(bot, text, "other", f"refused: {text}", bot.ben)
    yield home_tab(bot, "Home of somebody who may not change things", bot.ben)
    guest = arrive(bot.workspace, GUEST)
    for text in ("status prod", "settings"):
        yield asked(bot, text, "other", f"refused to a guest: {text}", guest)
    yield asked(bot, f"explain {NOT_INSTALLED}", "error", "explained to a guest", guest)
    yield home_tab(bot, "Home of a guest", guest)


def _told(_: RunningBot) -> Iterator[Situation]:
    """What takes more than the built-in workspace to be said."""
    yield told("greeting: added to a workspace", "other", replies.installed())
    yield told("no org is connected", "orgs", status_report.no_orgs())
    for what, typed in (("an org is read", "status prod"), ("all orgs are read", "status all")):
        meanwhile = replies.meanwhile(parse(typed))
        assert meanwhile is not None
        yield told(f"while {what}", "other", meanwhile)
    now = utc_now()
    org = Org(TEAM, "prod", "acme.my.salesforce.com", Login.BROWSER, added_at=now)
    first = status_report.status(diagnose(org, None, article=ARTICLE, now=now), now)
    yield told("prod was connected", "other", connection.connected(org, first, [org]))
    yield told("must be connected again", "other", connection.must_reconnect(org, "Its login expired at Salesforce."))
    meaning = own_app.guidance("invalid_client", "app must be installed into org")
    yield told(
        "a login that Salesforce refused", "other", connection.refused("prod", "Salesforce refused it.", meaning)
    )
    yield told("disconnected", "other", connection.disconnected(org, None))
    yield told("disconnected, not revoked", "other", connection.disconnected(org, "Salesforce did not answer."))
    yield told("restarted", "other", RESTARTED)
    unexpected = replace(answer_for(ValueError("a secret of the code's own")), note="Reference 0badf00d")
    yield told("an unexpected error", "other", unexpected)
    yield told("the operator must act", "other", answer_for(OperatorError("The database does not answer.")))
    yield told("an edited message about what the guidance has no more", "other", replies.withdrawn())


def _shared(bot: RunningBot) -> Iterator[Situation]:
    """A channel that another company reads."""
    bot.ada.invite_bot("#general")
    yield newest("greeting: invited to a channel", "other", bot)
    status = bot.ask("status prod")
    share(bot.workspace)
    eve = arrive(bot.workspace, EVE)
    eve.say("hello everybody")
    bot.shown()
    bot.ada.press(status, "Share in channel")
    yield newest("not shared where another company reads", "other", bot)
    yield asked(bot, "remind monday 9:00 <#C0SALESFORCE>", "other", "refused: the digest where another company reads")
    eve.mention("status prod")
    yield newest("refused to another company: status prod", "other", bot)
    eve.say(EXPIRED)
    yield newest("an error pasted by another company", "error", bot)


def _granted(bot: RunningBot) -> Iterator[Situation]:
    """From the checklist of an org to a grant, and back."""
    yield asked(bot, "guide for uat", "other", "the checklist of uat")
    yield asked(bot, "guide for partner", "other", "the checklist of an org whose connection is over")
    yield asked(bot, "guide for prod done refresh-token", "other", "the checklist of prod, a step ticked")
    yield asked(bot, "grant uat", "other")
    yield asked(bot, "grant uat both", "other")
    yield asked(bot, "grant uat both nobody has this", "other")
    yield asked(bot, "grant uat both Package Users", "other")
    preview = bot.ask("grant uat both Flosum Users")
    yield said("grant: what would change", "other", preview, bot)
    bot.ada.press(preview, "Grant to 2 people")
    done = newest("grant: done", "other", bot)
    yield done
    yield asked(bot, "grant uat both Flosum Users", "other", "grant: granted already")
    bot.ada.press(bot.shown()[-1], "Assign it to somebody")
    yield window(bot, "form: assign a permission set")


def _changed(bot: RunningBot) -> Iterator[Situation]:
    """What cannot be taken back."""
    yield from _granted(bot)
    question = bot.ask("disconnect qa")
    bot.ada.press(question, "Disconnect qa")
    yield newest("confirmed: disconnect qa", "other", bot)
    bot.ada.press(question, "Disconnect qa")
    yield newest("confirmed again: disconnect qa", "other", bot)
    for text in ("quiet", "listen"):
        bot.ada.command(f"settings {text}", "#random")
        everybody = [shown for shown in bot.shown() if shown.audience is None][-1]
        yield said(f"told in the channel: {text}", "other", everybody, bot)
