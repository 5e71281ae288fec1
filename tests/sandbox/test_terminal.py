"""The demo's terminal: Block Kit as text, a prompt like a channel, and messages that cannot steer either."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.sandbox.slack.blocks import lay_out
from bot.sandbox.slack.keyboard import in_pipe
from bot.sandbox.slack.markup import NameLookup, ago, safe
from bot.sandbox.slack.mrkdwn import markdown, mrkdwn
from bot.sandbox.slack.records import BOT_USER, Happening, Shown, SlackMessage
from bot.sandbox.slack.screen import Screen
from bot.sandbox.slack.state import BEN, YOU, WorkspaceState
from bot.sandbox.slack.terminal import COMMAND, HELP, run
from bot.sandbox.slack.workspace import Workspace
from tests.paths import ROOT
from tests.tiny_bot import BUTTONS, tiny_bot

Json = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMES = NameLookup({"U0BEN": "ben"}, {"C0RANDOM": "random"}, ZoneInfo("Europe/Berlin"), NOW)
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(blocks: list[Json]) -> str:
    return "\n".join(line.plain.rstrip() for line in lay_out(blocks, NAMES).lines)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def words(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(label: str, **more: object) -> Json:
    return {"type": "button", "text": plain(label), "action_id": label, **more}


# --- mrkdwn --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("*bold*, _italic_ and ~gone~", "bold, italic and gone"),
        ("*bold with `code`*", "bold with code"),
        ("`*not bold*`", "*not bold*"),
        ("2 * 3 * 4 and OAUTH_APP_BLOCKED stay", "2 * 3 * 4 and OAUTH_APP_BLOCKED stay"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://a.com/x?y=1&amp;z=2|the page>", "the page (https://a.com/x?y=1&z=2)"),
        ("<https://a.com>", "https://a.com"),
        ("<mailto:a@b.de|a@b.de>", "a@b.de (mailto:a@b.de)"),
        ("<@U0BEN> in <#C0RANDOM|old-name>", "@ben in #random"),
        ("<@U404> in <#C404|gone>", "@U404 in #gone"),
        ("<!here> <!subteam^S1|@ops>", "@here @ops"),
        (":white_check_mark: ready, :warning: step", "✅ ready, ⚠ step"),
        ("at 10:30:45", "at 10:30:45"),
        ("&gt; quoted\nnot", "▏ quoted\nnot"),
        ("```\nline *one*\n  line two\n```", "    line *one*\n      line two"),
        ("1 &lt; 2", "1 < 2"),
    ],
)
def test_mrkdwn_reads_as_slack_shows_it(source: str, seen: str) -> None:
    assert mrkdwn(source, NAMES).plain.replace("\ufe0f", "") == seen


def test_bold_is_bold_and_code_is_not() -> None:
    text = mrkdwn("*bold* `code`", NAMES)

    bold = {text.plain[span.start : span.end] for span in text.spans if getattr(span.style, "bold", False)}
    assert bold == {"bold"}


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ("{date_num} {time_secs}", "2026-11-22 10:00:00"),
        ("{date_long} at {time}", "Sunday, 22 November 2026 at 10:00"),
        ("{date_short_pretty}", "yesterday"),
        ("{ago}", "1 day ago"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_dates_are_in_the_readers_zone(form: str, seen: str) -> None:
    seconds = int((NOW - timedelta(days=1)).timestamp())

    assert mrkdwn(f"<!date^{seconds}^{form}|fallback>", NAMES).plain == seen


@pytest.mark.parametrize("target", ["!date^", "!date^soon^{date}", "!date^99999999999999^{date}"])
def test_a_date_that_is_none_shows_its_fallback(target: str) -> None:
    assert mrkdwn(f"<{target}|some day>", NAMES).plain == "some day"


@pytest.mark.parametrize(
    ("seconds", "seen"),
    [
        (0, "just now"),
        (119, "1 minute ago"),
        (7200, "2 hours ago"),
        (86_400 * 9, "9 days ago"),
        (-3600, "in 1 hour"),
    ],
)
def test_ago_names_the_largest_unit(seconds: int, seen: str) -> None:
    assert ago(timedelta(seconds=seconds)) == seen


def test_markdown_blocks_read_alike() -> None:
    assert markdown("# Head\n**bold** <b> [a](https://a.com)\n- one", NAMES).plain == (
        "Head\nbold <b> a (https://a.com)\n• one"
    )


# --- blocks --------------------------------------------------------------------------------------------


def test_a_whole_answer_reads_from_top_to_bottom() -> None:
    blocks: list[Json] = [
        {"type": "header", "text": plain("⚠️ prod needs one step")},
        {"type": "section", "text": words("Open *Connected Apps*."), "accessory": button("Guide me")},
        {"type": "section", "fields": [words("*App*"), words("not installed")]},
        {"type": "divider"},
        {
            "type": "actions",
            "elements": [button("Check"), button("Open", url="https://a.com"), button("Share")],
        },
        {"type": "context", "elements": [words("Read just now"), {"type": "image", "alt_text": "a lock"}]},
    ]

    assert shown(blocks) == (
        "⚠️ prod needs one step\n"
        "Open Connected Apps.\n"
        "[1] Guide me\n"
        "  App\n"
        "  not installed\n"
        "────────────────────────\n"
        "[2] Check\n"
        "[3] Open → https://a.com\n"
        "[4] Share\n"
        "Read just now  [image: a lock]"
    )


def test_a_chart_has_a_bar_for_each_number() -> None:
    points = [{"label": "2 Nov", "value": 6}, {"label": "16 Nov", "value": 12}, {"label": "23 Nov", "value": 0}]
    drawn = {"type": "line", "series": [{"name": "Orgs", "data": points}], "axis_config": {"categories": []}}

    assert shown([{"type": "data_visualization", "title": "Orgs ready", "chart": drawn}]) == (
        f"Orgs ready\n 2 Nov {'▇' * 12} 6\n16 Nov {'▇' * 24} 12\n23 Nov  0"
    )


def test_a_table_keeps_its_columns() -> None:
    cell: Callable[[str], Json] = lambda text: {"type": "raw_text", "text": text}  # noqa: E731

    assert shown([{"type": "table", "rows": [[cell("org"), cell("state")], [cell("prod"), cell("✅ ready")]]}]) == (
        "org   state\nprod  ✅ ready"
    )


def test_rich_text_keeps_lists_quotes_and_links() -> None:
    def section(kind: str, *elements: Json) -> Json:
        return {"type": kind, "elements": list(elements)}

    text: Callable[[str], Json] = lambda value: {"type": "text", "text": value}  # noqa: E731
    item = section("rich_text_section", {"type": "user", "user_id": "U0BEN"}, text(" did"))
    block = section(
        "rich_text",
        section("rich_text_section", text("See "), {"type": "link", "url": "https://a.com", "text": "a"}),
        {**section("rich_text_list", item, item), "style": "ordered"},
        section("rich_text_quote", text("said")),
        section("rich_text_preformatted", text("code\nmore")),
    )

    assert shown([block]) == "See a (https://a.com)\n1. @ben did\n2. @ben did\n▏ said\n    code\n    more"


def test_what_a_terminal_cannot_show_is_named() -> None:
    assert shown([{"type": "video"}]) == "(video block, not shown in a terminal)"


def test_buttons_stand_side_by_side_while_they_fit() -> None:
    many = [{"type": "actions", "elements": [button("Check the org " + "x" * 20) for _ in range(3)]}]

    assert [len(line) for line in shown(many).splitlines()] == [38, 38, 38]
    assert shown([{"type": "actions", "elements": [button("A"), button("B")]}]) == "[1] A   [2] B"


def test_numbers_go_on_over_one_answer() -> None:
    page = lay_out([{"type": "actions", "elements": [button("A"), button("B")]}], NAMES, first=3)

    assert [(b.number, b.label, b.action_id) for b in page.buttons] == [(3, "A", "A"), (4, "B", "B")]


# --- hostile content -----------------------------------------------------------------------------------


@given(st.text(alphabet="\x1b[]0;m\x07\x9b\r\x08\u202e\u2066\ud800*_`<>|&a\n", max_size=300))
def test_no_text_can_steer_the_terminal(text: str) -> None:
    blocks: list[Json] = [
        {"type": "section", "text": words(text), "accessory": button(text, url=f"https://a.com/{text}")},
        {"type": "header", "text": plain(text)},
        {"type": "image", "alt_text": text, "image_url": text},
        {"type": text},
    ]

    assert not STEERS.search(shown(blocks))


def test_colour_and_title_changes_are_shown_as_what_they_are() -> None:
    assert mrkdwn("\x1b]0;owned\x07 \x1b[31mred", NAMES).plain == "␛]0;owned␇ ␛[31mred"


def test_a_link_cannot_smuggle_an_escape_into_the_hyperlink() -> None:
    file = io.StringIO()
    Console(file=file, force_terminal=True, width=200).print(mrkdwn("<https://a.com/\x1b\\\x1b[31m|x>", NAMES))

    assert "\x1b[31m" not in file.getvalue()
    assert "https://a.com/␛" in file.getvalue()


def test_right_to_left_words_stay_and_overrides_go() -> None:
    assert safe("שלום עולם, مرحبا") == "שלום עולם, مرحبا"
    assert safe("a\u202eb") == "a\ufffdb"


def test_a_long_hostile_text_is_quick() -> None:
    started = time.process_time()

    for text in ("*" * 40_000, "<" * 40_000, "```" * 13_000, "*a " * 13_000, "_" * 40_000, "`~" * 20_000):
        mrkdwn(text, NAMES)

    assert time.process_time() - started < 5


# --- the screen ----------------------------------------------------------------------------------------


def printed(
    message: SlackMessage, *, width: int = 80, happening: Happening = Happening.POSTED, color: bool = False
) -> str:
    file = io.StringIO()
    state = WorkspaceState(lambda: NOW)
    state.messages["C0RANDOM", "1.0"] = SlackMessage("C0RANDOM", "1.0", "U0BEN", "what is OAUTH_APP_BLOCKED &amp; why")
    Screen(Console(file=file, width=width, force_terminal=color), state, YOU).show([Shown(happening, message)])
    return file.getvalue()


def said(text: str, **more: Any) -> SlackMessage:
    return SlackMessage("C0RANDOM", "2.0", BOT_USER, text, **more)


def test_the_heading_says_where_and_to_whom() -> None:
    assert printed(said("hi")).startswith("Flosum · #random\n  hi\n")
    assert printed(said("hi", audience="U0YOU")).startswith("Flosum · #random · only visible to you\n")
    assert printed(said("hi", thread_ts="1.0")).startswith("Flosum · #random, in the thread of ben's message\n")
    assert printed(said("hi", edited_ts="3.0")).startswith("Flosum · #random · (edited)\n")
    assert printed(said("hi"), happening=Happening.DELETED) == "Flosum · #random · took its message away\n\n"


def test_what_others_alone_may_see_is_not_shown() -> None:
    assert printed(said("hi", audience=BEN.id)) == ""
    assert printed(SlackMessage("D0BEN", "2.0", BOT_USER, "hi")) == ""


def test_lines_are_wrapped_between_words_and_addresses_stay_whole() -> None:
    url = "https://acme.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home"
    text = f"Open the page <{url}|Connected Apps OAuth Usage> and click Install, twice, beside the app"

    assert printed(said(text), width=40).splitlines()[1:-1] == [
        "  Open the page Connected Apps OAuth",
        "  Usage",
        f"  ({url})",
        "  and click Install, twice, beside the",
        "  app",
    ]


@given(st.text(alphabet="ab ✅語\t", max_size=120), st.integers(24, 60))
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(text: str, width: int) -> None:
    lines = printed(said(text), width=width).splitlines()[1:]

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width or len(line.split()) == 1 for line in lines)


def test_indented_lines_stay_indented_when_wrapped() -> None:
    assert printed(said("```one two three four five```"), width=24).splitlines()[1:-1] == [
        "      one two three four",
        "      five",
    ]
    assert printed(said("10. one two three four five"), width=24).splitlines()[1:-1] == [
        "  10. one two three four",
        "      five",
    ]


def test_without_a_terminal_there_are_no_escapes() -> None:
    assert "\x1b" not in printed(said("*bold* <https://a.com|a>", blocks=tuple(BUTTONS)))
    assert "\x1b" in printed(said("*bold*"), color=True)


# --- what is typed -------------------------------------------------------------------------------------


def messages(script: str) -> list[str]:
    typed, found = in_pipe(io.StringIO(script)), []
    while (message := typed("> ")) is not None:
        found.append(message)
    return found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("", []),
        ("one", ["one"]),
        ("one\ntwo\n\n\nthree\n", ["one\ntwo", "three"]),
        ("/flosum help\n1\n/quit\n", ["/flosum help", "1", "/quit"]),
        ("one\n/not a command\n2", ["one\n/not a command\n2"]),
        ('"""\none\n\n/two\n"""\nthree', ["one\n\n/two", "three"]),
        ('"""one"""\ntwo', ["one", "two"]),
        ('"""never closed\n\nend', ["never closed\n\nend"]),
        ("crlf\r\nend\r\n", ["crlf\nend"]),
        ("one\ntwo\n/flosum help\nthree", ["one\ntwo", "/flosum help", "three"]),
        ("one\n/flosumer is no command", ["one\n/flosumer is no command"]),
        ('"""one\n/flosum help\n"""', ["one\n/flosum help"]),
    ],
)
def test_a_pipe_is_cut_into_messages(script: str, found: list[str]) -> None:
    assert messages(script) == found


@pytest.mark.parametrize("command", [COMMAND, *re.findall(r"/\w+(?= |$)", HELP)])
def test_a_command_ends_the_paste_above_it(command: str) -> None:
    assert messages(f"INVALID_LOGIN: no\nat line 2\n{command} dm\n") == [
        "INVALID_LOGIN: no\nat line 2",
        f"{command} dm",
    ]


# --- the session ---------------------------------------------------------------------------------------


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as workspace, tiny_bot(workspace):
        yield workspace


@pytest.fixture
def demo(workspace: Workspace) -> Callable[[str], str]:
    """Type a script at the prompt; what the terminal printed after the greeting."""

    def play(script: str) -> str:
        file = io.StringIO()
        typed = in_pipe(io.StringIO(script))
        assert run(workspace, once=None, console=Console(file=file, width=100), typed=typed) == 0
        return file.getvalue().split("login error\n\n", 1)[1]

    return play


@pytest.fixture
def once(workspace: Workspace) -> Callable[[str], str]:
    def send(text: str) -> str:
        file = io.StringIO()
        assert run(workspace, once=text, console=Console(file=file, width=100)) == 0
        return file.getvalue()

    return send


def test_once_prints_what_slack_shows(once: Callable[[str], str]) -> None:
    assert once("/flosum status prod") == (
        "Flosum · #salesforce · only visible to you\n"
        "  prod needs one step\n"
        "  [1] Check prod now\n"
        "  [2] Open the page → https://acme.my.salesforce.com/lightning/setup\n\n"
    )


def test_once_says_that_the_bot_stays_silent(once: Callable[[str], str]) -> None:
    assert once("lunch?") == "(the bot stays silent)\n"


def test_a_terminal_without_emoji_shows_the_words(workspace: Workspace) -> None:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding="ascii"), width=100)

    assert run(workspace, once="an error ✅ ready", console=console) == 0

    console.file.flush()
    assert b"I read an error ? ready" in raw.getvalue()


def test_once_leaves_a_form_open(once: Callable[[str], str]) -> None:
    assert once("/flosum settings").endswith("(the form waits; without --once it can be filled in)\n")


def test_a_number_presses_the_button_and_then_another(demo: Callable[[str], str]) -> None:
    said = demo("/flosum status prod\n7\n2\n1\n")

    assert "No button has the number 7. Buttons to press: 1, 2" in said
    assert "Your browser would open https://acme.my.salesforce.com/lightning/setup" in said
    assert "Flosum · #salesforce · only visible to you · (edited)\n  checked\n" in said


def test_a_paste_of_many_lines_is_one_message(demo: Callable[[str], str]) -> None:
    said = demo("an error\nwith <b> & more\n\nlunch?\n")

    assert "in the thread of your message\n  I read an error\n  with <b> & more\n" in said
    assert said.endswith("(the bot stays silent)\n")


def test_a_secret_is_told_to_its_author_alone(demo: Callable[[str], str]) -> None:
    assert "only visible to you\n  Delete that\n" in demo("my secret")


def test_people_and_channels_are_switched(demo: Callable[[str], str], workspace: Workspace) -> None:
    said = demo("/as ben\n/channel dm\n/channel random\nlunch?\n\n/as eve\n/channel #nowhere\n")

    assert "You are ben (member) in dm.\nben in dm> /channel random\nYou are ben (member) in #random.\n" in said
    assert "People here: ada (admin), ben (member)" in said
    assert "Channels here: #salesforce, #random, #general, #crm-leads, dm" in said
    written = workspace.log[-1].message
    assert written
    assert (written.user, written.channel) == ("U0BEN", "C0RANDOM")


def test_whoever_comes_next_does_not_press_what_one_saw_alone(demo: Callable[[str], str]) -> None:
    assert "No button has the number 1. Buttons to press: none yet" in demo("/flosum status\n/as ben\n1\n")


def test_a_reply_goes_to_the_thread_of_ones_last_message(demo: Callable[[str], str], workspace: Workspace) -> None:
    assert "there is none yet" in demo("/reply an error\n/explain\n")
    demo("hello\n\n/reply an error\n/reply more\n")

    first, *replies = [shown.message for shown in workspace.log if shown.message and not shown.message.by_bot]
    assert [reply.thread_ts for reply in replies] == [first.ts, first.ts]


def test_where_the_bot_is_not_is_said_at_the_door(demo: Callable[[str], str]) -> None:
    said = demo("/channel #crm-leads\nan error\n")

    assert "The bot is not in this channel: it hears commands only.\n" in said
    assert said.endswith("(the bot stays silent)\n")


def test_a_script_of_endless_length_is_echoed_in_part(demo: Callable[[str], str]) -> None:
    assert len(demo("x" * 40_000)) < 1_000


def test_the_last_message_can_be_edited(demo: Callable[[str], str], workspace: Workspace) -> None:
    assert "there is none yet" in demo("/edit sooner")

    demo("lunch?\n\n/edit dinner?")

    assert [m.text for m in workspace.state.conversation("C0SALESFORCE")] == ["dinner?"]


def test_a_form_is_filled_in_and_corrected(demo: Callable[[str], str]) -> None:
    said = demo("/flosum settings\nnoon\n\n9\n")

    assert "a form opens: Settings\n  Hour (to fill in)\n" in said
    assert "Not taken: An hour is a number from 0 to 23.\n(the form is sent)\n" in said


def test_a_form_can_be_closed(demo: Callable[[str], str]) -> None:
    assert demo("/flosum settings\n/cancel\n").endswith("(the form is closed)\n")


def test_an_unknown_slash_is_not_said_aloud(demo: Callable[[str], str], workspace: Workspace) -> None:
    assert "Nothing here is called /flosun." in demo("/flosun help")
    assert workspace.log == ()


def test_a_silent_bot_that_is_not_at_home_is_told(workspace: Workspace, demo: Callable[[str], str]) -> None:
    workspace.connect("http://127.0.0.1:9/slack/events")

    assert "Slackbot · only visible to you\n  /flosum help failed with the error" in demo("/flosum help")


def test_quit_ends_it(demo: Callable[[str], str]) -> None:
    assert demo("/quit\n/flosum status prod\n") == ""


# --- a real terminal -----------------------------------------------------------------------------------

SESSION = """
from rich.console import Console
from bot.sandbox.slack.terminal import run
from bot.sandbox.slack.workspace import Workspace
from tests.tiny_bot import tiny_bot
with Workspace() as workspace, tiny_bot(workspace):
    raise SystemExit(run(workspace, once=None, console=Console()))
"""


class Pty:
    """A session in a pseudo-terminal, as a person has it."""

    def __init__(self, term: str) -> None:
        self.screen = ""
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": term, "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SESSION],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env=environment,
            close_fds=True,
        )
        os.close(theirs)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def until(self, sight: str, timeout: float = 60) -> str:
        end = time.monotonic() + timeout
        while sight not in self.screen:
            assert time.monotonic() < end, self.screen
            if select.select([self._ours], [], [], 0.1)[0]:
                self.screen += os.read(self._ours, 65_536).decode("utf-8", "replace")
        before, self.screen = self.screen.split(sight, 1)
        return before

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


@pytest.fixture(params=["xterm-256color", "dumb"])
def terminal(request: pytest.FixtureRequest) -> Iterator[Pty]:
    with closing(Pty(request.param)) as terminal:
        yield terminal


def test_a_paste_into_a_real_terminal_is_one_message(terminal: Pty) -> None:
    terminal.until("ada in #salesforce> ")

    terminal.type("an error in\nline two\nline three\n")

    terminal.until("I read an error in")
    assert terminal.until("ada in #salesforce> ").count("line three") == 1
    terminal.type("an error in\nline two\n/flosum status prod\n")
    terminal.until("I read an error in")
    terminal.until("needs one step")
    terminal.until("ada in #salesforce> ")
    terminal.type("\x04")
    assert terminal.process.wait(10) == 0


def test_a_bracketed_paste_waits_for_enter_and_is_one_message() -> None:
    pytest.importorskip("readline", reason="this Python has no readline: lines that arrive together count then")
    with closing(Pty("xterm-256color")) as terminal:
        terminal.until("\x1b[?2004h")  # asks the terminal to mark pastes
        terminal.until("ada in #salesforce> ")

        terminal.type("\x1b[200~an error in\nline two\nline three\x1b[201~")
        time.sleep(0.3)  # longer than what counts as arriving together
        terminal.type("\r")

        terminal.until("I read an error in")
        assert terminal.until("ada in #salesforce> ").count("line three") == 1
