#!/usr/bin/env bash
# Packages:  md-to-slack-blocks 1.0.0, by npm; Node 20 or newer
# Behaviour: a list whose items are indented by two or three spaces, which Markdown allows, becomes a list without an
#            item, so that none of its text reaches Slack, and there is no warning. With one space or none all is there.
#            The readme has full support of Markdown as the first of the features, lists among it.
# Seen:      no space: Steps: / Open Setup / Save
#            1 space: Steps: / Open Setup / Save
#            2 spaces: Steps:
#            3 spaces: Steps:
#            2 spaces, numbered: Steps:
#            2 spaces, warnings: none
# Date seen: 2026-11-30
# We:        write blocks ourselves, and take no Markdown (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(md-to-slack-blocks==1.0.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { markdownToSlackBlocks, markdownToSlackBlocksWithMetadata } = require('md-to-slack-blocks');

const texts = (element) =>
  element.text !== undefined ? [element.text] : (element.elements ?? []).flatMap((each) => texts(each));
const steps = (spaces, marks = ['-', '-']) =>
  ['Steps:', '', ...['Open Setup', 'Save'].map((step, at) => `${' '.repeat(spaces)}${marks[at]} ${step}`)].join('\n');

function arrived(what, markdown) {
  const line = markdownToSlackBlocks(markdown).flatMap((block) => texts(block)).join(' / ');
  console.log(`${what}: ${line}`);
  return line;
}

const seen = [
  arrived('no space', steps(0)),
  arrived('1 space', steps(1)),
  arrived('2 spaces', steps(2)),
  arrived('3 spaces', steps(3)),
  arrived('2 spaces, numbered', steps(2, ['1.', '2.'])),
];
const { warnings = [] } = markdownToSlackBlocksWithMetadata(steps(2));
console.log(`2 spaces, warnings: ${warnings.join(', ') || 'none'}`);
const whole = 'Steps: / Open Setup / Save';
const asStated = [whole, whole, 'Steps:', 'Steps:', 'Steps:'];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) && warnings.length === 0 ? 0 : 1);
JS
timeout 10 node finding.cjs
