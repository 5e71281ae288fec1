#!/usr/bin/env bash
# Packages:  date-fns-duration 1.0.4, date-fns 2.0.1, by npm; Node 20 or newer
# Behaviour: what is added by date-fns-duration are the whole numbers of a duration, whatever stands behind the point:
#            PT1.5H is one hour, P1.5W one week, and PT0.5H nothing at all, backwards as well. Such durations are valid
#            ISO 8601, the package's pattern admits the point, and its readme promises to add ISO 8601 durations; but it
#            hands the text on to date-fns, whose functions cut all amounts. Nothing is raised. PT90M is right.
# Seen:      9:00 and PT1.5H: 2026-11-30T10:00
#            9:00 and PT90M: 2026-11-30T10:30
#            9:00 and PT0.5H: 2026-11-30T09:00
#            9:00 and -PT1.5H: 2026-11-30T08:00
#            9:00 and P1.5W: 2026-12-07T09:00
#            9:00 and P10DT12H: 2026-12-10T21:00
# Date seen: 2026-11-30
# We:        read lengths of time in words of our own (bot/domain/digest/snooze_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(date-fns-duration==1.0.4 date-fns==2.0.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const addDuration = require('date-fns-duration');

const START = '2026-11-30T09:00:00Z';
const STATED = {
  'PT1.5H': '2026-11-30T10:00',
  'PT90M': '2026-11-30T10:30',
  'PT0.5H': '2026-11-30T09:00',
  '-PT1.5H': '2026-11-30T08:00',
  'P1.5W': '2026-12-07T09:00',
  'P10DT12H': '2026-12-10T21:00',
};
const seen = {};
for (const duration of Object.keys(STATED)) {
  seen[duration] = addDuration(START, duration).toISOString().slice(0, 16);
  console.log(`9:00 and ${duration}: ${seen[duration]}`);
}
process.exit(JSON.stringify(seen) === JSON.stringify(STATED) ? 0 : 1);
JS
TZ=UTC timeout 10 node finding.cjs
