#!/usr/bin/env bash
# Packages:  slackify-markdown 4.5.0, by npm
# Behaviour: slackify-markdown reads the lists of tasks that GitHub's Markdown has, and leaves out whether a task is done:
#            done and not done become the same line, so a checklist in Slack says nothing, or all is taken for done. And
#            a line that ends in two spaces, for a line break, ends in a backslash that everybody sees. Nothing is
#            raised. Without a space between the brackets, which makes it no task, they are kept.
# Seen:      tasks: "•   app installed\n•   access granted\n"
#            no tasks: "•   [x]app installed\n•   []access granted\n"
#            line break: "first\\\nsecond\n"
# Date seen: 2026-11-29
# We:        render answers to mrkdwn ourselves, from parts instead of Markdown (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slackify-markdown==4.5.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund --prefer-offline "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import slackify from 'slackify-markdown';

const convert = slackify.slackifyMarkdown ?? slackify.default ?? slackify;

function seen(what, markdown) {
  const line = JSON.stringify(convert(markdown));
  console.log(`${what}: ${line}`);
  return line;
}

const lines = [
  seen('tasks', '- [x] app installed\n- [ ] access granted\n'),
  seen('no tasks', '- [x]app installed\n- []access granted\n'),
  seen('line break', 'first  \nsecond\n'),
];
const asStated = [
  '"•   app installed\\n•   access granted\\n"',
  '"•   [x]app installed\\n•   []access granted\\n"',
  '"first\\\\\\nsecond\\n"',
];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
