#!/usr/bin/env bash
# Packages:  @tryfabric/mack 1.2.1, by npm; Node 20 or newer
# Behaviour: this package, which makes Slack's blocks of Markdown, leaves out what is nested in a list: items below
#            items and blocks of code. It also takes the type of a generic in plain text, as Apex has them, for HTML and
#            leaves that out, so List<Account> becomes List. Neither an error nor a gap tells that something was there;
#            its README counts lists and code among what it supports. Steps with sub-steps reach people without the
#            sub-steps.
# Seen:      items: • Open Setup • Save
#            items below an item: • Open Setup • Save
#            code below an item: 1. Run this 2. Save
#            a generic in text: It returns a List of them.
#            a generic in code: It returns a `List&lt;Account&gt;` of them.
# Date seen: 2026-11-29
# We:        write blocks ourselves, and take no Markdown (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@tryfabric/mack==1.2.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import mack from '@tryfabric/mack';

async function shown(what, markdown) {
  const blocks = await mack.markdownToBlocks(markdown);
  const text = blocks.map((block) => block.text?.text ?? block.type).join(' ').replaceAll(/\s+/g, ' ');
  console.log(`${what}: ${text}`);
  return text;
}

const seen = [
  await shown('items', '- Open Setup\n- Save\n'),
  await shown('items below an item', '- Open Setup\n  - Find the app\n  - Allow it\n- Save\n'),
  await shown('code below an item', '1. Run this\n\n   ```\n   sf org list\n   ```\n\n2. Save\n'),
  await shown('a generic in text', 'It returns a List<Account> of them.\n'),
  await shown('a generic in code', 'It returns a `List<Account>` of them.\n'),
];
const asStated = [
  '• Open Setup • Save',
  '• Open Setup • Save',
  '1. Run this 2. Save',
  'It returns a List of them.',
  'It returns a `List&lt;Account&gt;` of them.',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 20 node finding.mjs
