#!/usr/bin/env bash
# Packages:  slack-markdown 0.3.0, by npm
# Behaviour: slack-markdown, made to turn messages of Slack into HTML, takes their text as if somebody had just typed it,
#            where Slack hands it over with &, < and > as &amp;, &lt; and &gt;, as it documents. So a link with two
#            parameters leads elsewhere, as the second gets another name; signs are shown as entities; and a quote, which
#            comes as &gt;, is none. With escapeHTML off the text is right and the links are as wrong. Its tests have
#            those signs as they are typed.
# Seen:      link: parameters org, amp;view
#            link, escapeHTML false: parameters org, amp;view
#            signs: shown as "Research &amp; Development: a &lt; b"
#            signs, escapeHTML false: shown as "Research & Development: a < b"
#            quote as Slack hands it over: no blockquote
#            quote as somebody types it: blockquote
# Date seen: 2026-11-30
# We:        undo Slack's entities before we read what people wrote (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack-markdown==0.3.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { toHTML } = require('slack-markdown');

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"' };
const shown = (html) => html.replace(/<[^>]+>/g, '').replace(/&(amp|lt|gt|quot);/g, (_, name) => SIGNS[name]); // as browsers do
const told = (what, line) => {
  console.log(`${what}: ${line}`);
  return line;
};

const link = '<http://127.0.0.1/errors?org=Acme&amp;view=all|errors>';
const signs = 'Research &amp; Development: a &lt; b';
const parameters = (html) => `parameters ${[...new URL(shown(html.match(/href="([^"]*)"/)[1])).searchParams.keys()].join(', ')}`;
const quoted = (html) => (html.includes('<blockquote>') ? 'blockquote' : 'no blockquote');
const seen = [
  told('link', parameters(toHTML(link))),
  told('link, escapeHTML false', parameters(toHTML(link, { escapeHTML: false }))),
  told('signs', `shown as "${shown(toHTML(signs))}"`),
  told('signs, escapeHTML false', `shown as "${shown(toHTML(signs, { escapeHTML: false }))}"`),
  told('quote as Slack hands it over', quoted(toHTML('&gt; the flow has failed'))),
  told('quote as somebody types it', quoted(toHTML('> the flow has failed'))),
];
const asStated = [
  'parameters org, amp;view',
  'parameters org, amp;view',
  'shown as "Research &amp; Development: a &lt; b"',
  'shown as "Research & Development: a < b"',
  'no blockquote',
  'blockquote',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
