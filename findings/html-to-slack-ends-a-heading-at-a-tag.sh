#!/usr/bin/env bash
# Packages:  html-to-slack 0.3.7, by npm; Node 20 or newer
# Behaviour: html-to-slack makes a header of a heading's first piece of text alone. What stands in a tag, and all behind it,
#            is left out, so "Do not install in <b>prod</b> before Monday" says "Do not install in ". A heading that begins
#            with a tag, as with the link that many generators put around it, is no block at all. The same words in a
#            paragraph are whole. The readme has headings in its example, and this is not among its known issues.
# Seen:      a heading of text: header "Install both apps in prod"
#            with a name in bold in it: header "Do not install in "
#            with a type in code in it: header "Why "
#            all of it a link: nothing
#            the second one as a paragraph: rich_text "Do not install in prod before Monday"
# Date seen: 2026-11-30
# We:        make a header of one text, whole up to Slack's limit (bot/adapters/slack/views/home.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(html-to-slack==0.3.7)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import htmlToSlack from 'html-to-slack';

function textOf(part) {
  const own = typeof part.text === 'string' ? part.text : (part.text?.text ?? '');
  return own + (part.elements ?? []).map(textOf).join('');
}

function made(what, html) {
  const blocks = htmlToSlack(html).filter((block) => Object.keys(block).length > 0);
  const line = blocks.map((block) => `${block.type} "${textOf(block).replace(/\n$/, '')}"`).join(', ') || 'nothing';
  console.log(`${what}: ${line}`);
  return line;
}

const seen = [
  made('a heading of text', '<h1>Install both apps in prod</h1>'),
  made('with a name in bold in it', '<h1>Do not install in <b>prod</b> before Monday</h1>'),
  made('with a type in code in it', '<h2>Why <code>invalid_client</code> comes back</h2>'),
  made('all of it a link', '<h2><a href="http://localhost/guide">Install both apps</a></h2>'),
  made('the second one as a paragraph', '<p>Do not install in <b>prod</b> before Monday</p>'),
];
const asStated = [
  'header "Install both apps in prod"',
  'header "Do not install in "',
  'header "Why "',
  'nothing',
  'rich_text "Do not install in prod before Monday"',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
