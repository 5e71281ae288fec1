#!/usr/bin/env bash
# Packages:  mistune-slack 0.1.4, mistune 3.4.0
# Behaviour: where the first line of a block of code is the name of a language or a format, as csv, json, sql, bash or r,
#            that line does not reach Slack, and neither does any further line of the block that is such a name. It is
#            meant for a name that slipped into the block, for the one behind the fence is no part of the code anyway;
#            but a list of formats arrives without most of them, or empty, and a command is lost, also where the
#            language does stand behind the fence. With any other first line the block is whole. Nothing warns, and the
#            readme knows of no such thing.
# Seen:      code "csv", "json", "xml", "parquet": "parquet"
#            code "csv", "json", "xml": nothing
#            code "parquet", "csv", "json", "xml": "parquet", "csv", "json", "xml"
#            code "sql", "SELECT Id FROM Account", "go": "SELECT Id FROM Account"
#            the same, of the language sql: "SELECT Id FROM Account"
#            code "bash", "ls -l", "exit": "ls -l", "exit"
#            the same, by indents: "ls -l", "exit"
# Date seen: 2026-11-30
# We:        hand on what stands in code sign for sign (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(mistune-slack==0.1.4 mistune==3.4.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

from mistune_slack import render_slack_blocks_from_markdown


def quoted(lines):
    return ", ".join(f'"{line}"' for line in lines)


def arrived(what, markdown):
    (message,) = render_slack_blocks_from_markdown(markdown)
    (code,) = message["elements"]
    assert code["type"] == "rich_text_preformatted"
    lines = "".join(element["text"] for element in code["elements"]).splitlines()
    print(f"{what}: {quoted(lines) or 'nothing'}")
    return lines


def fenced(*lines, what=None, language=""):
    return arrived(what or f"code {quoted(lines)}", "\n".join([f"```{language}", *lines, "```"]))


FORMATS = ["csv", "json", "xml"]
QUERY = ["sql", "SELECT Id FROM Account", "go"]
SHELL = ["bash", "ls -l", "exit"]
seen = [
    fenced(*FORMATS, "parquet"),
    fenced(*FORMATS),
    fenced("parquet", *FORMATS),
    fenced(*QUERY),
    fenced(*QUERY, what="the same, of the language sql", language="sql"),
    fenced(*SHELL),
    arrived("the same, by indents", "\n".join(f"    {line}" for line in SHELL)),
]
stated = [["parquet"], [], ["parquet", *FORMATS], [QUERY[1]], [QUERY[1]], SHELL[1:], SHELL[1:]]
sys.exit(0 if seen == stated else 1)
PY
