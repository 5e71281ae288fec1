"""The parts of the page as HTML. Each is drawn whole; the script in the page puts in what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.domain.verbs import VERBS
from bot.sandbox.client import exchanges
from bot.sandbox.client.desk import Desk
from bot.sandbox.client.looking import HAPPENED, HOME, PANE, Looking, bot_is_in, channels, name_of
from bot.sandbox.slack import page
from bot.sandbox.slack.markup import NameLookup, safe
from bot.sandbox.slack.records import Channel, ChannelKind, Json, Member, SlackMessage

EMPTY = Markup("")
ROLES = {"ada": "Salesforce admin", "ben": "engineer", "mia": "manager"}
COMMAND = "/flosum"
SHORTCUT = "explain_error"
HIDDEN = "Only visible to you"


class Regions:
    """Draws for one look at the page. ``base`` is the page's own address."""

    def __init__(self, desk: Desk, looking: Looking, base: str) -> None:
        self._desk = desk
        self._looking = looking
        self._base = base
        self._state = desk.workspace.state
        self._names = NameLookup(
            {member.id: member.real_name for member in self._state.members.values()},
            {channel.id: channel.name for channel in self._state.channels.values()},
            ZoneInfo(looking.person.zone),
            self._state.clock(),
            self._leads_to,
        )

    def all(self) -> dict[str, Markup]:
        """Every region by the id of its element."""
        looking = self._looking
        if looking.place != HOME:
            self._desk.seen(looking.person, looking.place)
        direct = self._state.direct_channel(looking.person.id)
        if looking.beside == PANE and direct is not None:
            self._desk.seen(looking.person, direct.id)
        return {
            "bar": self._bar(),
            "channels": self._channels(),
            "title": self._title(),
            "messages": self._place(),
            "below": self._below(),
            "aside": self._aside(),
            "windows": self._windows(),
            "notices": self._notices(),
        }

    # --- around ---

    def _bar(self) -> Markup:
        people = EMPTY.join(
            Markup('<option value="{0}"{1}>{2} · {3}</option>').format(
                member.name, _selected(member == self._looking.person), member.real_name, ROLES.get(member.name, "")
            )
            for member in self._state.members.values()
            if not member.bot
        )
        then = self._state.clock().astimezone(self._names.zone)
        clock = f"{then:%a} {then.day} {then:%b}, {then:%H:%M}"
        return Markup(
            '<strong>{}</strong><span class="clock">Bot’s clock: <time>{}</time></span>'
            '<button type="button" class="button" data-do="monday">To Monday, 9:00</button>'
            '<label>Act as <select data-go="as">{}</select></label>'
            '<button type="button" class="button" data-tour="start">Tour</button>{}'
            '<button type="button" class="button" data-do="reset">Reset</button>'
        ).format(f"{self._state.team.name}, a demo", clock, people, self._toggle(HAPPENED, "What just happened"))

    def _toggle(self, beside: str, label: str) -> Markup:
        is_open = self._looking.beside == beside
        to = self._looking.at(self._looking.place, "" if is_open else beside)
        link = Markup('<a class="button" href="{}" data-look aria-current="{}">{}</a>')
        return link.format(to.address, "true" if is_open else "false", label)

    def _channels(self) -> Markup:
        mine = channels(self._state, self._looking.person)
        direct = [one for one in mine if one.kind is ChannelKind.DIRECT]
        named = [one for one in mine if one.kind is not ChannelKind.DIRECT]
        home = self._entry(HOME, "Flosum: Home", 0)
        lists = (
            ("Channels", EMPTY.join(map(self._channel, named))),
            ("Apps", EMPTY.join(map(self._channel, direct)) + home),
        )
        return EMPTY.join(Markup("<h2>{}</h2><ul>{}</ul>").format(title, shown) for title, shown in lists)

    def _channel(self, channel: Channel) -> Markup:
        return self._entry(channel.id, name_of(channel), self._desk.unread(self._looking.person, channel.id))

    def _entry(self, place: str, name: str, news: int) -> Markup:
        here = Markup(' aria-current="page"') if place == self._looking.place else EMPTY
        badge = Markup(' <span class="badge">{}<span class="unseen"> new</span></span>').format(news) if news else EMPTY
        line = Markup('<li><a href="{}" data-look{}>{}{}</a></li>')
        return line.format(self._looking.at(place).address, here, name, badge)

    def _title(self) -> Markup:
        channel = self._state.channels.get(self._looking.place)
        pane = self._toggle(PANE, "✦ Ask Flosum")
        if channel is None:
            return Markup("<h1 id=where>Flosum: Home</h1>{}").format(pane)
        if channel.kind is ChannelKind.DIRECT:
            return Markup('<h1 id=where>Flosum <span class="app">APP</span></h1>')
        people = [m.real_name for m in self._state.members.values() if m.id in channel.members]
        line = Markup('<h1 id=where>{}</h1><span class="small">{}</span>{}')
        return line.format(name_of(channel), ", ".join(people), pane)

    def _notices(self) -> Markup:
        told = self._desk.notices(self._looking.person)
        if not told:
            return EMPTY
        lines = EMPTY.join(Markup("<p><strong>Slackbot</strong> {}</p>").format(safe(one)) for one in told[-3:])
        return lines + Markup('<button type="button" class="button" data-do="put_away">Close</button>')

    # --- conversations ---

    def _place(self) -> Markup:
        if self._looking.place == HOME:
            view = self._state.homes.get(self._looking.person.id)
            waiting = Markup('<p class="small pad">Flosum has not published its Home tab yet.</p>')
            return (
                Markup('<div id="v-{0}" data-view="{0}">{1}</div>').format(view.id, page.view(view.body, self._names))
                if view
                else waiting
            )
        found = self._messages(self._looking.place)
        return EMPTY.join(self._row(message) for message in found) or self._begin()

    def _messages(self, channel: str, thread: str | None = None) -> list[SlackMessage]:
        found = self._state.conversation(channel, thread=thread, seen_by=self._looking.person.id)
        return [one for one in found if (one.channel, one.ts) not in self._desk.dismissed]

    def _begin(self) -> Markup:
        channel = self._state.channels[self._looking.place]
        text = (
            "Flosum is not in this channel: it hears commands only."
            if not bot_is_in(channel)
            else f"Type {COMMAND}, or paste a Salesforce login error."
        )
        return Markup('<p class="small pad">{}</p>').format(text) + self._prompts(channel.id)

    def _row(self, message: SlackMessage, *, in_thread: bool = False) -> Markup:
        drawn = page.message(message.as_json(), self._names, self._heading(message))
        thread = EMPTY if in_thread else self._thread_of(message)
        menu = EMPTY if message.extra.get("subtype") == "tombstone" else self._menu(message, in_thread)
        return Markup(
            '<div class="line{}" id="{}-{}" data-channel="{}" data-ts="{}" tabindex="-1">{}{}{}</div>'
        ).format(
            " hidden-one" if message.audience else "",
            "t" if in_thread else "m",
            message.ts,
            message.channel,
            message.ts,
            drawn,
            menu,
            thread,
        )

    def _heading(self, message: SlackMessage) -> page.Heading:
        member = self._state.members.get(message.user)
        mark = HIDDEN if message.audience else ""
        mark = f"{mark} (edited)".strip() if message.edited_ts else mark
        name = member.real_name if member else "Slackbot" if message.user == "USLACKBOT" else "Workflow"
        return page.Heading(name, self._time(message.ts), mark, member is None or member.bot)

    def _time(self, ts: str) -> str:
        then = datetime.fromtimestamp(float(ts), UTC).astimezone(self._names.zone)
        today = self._names.now.astimezone(self._names.zone).date()
        return f"{then:%H:%M}" if then.date() == today else f"{then:%a} {then.day} {then:%b}, {then:%H:%M}"

    def _menu(self, message: SlackMessage, in_thread: bool) -> Markup:
        items: list[tuple[str, str]] = []
        if message.audience is None:
            items += [] if in_thread else [("reply", "Reply in thread")]
            items += [("explain", "Explain this error · Flosum")]
        if message.user == self._looking.person.id:
            items += [("edit", "Edit message"), ("delete", "Delete message")]
        items += [("dismiss", "Dismiss message")] if message.audience else []
        shown = EMPTY.join(
            Markup('<li><button type="button" class="button" data-do="{}">{}</button></li>').format(*item)
            for item in items
        )
        return Markup(
            '<details class="overflow more"><summary class="button" aria-label="More actions">⋯</summary>'
            "<ul>{}</ul></details>"
        ).format(shown)

    def _thread_of(self, message: SlackMessage) -> Markup:
        beside = [one for one in self._messages(message.channel, message.ts) if one.ts != message.ts]
        answers = [one for one in beside if one.audience is None]  # Slack counts none that one person sees alone
        if not answers:
            return EMPTY
        count = f"{len(answers)} {'reply' if len(answers) == 1 else 'replies'}"
        link = Markup('<a class="replies" href="{}" data-look>{} <span class="small">Last {}</span></a>')
        to = self._looking.at(self._looking.place, message.ts)
        return link.format(to.address, count, self._time(answers[-1].ts))

    def _below(self) -> Markup:
        channel = self._state.channels.get(self._looking.place)
        if channel is None:
            return EMPTY
        invite = EMPTY
        if not bot_is_in(channel):
            invite = Markup(
                '<p class="small pad">Flosum is not in this channel. '
                '<button type="button" class="button" data-do="invite">Invite Flosum</button></p>'
            )
        prompts = self._prompts(channel.id) if channel.kind is ChannelKind.DIRECT else EMPTY
        return invite + prompts + self._composer("line", channel, "")

    def _composer(self, name: str, channel: Channel, thread: str) -> Markup:
        label = f"Message {name_of(channel)}" if not thread else "Reply in the thread"
        return Markup(
            '<form class="composer" id="{0}-form" data-channel="{1}" data-thread="{2}"><textarea id="{0}" rows="1"'
            ' aria-label="{3}" placeholder="{3}" aria-autocomplete="list" aria-controls="{0}-list" role="combobox"'
            ' aria-expanded="false"></textarea><button class="button primary" type="submit">Send</button>'
            '<ul id="{0}-list" class="completions" role="listbox" aria-label="What to type" data-own hidden></ul>'
            "</form>"
        ).format(name, channel.id, thread, label)

    # --- beside ---

    def _aside(self) -> Markup:
        beside = self._looking.beside
        close = Markup('<a class="button" href="{}" data-look>Close</a>').format(
            self._looking.at(self._looking.place).address
        )
        head = Markup('<header><h2>{}</h2>{}</header><div class="inside" {}>{}</div>{}')
        if beside == HAPPENED:
            state = self._state
            told = exchanges.drawn(state.exchanges, state.exchanged, self._desk.stage.asked_of_orgs())
            return head.format("What just happened", close, EMPTY, self._faults() + told, EMPTY)
        log = Markup('role="log" aria-label="{}" tabindex="0"')
        if beside == PANE:
            return self._pane(head, close, log)
        if not beside:
            return EMPTY
        found = self._messages(self._looking.place, beside)
        shown = EMPTY.join(self._row(message, in_thread=True) for message in found)
        channel = self._state.channels[self._looking.place]
        return head.format("Thread", close, log.format("Thread"), shown, self._composer("reply", channel, beside))

    def _pane(self, head: Markup, close: Markup, log: Markup) -> Markup:
        direct = self._state.direct_channel(self._looking.person.id)
        if direct is None:
            return head.format("Flosum", close, EMPTY, "There are no direct messages with Flosum here.", EMPTY)
        found = self._messages(direct.id)
        shown = EMPTY.join(self._row(message, in_thread=True) for message in found)
        composer = self._prompts(direct.id) + self._composer("reply", direct, "")
        return head.format("Flosum", close, log.format("Talk with Flosum"), shown, composer)

    def _prompts(self, channel: str) -> Markup:
        person = self._looking.person
        direct = self._state.direct_channel(person.id)
        if direct is None or direct.id != channel or person.id not in self._state.prompts:
            return EMPTY
        title, prompts = self._state.prompts[person.id]
        status = self._desk.status(person)
        told = Markup('<p class="small" role="status">Flosum {}</p>').format(safe(status)) if status else EMPTY
        shown = EMPTY.join(
            Markup('<button type="button" class="button" data-say="{}">{}</button>').format(
                safe(str(prompt["message"])), safe(str(prompt["title"]))
            )
            for prompt in prompts
        )
        return Markup('<div class="prompts pad"><p class="small">{}</p>{}{}</div>').format(safe(title), shown, told)

    def _faults(self) -> Markup:
        press = Markup('<button type="button" class="button" data-do="{}">{}</button>')
        tries = (
            ("rate_limit", "Slack: rate limit on the next call"),
            ("server_error", "Slack: error 500 on the next call"),
            ("retry", "Slack: send my last request again"),
            ("slow", "Salesforce: answer after 5 s"),
            ("fast", "Salesforce: answer at once"),
        )
        shown = EMPTY.join(press.format(*each) for each in tries)
        return Markup(
            '<h3>Make it hard for the bot</h3><div class="row">{}</div><h3>Requests, newest first</h3>'
        ).format(shown)

    def _windows(self) -> Markup:
        return EMPTY.join(
            Markup('<dialog id="v-{0}" data-view="{0}" aria-label="{1}">{2}</dialog>').format(
                view.id,
                safe(str((view.body.get("title") or {}).get("text", ""))),
                page.view(view.body, self._names),
            )
            for view in self._desk.windows(self._looking.person)
        )

    # --- addresses ---

    def _leads_to(self, url: str) -> str:
        """Where a link leads: to a built-in org's page, to a message here, or to a page that says what is not here."""
        here = self._permalink(url)
        if here:
            return here
        try:
            found = self._desk.stage.page_for(url)
        except ValueError:  # not an address at all
            return url
        return found or (f"{self._base}/elsewhere?to={quote(url, safe='')}" if _is_salesforce(url) else url)

    def _permalink(self, url: str) -> str:
        start = f"https://{self._state.team.domain}.slack.com/archives/"
        channel, _, rest = url.removeprefix(start).partition("/p")
        number = rest.partition("?")[0]
        if not url.startswith(start) or not number.isdigit():
            return ""
        ts = f"{number[:-6]}.{number[-6:]}"
        message = self._state.messages.get((channel, ts))
        thread = message.thread_ts or "" if message is not None else ""
        return self._base + self._looking.at(channel, thread).address + f"#m-{thread or ts}"


def _is_salesforce(url: str) -> bool:
    host = url.partition("://")[2].partition("/")[0]
    return host.endswith((".salesforce.com", ".force.com"))


def _selected(yes: bool) -> Markup:
    return Markup(" selected") if yes else EMPTY


def completions(people: Sequence[Member]) -> Json:
    """What may be typed: the forms of the command with what each is for, and names."""
    usages = [
        {
            "insert": _begun(f"{COMMAND} {verb.name}", usage.words),
            "shown": f"{verb.name} {usage.words}".strip(),
            "help": usage.help,
        }
        for verb in VERBS
        if not verb.is_pressed
        for usage in verb.usages
    ]
    names = [{"insert": f"@{one.name} ", "shown": f"@{one.name}", "help": one.real_name} for one in people]
    return {"command": COMMAND, "usages": usages, "names": names}


def _begun(line: str, words: str) -> str:
    """A command as far as it says itself; what is to be filled in is left to the person."""
    for word in words.split():
        if word[0] in "<[" or "|" in word:
            return f"{line} "
        line += f" {word}"
    return line
