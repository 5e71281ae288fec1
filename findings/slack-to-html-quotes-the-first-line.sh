#!/usr/bin/env bash
# Packages:  slack-to-html 2.1.0, by npm; Node 20.19 or newer
# Behaviour: of all that is quoted in a message with > at the beginning of a line, slack-to-html makes only the first
#            line a quote. The other lines of the same quote, and every later quote, become ordinary text with the sign
#            in front, so that somebody else's words read as those of the author. Slack documents > for one or more
#            lines, each with its own. The readme lists > and >>> as rendered; >>>, which goes on to the end of the
#            message, is right.
# Seen:      three lines quoted: quote "the flow has failed", text "> since noon", text "> for everybody", text "I am on it"
#            two quotes: quote "the flow has failed", text "I am on it", text "> for everybody", text "not for me"
#            one line quoted: quote "the flow has failed", text "I am on it"
#            three lines behind >>>: quote "the flow has failed", quote "since noon", quote "for everybody"
# Date seen: 2026-11-30
# We:        leave it to Slack to show its own messages, and read what people wrote as text
#            (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack-to-html==2.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { escapeForSlackWithMarkdown } from 'slack-to-html';

const QUOTE = /<(span|div) class="slack_block">(.*?)<\/\1>/g;
const lines = (kind, html) => html.split(/\n|<br>/).map((line) => line.trim()).filter(Boolean)
  .map((line) => `${kind} "${line.replaceAll('&gt;', '>')}"`);

function shown(what, ...sent) {
  const html = escapeForSlackWithMarkdown(sent.join('\n'));
  const parts = [];
  let end = 0;
  for (const found of html.matchAll(QUOTE)) {
    parts.push(...lines('text', html.slice(end, found.index)), ...lines('quote', found[2]));
    end = found.index + found[0].length;
  }
  const line = [...parts, ...lines('text', html.slice(end))].join(', ');
  console.log(`${what}: ${line}`);
  return line;
}

const [failed, noon, all, mine] = ['the flow has failed', 'since noon', 'for everybody', 'I am on it'];
const seen = [
  shown('three lines quoted', `&gt; ${failed}`, `&gt; ${noon}`, `&gt; ${all}`, mine),
  shown('two quotes', `&gt; ${failed}`, mine, `&gt; ${all}`, 'not for me'),
  shown('one line quoted', `&gt; ${failed}`, mine),
  shown('three lines behind >>>', `&gt;&gt;&gt; ${failed}`, noon, all),
];
const asStated = [
  `quote "${failed}", text "> ${noon}", text "> ${all}", text "${mine}"`,
  `quote "${failed}", text "${mine}", text "> ${all}", text "not for me"`,
  `quote "${failed}", text "${mine}"`,
  `quote "${failed}", quote "${noon}", quote "${all}"`,
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
