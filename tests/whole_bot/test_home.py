"""The Home tab: what people see when they open the app, and what its buttons do. Real Bolt app, store and HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.adapters.slack.views.home import view
from bot.domain.digest import schedule, told
from bot.domain.digest.subscription import Kind, Rhythm
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppFacts,
    AppState,
    Change,
    Credentials,
    Diagnosis,
    Login,
    Org,
    OrgFacts,
    PastDigest,
    Policy,
    Verdict,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.home_report import MANY, PER_PAGE, DigestLine, Known, home
from bot.domain.selection import Selection, tagged
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.records import TEAM, View
from tests import phone
from tests.blockkit import assert_valid_view
from tests.digests import past, weekly
from tests.recognition_helpers import ARTICLE
from tests.running_bot import ADA, BY_ITSELF, RunningBot
from tests.store_helpers import keep_past

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
INSTALLED = AppFacts(
    BACKUP_APP, AppState.INSTALLED, permitted_users=Policy.SELF_AUTHORIZE, controlled=False, connected_users=2
)
MISSING = AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED)


def an_org(name: str, **values: Any) -> Org:
    return Org(TEAM, name, "acme.my.salesforce.com", Login.JWT, **values)


def reading(*apps: AppFacts, at: datetime = NOW) -> OrgFacts:
    return OrgFacts(at, "00D000000000001EAA", False, apps)


READY = reading(INSTALLED, replace(INSTALLED, name=DEVOPS_APP))
NOT_YET = reading(INSTALLED, MISSING)


def known(orgs: dict[str, OrgFacts | None], **values: Any) -> Known:
    found = [diagnose(an_org(name), facts, article=ARTICLE, now=NOW) for name, facts in orgs.items()]
    reminder = values.get("reminder")
    before = schedule.earlier(values.get("weeks", ()), reminder, NOW)
    digests = told.home_lines([reminder] if reminder else [], ADA, NOW, may=True, chosen=told.chosen_words([]))
    return Known(found, next(iter(before), None), values.get("changes", ()), digests, NOW)


def open_home(running_bot: RunningBot) -> View:
    assert running_bot.ada.open_home().acked
    return now_shown(running_bot)


def now_shown(running_bot: RunningBot) -> View:
    assert running_bot.workspace.settle()
    return running_bot.workspace.state.homes[ADA]


def window_over(running_bot: RunningBot) -> View:
    """The newest window over the Home tab."""
    assert running_bot.workspace.settle()
    return [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]


def texts(shown: View | dict[str, Any]) -> list[str]:
    blocks = (shown.body if isinstance(shown, View) else shown)["blocks"]
    notes = [element["text"] for block in blocks if block["type"] == "context" for element in block["elements"]]
    return [*(block.get("text", {}).get("text", "") for block in blocks), *notes]


def rows(shown: View | dict[str, Any]) -> list[str]:
    blocks = (shown.body if isinstance(shown, View) else shown)["blocks"]
    return [block["text"]["text"] for block in blocks if block.get("block_id", "").startswith("home-org:")]


# --- what it says --------------------------------------------------------------------------------------


def test_it_says_how_far_the_workspace_is_and_what_is_urgent_first(running_bot: RunningBot) -> None:
    running_bot.ask("status all")

    shown = open_home(running_bot)

    assert texts(shown)[:2] == [
        "2 of 7 orgs ready, 1 not read",
        "To do: 1 not installed, 1 needs a step, 3 cannot tell",
    ]
    first, *_, last = rows(shown)
    assert first.startswith("⛔ *Not installed* · `emea-prod` · install DevOps\nNext: <https://acme-emea.my.")
    assert "|Connected Apps OAuth Usage>" in first
    assert "Read just now" in first
    assert last.startswith("✅ *Ready* · `qa`")


def test_what_several_orgs_need_is_told_of_many() -> None:
    nobody = replace(INSTALLED, permitted_users=Policy.ADMIN_APPROVED, profiles=(), permission_sets=())
    step = reading(nobody, replace(nobody, name=DEVOPS_APP))

    page = home(known({"a": step, "b": step, "c": NOT_YET}), 1)

    assert "To do: 1 not installed, 2 need a step" in texts(view(page))


def test_a_digest_of_words_that_name_no_org_any_more_says_so() -> None:
    gone = [weekly(TEAM, "C1", orgs="wave-2"), weekly(TEAM, "C2", orgs="wave-2", kind=Kind.ALERTS)]

    lines = told.home_lines(gone, ADA, NOW, may=True, chosen=told.chosen_words([an_org("prod")]))

    assert lines[0].text.startswith("Digest of `wave-2` (names no org any more) to ")
    assert lines[1].text.startswith("Alerts about `wave-2` (names no org any more) to ")


def test_before_anything_was_read_it_does_not_guess(running_bot: RunningBot) -> None:
    shown = open_home(running_bot)

    assert texts(shown)[0] == "0 of 7 orgs ready, 7 not read yet"
    assert all("Cannot tell" in row and "Never read so far" in row for row in rows(shown))


def test_without_orgs_it_tells_how_to_begin() -> None:
    page = home(known({}), 1)

    assert page.headline == "No org is connected yet"
    assert "the button below" in page.lead
    assert_valid_view(view(page))
    assert "button" not in home(replace(known({}), may=False), 1).lead


def test_a_button_that_is_older_than_an_orgs_new_name_reads_it(running_bot: RunningBot) -> None:
    shown = open_home(running_bot)
    running_bot.ask("rename uat quality")

    running_bot.ada.press_view(shown, "Check uat")

    assert "Checked `quality`, called `uat` before: nobody is granted" in texts(now_shown(running_bot))[1]


def test_of_an_org_that_is_not_read_it_is_not_said_that_it_stopped_being_ready() -> None:
    before = past("2026-W47", ("prod",), ())
    lost = diagnose(an_org("prod"), READY, article=ARTICLE, now=NOW, trouble="`prod` is not available now.")

    assert "since last week" not in home(Known([lost], before, (), (), NOW), 1).headline


def test_why_an_org_was_not_read_does_not_name_it_twice() -> None:
    why = "`prod` has used 14,900 of its 15,000 API requests of 24 hours. I look again later."
    tried = diagnose(an_org("prod"), None, article=ARTICLE, now=NOW, trouble=why)

    (row,) = home(Known([tried], None, (), (), NOW), 1).rows

    assert row.lines[0] == "**Cannot tell** · `prod` · has used 14,900 of its 15,000 API requests of 24 hours"


def test_every_state_stands_there_as_a_word_for_screen_readers() -> None:
    page = home(known({"prod": READY, "uat": NOT_YET, "new": None}), 1)

    words = [row.lines[0].split("**")[1] for row in page.rows]
    assert words == ["Not installed", "Cannot tell", "Ready"]
    buttons = [block["accessory"] for block in view(page)["blocks"] if "accessory" in block]
    spoken = ["Check uat now", "Check new now", "Check prod now"]
    assert [button["accessibility_label"] for button in buttons] == spoken


@pytest.mark.parametrize(
    ("verdict", "brief", "trouble", "line"),
    [
        (Verdict.READY, "ready", None, "**Ready** · `prod`"),
        (Verdict.READY, "ready, and more", None, "**Ready** · `prod` · open to everybody"),
        (Verdict.READY, "ready", "It is away.", "**Ready** · `prod` · It is away"),
        (Verdict.UNKNOWN, "ready", None, "**Cannot tell** · `prod` · open to everybody"),
    ],
)
def test_an_org_says_why_beside_its_name_unless_all_is_said(
    verdict: Verdict, brief: str, trouble: str | None, line: str
) -> None:
    found = Diagnosis(an_org("prod"), verdict, "at length", brief, (), READY, trouble)

    assert home(replace(known({}), diagnoses=[found]), 1).rows[0].lines[0] == line


def test_what_changed_this_week_is_told() -> None:
    weeks = (past("2026-W48", (), ("prod",)), past("2026-W47", ("uat",), ("prod", "gone")))
    changes = (Change(TEAM, NOW, ADA, "connected", "prod"), Change(TEAM, NOW - timedelta(days=8), ADA, "old", "x"))

    page = home(known({"prod": READY, "uat": NOT_YET}, weeks=weeks, changes=changes), 1)

    assert page.headline == "1 of 2 orgs ready"
    assert page.news[:2] == ("Ready since last week: `prod`", "No longer ready: `uat`")
    assert len(page.news) == 2
    (line,) = page.trail
    assert line.endswith(f"{{user:{ADA}}} · connected `prod`")


def test_what_is_new_and_what_is_more_than_fits_is_told_in_short() -> None:
    week = timedelta(days=7)
    added = {"now": NOW, "then": NOW - week, "before": NOW - week - timedelta(seconds=1), "never": None}
    orgs = [diagnose(an_org(name, added_at=at), None, article=ARTICLE, now=NOW) for name, at in added.items()]
    changes = [Change(TEAM, NOW - week, "operator", "owner", f"org{number}") for number in range(7)]

    page = home(replace(known({}, changes=changes), diagnoses=orgs), 1)

    assert page.news[0] == "New here: `now` and `then`"
    assert page.trail[0].endswith(": operator · owner `org0`")
    assert page.trail[5:] == ("And 2 more changes: `/flosum settings`",)


def test_a_line_of_news_names_ten_orgs() -> None:
    for count, end in ((10, "`org8` and `org9`"), (12, "`org9` and 2 more")):
        names = [f"org{number}" for number in range(count)]
        orgs = [diagnose(an_org(name, added_at=NOW), None, article=ARTICLE, now=NOW) for name in names]
        page = home(replace(known({}), diagnoses=orgs), 1)
        assert page.news[0].startswith("New here: `org0`, `org1`")
        assert page.news[0].endswith(end)


@pytest.mark.parametrize(
    ("by", "action", "subject", "told"),
    [
        ("U123", "trusted", "U456", "{user:U123} · trusted {user:U456}"),
        ("W123", "trusted", "@crm-team", "{user:W123} · trusted `@crm-team`"),
        ("operator", "connected", "prod", "operator · connected `prod`"),
        ("UNIX user", "rotated", "", "UNIX user · rotated"),
        ("Ulla", "rotated", "", "Ulla · rotated"),
        ("ADMIN", "rotated", "", "ADMIN · rotated"),
        ("U123", "changed owner", "prod: U45678", "{user:U123} · changed owner prod: {user:U45678}"),
        ("U123", "changed owner", "prod: none", "{user:U123} · changed owner `prod: none`"),
        (
            "U123",
            "set the digest",
            "Mondays at 09:00, C0SALES",
            "{user:U123} · set the digest Mondays at 09:00, {channel:C0SALES}",
        ),
        ("U123", "connected", "C0SALES", "{user:U123} · connected `C0SALES`"),
    ],
)
def test_a_change_names_people_by_their_ids_and_the_terminal_by_its_word(
    by: str, action: str, subject: str, told: str
) -> None:
    (line,) = home(known({"prod": READY}, changes=[Change(TEAM, NOW, by, action, subject)]), 1).trail

    assert line.partition(": ")[2] == told


def test_a_page_says_which_orgs_it_shows_only_where_there_are_more() -> None:
    names = [f"org{number:02}" for number in range(PER_PAGE + 2)]

    assert home(known(dict.fromkeys(names, READY)), 1).note.startswith(f"Orgs 1 to {PER_PAGE} of {PER_PAGE + 2} · As")
    assert home(known(dict.fromkeys(names, READY)), 2).note.startswith(f"Orgs 21 to 22 of {PER_PAGE + 2} · As of")
    assert home(known(dict.fromkeys(names[:PER_PAGE], READY)), 1).note.startswith("As of")


def test_progress_is_counted_from_last_week() -> None:
    weeks = (past("2026-W47", (), ("prod", "uat")),)

    assert home(known({"prod": READY, "uat": NOT_YET}, weeks=weeks), 1).headline.endswith("(+1 since last week)")


@pytest.mark.parametrize(
    ("rhythm", "ago", "words"),
    [
        (Rhythm.WEEKDAYS, 1, "since yesterday"),
        (Rhythm.WEEKLY, 7, "since last week"),
        (Rhythm.FORTNIGHTLY, 14, "since {day}"),
    ],
)
def test_home_counts_from_the_digest_before_whatever_its_rhythm(
    running_bot: RunningBot, rhythm: Rhythm, ago: int, words: str
) -> None:
    store, then = running_bot.bot.store, datetime.now(UTC) - timedelta(days=ago)
    digest = replace(weekly(TEAM, "C0SALESFORCE", weekday=then.weekday()), rhythm=rhythm)
    keep_past(store, TEAM, store.keep_subscription(digest).id, PastDigest(then, (), ("prod", "uat")))
    running_bot.ask("status prod")

    assert f"(+1 {words.format(day=f'{then.day} {then:%B}')})" in texts(open_home(running_bot))[0]


def test_an_org_to_be_connected_again_is_first_and_offers_that() -> None:
    lost = diagnose(an_org("lost", reconnect=True), None, article=ARTICLE, now=NOW)
    page = home(
        replace(known({"new": None}), diagnoses=[diagnose(an_org("new"), None, article=ARTICLE, now=NOW), lost]), 1
    )

    assert page.rows[0].lines[0].startswith("**Reconnect needed** · `lost`")
    assert page.rows[0].lines[1:] == ("Never read so far",)
    accessory = next(block["accessory"] for block in view(page)["blocks"] if "accessory" in block)
    assert (accessory["text"]["text"], accessory["value"]) == ("Reconnect lost", "connect lost")


def test_the_digest_is_named_where_it_comes() -> None:
    page = home(known({"prod": READY}, reminder=weekly(TEAM, "C0SALESFORCE", zone="Europe/Berlin")), 1)

    (line,) = page.digests
    when = "Mondays at 09:00 Europe/Berlin · next Monday 30 November"
    assert line.text == f"Digest to {{channel:C0SALESFORCE}}: {when}"
    assert (line.target, line.off) == ("C0SALESFORCE", "remind off <#C0SALESFORCE>")


def test_every_digest_has_its_own_line_and_buttons_and_somebodys_own_is_theirs_alone() -> None:
    at = weekly(TEAM, "C0SALESFORCE", zone="Europe/Berlin")
    several = [
        at,
        replace(at, target="C0OPS", orgs="sandboxes", failing_since=NOW, failing="That channel is archived."),
        replace(at, target="C0OPS", kind=Kind.ALERTS),
        replace(at, target=ADA, rhythm=Rhythm.WEEKDAYS),
        replace(at, target="U0BEN"),
        replace(at, target="C0OFF", enabled=False),
    ]

    failing = f"Not delivered since {{time:{int(NOW.timestamp())}}}, because that channel is archived"

    def lines(may: bool) -> list[DigestLine]:
        return told.home_lines(several, ADA, NOW, may=may, chosen=told.chosen_words([]))

    assert [line.text for line in lines(True)] == [
        "Digest to {channel:C0SALESFORCE}: Mondays at 09:00 Europe/Berlin · next Monday 30 November",
        f"Digest of sandboxes to {{channel:C0OPS}}: Mondays at 09:00 Europe/Berlin · {failing}",
        "Alerts to {channel:C0OPS}, as they happen",
        "Digest to your direct messages: Monday to Friday at 09:00 Europe/Berlin · next Thursday 26 November",
    ]
    assert [line.may for line in lines(False)] == [False, False, False, True]
    shown = view(home(Known([], None, (), lines(True), NOW), 1))
    assert_valid_view(shown)
    told_by = [
        (element.get("value"), [option["value"] for option in element.get("options", ())])
        for block in shown["blocks"]
        if str(block.get("block_id")).startswith("home-digest")
        for element in block["elements"]
    ]
    assert told_by == [
        ("C0SALESFORCE", []),
        (None, ["remind now <#C0SALESFORCE>", "remind off <#C0SALESFORCE>"]),
        ("C0OPS", []),
        (None, ["remind now <#C0OPS>", "remind off <#C0OPS>"]),
        (None, ["remind alerts off <#C0OPS>"]),
        (ADA, []),
        (None, ["remind now me", "remind off me"]),
    ]


def test_many_digests_are_counted() -> None:
    several = [weekly(TEAM, f"C{number}") for number in range(8)]

    lines = told.home_lines(several, ADA, NOW, may=True, chosen=told.chosen_words([]))

    assert (len(lines), lines[-1].text) == (6, "And 3 more: `/flosum remind`")


@settings(deadline=None)
@given(
    st.lists(st.text("abä`*_<>&!|@ \\[]{}😀", min_size=1, max_size=300), max_size=130, unique=True),
    st.integers(-3, 9),
)
def test_slack_takes_the_page_whatever_the_orgs_are_called(names: list[str], number: int) -> None:
    changes = [Change(TEAM, NOW, name[:40], name, name) for name in names[:9]]
    weeks = (past("2026-W40", tuple(names), ()), past("2026-W39", (), tuple(names)))
    page = home(known(dict.fromkeys(names, NOT_YET), changes=changes, weeks=weeks), number)

    assert_valid_view(view(page))
    assert 1 <= page.page <= page.pages


def test_pages_hold_every_org_exactly_once() -> None:
    many = known({f"org-{number:03}": NOT_YET for number in range(200)})

    pages = [home(many, number) for number in range(1, home(many, 1).pages + 1)]

    names = [row.name for page in pages for row in page.rows]
    assert names == sorted(f"org-{number:03}" for number in range(200))
    assert all(len(page.rows) <= PER_PAGE and len(view(page)["blocks"]) <= 100 for page in pages)


# --- what its buttons do -------------------------------------------------------------------------------


def test_check_reads_the_org_live_and_shows_the_page_again(running_bot: RunningBot) -> None:
    shown = open_home(running_bot)

    assert running_bot.ada.press_view(shown, "Check prod").acked

    shown = now_shown(running_bot)
    assert "Checked `prod`: ready, read from Salesforce just now" in texts(shown)[1]
    assert texts(shown)[0] == "1 of 7 orgs ready, 6 not read yet"


def test_a_check_that_fails_says_why_and_keeps_what_was_known(running_bot: RunningBot) -> None:
    running_bot.ask("status prod")
    running_bot.salesforce.break_org("prod", OrgFault(status=503))

    running_bot.ada.press_view(open_home(running_bot), "Check prod")

    shown = now_shown(running_bot)
    assert "Checked `prod`: `prod` is not available now." in texts(shown)[1]
    assert texts(shown)[0] == "0 of 7 orgs ready, 7 not read"
    (row,) = (row for row in rows(shown) if "`prod`" in row.splitlines()[0])
    assert "`prod` · is not available now · ready when last read, just now" in row
    assert "Last read just now · tried just now" in row


def test_all_orgs_are_checked_at_once(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(open_home(running_bot), "Check all now")

    assert texts(now_shown(running_bot))[0] == "2 of 7 orgs ready, 1 not read"
    assert "`prod`" not in unread(running_bot)

    running_bot.salesforce.break_org("prod", OrgFault(reset=True))
    running_bot.ada.press_view(now_shown(running_bot), "Check all now")

    assert "`prod`" in unread(running_bot)


def unread(running_bot: RunningBot) -> str:
    """The line that names the orgs that could not be read."""
    return next(text for text in texts(now_shown(running_bot)) if "Could not be read:" in text)


def test_an_org_that_is_gone_meanwhile_is_said_to_be_gone(running_bot: RunningBot) -> None:
    shown = open_home(running_bot)
    running_bot.bot.store.remove_org(TEAM, "prod")

    running_bot.ada.press_view(shown, "Check prod")

    assert "`prod` is not connected any more." in texts(now_shown(running_bot))[1]


def with_older_button(page: View) -> View:
    """The page as it was published before the digest's button opened a form: it tells an answer in a window."""
    rows = [block["elements"] for block in page.body["blocks"] if block["type"] == "actions"]
    change: dict[str, Any] = next(each for row in rows for each in row if each["text"]["text"] == "Change")
    change |= {"action_id": "home-say:remind", "value": "remind"}
    return page


def test_the_digest_button_opens_its_form_over_the_page(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(open_home(running_bot), "Change")

    assert window_over(running_bot).body["callback_id"] == "digest"


def test_an_older_digest_button_opens_the_answer_over_the_page(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(with_older_button(open_home(running_bot)), "Change")
    window = window_over(running_bot)
    assert "The digest comes Mondays at 09:00 Europe/Berlin" in texts(window)[0]

    running_bot.ada.press_view(window, "Switch it off")

    assert any("No digest is on" in text for text in texts(now_shown(running_bot)))


def test_steps_of_the_guide_open_there_too(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(with_older_button(open_home(running_bot)), "Change")
    window = window_over(running_bot)
    element = next(block for block in window.body["blocks"] if block["type"] == "actions")["elements"][1]
    element["value"] = "guide install"

    running_bot.ada.press_view(window, element["action_id"])

    assert "Install" in texts(window_over(running_bot))[0]


def test_whoever_may_not_change_things_has_no_button_that_does(running_bot: RunningBot) -> None:
    assert running_bot.ben.open_home().acked
    assert running_bot.workspace.settle()

    buttons = phone.buttons(running_bot.workspace.state.homes[running_bot.ben.member.id].body["blocks"])

    labels = [button["text"]["text"] for button in buttons]
    assert labels[0] == "Check all now"
    assert all(label.startswith("Check ") for label in labels)


def test_the_orgs_come_first_then_what_changed_the_digest_and_the_trail() -> None:
    weeks = (past("2026-W48", (), ("prod",)), past("2026-W47", ("uat",), ("prod", "gone")))
    changes = (Change(TEAM, NOW, ADA, "connected", "prod"),)

    shown = phone.lines(view(home(known({"prod": READY, "uat": NOT_YET}, weeks=weeks, changes=changes), 1))["blocks"])

    told = [next(n for n, line in enumerate(shown) if words in line) for words in ("· uat", "· prod", "What changed")]
    told += [next(n for n, line in enumerate(shown) if words in line) for words in ("No digest", "Done this week")]
    assert told == sorted(told)


def test_a_refusal_in_such_a_window_is_told_there(running_bot: RunningBot) -> None:
    running_bot.bot.store.trust(TEAM, "U0BEN")
    assert running_bot.ben.open_home().acked
    assert running_bot.workspace.settle()
    running_bot.ben.press_view(with_older_button(open_home(running_bot)), "Change")  # somebody else's button
    window = window_over(running_bot)
    running_bot.bot.store.distrust(TEAM, "U0BEN")  # meanwhile

    running_bot.ben.press_view(window, "Switch it off")

    window = window_over(running_bot)
    assert "Changing a digest is for" in texts(window)[0]


def named(name: str) -> dict[str, Any]:
    return {"org": {"line": {"type": "plain_text_input", "value": name}}}


def test_a_new_org_is_connected_from_the_page(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(open_home(running_bot), "Connect an org")
    form = window_over(running_bot)
    assert form.body["callback_id"] == "home-connect-form"

    assert running_bot.ada.submit(form, named("second")).acked

    ways = window_over(running_bot)
    assert "*Connect* `second`" in texts(ways)[0]
    running_bot.ada.press_view(ways, "Name the user")
    assert window_over(running_bot).body["callback_id"] != form.body["callback_id"]
    assert [block["block_id"] for block in window_over(running_bot).body["blocks"] if block["type"] == "input"] == [
        "username",
        "host",
        "grants",
    ]


def test_a_new_name_and_its_my_domain_are_never_a_question(running_bot: RunningBot) -> None:
    running_bot.ada.press_view(open_home(running_bot), "Connect an org")

    assert running_bot.ada.submit(window_over(running_bot), named("a code")).acked

    assert "*Connect* `a`" in texts(window_over(running_bot))[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("all", "means something else"),
        ("x acme.example.com", "is not the address"),
        ("our new org !!", "a name of one word"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_the_window(running_bot: RunningBot, name: str, said: str) -> None:
    running_bot.ada.press_view(open_home(running_bot), "Connect an org")

    form = window_over(running_bot)

    receipt = running_bot.ada.submit(form, named(name))

    assert said in receipt.answer["errors"]["org"]
    assert window_over(running_bot) == form, "it keeps what was typed"


def test_who_may_not_connect_an_org_is_told_before_filling_anything_in(running_bot: RunningBot) -> None:
    running_bot.ben.open_home()
    assert running_bot.workspace.settle()

    running_bot.ben.press_view(open_home(running_bot), "Connect an org")  # somebody else's button

    assert "Connecting an org is for workspace admins" in texts(window_over(running_bot))[0]


def test_the_messages_tab_does_not_publish_a_home(running_bot: RunningBot) -> None:
    running_bot.ada.open_home("messages")

    assert running_bot.workspace.settle()
    assert ADA not in running_bot.workspace.state.homes


# --- many orgs -----------------------------------------------------------------------------------------


@pytest.fixture
def statements() -> Iterator[list[str]]:
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and threading.current_thread().name not in BY_ITSELF:
            heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def test_200_orgs_cost_no_more_queries_than_seven_and_turn_page_by_page(
    running_bot: RunningBot, statements: list[str]
) -> None:
    open_home(running_bot)
    few = len(statements)
    for number in range(200):
        org = an_org(f"org-{number:03}")
        running_bot.bot.store.add_org(org, Credentials("key"))
        running_bot.bot.store.save_facts(org, NOT_YET)
    statements.clear()

    shown = open_home(running_bot)

    assert len(statements) == few
    assert len(rows(shown)) == PER_PAGE
    running_bot.ada.press_view(shown, "Next page")
    shown = now_shown(running_bot)
    assert f"Orgs {PER_PAGE + 1} to {2 * PER_PAGE} of 207" in texts(shown)[-1]
    running_bot.ada.press_view(shown, "Previous page")
    assert "Orgs 1 to 20 of 207" in texts(now_shown(running_bot))[-1]


# --- some of the orgs ----------------------------------------------------------------------------------


def choice(shown: View | dict[str, Any]) -> dict[str, Any] | None:
    """The menu of what can be shown."""
    blocks = (shown.body if isinstance(shown, View) else shown)["blocks"]
    elements = [element for block in blocks for element in block.get("elements", ())]
    return next((element for element in elements if element.get("action_id") == "home-choose"), None)


def choices(shown: View | dict[str, Any]) -> list[str]:
    return [option["text"]["text"] for option in (choice(shown) or {"options": []})["options"]]


def many(count: int, tagged: int = 0) -> Known:
    """Orgs of which every second is a sandbox, every third not ready, and the first ``tagged`` are tagged emea."""
    found = []
    for number in range(count):
        org = an_org(f"org-{number:02}", sandbox=number % 2 == 0, tags=("emea",) if number < tagged else ())
        facts = replace(READY if number % 3 else NOT_YET, sandbox=number % 2 == 0)
        found.append(diagnose(org, facts, article=ARTICLE, now=NOW))
    return replace(known({}), diagnoses=found)


def test_few_orgs_offer_no_choice_and_many_offer_their_parts() -> None:
    assert choices(view(home(many(MANY - 1, 3), 1))) == []
    assert choices(view(home(many(30, 5), 1))) == [
        "All orgs (30)",
        "Not ready (10)",
        "Sandboxes (15)",
        "Production orgs (15)",
        "Tagged emea (5)",
    ]
    assert choices(view(home(known(dict.fromkeys(map(str, range(30)), READY)), 1))) == ["All orgs (30)"]


def test_a_choice_stays_in_the_menu_although_nothing_is_left_of_it() -> None:
    page = home(known(dict.fromkeys(map(str, range(30)), READY)), 1, chosen=Selection(ready=False))

    assert page.rows == ()
    assert page.lead.endswith("Shown: orgs that are not ready, 0 of 30")
    assert choices(view(page)) == ["All orgs (30)", "Not ready (0)"]
    assert (choice(view(page)) or {})["initial_option"]["value"] == "not ready"
    assert_valid_view(view(page))


def test_slack_takes_the_menu_however_many_tags_there_are() -> None:
    orgs = [an_org(f"org-{number}", tags=tuple(f"t-{number}-{n}" for n in range(10))) for number in range(30)]
    found = [diagnose(org, None, article=ARTICLE, now=NOW) for org in orgs]
    page = view(home(replace(known({}), diagnoses=found), 1, chosen=tagged("t-29-9")))

    assert_valid_view(page)
    assert len(choices(page)) == 100
    assert (choice(page) or {})["initial_option"]["text"]["text"] == "Tagged t-29-9 (1)"


def test_the_pages_of_a_choice_hold_each_of_its_orgs_once() -> None:
    some = many(90)

    pages = [home(some, number, chosen=Selection(sandbox=True)) for number in (1, 2, 3)]

    names = [row.name for page in pages for row in page.rows]
    assert len(names) == len(set(names)) == 45
    assert [page.pages for page in pages] == [3, 3, 3]
    assert pages[0].note.startswith("Orgs 1 to 20 of 45 · As of")


@pytest.fixture
def with_many(running_bot: RunningBot) -> RunningBot:
    """The built-in orgs, and fifty that are tagged wave-2 and never read."""
    for number in range(50):
        running_bot.bot.store.add_org(an_org(f"team-{number + 1}", tags=("wave-2",)), Credentials("key"))
    running_bot.bot.store.change_tags(an_org("prod"), lambda _: ["emea"])
    return running_bot


def chosen(bot: RunningBot, line: str) -> View:
    assert bot.ada.choose(open_home(bot), "home-choose", line).acked
    return now_shown(bot)


def test_what_is_chosen_stays_over_pages_checks_and_the_next_visit(with_many: RunningBot) -> None:
    shown = chosen(with_many, "Tagged wave-2 (50)")
    assert "Shown: orgs tagged `wave-2`, 50 of 57" in texts(shown)[1]
    assert [row.split("`")[1] for row in rows(shown)][:2] == ["team-1", "team-2"]

    with_many.ada.press_view(shown, "Next page")
    shown = now_shown(with_many)
    assert texts(shown)[-1].startswith("Orgs 21 to 40 of 50")
    with_many.ada.choose(shown, "Check one…", "Check team-21")
    shown = now_shown(with_many)
    assert "Checked `team-21`" in texts(shown)[1]
    assert texts(shown)[-1].startswith("Orgs 21 to 40 of 50")

    shown = open_home(with_many)
    assert texts(shown)[-1].startswith("Orgs 1 to 20 of 50")
    shown = chosen(with_many, "all")
    assert texts(shown)[-1].startswith("Orgs 1 to 20 of 57")


def test_what_is_chosen_stays_below_windows(with_many: RunningBot) -> None:
    chosen(with_many, "tag emea")
    with_many.ada.choose(now_shown(with_many), "home-say:digest", "Switch it off")
    assert "The digest to <#C0SALESFORCE> is off now" in texts(window_over(with_many))[0].replace("*", "")

    shown = now_shown(with_many)
    assert len(rows(shown)) == 1
    assert "No digest is on" in texts(shown)
    with_many.ada.press_view(shown, "Connect an org")
    with_many.ada.submit(window_over(with_many), named("second"))
    window = window_over(with_many)
    element = next(block for block in window.body["blocks"] if block["type"] == "actions")["elements"][0]
    element |= {"action_id": "say:9", "value": "tag prod off emea", "type": "button"}
    with_many.ada.press_view(window, "say:9")
    # Nothing is known by that tag any more, so all are shown.
    assert texts(now_shown(with_many))[-1].startswith("Orgs 1 to 20 of 57")


def test_an_org_that_is_called_like_a_choice_does_not_take_its_place(with_many: RunningBot) -> None:
    with_many.ask("status uat")
    with_many.ask("rename prod sandboxes")

    shown = chosen(with_many, "sandboxes")

    assert [row.split("`")[1] for row in rows(shown)] == ["uat"]


# --- the digest ----------------------------------------------------------------------------------------


def overflow(shown: View) -> list[str]:
    elements = [element for block in shown.body["blocks"] for element in block.get("elements", ())]
    menus = [element for element in elements if element.get("type") == "overflow"]
    return [option["text"]["text"] for menu in menus for option in menu["options"]]


def test_the_digest_is_switched_off_from_the_page_by_those_who_may(running_bot: RunningBot) -> None:
    shown = open_home(running_bot)
    assert overflow(shown) == ["Post it now", "Switch it off"]
    assert running_bot.ben.open_home().acked
    assert running_bot.workspace.settle()
    assert overflow(running_bot.workspace.state.homes[running_bot.ben.member.id]) == []

    running_bot.ada.choose(shown, "home-say:digest", "Switch it off")

    assert "The digest to <#C0SALESFORCE> is off now" in texts(window_over(running_bot))[0].replace("*", "")
    assert "No digest is on" in texts(now_shown(running_bot))
    assert overflow(now_shown(running_bot)) == []


def test_the_page_shows_what_was_set_in_the_form_over_it(running_bot: RunningBot) -> None:
    for number in range(MANY):
        running_bot.bot.store.add_org(an_org(f"team-{number}", tags=("wave-2",)), Credentials("key"))
    running_bot.ada.press_view(chosen(running_bot, "tag wave-2"), "Change")
    option = {"text": {"type": "plain_text", "text": "Friday"}, "value": "4"}
    values: dict[str, Any] = {
        "day": {"line": {"type": "static_select", "selected_option": option}},
        "time": {"line": {"type": "timepicker", "selected_time": "14:30"}},
        "zone": {"line": {"type": "plain_text_input", "value": "New York"}},
        "channel": {"line": {"type": "conversations_select", "selected_conversation": "C0SALESFORCE"}},
    }

    assert running_bot.ada.submit(window_over(running_bot), values).acked

    shown = now_shown(running_bot)
    assert any("to <#C0SALESFORCE>: Fridays at 14:30 America/New_York" in text for text in texts(shown))
    assert "Shown: orgs tagged `wave-2`" in texts(shown)[1]


def test_a_form_that_was_opened_in_a_channel_publishes_no_page(running_bot: RunningBot) -> None:
    running_bot.ada.press(running_bot.ask("remind"), "Change")
    assert "\n" not in window_over(running_bot).body["private_metadata"]
