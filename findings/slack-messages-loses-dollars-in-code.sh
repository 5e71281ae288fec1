#!/usr/bin/env bash
# Packages:  @atomist/slack-messages 1.2.2, by npm; Node 20 or newer
# Behaviour: githubToSlack(), which turns Markdown into Slack's, changes what stands in inline code where that has a
#            dollar: $$ becomes one, $& becomes a marker of the package's own, and $' is replaced by all that follows
#            in the message. The code is put aside under a marker and put back as a pattern of String.replace(), in
#            which these mean something. So who copies a shell command or a replacement from Slack runs another one.
#            Code with a dollar and a letter or a digit is right, and so is a block of code. The package says of it
#            that the inside of inline code is left as it is.
# Seen:      shell's own number: "Run `kill -0 $$` first" -> "Run `kill -0 $` first"
#            what was found: "Use `s.replace(/a+/, '[$&]')` there" -> "Use `s.replace(/a+/, '[%.%CODE_PROCESSOR_CODE1%.%]')` there"
#            quoted line end: "Set `IFS=$'\n'` before it" -> "Set `IFS= before it\n'` before it"
#            variable: "Print `$HOME` and `$1`" -> "Print `$HOME` and `$1`"
#            block of code: "```kill -0 $$```" -> "```kill -0 $$```"
# Date seen: 2026-11-30
# We:        put code into a message as it is, by no pattern (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@atomist/slack-messages==1.2.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { githubToSlack } = require('@atomist/slack-messages');

function converted(what, markdown) {
  const text = githubToSlack(markdown);
  console.log(`${what}: "${markdown}" -> "${text}"`);
  return text;
}

const variable = 'Print `$HOME` and `$1`';
const block = '```kill -0 $$```';
const seen = [
  converted("shell's own number", 'Run `kill -0 $$` first'),
  converted('what was found', "Use `s.replace(/a+/, '[$&]')` there"),
  converted('quoted line end', "Set `IFS=$'\\n'` before it"),
  converted('variable', variable),
  converted('block of code', block),
];
const asStated = [
  'Run `kill -0 $` first',
  "Use `s.replace(/a+/, '[%.%CODE_PROCESSOR_CODE1%.%]')` there",
  "Set `IFS= before it\\n'` before it",
  variable,
  block,
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
