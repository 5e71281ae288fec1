"""What people type who do not look the form up: one bot, line after line, and what each is told."""

from __future__ import annotations

import re

from tests.running_bot import RunningBot

LINES = (
    ("settings trust me", "Ada Lindt may change things here now"),
    ("settings distrust me", "Ada Lindt may change things here all the same"),
    ("settings distrust @ada", "Ada Lindt may change things here all the same"),
    ("settings trust @ben, and @mia", "Ben Okoro and Mia Sato may change things here now"),
    ("settings distrust @ben @ada", "Ada Lindt may change things here all the same"),
    ("settings distrust @ben", "Ben Okoro was not added"),
    ("settings distrust @mia", "Mia Sato may not change things here any more"),
    ("settings trust #salesforce", "I cannot see anybody called #salesforce"),
    ("owner prod me", "The owner of prod is @U0YOU"),
    ("owner prod nobody", "prod has no owner"),
    ("owner prod to @ada", "The owner of prod is @U0YOU"),
    ("owner prod @flosum", "Flosum cannot look after an org. That is a bot."),
    ("owner prod", "The owner of prod is @U0YOU"),
    ("owner prod none", "prod has no owner"),
    ("rename prod prod", "prod is called so already"),
    ("connect #salesforce", "#salesforce cannot be an org's name"),
    ("connect @ben", "@ben cannot be an org's name"),
    ("connect https://acme--qa2.sandbox.my.salesforce.com/", "/flosum connect qa2 acme--qa2.sandbox.my.salesforce.com"),
    ("connect acme-new.my.salesforce.com", "/flosum connect acme-new acme-new.my.salesforce.com"),
    ("connect acme-new.lightning.force.com live", "Connect live\n"),
    ("tag prod none", "prod has no tags already"),
    ("tag prod emea", "prod is tagged emea now"),
    ("tag prod EMEA", "prod is tagged emea already"),
    ("tag prod @ben", "@ben cannot be a tag"),
    ("grant uat @ben", "I know no app called @ben."),
)

MARKUP = re.compile(r"<[@#!]|\b[UC]0[A-Z]+\b(?![^\n]*owner)")


def test_each_line_is_told_what_is_true(running_bot: RunningBot) -> None:
    told = {line: running_bot.ask(line).text for line, _ in LINES}

    assert [line for line, said in LINES if said not in told[line]] == [], told
    assert [line for line in told if not line.startswith("owner") and MARKUP.search(told[line])] == []
