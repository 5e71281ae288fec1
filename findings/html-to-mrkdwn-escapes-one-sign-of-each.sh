#!/usr/bin/env bash
# Packages:  html-to-mrkdwn 3.0.0, by npm; Node 20 or newer
# Behaviour: of the signs &, < and >, which Slack documents to be written as entities, html-to-mrkdwn writes the first
#            of each in a piece of text so and leaves the others as they are, and in code it leaves all of them. What
#            stands between a bare < and the next > is markup to Slack, so of the types of Apex in a sentence the
#            second one does not arrive as it was written. With one sign of a kind all is right, and so is one in each
#            piece of bold or plain text, so that a first try passes. The source leads to Slack's rules for these
#            signs, where it replaces Markdown's own.
# Seen:      one type: List&lt;Account&gt; of it
#            two types: List&lt;Account&gt; and Map<Id, Account>
#            two comparisons: size &lt; 5, limit < 9
#            two ampersands: a &amp; b & c
#            two types, in bold one by one: *List&lt;Account&gt;* and *Map&lt;Id, Account&gt;*
#            code: `List<Account>`
#            block of code: ```List<Account> all;```
# Date seen: 2026-11-30
# We:        escape every sign of what goes to Slack, in code as well (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(html-to-mrkdwn==3.0.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const mrkdwn = require('html-to-mrkdwn');

function converted(what, html) {
  const { text } = mrkdwn(html);
  console.log(`${what}: ${text.replaceAll('\n', '')}`);
  return text;
}

const list = 'List&lt;Account&gt;';
const map = 'Map&lt;Id, Account&gt;';
const seen = [
  converted('one type', `<p>${list} of it</p>`),
  converted('two types', `<p>${list} and ${map}</p>`),
  converted('two comparisons', '<p>size &lt; 5, limit &lt; 9</p>'),
  converted('two ampersands', '<p>a &amp; b &amp; c</p>'),
  converted('two types, in bold one by one', `<p><strong>${list}</strong> and <strong>${map}</strong></p>`),
  converted('code', `<p><code>${list}</code></p>`),
  converted('block of code', `<pre><code>${list} all;</code></pre>`),
];
const asStated = [
  `${list} of it`,
  `${list} and Map<Id, Account>`,
  'size &lt; 5, limit < 9',
  'a &amp; b & c',
  `*${list}* and *${map}*`,
  '`List<Account>`',
  '```\nList<Account> all;\n```',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
