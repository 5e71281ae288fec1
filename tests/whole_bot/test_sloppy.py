"""What people type who do not look the form up: one bot, line after line, and what each is told."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.sandbox.slack.records import TEAM, SlackMessage, View
from tests import phone
from tests.people import GUEST, arrive
from tests.running_bot import RunningBot

SESSION = "00DKd0000000001!AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"

LINES = (
    ("settings trust me", "Ada Lindt could do so before\nBy a role in the workspace"),
    ("settings trust me", "Ada Lindt could do so before"),
    ("settings distrust me", "Ada Lindt may change things here all the same"),
    ("settings distrust @ada", "Ada Lindt may change things here all the same"),
    ("settings trust @ben, and @mia", "Ben Okoro and Mia Sato may change things here now"),
    ("settings distrust @ada", "Ada Lindt may change things here all the same"),
    ("settings distrust @ben", "Ben Okoro may not change things here any more"),
    ("settings trust @ada and @ben", "Ben Okoro may change things here now\nAda Lindt could do so before."),
    ("settings distrust @ben @ada", "Ada Lindt may change things here all the same"),
    ("settings distrust @ben", "Ben Okoro was not added"),
    ("settings distrust @mia", "Mia Sato may not change things here any more"),
    ("settings trust #salesforce", "I cannot see anybody called #salesforce"),
    ("owner prod me", "The owner of prod is @U0YOU"),
    ("owner prod nobody", "prod has no owner"),
    ("owner prod to @ada", "The owner of prod is @U0YOU"),
    ("owner prod @flosum", "Flosum cannot look after an org. That is a bot."),
    ("owner prod <@U0NOBODY>", "That person cannot look after an org. Slack knows nobody of that id"),
    ("owner prod", "The owner of prod is @U0YOU"),
    ("owner prod none", "prod has no owner"),
    ("rename prod prod", "prod is called so already"),
    ("connect #salesforce", "#salesforce cannot be an org's name"),
    ("connect @ben", "@ben cannot be an org's name"),
    ("status acme.my.salesforce.com", "That is prod."),
    ("status https://acme.lightning.force.com/lightning/setup/x", "That is prod."),
    ("snooze acme--uat.sandbox.my.salesforce.com 7", "That is uat."),
    ("https://acme.my.salesforce.com", "Did you mean prod?"),
    ("owner nowhere.my.salesforce.com me", "I know no org called nowhere.my.salesforce.com."),
    ("rename prod for @ben", "for @ben cannot be an org's name"),
    ("snooze uat @ben", "I read no time in @ben, so it would be the reason."),
    ("remind escalate after 3 weeks to @ada @ben", "One person is told beside an org's owner: which of them is it?"),
    ("remind escalate after 3 weeks to (@ada)", "After 3 weeks an org moves to the top"),
    ("remind escalate after 3 weeks to <@U0NOBODY>", "That person cannot be told of orgs. Slack knows nobody"),
    ("remind escalate off", "Nobody is told any more"),
    ("connect https://acme--qa2.sandbox.my.salesforce.com/", "/flosum connect qa2 acme--qa2.sandbox.my.salesforce.com"),
    ("connect acme-new.my.salesforce.com", "/flosum connect acme-new acme-new.my.salesforce.com"),
    ("connect acme-new.lightning.force.com live", "Connect live\n"),
    ("tag prod none", "prod has no tags already"),
    ("tag prod emea", "prod is tagged emea now"),
    ("tag prod EMEA", "prod is tagged emea already"),
    ("tag prod @ben", "@ben cannot be a tag"),
    ("grant uat @ben", "I know no app called @ben."),
    ("apps prod backup and devops", "prod needs Flosum Backup Org Auth and Flosum DevOps: Web App Production"),
    ("apps prod only backup", "prod needs Flosum Backup Org Auth"),
    ("apps prod Flosum DevOps", "prod needs Flosum DevOps: Web App Production"),
    ("apps prod both", "prod needs Flosum Backup Org Auth and"),
    ("apps prod neither", "Say which: /flosum apps prod backup, devops or both."),
    ("apps backup prod", "The org comes first. Did you mean /flosum apps prod backup?"),
    ("snooze 7 uat", "The org comes first. Did you mean /flosum snooze uat 7?"),
    ("owner @ben prod", "The org comes first. Did you mean /flosum owner prod @ben?"),
    ("rename live prod", "The org comes first. Did you mean /flosum rename prod live?"),
    ("snooze uat eine Woche", "I read days and times in English. Did you mean one week?"),
    ("snooze uat kaputt", "I read no time in kaputt, so it would be the reason."),
    ("snooze uat and all orgs 7", "Did you mean /flosum snooze uat, emea-prod, "),
    ("snooze all, uat 7", "Did you mean /flosum snooze emea-prod, "),
    ("snooze uat and production 7", "Name the orgs, as in /flosum snooze emea-prod, fresh 7."),
    ("\u200fstatus prod\u200f", "prod is ready"),
    ("remind me montags 9:00", "Did you mean /flosum remind monday 09:00 me?"),
    ("remind freitags 9 für uat", "Did you mean /flosum remind friday 09:00 for uat?"),
    ("help remind me", "What remind takes"),
    ("help status invalid_grant", "Only the failed login shows, not its reason."),
    ("snooze sandboxes", "Name the orgs, as in /flosum snooze emea-prod, fresh."),
    ("status:prod", "prod is ready"),
    ("Status = prod", "prod is ready"),
    ("status details prod", "Let in to both Flosum apps"),
    ("orgs prod and uat", "prod and uat: 1 of 2 orgs"),
    ("orgs list", "orgs ready"),
    ("estado prod", "Did you mean /flosum status prod?"),
    ("verbinde lab", "Did you mean /flosum connect lab?"),
    ("trennen prod", "Did you mean /flosum disconnect prod?"),
    ("explain status prod", "Did you mean prod?"),
    ("explain error=invalid_grant&error_description=expired refresh token sid=" + SESSION, "secret: session id."),
    ("--help", "I help Salesforce orgs"),
    ("help all", "I help Salesforce orgs"),
    ("help nothing", "I help Salesforce orgs"),
    ("help with something", "I help Salesforce orgs"),
    ("status tag nowhere", "No org is tagged nowhere."),
    ("status tagged nowhere", "No org is tagged nowhere."),
    ("how do I fix it?", "Of which error?"),
    ("what should we do now", "Of which error?"),
    ("set the owner of uat to @ben", "Did you mean /flosum owner uat @ben?"),
    ("change owner of uat to #salesforce", "Did you mean /flosum owner uat #salesforce?"),
    ("change the name of uat to lab", "Did you mean /flosum rename uat lab?"),
    ("which orgs are snoozed?", "is snoozed"),
    ("orgs snoozed", "is snoozed"),
    ("something", "I have no guidance for something, and no org is called so\nConnected orgs: "),
    ("nothing", "I have no guidance for nothing, and no org is called so\nConnected orgs: "),
    ("help conect", "What connect takes"),
    ("guide for", "Which org? For example: /flosum guide for prod"),
    ("guide refresh", "Update the org's token in Flosum"),
    ("guide grant", "Which section of the guide?"),
    ("guide all", "The guide, section by section"),
    ("guide 3", "The sections of the guide have names"),
    ("guide step 2", "The sections of the guide have names"),
    ("guide -1", "The sections of the guide have names"),
    ("orgs -1", "There is no page -1. The list begins with /flosum orgs."),
    ("orgs page -1", "There is no page -1"),
    ("export orgs", "Did you mean /flosum orgs?"),
    ("orgs csv", "Files are made where the bot runs, not in Slack"),
    ("export csv", "Files are made where the bot runs, not in Slack"),
    ("status --all --csv", "Files are made where the bot runs, not in Slack"),
    ("status prod --json", "prod is ready"),
    ("tag prod a b", "a means something else in my commands. Choose another word as a tag."),
    ("disconnect prod --yes", "Nothing was changed: --yes belongs to the terminal, not to Slack."),
    ("doctor --json", "doctor belongs to the terminal, not to Slack\nWhoever runs the bot types python app.py doctor"),
    ("orgs import", "Files are made where the bot runs, not in Slack"),
    ("status prod, uat and nowhere", "I know no org or tag called nowhere."),
    ("status nowhere and prod", "I know no org or tag called nowhere."),
    ("how is Nowhere-Prod", "I know no org or tag called Nowhere-Prod."),
    ("apps both", "Which org? For example: /flosum apps emea-prod both"),
    ("snooze 7", "Which org? For example: /flosum snooze emea-prod 7"),
    ("owner @ben", "Which org? For example: /flosum owner emea-prod @ben"),
    ("grant both", "Which org? For example: /flosum grant emea-prod both"),
    ("check staging", "I know no org or tag called staging. Connected orgs:"),
    ("show staging", "I know no org or tag called staging. Connected orgs:"),
    ("how is staging?", "I know no org or tag called staging. Connected orgs:"),
    ("legacy: Permission Sets", "legacy"),
    ("prod: connected apps oauth usage", "prod is ready"),
    ("check prdo", "Did you mean prod?"),
    ("access me", "In which org? For example: /flosum access prod me"),
    ("access uat me?", "Ada Lindt cannot connect to uat"),
    ("access uat for me", "Ada Lindt cannot connect to uat"),
    ("access uat me, please", "Ada Lindt cannot connect to uat"),
    ("guide for “prod”", "Setting up prod"),
    ("help “status”", "What status takes"),
    ("status：prod", "prod is ready"),
    ("access uat for ben.", "Ben Okoro cannot connect to uat"),
    ("access uat mailto:ben@acme--uat.example", "Ben Okoro cannot connect to uat"),
    ("access uat everyone", "That is for one person at a time. Who gets in to uat at all stands in its details."),
    ("can @ben access uat?", "Ben Okoro cannot connect to uat"),
    ("who can access prod?", "Let in to both Flosum apps"),
    ("grant uat both flosum users.", "Grant both Flosum apps to Flosum Users in uat?"),
    ("grant uat both to @ben", "Apps are granted to a permission set, which is then assigned to people"),
    ("apps uat -backup", "Say which: /flosum apps uat backup, devops or both."),
    ("apps uat +devops", "Say which: /flosum apps uat backup, devops or both."),
    ("access partner me", "partner could not be read"),
    ("settings guest on", "Did you mean /flosum settings guests on?"),
    ("remind on 1 January 2027 9:00", "1 january 2027 is something else. Try /flosum remind monday 09:00."),
    ("remind monday 9:00 on 3 may", "3 may is something else. Try /flosum remind monday 09:00."),
    ("remind escalate after 3 weeks to #random", "I do not understand #random. Pick the person"),
    ("remind escalate after 3 weeks to ben", "I do not understand ben. Pick the person"),
    ("remind escalate after 3 weeks to @flosum", "Flosum may not see the orgs. That is a bot."),
    ("remind escalate after 3 weeks to me", "and so does Ada Lindt."),
    ("remind escalate off", "Nobody is told any more"),
    ("snooze emea 7", "Did you mean /flosum snooze prod 7?"),
    ("owner all me", "Did you mean /flosum owner emea-prod, fresh, legacy, partner, prod, qa, uat me?"),
    ("tag all sandboxes gamma", "Name the orgs, as in /flosum tag emea-prod, fresh gamma."),
    ("snooze sandboxes 7", "Name the orgs, as in /flosum snooze emea-prod, fresh 7."),
    ("status sandboxes", "Sandboxes: 1 of 2 orgs ready"),
    ("tag all sandboxes delta", "Did you mean /flosum tag qa, uat delta?"),
    ("orgs all but prod", "All orgs except prod: "),
    ("orgs all except prod and uat", "All orgs except prod and uat: "),
    ("status all but prod", "All orgs except prod: 1 of 6 orgs ready"),
    ("status sandboxes but uat", "Sandboxes except uat: 1 of 1 org ready"),
    ("remind preview me for all but prod", "of all orgs except prod"),
    ("orgs prod, uat, qa, fresh, legacy, emea-prod", "prod, uat, qa, fresh, legacy and emea-prod: "),
    ("status prod, nowhere and never-more", "I know no orgs called nowhere and never-more."),
    ("status prod, a1, b2, c3, d4", "I know no orgs called a1, b2, c3 and 1 more."),
    ("snooze all but prod 7", "Did you mean /flosum snooze emea-prod, fresh, legacy, partner, qa, uat 7?"),
    ("tag prod @channel", "@channel cannot be a tag."),
    ("since when is uat not ready?", "uat needs a step"),
    ("why can't I log in to uat?", "Ada Lindt cannot connect to uat"),
    ("why can’t ben log in to uat", "Ben Okoro cannot connect to uat"),
    ("overview plz", "of 7 orgs ready"),
    ("good morning, is uat ok?", "uat needs a step"),
    ("guten Morgen, prod?", "prod is ready"),
    ("prod,uat,qa", "prod, uat and qa: 2 of 3 orgs ready"),
    (":sos:", "I help Salesforce orgs"),
    ("sid=" + SESSION, "I have no guidance for that\n"),
    ("<b>x</b>", "I have no guidance for that\n"),
    ("guide for sandboxes", "This is for one org at a time."),
    ("apps uat & fresh both", "Done for uat and fresh"),
    ("apps uat & fresh neither", "Say which: /flosum apps uat backup, devops or both."),
    ("owner uat, fresh and qa me", "Done for uat, fresh and qa"),
    ("owner uat and fresh none", "fresh has no owner"),
    ("owner uat, fresh", "owner takes one org at a time. Say it for each of uat and fresh, as in /flosum owner uat."),
    ("tag uat and fresh gamma", "fresh is tagged gamma now"),
    ("tag uat, fresh off gamma", "uat has no tags now"),
    ("tag uat; fresh; legacy and partner wave-2 gamma", "Done for uat, fresh, legacy and partner"),
    ("tag uat, fresh, nowhere emea", "I know no org called nowhere. Without it: /flosum tag uat, fresh emea."),
    ("tag uat, nowhere emea", "I know no org called nowhere. Without it: /flosum tag uat emea."),
    ("tag uat, gamma emea", "uat is tagged wave-2, gamma and emea now"),
    ("tag uat, alpha, beta", "alpha and beta now"),
    ("tag uat, off gamma", "uat is tagged wave-2, emea, alpha and beta now"),
    ("tag uat none", "uat has no tags now"),
    ("snooze uat, fresh, nowhere 7", "Without it: /flosum snooze uat, fresh 7."),
    ("snooze uat, fresh soonish", "I read no time in soonish"),
    ("snooze uat, fresh 7", "fresh is snoozed until"),
    ("snooze uat and fresh off", "fresh is in the digests again"),
    ("snooze uat and prod 2 weeks waiting for legal", "Done for uat, not for prod"),
    ("snooze uat off", "uat is in the digests again"),
    ("disconnect uat/fresh", "as in /flosum disconnect uat."),
    ("rename uat, fresh lab", "rename takes one org at a time."),
    ("access uat and fresh me", "as in /flosum access uat me."),
    ("grant uat, fresh both Flosum Users", "as in /flosum grant uat both Flosum Users."),
    ("guide for uat and fresh", "as in /flosum guide for uat."),
    ("snooze uat, nowhere 7", "I know no org called nowhere. Without it: /flosum snooze uat 7."),
    ("snooze uat and nowhere 2 weeks", "Without it: /flosum snooze uat 2 weeks."),
    ("snooze it for a week", "Which org? For example: /flosum snooze emea-prod a week"),
    ("snooze until friday", "Which org? For example: /flosum snooze emea-prod until friday"),
    ("snooze uat holidays 7", "For how long? The time comes before the reason."),
    ("disconnect uat, nowhere", "I know no org called nowhere"),
    ("apps uat/nowhere both", "Without it: /flosum apps uat both."),
    ("owner uat, nowhere me", "Without it: /flosum owner uat me."),
    ("rename uat, nowhere lab", "Without it: /flosum rename uat lab."),
    ("guide for uat, nowhere", "I know no org called nowhere"),
    ("access uat, Ben Okoro", "Ben Okoro"),
    ("apps uat, both", "uat needs Flosum Backup Org Auth and"),
    ("owner uat, none", "uat has no owner"),
    ("status staging,", "I know no org or tag called staging."),
    ("show me only production", "Production: "),
    ("only the ones that are not ready", "orgs not ready"),
    ("connect uat, fresh", "as in /flosum connect uat."),
    ("connect lab and dev", "Say it for each of lab and dev, as in /flosum connect lab."),
    ("status uat/fresh", "uat and fresh: 0 of 2 orgs ready"),
    ("grant Ben access to uat", "The org comes first. Did you mean /flosum grant uat?"),
    ("grant both to uat", "The org comes first. Did you mean /flosum grant uat both?"),
    ("explain this", "Paste the error, and I say what it means"),
    ("ok thx", "You are welcome"),
    ("who owns prod?", "prod has no owner"),
    ("setup prod", "Did you mean /flosum guide for prod?"),
    ("quiet", "Did you mean /flosum settings quiet?"),
    ("where do I start?", "I help Salesforce orgs"),
    ("how do I connect our production org?", "What should the org be called?"),
    ("what does ❔ mean?", "✅ ready · ⚠️ needs a step · ⛔ not installed or blocked · ❔ cannot tell"),
    ("what is missing?", "orgs not ready"),
    ("how many are done?", "of 7 orgs ready"),
    ("recheck all", "Did you mean /flosum status all?"),
    ("status details", "Which org? For example: /flosum status emea-prod details"),
    ("I installed the app but still get an error in uat", "uat needs a step"),
    ("installed both apps in uat, still the same error", "uat needs a step"),
    ("stop", "What should stop?"),
    ("...", "I help Salesforce orgs"),
    ("did not help", "Then what does the error say now?"),
    ("same here", "Paste what you see"),
    ("and now?", "Which org?"),
)

MARKUP = re.compile(r"<[@#!]|\b[UC]0[A-Z]+\b(?![^\n]*owner)")


def test_each_line_is_told_what_is_true(running_bot: RunningBot) -> None:
    told = [(line, said, running_bot.ask(line).text) for line, said in LINES]  # a line may come again, later

    assert [(line, answer) for line, said, answer in told if said not in answer] == []
    assert [line for line, _, answer in told if not line.startswith("owner") and MARKUP.search(answer)] == []


WITHOUT_AN_ORG = (
    ("status prod", "No org is connected yet"),
    ("is prod ready?", "No org is connected yet"),
    ("guide for prod", "I know no org called prod. No org is connected yet. Connect the first one: /flosum connect"),
    ("snooze prod 7", "I know no org called prod. No org is connected yet"),
    ("how do I see whether the app is installed?", "Check whether the Flosum apps are installed"),
)


def test_where_no_org_is_connected_the_first_one_is_the_next_step(running_bot: RunningBot) -> None:
    for org in running_bot.bot.store.orgs(TEAM):
        running_bot.bot.store.remove_org(TEAM, org.name)

    told = {line: running_bot.ask(line).text for line, _ in WITHOUT_AN_ORG}

    assert [line for line, said in WITHOUT_AN_ORG if said not in told[line]] == [], told
    running_bot.ada.say("is prod ready?", "dm")
    assert "No org is connected yet" in running_bot.shown()[-1].text


def test_whether_an_org_is_ready_is_no_error_to_a_guest(running_bot: RunningBot) -> None:
    guest = arrive(running_bot.workspace, GUEST)

    assert "What I know of orgs here is for full members" in running_bot.ask("is prod ready?", guest).text
    guest.say("is prod ready?", "dm")
    assert "What I know of orgs here is for full members" in running_bot.shown()[-1].text


def test_an_org_that_there_is_not_is_told_at_every_door_and_to_no_guest(running_bot: RunningBot) -> None:
    unknown = "I know no org called staging. Connected orgs:"
    (mentioned,) = running_bot.say("@flosum check staging")
    assert mentioned.text.startswith(unknown)
    running_bot.ada.say("how is staging?", "dm")
    assert running_bot.shown()[-1].text.startswith(unknown)

    told = running_bot.ask("check staging", arrive(running_bot.workspace, GUEST)).text
    assert "staging" not in told
    assert "uat" not in told


def test_a_channel_stands_in_the_trail_by_its_name(running_bot: RunningBot) -> None:
    running_bot.ask("remind alerts on")
    running_bot.ask("remind alerts off")

    trail = running_bot.ask("settings").text
    assert "switched alerts off #C0SALESFORCE" in trail  # as the tests read a channel that Slack shows by its name
    assert "switched alerts on #C0SALESFORCE" in trail


def test_below_an_error_its_answer_goes_on(running_bot: RunningBot) -> None:
    """What people ask next, by a mention in its thread."""
    (explained,) = running_bot.say('{"error":"invalid_client","error_description":"app must be installed into org"}')
    told = {
        line: running_bot.say(f"@flosum {line}", thread_ts=explained.thread_ts)[-1].text
        for line in ("who can do this?", "how long does it take?", "did not help", "same here", "and now?")
    }

    more = (
        "what can I do?",
        "what should we do now?",
        "how do I fix it?",
        "can you explain?",
        "now what?",
        "next step?",
    )
    steps = {running_bot.say(f"@flosum {line}", thread_ts=explained.thread_ts)[-1].text for line in more}
    assert steps == {told["who can do this?"]}
    assert running_bot.say("@flosum is prod ready?", thread_ts=explained.thread_ts)[-1].text.startswith(
        "✅ prod is ready"
    )
    assert running_bot.say("@flosum now what?", thread_ts=explained.thread_ts)[-1].text.startswith("✅ prod is ready")
    assert "A Salesforce System Administrator of the org, once, in about three minutes" in told["who can do this?"]
    assert "about three minutes" in told["how long does it take?"]
    assert told["did not help"].startswith("Then what does the error say now?")
    assert told["same here"].startswith("Paste what you see")
    assert told["and now?"].startswith("Which org?")


def test_a_button_that_is_older_than_a_new_name_leads_on(running_bot: RunningBot) -> None:
    status, grant = running_bot.ask("status uat"), running_bot.ask("grant uat both Flosum Users")
    running_bot.ask("rename uat test")
    running_bot.ask("rename test quality")

    running_bot.ada.press(status, "All 3 steps")
    told = running_bot.shown()[-1]
    assert told.text == "uat is called quality now."
    running_bot.ada.press(told, "Check quality")
    assert running_bot.shown()[-1].text.startswith("⚠️ quality needs a step")
    running_bot.ada.press(grant, "Grant to 2 people")
    told = running_bot.shown()[-1]
    assert told.text == "uat is called quality now."
    running_bot.ada.press(told, "Go on with quality")  # no id stands on it
    assert running_bot.shown()[-1].text.startswith("✅ Both Flosum apps are granted to Flosum Users")

    for line in (
        "uat",
        "is uat ready?",
        "status uat",
        "owner uat",
        "snooze uat 7",
        "access uat me",
        "guide for uat",
        "tag uat",
        "disconnect uat",
    ):
        assert running_bot.ask(line).text == "uat is called quality now.", line
    (named,) = running_bot.say("@flosum is uat ready?")
    assert named.text == "uat is called quality now."
    running_bot.ask("rename quality uat")
    assert "uat has no owner" in running_bot.ask("owner uat").text
    assert running_bot.ask("owner test").text == "test is called uat now."


def test_a_name_of_several_words_is_known_on_what_is_older_than_its_end(running_bot: RunningBot) -> None:
    """Each button and line of a menu that says it, once it was renamed and once it was disconnected."""
    running_bot.ask("rename uat EMEA Full Copy")
    lines = (
        "status EMEA Full Copy",
        "status EMEA Full Copy steps",
        "snooze EMEA Full Copy",
        "snooze EMEA Full Copy 7",
        "guide for EMEA Full Copy",
        "access EMEA Full Copy me",
        "grant EMEA Full Copy both",
        "grant EMEA Full Copy both Flosum Users",
        "apps EMEA Full Copy",
    )
    shown = [running_bot.ask(line) for line in lines]
    shown += running_bot.say("error=OAUTH_APP_BLOCKED in EMEA Full Copy")
    older = [(message, element) for message in shown for element in elements(message) if "Full Copy" in str(element)]

    for change, told in (
        ("rename EMEA Full Copy Dublin Full Copy", "EMEA Full Copy is called Dublin Full Copy now."),
        ("disconnect Dublin Full Copy yes", "EMEA Full Copy is not connected any more: it was disconnected just now."),
    ):
        running_bot.ask(change)
        said = set()
        for message, element in older:
            if element["type"] == "button" and not element.get("url") and not element["action_id"].startswith("form-"):
                running_bot.ada.press(message, element["action_id"])
                said.add((str(element["value"]), running_bot.shown()[-1].text.startswith(told)))
            for option in element.get("options", ()):
                running_bot.ada.choose(message, element["action_id"], option["value"])
                said.add((option["value"], running_bot.shown()[-1].text.startswith(told)))
        assert len(said) > 15
        assert [line for line, is_told in said if not is_told] == []


def elements(message: SlackMessage) -> list[dict[str, Any]]:
    """What there is to press in it."""
    return [
        each
        for block in message.blocks
        for each in (*(block.get("elements") or ()), block.get("accessory") or {})
        if each.get("action_id")
    ]


def test_what_is_older_than_the_end_of_a_connection_says_so(running_bot: RunningBot) -> None:
    status, snoozed = running_bot.ask("status uat"), running_bot.ask("snooze uat 7")
    asked = running_bot.ask("disconnect uat")
    running_bot.ask("disconnect uat yes")
    told = "uat is not connected any more: it was disconnected just now. Connect it again: /flosum connect uat"

    for shown, button in ((status, "All 3 steps"), (asked, "Keep it"), (snoozed, "End it")):
        running_bot.ada.press(shown, button)
        assert running_bot.shown()[-1].text == told, button
    for line in ("uat", "is uat ready?", "status uat", "snooze uat 7", "guide for uat", "tag uat x", "disconnect uat"):
        assert running_bot.ask(line).text == told, line
    (named,) = running_bot.say("@flosum is uat ready?")
    assert named.text == told
    running_bot.ada.press(running_bot.shown()[-1], "Connect uat again")
    assert running_bot.shown()[-1].text.startswith("Connect uat\n")


def test_a_form_that_is_older_than_the_end_of_a_connection_says_so(running_bot: RunningBot) -> None:
    for told in ("quality now.", "not connected any more: it was disconnected just now."):
        running_bot.ask("rename uat quality" if "quality" in told else "disconnect quality yes")
        view = {"type": "modal", "callback_id": SNOOZE_FORM, "private_metadata": "uat", "blocks": []}
        lines = {"length": "7", "reason": ""}
        values = {name: {"line": {"type": "plain_text_input", "value": value}} for name, value in lines.items()}
        running_bot.ada.submit(View("V1", running_bot.ada.member.id, view), values)
        assert told in running_bot.shown()[-1].text


@pytest.mark.parametrize(
    ("typed", "told", "pressed"),
    [
        ("settings quiet #random", "That is for the channel where it is typed", []),
        ("settings listen everywhere", "That is for the channel where it is typed", []),
        ("settings quiet off", "That is for the channel where it is typed", []),
        ("settings quiet here please", "pastes are left alone", ["Listen here"]),
        ("settings listen #salesforce", "are answered in their thread", ["Be quiet here"]),
        (
            "remind monday 9:00 #random #salesforce",
            "That names two places",
            [
                "Monday 09:00 Europe/Berlin #random",
                "Monday 09:00 Europe/Berlin #salesforce",
                "Fill in a form",
            ],
        ),
        ("remind monday 9:00 UTC+25", "UTC+25 is not a city or a time zone", ["Fill in a form"]),
        ("snooze uat 7 it takes a very long time", "uat is snoozed until", ["End it"]),
        ("snooze uat 7 wait for long", "uat is snoozed until", ["End it"]),
        ("guide install prod", "Install the Flosum connected app", None),
        ("guide permitted users for uat", "Permitted Users: who may connect", None),
        ("owner uat @ada @ben", "An org has one owner, a person or a channel: which of them is it?", []),
    ],
)
def test_nothing_else_is_done_than_what_was_said(
    running_bot: RunningBot, typed: str, told: str, pressed: list[str] | None
) -> None:
    answer = running_bot.ask(typed)

    assert told in answer.text
    if pressed is not None:
        assert [button["text"]["text"] for button in phone.buttons(answer.blocks)] == pressed


@pytest.mark.parametrize(
    ("typed", "echoed"),
    [
        ("status <!channel> *bold* `x`", "called <!channel> *bold* 'x'. Connected"),
        ("status `<!here>` _x_ ~y~", "called '<!here>' _x_ ~y~. Connected"),
        ('status "a" and "b"', "called"),
        ("status &lt;script&gt;", "called &lt;script&gt;. Connected"),
        ("status `nope`", "called nope. Connected"),
        ("status not uat", "called not uat. Did you mean uat?"),
        ("status not prod", "Sandboxes: 1 of 2 orgs ready"),
        ("xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx", "I have no guidance for that"),
        ("status nope?!", "called nope. Connected"),
        ("status " + "n" * 80, "n…. Connected"),
        ("remind monday 9:00 " + "y" * 60, "y… is not a city"),
        ("remind monday 9:00 for " + "x" * 60, "x… is no org"),
        ("remind " + "q" * 60 + " 9:00", "q… is not a day"),
    ],
)
def test_what_is_said_back_is_whole_and_pings_nobody(running_bot: RunningBot, typed: str, echoed: str) -> None:
    answer = running_bot.ask(typed)

    assert echoed in html.unescape(answer.text)
    assert "<!" not in f"{answer.text}{answer.blocks}"


@pytest.mark.parametrize("said", ["status uat and sandboxes", "orgs sandboxes, uat", "how are uat and the sandboxes?"])
def test_names_and_kinds_of_orgs_in_one_list_are_asked_back_about(running_bot: RunningBot, said: str) -> None:
    answer = running_bot.ask(said)

    assert answer.text == "Which do you mean: uat, or sandboxes? I do not show them in one list."
    assert [button["value"] for block in answer.blocks for button in block.get("elements", ())] == [
        "status uat",
        "status sandboxes",
    ]


def test_a_digest_of_both_is_asked_back_about(running_bot: RunningBot) -> None:
    answer = running_bot.ask("remind monday 9:00 for uat and sandboxes")

    assert answer.text == "Say which orgs: uat, or sandboxes. A digest has one kind of list."
