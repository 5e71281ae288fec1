#!/usr/bin/env bash
# Packages:  slack-block-builder 2.8.0, by npm
# Behaviour: a number input whose smallest, largest or initial value is set to 0 is built without it, by the method as by
#            the parameter, and nothing is raised: "at least 0" becomes no limit at all, so Slack takes -5 for a number of
#            days and hands it on, and a field that should begin with 0 is empty. Numbers other than 0 are kept, and so
#            is a text input's smallest length of 0.
# Seen:      at least 0, at most 10, begins with 0: max_value 10
#            at least 1, at most 10, begins with 1: initial_value 1, max_value 10, min_value 1
#            at least -10, at most 0: min_value -10
#            a text of at least 0 letters: min_length 0
#            by parameters, at least 0, at most 10, begins with 0: max_value 10
# Date seen: 2026-11-29
# We:        build blocks as plain dictionaries and ask for no numbers in forms (bot/adapters/slack/views/modal.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack-block-builder==2.8.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { Blocks, Elements, Modal } from 'slack-block-builder';

function built(what, element) {
  const view = Modal({ title: 'Snooze' }).blocks(Blocks.Input({ label: 'Days' }).element(element)).buildToObject();
  const limits = Object.entries(view.blocks[0].element)
    .filter(([name]) => /^(min|max|initial)_/.test(name))
    .map(([name, value]) => `${name} ${value}`)
    .sort()
    .join(', ');
  console.log(`${what}: ${limits}`);
  return limits;
}

const byMethod = Elements.NumberInput().isDecimalAllowed(false).minValue(0).maxValue(10).initialValue(0);
const byParameter = Elements.NumberInput({ minValue: 0, maxValue: 10, initialValue: 0 }).isDecimalAllowed(false);
const seen = [
  built('at least 0, at most 10, begins with 0', byMethod),
  built('at least 1, at most 10, begins with 1', Elements.NumberInput().minValue(1).maxValue(10).initialValue(1)),
  built('at least -10, at most 0', Elements.NumberInput().minValue(-10).maxValue(0)),
  built('a text of at least 0 letters', Elements.TextInput().minLength(0)),
  built('by parameters, at least 0, at most 10, begins with 0', byParameter),
];
const asStated = [
  'max_value 10', 'initial_value 1, max_value 10, min_value 1', 'min_value -10', 'min_length 0', 'max_value 10',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
