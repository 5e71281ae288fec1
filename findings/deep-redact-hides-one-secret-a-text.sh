#!/usr/bin/env bash
# Packages:  @hackylabs/deep-redact 3.0.5, by npm; Node 20 or newer
# Behaviour: of the string tests that it is given, deep-redact carries out the first one only that fits a text, and leaves
#            the rest of the text as it is. A line of a log with a session id and a refresh token, or a password and an
#            address, loses the one and shows the other. Which one is a matter of the order in which the tests stand, and
#            each alone works. Its readme calls them tests to perform against string values.
# Seen:      one test at a time: sid=[REDACTED] token=secret2 / sid=secret1 token=[REDACTED]
#            both: sid=[REDACTED] token=secret2
#            both, the other way round: sid=secret1 token=[REDACTED]
#            both, within an object: sid=[REDACTED] token=secret2
#            both, on two texts: sid=[REDACTED] / token=[REDACTED]
# Date seen: 2026-11-30
# We:        look for every form of a secret in every text (bot/domain/secrets/redaction.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@hackylabs/deep-redact==3.0.5)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { DeepRedact } = require('@hackylabs/deep-redact');

const LINE = 'sid=secret1 token=secret2';
const test = (name) => ({
  pattern: new RegExp(`${name}=\\w+`, 'g'),
  replacer: (value, pattern) => value.replace(pattern, `${name}=[REDACTED]`),
});
const redacted = (value, ...names) => new DeepRedact({ stringTests: names.map(test) }).redact(value);

const seen = {
  'one test at a time': `${redacted(LINE, 'sid')} / ${redacted(LINE, 'token')}`,
  both: redacted(LINE, 'sid', 'token'),
  'both, the other way round': redacted(LINE, 'token', 'sid'),
  'both, within an object': redacted({ request: { line: LINE } }, 'sid', 'token').request.line,
  'both, on two texts': redacted(LINE.split(' '), 'sid', 'token').join(' / '),
};
for (const [what, line] of Object.entries(seen)) console.log(`${what}: ${line}`);
const asStated = [
  'sid=[REDACTED] token=secret2 / sid=secret1 token=[REDACTED]',
  'sid=[REDACTED] token=secret2',
  'sid=secret1 token=[REDACTED]',
  'sid=[REDACTED] token=secret2',
  'sid=[REDACTED] / token=[REDACTED]',
];
process.exit(JSON.stringify(Object.values(seen)) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
