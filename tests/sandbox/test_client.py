"""The page's HTTP: who may ask for it, and what it is made of."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.domain.secrets import MASK
from bot.sandbox.client import exchanges
from bot.sandbox.client.server import TOKEN, Client
from bot.sandbox.slack.workspace import Workspace
from tests.tiny_bot import tiny_bot

Json = dict[str, Any]


@dataclass
class Bare:
    """A stage with nothing around the workspace."""

    workspace: Workspace
    resets: int = 0
    slow: list[float] = field(default_factory=list)

    def move_clock(self) -> None:
        self.workspace.person().say("the clock struck nine")

    def page_for(self, url: str) -> str | None:
        return "http://127.0.0.1:1/look-alike" if "/lightning/setup" in url else None

    def asked_of_orgs(self) -> Sequence[str]:
        return ["GET acme.my.salesforce.com/services/data"]

    def org_is_slow(self, seconds: float) -> None:
        self.slow.append(seconds)

    def reset(self) -> str:
        self.resets += 1
        return ""


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Visitor:
    """Whoever asks."""

    client: Client
    token: str = ""

    def ask(self, path: str, body: Json | None = None, method: str = "", **headers: str) -> Answer:
        port = int(self.client.url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        given = {TOKEN: self.token} if self.token else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = json.dumps(body) if body is not None else None
        kind = {"Content-Type": "application/json"} if sent else {}
        connection.request(method or ("POST" if sent else "GET"), path, sent, given | kind)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        connection.close()
        return found

    def do(self, act: str, **given: Any) -> Json:
        answer = self.ask("/do", {"act": act, **given})
        assert answer.status == 200, answer.text
        return dict(json.loads(answer.text))

    def regions(self, query: str = "") -> dict[str, str]:
        return dict(json.loads(self.ask(f"/changes?{query}").text)["regions"])

    def until(self, words: str, region: str = "messages", query: str = "") -> str:
        """A region once these words are in it; asks as the page does, for what changed."""
        version, end = "", time.monotonic() + 20
        while time.monotonic() < end:
            found = json.loads(self.ask(f"/changes?{query}&version={version}").text)
            version, shown = found["version"], str(found["regions"].get(region, ""))
            if words in shown:
                return shown
        raise AssertionError(f"{words} is not in {region}")


@pytest.fixture
def stage() -> Iterator[Bare]:
    with Workspace() as workspace, tiny_bot(workspace):
        yield Bare(workspace)


@pytest.fixture
def visitor(stage: Bare) -> Iterator[Visitor]:
    with Client(stage) as client:
        first = Visitor(client).ask("/").text
        token = re.search(r'name="token" content="([^"]+)"', first)
        assert token is not None
        yield Visitor(client, token[1])


def test_the_page_is_for_this_computer_alone(visitor: Visitor) -> None:
    assert visitor.ask("/", Host="attacker.example").status == 421
    assert visitor.ask("/changes", Host=f"attacker.example:{visitor.client.url.rpartition(':')[2]}").status == 421
    assert (
        visitor.ask("/", Host=visitor.client.url.removeprefix("http://").replace("127.0.0.1", "localhost")).status
        == 200
    )


@pytest.mark.parametrize("path", ["/changes", "/do"])
def test_only_the_page_itself_may_ask(visitor: Visitor, path: str) -> None:
    body = {"act": "say", "text": "hello"} if path == "/do" else None

    assert Visitor(visitor.client).ask(path, body).status == 403
    assert Visitor(visitor.client, "guessed").ask(path, body).status == 403
    assert visitor.ask(path, body, Origin="http://attacker.example").status == 403
    assert visitor.ask(path, body, Origin=visitor.client.url).status == 200


def test_the_page_is_light_and_asks_for_nothing_from_elsewhere(visitor: Visitor) -> None:
    found = [visitor.ask(path) for path in ("/", "/page.css", "/page.js")]

    assert sum(len(each.text.encode()) for each in found) < 150_000
    assert {each.status for each in found} == {200}
    for each in found:
        assert each.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert re.findall(r"(?:src|href)=\"(?!/|data:|#)[^\"]*|url\(|@import|https?://(?!127)", each.text) == []


@pytest.mark.parametrize(("path", "method"), [("/nothing", "GET"), ("/do", "GET"), ("/", "POST")])
def test_there_is_nothing_else(visitor: Visitor, path: str, method: str) -> None:
    assert visitor.ask(path, method=method).status == 404


# --- what people do ------------------------------------------------------------------------------------


def ts_of(shown: str, words: str) -> str:
    """The time stamp of the last line with these words."""
    lines = [line for line in shown.split('<div class="line')[1:] if words in line]
    found = re.search(r'data-ts="([\d.]+)"', lines[-1])
    assert found is not None
    return found[1]


def test_words_are_heard_and_answered_in_a_thread(visitor: Visitor) -> None:
    visitor.do("say", text="an error", channel="C0SALESFORCE")

    shown = visitor.until("1 reply")
    thread = ts_of(shown, "an error")
    assert "I read an error" in visitor.until("I read", "aside", f"in=C0SALESFORCE&beside={thread}")


def test_what_one_person_sees_alone_is_no_reply_that_is_counted(visitor: Visitor, stage: Bare) -> None:
    visitor.do("say", text="an error", channel="C0SALESFORCE")
    thread = ts_of(visitor.until("1 reply"), "an error")
    ada = stage.workspace.person().member.id
    bot = WebClient(stage.workspace.bot_token, base_url=stage.workspace.api_url)
    bot.chat_postEphemeral(channel="C0SALESFORCE", user=ada, thread_ts=thread, text="for you alone")

    assert "for you alone" in visitor.until("for you alone", "aside", f"in=C0SALESFORCE&beside={thread}")
    assert "1 reply" in visitor.regions("in=C0SALESFORCE")["messages"]


def test_a_command_is_answered_to_whoever_typed_it(visitor: Visitor) -> None:
    visitor.do("say", text="/flosum status prod", **{"in": "C0RANDOM"})

    shown = visitor.until("needs one step", query="in=C0RANDOM")
    assert "Only visible to you" in shown
    assert 'href="http://127.0.0.1:1/look-alike"' in shown, "a link into an org leads to its look-alike"
    assert "needs one step" not in visitor.regions("in=C0RANDOM&as=ben")["messages"]


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("/remind me", {}, "/remind is not a command in this workspace."),
        ("/flosum help", {"thread": "1.0"}, "/flosum is not supported in threads, as in Slack."),
    ],
)
def test_what_slack_does_not_take_is_said(visitor: Visitor, text: str, more: Json, told: str) -> None:
    assert visitor.do("say", text=text, **more)["told"].startswith(told)


def test_a_button_is_pressed_where_it_stands(visitor: Visitor) -> None:
    visitor.do("say", text="/flosum status")
    ts = ts_of(visitor.until("Check prod now"), "Check prod now")

    visitor.do("use", channel="C0SALESFORCE", ts=ts, block="b1", action="check", chosen=[])

    assert "Check prod now" not in visitor.until("checked")
    assert "not there any more" in visitor.do("use", channel="C0SALESFORCE", ts=ts, block="b1", action="check")["told"]


def window(visitor: Visitor) -> str:
    visitor.do("say", text="/flosum settings")
    found = re.search(r'data-view="(\w+)"', visitor.until("<dialog", "windows"))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("hour", "wrong"),
    [([""], "Please complete this required field."), (["nine"], "An hour is a number from 0 to 23.")],
)
def test_a_form_that_is_wrong_stays_open_and_says_where(visitor: Visitor, hour: list[str], wrong: str) -> None:
    view = window(visitor)

    assert visitor.do("submit", view=view, values={"hour": hour}) == {"errors": {"hour": wrong}}
    assert view in visitor.regions()["windows"]
    assert visitor.regions("as=ben")["windows"] == ""


@pytest.mark.parametrize("act", ["submit", "close"])
def test_a_form_that_is_sent_or_closed_is_gone(visitor: Visitor, act: str) -> None:
    assert visitor.do(act, view=window(visitor), values={"hour": ["9"]}) == {}

    assert visitor.regions()["windows"] == ""


def test_home_and_the_pane_are_the_bots_own(visitor: Visitor) -> None:
    visitor.do("look", **{"in": "home"})

    assert "Your orgs" in visitor.until("Your orgs", query="in=home")
    assert visitor.regions("beside=pane")["aside"].count("composer") == 1


def test_ones_own_message_is_changed_and_deleted_and_nobody_elses(visitor: Visitor) -> None:
    visitor.do("say", text="see <https://a.example> & hush")
    ts = ts_of(visitor.until("hush"), "hush")
    own = {"channel": "C0SALESFORCE", "ts": ts}

    assert visitor.do("edit", **own)["edit"] == "see <https://a.example> & hush"
    assert visitor.do("delete", **own, **{"as": "ben"}) == {"told": "Only your own messages can be changed."}
    visitor.do("edit", text="quiet", **own)
    assert "(edited)" in visitor.until("quiet")
    visitor.do("delete", **own)
    assert "quiet" not in visitor.regions()["messages"]


def test_what_one_sees_alone_can_be_put_away(visitor: Visitor) -> None:
    visitor.do("say", text="/flosum status")
    ts = ts_of(visitor.until("needs one step"), "needs one step")

    visitor.do("dismiss", channel="C0SALESFORCE", ts=ts)

    assert "needs one step" not in visitor.regions()["messages"]


def test_the_bot_is_invited_where_it_is_not(visitor: Visitor) -> None:
    assert "Invite Flosum" in visitor.regions("in=C0GENERAL")["below"]

    visitor.do("invite", channel="C0GENERAL", **{"in": "C0GENERAL"})

    assert "Invite Flosum" not in visitor.regions("in=C0GENERAL")["below"]


def test_news_are_counted_until_somebody_looks(visitor: Visitor) -> None:
    visitor.regions("as=ben&in=C0RANDOM")
    visitor.do("say", text="hello", **{"in": "C0RANDOM"})

    assert 'badge">1<' in visitor.regions("as=ben")["channels"]
    visitor.regions("as=ben&in=C0RANDOM")
    assert "badge" not in re.sub(r".*random", "", visitor.regions("as=ben")["channels"].partition("general")[0])


def test_a_bot_that_does_not_answer_is_told_by_slackbot(visitor: Visitor, stage: Bare) -> None:
    stage.workspace.connect("http://127.0.0.1:9/slack/events")

    visitor.do("say", text="/flosum help")

    assert "failed with the error" in visitor.until("operation_timeout", "notices")
    visitor.do("put_away")
    assert visitor.regions()["notices"] == ""


def test_making_it_hard(visitor: Visitor, stage: Bare) -> None:
    assert "write a message first" in visitor.do("retry")["told"]
    visitor.do("say", text="an error")
    visitor.until("1 reply")
    for act in ("retry", "slow", "fast", "rate_limit", "server_error", "monday"):
        assert visitor.do(act) == {}

    assert stage.slow == [5.0, 0]
    assert [one.name for one in stage.workspace.state.exchanges].count("/slack/events") == 3, "said, again, the clock"
    assert "the clock struck nine" in visitor.regions()["messages"]


def test_what_is_unknown_is_refused(visitor: Visitor) -> None:
    assert visitor.do("fly")["told"] == "This page cannot do that (fly)."
    assert visitor.ask("/do", method="POST").status == 400
    assert "#salesforce" in visitor.regions("as=nobody&in=C0NOWHERE&beside=9")["title"]


def test_reset_wakes_who_waits(visitor: Visitor, stage: Bare) -> None:
    assert visitor.do("reset") == {"go": "/"}
    assert stage.resets == 1


def test_an_address_that_the_orgs_do_not_have_says_so(visitor: Visitor) -> None:
    stage_link = "https://acme.my.salesforce.com/home"
    visitor.do("say", text=f"look at {stage_link} and https://acme.my.salesforce.com/lightning/setup/x")

    shown = visitor.until("look at")
    (there,) = re.findall(r'href="http://127\.0\.0\.1:\d+(/elsewhere[^"]*)"', shown)
    page = visitor.ask(there)
    assert (page.status, stage_link in page.text) == (404, True)
    assert "<script>" not in visitor.ask("/elsewhere?to=<script>alert(1)</script>").text


# --- what just happened --------------------------------------------------------------------------------


def test_payloads_are_shown_without_their_secrets(visitor: Visitor, stage: Bare) -> None:
    visitor.do("say", text="/flosum status 00Dxx0000001gPL!AQ4AQFabcdefghijklmnopqrstuvwxyz0123456789")
    visitor.until("needs one step")

    shown = visitor.regions("beside=happened")["aside"]

    assert "GET acme.my.salesforce.com/services/data" in shown
    assert "&#34;response_url&#34;: &#34;•••&#34;" in shown
    for secret in (stage.workspace.signing_secret, stage.workspace.bot_token, "AQ4AQFabc", "/hooks/"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"token": "x", "text": "hi"}, {"token": "•••", "text": "hi"}),
        ({"a": [{"trigger_id": "9"}]}, {"a": [{"trigger_id": "•••"}]}),
        ({"code": ""}, {"code": ""}),
        ({"text": "xoxb-123456789-abcdef"}, {"text": "[secret removed]"}),
        (7, 7),
        (
            {"elements": [{"text": "my password: ", "style": {"bold": True}}, {"text": "Kp9!vTz4qW"}, {"text": " so"}]},
            {"elements": [{"text": "my password: ", "style": {"bold": True}}, {"text": "•••"}, {"text": " so"}]},
        ),
    ],
)
def test_masking(value: Any, shown: Any) -> None:
    assert exchanges.masked(value) == (json.loads(json.dumps(shown).replace("[secret removed]", MASK)))
