"""Connecting orgs from Slack: the login in the browser with its refusals, the form, and what is done to orgs after."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine

from bot.domain.model import Asker, Credentials, Login, Org
from bot.domain.orgs.oauth_state import Ticket, cookie_for, fingerprint
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.salesforce.faults import DATA, LOGIN, OrgFault
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from tests.browsers import Browser
from tests.running_bot import RunningBot
from tests.settings_of import settings_of

HOST = "acme.my.salesforce.com"


def refusal(status: int, code: str, message: str) -> OrgFault:
    """An org that lets the bot log in, and refuses what it asks then."""
    return OrgFault(status=status, body=json.dumps([{"errorCode": code, "message": message}]).encode(), path=DATA)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        yield browser


def link_of(answer: SlackMessage) -> str:
    found = [element["url"] for block in answer.blocks for element in block.get("elements", ()) if "url" in element]
    assert len(found) == 1
    return str(found[0])


def org(running_bot: RunningBot, name: str) -> Org:
    found = running_bot.bot.store.org(TEAM, name)
    assert found is not None
    return found


def host(running_bot: RunningBot, name: str) -> str:
    return next(org.host for org in running_bot.salesforce.orgs.values() if org.name == name)


def told(running_bot: RunningBot) -> SlackMessage:
    """What the asker was told last, which for a login in the browser is in the direct messages."""
    return running_bot.shown()[-1]


def begun(running_bot: RunningBot, browser: Browser, text: str = "connect prod") -> str:
    """Follow a login to Salesforce's door; the address there, not yet opened."""
    browser.open(link_of(running_bot.ask(text)))
    link = parse_qs(urlsplit(browser.page.url).query)["link"][0]
    data = {"link": link, "where": "my-domain", "my_domain": host(running_bot, "prod")}
    browser.page = browser.session.post(f"{running_bot.bot.address}/salesforce/connect", data=data, timeout=30)
    assert browser.leads_to
    return browser.leads_to


def answered(browser: Browser, door: str) -> str:
    """Let Salesforce answer; the address it sends the browser back to, not yet opened."""
    answer = browser.session.get(door, allow_redirects=False, timeout=30)
    assert answer.status_code == 302
    return answer.headers["Location"]


def later(minutes: int) -> time_machine.travel:
    """Let the clock go on, for everybody."""
    return time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes))


# --- the login in the browser --------------------------------------------------------------------------


def test_an_org_is_connected_in_the_browser_and_its_first_status_comes_to_slack(
    running_bot: RunningBot, browser: Browser
) -> None:
    running_bot.bot.store.remove_org(TEAM, "prod")
    answer = running_bot.ask("connect prod acme")
    assert answer.audience == running_bot.ada.member.id

    browser.open(link_of(answer))
    assert "Ada" in browser.text
    assert "in the workspace Acme" in browser.text
    assert "prod" in browser.text
    browser.submit(where="my-domain", my_domain="acme")

    assert (browser.status, browser.text) == (
        200,
        "prod is connected Its first status is waiting for you in Slack. You can close this page and go back to Slack.",
    )
    assert told(running_bot).text.startswith("✅ prod is connected\n✅ prod is ready.")
    assert told(running_bot).channel == running_bot.workspace.state.direct_channel(running_bot.ada.member.id).id  # type: ignore[union-attr]
    kept = org(running_bot, "prod")
    assert (kept.login, kept.host, kept.connected_by) == (Login.BROWSER, "acme.my.salesforce.com", "U0YOU")
    assert running_bot.ask("status prod").text.startswith("✅ prod is ready")


@pytest.mark.parametrize(("where", "name"), [("production", "emea-prod"), ("sandbox", "uat")])
def test_whoever_does_not_know_the_my_domain_logs_in_where_everybody_does(
    running_bot: RunningBot, browser: Browser, where: str, name: str
) -> None:
    running_bot.bot.store.remove_org(TEAM, name)
    username = next(org.username for org in running_bot.salesforce.orgs.values() if org.name == name)

    browser.open(link_of(running_bot.ask(f"connect {name}"))).submit(where=where).follow(username)

    assert browser.status == 200
    assert org(running_bot, name).host == host(running_bot, name)
    assert ("(a sandbox)" in told(running_bot).text) is (where == "sandbox")


@pytest.mark.parametrize(
    ("fault", "begins", "is_over"),
    [
        (refusal(403, "API_CURRENTLY_DISABLED", "API is currently disabled for this User"), "❔ Cannot tell", False),
        (refusal(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization"), "❔ Cannot tell", False),
        (refusal(503, "SERVER_UNAVAILABLE", "Server unavailable"), "❔ uat must be connected again", True),
        (OrgFault(reset=True), "❔ uat must be connected again", True),
    ],
)
def test_a_connection_is_not_called_over_once_the_org_lets_the_bot_in(
    running_bot: RunningBot, fault: OrgFault, begins: str, is_over: bool
) -> None:
    running_bot.salesforce.change("uat", refusal=("invalid_grant", "inactive user"))
    assert "uat must be connected again" in running_bot.ask("status uat").text
    running_bot.salesforce.change("uat", refusal=None)

    running_bot.salesforce.break_org("uat", fault)
    told = running_bot.ask("status uat").text

    assert told.startswith(begins)
    assert ("only connecting it again helps" in told) is is_over
    assert org(running_bot, "uat").reconnect is is_over


def test_a_connection_that_is_over_is_made_again_under_its_name_with_all_that_was_set(
    running_bot: RunningBot, browser: Browser
) -> None:
    running_bot.ask("apps partner backup")
    assert "partner must be connected again" in running_bot.ask("status partner").text

    browser.open(link_of(running_bot.ask("connect PARTNER"))).submit(
        where="my-domain", my_domain=host(running_bot, "partner")
    )

    assert browser.status == 200
    assert org(running_bot, "partner").apps == ("Flosum Backup Org Auth",)
    assert not org(running_bot, "partner").reconnect
    assert running_bot.ask("status partner").text.startswith("✅ partner is ready")


def test_looking_at_the_link_does_not_use_it_up(running_bot: RunningBot, browser: Browser) -> None:
    link = link_of(running_bot.ask("connect prod"))
    with Browser() as scanner:
        assert scanner.open(link).status == 200

    browser.open(link).open(link).submit(where="my-domain", my_domain="acme")

    assert browser.status == 200


def test_the_pages_let_nothing_in_and_nothing_out(running_bot: RunningBot, browser: Browser) -> None:
    browser.open(link_of(running_bot.ask("connect prod")))

    headers = browser.page.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    cookie = browser.page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "http" not in browser.page.text.replace("https://", "http").split("<form")[0].split("</style>")[1]


def test_no_token_reaches_a_page_a_message_or_the_log(running_bot: RunningBot, browser: Browser) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")
    running_bot.ask("status prod")

    credentials = running_bot.bot.store.credentials(org(running_bot, "prod"))
    everything = (
        running_bot.log.getvalue() + browser.page.text + str([call.args for call in running_bot.workspace.calls])
    )
    for secret in (credentials.refresh_token, credentials.access_token, running_bot.salesforce.client_secret):
        assert secret
        assert secret not in everything


# --- refusals, each with its own message ---------------------------------------------------------------


def test_an_answer_that_comes_twice_is_taken_once(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))
    assert browser.open(back).status == 200
    requests_before = len(running_bot.salesforce.requests)

    with Browser() as again:
        again.session.cookies.update(browser.session.cookies)
        again.open(back)

    assert (again.status, "used already" in again.text) == (410, True)
    assert len([r for r in running_bot.salesforce.requests[requests_before:] if r.path.startswith(LOGIN)]) == 0


@pytest.mark.parametrize("query", ["", "?state=", "?state=made-up&code=x", "?code=x&state=%00"])
def test_an_answer_to_no_login_is_refused(running_bot: RunningBot, browser: Browser, query: str) -> None:
    browser.open(f"{running_bot.bot.address}/salesforce/callback{query}")

    assert (browser.status, "belongs to no login" in browser.text) == (410, True)


def test_a_link_works_once(running_bot: RunningBot, browser: Browser) -> None:
    link = link_of(running_bot.ask("connect prod"))
    browser.open(link).submit(where="my-domain", my_domain="acme")

    assert (browser.open(link).status, "used already" in browser.text) == (410, True)


def test_an_answer_after_ten_minutes_is_too_old(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))

    with later(10):
        browser.open(back)

    assert (browser.status, "longer than 10 minutes" in browser.text) == (410, True)
    assert org(running_bot, "prod").login is Login.CLIENT_CREDENTIALS


def test_an_answer_just_before_is_not(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))

    browser.session.close()  # so much later the bot hangs up idle lines; cookies stay
    with later(9):
        browser.open(back)

    assert browser.status == 200


def test_a_link_after_ten_minutes_is_too_old(running_bot: RunningBot, browser: Browser) -> None:
    link = link_of(running_bot.ask("connect prod"))

    with later(11):
        browser.open(link)

    assert (browser.status, "longer than 10 minutes" in browser.text) == (410, True)


def test_a_form_that_is_sent_after_ten_minutes_is_too_old(running_bot: RunningBot, browser: Browser) -> None:
    page = browser.open(link_of(running_bot.ask("connect prod")))

    browser.session.close()  # so much later the bot hangs up idle lines; cookies stay
    with later(11):
        page.submit(where="my-domain", my_domain="acme")

    assert (browser.status, "longer than 10 minutes" in browser.text) == (410, True)


def test_an_answer_without_a_code_is_a_refusal(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))

    browser.open(back.replace("code=", "nothing="))

    assert "Salesforce refused the login" in browser.text
    assert "no answer" in browser.text
    assert org(running_bot, "prod").login is Login.CLIENT_CREDENTIALS


def test_an_answer_in_another_browser_is_refused(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))

    with Browser() as other:
        other.open(back)

    assert (other.status, "not the one in which the login began" in other.text) == (403, True)
    assert browser.open(back).status == 410, "a state is spent by the attempt"


def test_a_second_browser_of_the_same_asker_is_another_browser_too(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))

    with Browser() as other:
        begun(running_bot, other)
        other.open(back)

    assert (other.status, "not the one in which the login began" in other.text) == (403, True)


def test_an_answer_in_the_browser_of_another_asker_is_refused(running_bot: RunningBot, browser: Browser) -> None:
    running_bot.workspace.state.members["U0BEN"] = replace(running_bot.ben.member, admin=True)
    back = answered(browser, begun(running_bot, browser))

    with Browser() as bens:
        bens.open(link_of(running_bot.ask("connect prod", running_bot.ben)))
        assert (bens.open(back).status, "began one for another person" in bens.text) == (403, True)


def test_access_denied_is_told_on_the_page_and_in_slack(running_bot: RunningBot, browser: Browser) -> None:
    door = begun(running_bot, browser)

    browser.open(f"{door}&deny=1")

    assert (browser.status, "Access was denied at Salesforce" in browser.text) == (403, True)
    assert told(running_bot).text.startswith("⛔ Access was denied at Salesforce, so prod is not connected.")
    assert "Try again" in str(told(running_bot).blocks)


@pytest.mark.parametrize(
    ("error", "description", "meaning"),
    [
        ("OAUTH_APP_BLOCKED", "this app is blocked by admin", "Unblock"),
        ("invalid_client", "app must be installed into org", "Install"),
        ("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app", "Manage Profiles"),
    ],
)
def test_an_error_of_salesforce_brings_the_guidance_for_that_very_error(
    running_bot: RunningBot, browser: Browser, error: str, description: str, meaning: str
) -> None:
    running_bot.salesforce.change("prod", browser_refusal=(error, description))

    browser.open(begun(running_bot, browser))

    for text in (browser.text, told(running_bot).text):
        assert f"Salesforce refused the login to prod: {error} ({description})." in text
        assert meaning in text
        assert "the assistant's own app in that org, not Flosum's apps" in text
        assert "Update Token" not in text
    assert browser.status == 403


@pytest.mark.parametrize("way", ["explain", "ask", "paste", "shortcut"])
def test_a_pasted_error_with_the_bots_own_callback_gets_steps_for_its_own_app(
    running_bot: RunningBot, way: str
) -> None:
    error = "error=invalid_client&error_description=app+must+be+installed+into+org"
    text = f"{running_bot.bot.address}/salesforce/callback?{error}"

    assert "not Flosum's apps" in _explained(running_bot, way, text)
    assert "Update Token" not in _explained(running_bot, way, text)


@pytest.mark.parametrize("way", ["explain", "paste"])
def test_so_does_one_with_the_key_of_an_app_that_an_org_was_connected_through(
    running_bot: RunningBot, way: str
) -> None:
    key = "3MVG9planted.OwnAppOfOneOrg_0123456789"
    org = Org(TEAM, "lone", "acme-lone.my.salesforce.com", Login.CLIENT_CREDENTIALS)
    running_bot.bot.store.add_org(org, Credentials(key, consumer_secret="planted"))
    text = f"error=invalid_client&error_description=app+must+be+installed+into+org&client_id={key}"

    assert "not Flosum's apps" in _explained(running_bot, way, text)
    assert "not Flosum's apps" not in _explained(running_bot, way, text.replace("OneOrg", "Others"))


@pytest.mark.parametrize("way", ["explain", "ask", "paste", "shortcut"])
def test_any_other_pasted_error_is_flosums(running_bot: RunningBot, way: str) -> None:
    text = "error=invalid_client&error_description=app+must+be+installed+into+org"

    assert "Update Token" in _explained(running_bot, way, text)


def test_after_an_error_of_its_own_app_no_step_of_flosums_follows_in_the_thread(running_bot: RunningBot) -> None:
    error = "error=invalid_client&error_description=app+must+be+installed+into+org"
    (answer,) = running_bot.say(f"{running_bot.bot.address}/salesforce/callback?{error}")

    assert running_bot.say("it was uat", thread_ts=answer.thread_ts) == []
    assert "Update Token" in "".join(message.text for message in running_bot.say(error)), "Flosum's own comes in full"


def test_denied_for_lack_of_a_grant_is_not_called_a_persons_choice(running_bot: RunningBot, browser: Browser) -> None:
    running_bot.salesforce.change("prod", browser_refusal=("access_denied", "user is not admin approved"))

    browser.open(begun(running_bot, browser))

    assert "is not let into this assistant's own app" in browser.text


def test_an_error_with_the_bots_own_consumer_key_is_its_own_and_shows_no_key(running_bot: RunningBot) -> None:
    key = running_bot.salesforce.client_id

    answer = running_bot.ask(f"explain OAUTH_APP_BLOCKED https://x.example/?client_id={key}")

    assert "own app is blocked" in answer.text
    assert key not in str(answer.blocks) + answer.text + running_bot.log.getvalue()


def _explained(running_bot: RunningBot, way: str, text: str) -> str:
    """All that the bot says of an error that somebody brings up this way."""
    if way in ("explain", "ask"):
        shown = [running_bot.ask(f"explain {text}" if way == "explain" else text)]
    elif way == "paste":
        shown = [*running_bot.say(text)]
    else:
        running_bot.ask("settings quiet")
        message = running_bot.ada.say(text).message
        before = len(running_bot.shown())
        assert running_bot.ben.shortcut("explain_error", message).acked
        shown = [*running_bot.shown()[before:]]
    return "".join(message.text + str(message.blocks) for message in shown)


def test_a_code_that_salesforce_does_not_trade_is_a_refusal_with_guidance(
    running_bot: RunningBot, browser: Browser
) -> None:
    back = answered(browser, begun(running_bot, browser))
    body = b'{"error": "app_not_found", "error_description": "External client app is not installed in this org"}'
    running_bot.salesforce.break_org("prod", OrgFault(status=400, body=body, path=LOGIN))

    browser.open(back)

    assert (browser.status, "app_not_found" in browser.text) == (403, True)
    assert "app_not_found" in told(running_bot).text


def test_when_salesforce_falls_silent_the_page_and_slack_say_so(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))
    running_bot.salesforce.break_org("prod", OrgFault(status=503, path=LOGIN))

    browser.open(back)

    assert (browser.status, "not available now" in browser.text) == (502, True)
    assert "not available now" in told(running_bot).text


def test_a_login_to_another_org_does_not_take_over_the_name_and_is_revoked(
    running_bot: RunningBot, browser: Browser
) -> None:
    running_bot.ask("status prod")

    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme-emea")

    assert (browser.status, "another org" in browser.text) == (409, True)
    assert "another org" in told(running_bot).text
    assert org(running_bot, "prod").host == "acme.my.salesforce.com"
    assert running_bot.salesforce.browser.live("acme-emea.my.salesforce.com") == 0


@pytest.mark.parametrize(
    "typed", ["evil.example", "acme.my.salesforce.com.evil.example", "login.salesforce.com", "", "127.0.0.1"]
)
def test_a_host_that_is_not_salesforces_is_refused_and_never_contacted(
    running_bot: RunningBot, browser: Browser, typed: str
) -> None:
    calls = len(running_bot.salesforce.requests)

    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain=typed)

    assert (browser.status, "My Domain" in browser.text) == (400, True)
    assert len(running_bot.salesforce.requests) == calls
    assert browser.submit(where="my-domain", my_domain="acme").status == 200, "the form can be corrected"


@pytest.mark.parametrize(
    "typed",
    [
        "https://acme.lightning.force.com/lightning/setup/SetupOneHome/home",
        "http://acme.my.salesforce-setup.com/lightning",
        " ACME ",
        "acme.my.salesforce.com/",
    ],
)
def test_a_my_domain_is_understood_however_it_is_typed(running_bot: RunningBot, browser: Browser, typed: str) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain=typed)

    assert browser.status == 200


def test_of_200_answers_with_one_state_at_once_one_is_taken(running_bot: RunningBot, browser: Browser) -> None:
    back = answered(browser, begun(running_bot, browser))
    cookies = dict(browser.session.cookies)
    barrier = Barrier(200)

    def call(_: int) -> int:
        barrier.wait()
        return requests.get(back, cookies=cookies, timeout=60).status_code

    with ThreadPoolExecutor(200) as pool:
        statuses = list(pool.map(call, range(200)))

    assert sorted(set(statuses)) == [200, 410]
    assert statuses.count(200) == 1
    assert running_bot.salesforce.browser.live("acme.my.salesforce.com") == 1


def test_something_unforeseen_is_a_page_with_a_reference(running_bot: RunningBot, browser: Browser) -> None:
    link = link_of(running_bot.ask("connect prod"))
    running_bot.bot.store.put_ticket("connect-link", "broken", "{", datetime.now(UTC) + timedelta(minutes=1))

    browser.open(link.rpartition("=")[0] + "=broken")

    assert (browser.status, "Reference " in browser.text) == (500, True)
    assert "Traceback" not in browser.text


# --- who, and with what --------------------------------------------------------------------------------


def test_a_member_is_told_who_can_connect(running_bot: RunningBot) -> None:
    assert running_bot.ask("connect prod", running_bot.ben).text.startswith("Connecting an org is for")


def test_asked_in_a_channel_the_link_is_for_the_askers_eyes_alone(running_bot: RunningBot) -> None:
    running_bot.ada.mention("connect prod")

    (answer,) = running_bot.shown()
    assert answer.audience == running_bot.ada.member.id
    assert link_of(answer)


@pytest.mark.parametrize("typed", ["connect all", "connect sandboxes", "connect <@U0BEN|ben>", "connect x y z"])
def test_what_cannot_be_a_name_is_said(running_bot: RunningBot, typed: str) -> None:
    assert not [b for b in running_bot.ask(typed).blocks if b["type"] == "actions"]


def test_names_may_have_any_letters(running_bot: RunningBot, browser: Browser) -> None:
    browser.open(link_of(running_bot.ask("connect größe-東京 acme"))).submit(where="my-domain", my_domain="acme")

    assert browser.status == 200
    assert "größe-東京 and prod are the same Salesforce org" not in told(running_bot).text, "prod has not been read yet"
    assert running_bot.ask("status GRÖSSE-東京").text.startswith("✅ größe-東京 is ready")


def test_one_org_under_two_names_is_pointed_out(running_bot: RunningBot, browser: Browser) -> None:
    running_bot.ask("status prod")

    browser.open(link_of(running_bot.ask("connect main acme"))).submit(where="my-domain", my_domain="acme")

    assert "main and prod are the same Salesforce org" in told(running_bot).text
    assert "main and prod are the same Salesforce org" in running_bot.ask("orgs").text


def test_whoever_lost_the_right_meanwhile_connects_nothing(running_bot: RunningBot, browser: Browser) -> None:
    ben = Asker(TEAM, running_bot.ben.member.id)
    cookie, ends = cookie_for(ben, "key"), datetime.now(UTC) + timedelta(minutes=5)
    ticket = Ticket(TEAM, ben.user, "Ben", "", "new", HOST, ends.isoformat(), fingerprint(cookie), "v" * 64)
    running_bot.bot.store.put_ticket("connect-state", "state", json.dumps(asdict(ticket)), ends)
    browser.session.cookies.set("flosum_login", cookie)

    browser.open(f"{running_bot.bot.address}/salesforce/callback?state=state&code=any")

    assert (browser.status, "is for workspace admins" in browser.text) == (403, True)
    assert not [request for request in running_bot.salesforce.requests if request.path.startswith(LOGIN)]


# --- with the operator's key ---------------------------------------------------------------------------


def filled(
    running_bot: RunningBot, username: str, my_domain: str, name: str = "jwt", meanwhile: Sequence[str] = ()
) -> tuple[dict[str, str], SlackMessage | None]:
    """Open the form, fill it in, send it; the errors in the form, or the answer. ``meanwhile``: what else is typed."""
    running_bot.ada.press(running_bot.ask(f"connect {name}"), "Name the user")
    running_bot.shown()
    for line in meanwhile:
        running_bot.ask(line)
    view = next(shown.view for shown in reversed(running_bot.workspace.log) if shown.view)
    values = {
        "username": {"line": {"type": "plain_text_input", "value": username}},
        "host": {"line": {"type": "plain_text_input", "value": my_domain}},
    }
    errors = running_bot.ada.submit(view, values).answer.get("errors", {})
    return errors, None if errors else told(running_bot)


def test_an_org_is_connected_with_the_operators_key(running_bot: RunningBot) -> None:
    running_bot.bot.store.remove_org(TEAM, "uat")

    errors, answer = filled(running_bot, "flosum-bot@acme--uat.example", "acme--uat.sandbox.lightning.force.com", "uat")

    assert not errors
    assert answer
    assert answer.text.startswith("✅ uat is connected (a sandbox)\n⚠️ uat needs a step")
    assert (org(running_bot, "uat").login, org(running_bot, "uat").username) == (
        Login.JWT,
        "flosum-bot@acme--uat.example",
    )


def test_what_is_wrong_in_the_form_is_said_in_the_form(running_bot: RunningBot) -> None:
    errors, _ = filled(running_bot, "nobody", "evil.example")

    assert set(errors) == {"username", "host"}
    assert running_bot.bot.store.org(TEAM, "jwt") is None


def test_a_user_name_of_another_org_brings_salesforces_answer_explained(running_bot: RunningBot) -> None:
    errors, answer = filled(running_bot, "ada@other.example", "acme")

    assert not errors
    assert answer
    assert "user hasn't approved this consumer" in answer.text
    assert "Manage Profiles" in answer.text
    assert running_bot.bot.store.org(TEAM, "jwt") is None


def test_a_form_of_another_org_does_not_take_over_the_name(running_bot: RunningBot) -> None:
    _, answer = filled(running_bot, "flosum-bot@acme--qa.example", "acme--qa", "prod")

    assert answer
    assert "another org" in answer.text
    assert org(running_bot, "prod").host == "acme.my.salesforce.com"


UAT = ("flosum-bot@acme--uat.example", "acme--uat.sandbox.my.salesforce.com", "uat")


def test_a_form_that_is_older_than_a_new_name_makes_no_second_org(running_bot: RunningBot) -> None:
    before = len(running_bot.bot.store.orgs(TEAM))

    _, answer = filled(running_bot, *UAT, meanwhile=("rename uat test", "rename test quality"))

    assert answer
    assert answer.text.startswith("✅ quality is connected (a sandbox)\n")
    assert org(running_bot, "quality").login is Login.JWT
    assert len(running_bot.bot.store.orgs(TEAM)) == before


def test_a_name_that_another_org_had_before_is_free(running_bot: RunningBot) -> None:
    running_bot.ask("rename qa uat-before")
    running_bot.ask("rename uat quality")
    running_bot.ask("rename uat-before uat")
    running_bot.ask("rename uat tests")

    _, answer = filled(running_bot, "flosum-bot@acme-fresh.example", host(running_bot, "fresh"), "uat")

    assert answer
    assert answer.text.startswith("✅ uat is connected\n")


# --- an org that is no longer the same ----------------------------------------------------------------


def with_new_id(running_bot: RunningBot, name: str) -> str:
    """Read the org once, then give it another organization id and no tokens, as a refresh does."""
    running_bot.ask(f"status {name}")
    new = "00DKd0000000099EAA"
    tables = dict(running_bot.salesforce.orgs[host(running_bot, name)].database.tables)
    tables["Organization"] = [{**tables["Organization"][0], "Id": new}]
    tables["OauthToken"] = []
    running_bot.salesforce.change(name, database=OrgRecords(tables), organization_id=new)
    return new


def test_a_refreshed_sandbox_is_connected_again_in_the_browser(running_bot: RunningBot, browser: Browser) -> None:
    new = with_new_id(running_bot, "qa")

    browser.open(link_of(running_bot.ask("connect qa"))).submit(where="my-domain", my_domain="acme--qa")

    assert (browser.status, "qa is connected" in browser.text) == (200, True)
    answer = told(running_bot)
    assert "the sandbox was refreshed" in answer.text
    assert "Refreshed since it was connected" in json.dumps(answer.blocks)
    assert "Update Token" in json.dumps(answer.blocks)
    assert org(running_bot, "qa").organization_id == new


def test_a_refreshed_sandbox_is_connected_again_with_the_operators_key(running_bot: RunningBot) -> None:
    new = with_new_id(running_bot, "qa")

    errors, answer = filled(running_bot, "flosum-bot@acme--qa.example", "acme--qa", "qa")

    assert not errors
    assert answer
    assert "the sandbox was refreshed" in answer.text
    assert "Update Token" in json.dumps(answer.blocks)
    assert org(running_bot, "qa").organization_id == new
    assert "the sandbox was refreshed" in running_bot.ask("status qa").text


def test_a_production_org_whose_id_changed_is_questioned(running_bot: RunningBot, browser: Browser) -> None:
    before = org(running_bot, "prod").host
    new = with_new_id(running_bot, "prod")

    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")

    assert (browser.status, "A production org keeps its id" in browser.text) == (409, True)
    assert "A production org keeps its id" in told(running_bot).text
    assert (org(running_bot, "prod").host, org(running_bot, "prod").organization_id == new) == (before, False)
    assert "A production org keeps its id" in json.dumps(running_bot.ask("status prod").blocks)


# --- afterwards ----------------------------------------------------------------------------------------


def test_disconnecting_asks_first_then_revokes_and_forgets(running_bot: RunningBot, browser: Browser) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")
    running_bot.shown()
    question = running_bot.ask("disconnect prod")
    assert running_bot.salesforce.browser.live("acme.my.salesforce.com") == 1

    running_bot.ada.press(question, "Disconnect prod")

    assert told(running_bot).text.startswith("✅ prod is disconnected")
    assert running_bot.salesforce.browser.live("acme.my.salesforce.com") == 0
    assert running_bot.bot.store.org(TEAM, "prod") is None


def test_an_org_whose_login_cannot_be_revoked_is_forgotten_and_that_is_said(
    running_bot: RunningBot, browser: Browser
) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")
    running_bot.shown()
    running_bot.salesforce.break_org("prod", OrgFault(status=503))

    answer = running_bot.ask("disconnect prod yes")

    assert "could not be revoked" in answer.text
    assert "Connected Apps OAuth Usage" in answer.text
    assert running_bot.bot.store.org(TEAM, "prod") is None


def test_an_org_is_renamed_with_all_that_is_known_of_it(running_bot: RunningBot) -> None:
    running_bot.ask("status prod")

    assert running_bot.ask("rename prod live").text == "✅ prod is called live now"
    assert "Ready: live" in running_bot.ask("orgs").text
    assert "connected already" in running_bot.ask("rename live QA").text
    assert "not ready means something else" in running_bot.ask("rename live not ready").text


def test_a_token_that_is_refreshed_while_its_org_is_renamed_is_not_lost(
    running_bot: RunningBot, browser: Browser
) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")
    running_bot.shown()
    calls = len(running_bot.salesforce.requests)
    running_bot.salesforce.end_sessions("prod")
    running_bot.salesforce.break_org("prod", OrgFault(hang=1.0, path=LOGIN))

    running_bot.ada.command("status prod")
    deadline = time.monotonic() + 10
    while not any(call.path.startswith(LOGIN) for call in running_bot.salesforce.requests[calls:]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    running_bot.ada.command("rename prod live")  # while the new token is on its way

    assert "✅ prod is called live now" in [message.text for message in running_bot.shown()]
    running_bot.salesforce.mend("prod")
    running_bot.salesforce.end_sessions("prod")
    assert running_bot.ask("status live").text.startswith("✅ live is ready")
    assert not org(running_bot, "live").reconnect


def test_which_apps_an_org_needs_can_be_said(running_bot: RunningBot) -> None:
    assert "needs Flosum Backup Org Auth\n" in running_bot.ask("apps emea-prod backup").text + "\n"
    assert running_bot.ask("status emea-prod").text.startswith("✅ emea-prod is ready")
    assert "needs Flosum Backup Org Auth and Flosum DevOps" in running_bot.ask("apps emea-prod both").text
    assert "`" not in running_bot.ask("apps emea-prod neither").text


def test_an_org_has_an_owner_whom_the_digest_names(running_bot: RunningBot) -> None:
    assert "has no owner" in running_bot.ask("owner uat").text
    assert running_bot.ask("owner uat @ada").text == "✅ The owner of uat is @U0YOU"
    before = len(running_bot.shown())
    running_bot.ada.command("remind now")
    digest = running_bot.shown()[before]
    assert "owner <@U0YOU>" in str(digest.blocks)
    assert "has no owner" in running_bot.ask("owner uat none").text


@pytest.mark.parametrize(
    "verb", ["disconnect prod", "disconnect prod yes", "rename prod x", "apps prod both", "owner prod none"]
)
def test_changes_are_for_those_who_may(running_bot: RunningBot, verb: str) -> None:
    assert "is for workspace admins" in running_bot.ask(verb, running_bot.ben).text
    assert org(running_bot, "prod")


def test_every_change_is_in_the_trail_without_a_secret(running_bot: RunningBot, browser: Browser) -> None:
    browser.open(link_of(running_bot.ask("connect prod"))).submit(where="my-domain", my_domain="acme")
    running_bot.shown()
    for text in ("rename prod live", "apps live devops", "owner live @ada", "disconnect live yes"):
        running_bot.ask(text)

    trail = [(change.user, change.action, change.subject) for change in running_bot.bot.store.changes(TEAM)]
    assert trail[:5] == [
        ("U0YOU", "disconnected", "live (acme.my.salesforce.com)"),
        ("U0YOU", "changed owner", "live: U0YOU"),
        ("U0YOU", "changed apps", "live: devops"),
        ("U0YOU", "renamed", "prod → live"),
        ("U0YOU", "connected again", "prod (acme.my.salesforce.com)"),
    ]


# --- what is set up ------------------------------------------------------------------------------------


@contextmanager
def bot_with(tmp_path: Path, **settings: str) -> Iterator[Bot]:
    """A bot in its workspace that is not the demo's: no browser of its own, only what is set."""
    with Workspace() as workspace:
        chosen = settings_of(workspace, f"sqlite:///{tmp_path / 'bot.db'}", **settings)
        with CommandLineParts(settings=chosen).bot() as bot:
            bot.start()
            workspace.connect(f"{bot.address}/slack/events", lambda: bot.jobs.open == 0)
            yield bot


PEM = "-----BEGIN PRIVATE KEY-----\nMAYCAQACAQA=\n-----END PRIVATE KEY-----"
JWT_SET = {"salesforce_jwt_client_id": "key", "salesforce_jwt_key": PEM}
BROWSER_SET = {"salesforce_client_id": "key", "flosum_public_url": "https://bot.example/"}


@pytest.mark.parametrize(
    ("settings", "offered"),
    [
        ({}, []),
        ({"salesforce_client_id": "key"}, []),
        ({"flosum_public_url": "https://bot.example"}, []),
        (JWT_SET, ["Name the user"]),
        (BROWSER_SET, ["Log in to Salesforce"]),
        (JWT_SET | BROWSER_SET, ["Log in to Salesforce", "Name the user"]),
    ],
)
def test_only_the_ways_that_are_set_up_are_offered(
    tmp_path: Path, settings: dict[str, str], offered: list[str]
) -> None:
    with bot_with(tmp_path, **settings) as bot:
        answer = bot.uses.assistant.reply(Asker(TEAM, "U0YOU"), "connect prod")

    assert [button.label for button in answer.buttons] == offered
    assert "hoever runs the bot" in f"{answer.lead}{answer.parts}"
    assert "app.py" not in str(answer)
    assert ("not set up" in answer.lead) is not bool(offered)


def test_over_https_the_cookie_never_travels_otherwise(tmp_path: Path, browser: Browser) -> None:
    with bot_with(tmp_path, **BROWSER_SET) as bot:
        (button,) = bot.uses.assistant.reply(Asker(TEAM, "U0YOU"), "connect prod").buttons
        assert button.url
        assert button.url.startswith("https://bot.example/salesforce/connect?link=")
        browser.open(button.url.replace("https://bot.example", bot.address))

    assert "Secure" in browser.page.headers["Set-Cookie"]


def test_a_second_press_on_disconnect_says_that_it_is_done(running_bot: RunningBot) -> None:
    running_bot.ask("disconnect qa yes")

    assert running_bot.ask("disconnect qa yes").text.startswith("qa is not connected any more: it was ")
