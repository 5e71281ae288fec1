#!/usr/bin/env bash
# Packages:  markdown-to-mrkdwn 0.3.3, md2mrkdwn 0.4.5, slackify-markdown 0.2.4
# Behaviour: two of these three packages that turn Markdown into Slack's mrkdwn take a double underscore inside a
#            word for bold, which Markdown does not: the names of two custom fields or objects of Salesforce on a line
#            lose it, in links too and, by the first package, in code. What people copy from such a message exists
#            nowhere, and the links lead nowhere. One name on a line is left as it is, so that it passes a first try.
# Seen:      markdown-to-mrkdwn, one name: Set Status__c.
#            markdown-to-mrkdwn, two names: Set Status*c, then Owner*c.
#            markdown-to-mrkdwn, link: <http://localhost/Team*c/Task*c|here>
#            markdown-to-mrkdwn, code: `SELECT Status*c FROM Task*c`
#            md2mrkdwn, one name: Set Status__c.
#            md2mrkdwn, two names: Set Status*c, then Owner*c.
#            md2mrkdwn, link: <http://localhost/Team*c/Task*c|here>
#            md2mrkdwn, code: `SELECT Status__c FROM Task__c`
#            slackify-markdown, one name: Set Status__c.
#            slackify-markdown, two names: Set Status__c, then Owner__c.
#            slackify-markdown, link: <http://localhost/Team__c/Task__c|here>
#            slackify-markdown, code: `SELECT Status__c FROM Task__c`
# Date seen: 2026-11-29
# We:        write answers in a small markup of our own, in which underscores mean nothing
#            (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(markdown-to-mrkdwn==0.3.3 md2mrkdwn==0.4.5 slackify-markdown==0.2.4)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

from markdown_to_mrkdwn import SlackMarkdownConverter
from md2mrkdwn import convert
from slackify_markdown import slackify_markdown

PACKAGES = {
    "markdown-to-mrkdwn": SlackMarkdownConverter().convert,
    "md2mrkdwn": convert,
    "slackify-markdown": slackify_markdown,
}
TEXTS = {
    "one name": "Set Status__c.",
    "two names": "Set Status__c, then Owner__c.",
    "link": "[here](http://localhost/Team__c/Task__c)",
    "code": "`SELECT Status__c FROM Task__c`",
}


def broken_by(package, turn):
    broken = set()
    for what, text in TEXTS.items():
        turned = turn(text).strip()
        print(f"{package}, {what}: {turned}")
        if turned.count("__c") < text.count("__c"):
            broken.add(what)
    return broken


seen = [broken_by(package, turn) for package, turn in PACKAGES.items()]
sys.exit(0 if seen == [{"two names", "link", "code"}, {"two names", "link"}, set()] else 1)
PY
