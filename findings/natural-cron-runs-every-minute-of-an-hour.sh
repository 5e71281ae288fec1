#!/usr/bin/env bash
# Packages:  @darkeyedevelopers/natural-cron.js 1.1.0, by npm; Node 20 or newer
# Behaviour: for an hourly rhythm natural-cron leaves the minute open: "every hour" is each minute of the day, "every 2
#            hours" each minute of every second hour, so what is due 12 times a day is due 720 times. Two times become
#            all between them: "at 9am and 5pm" runs nine times. And what it does not know it leaves out: "every
#            weekday" is each day with the weekend, and "the 1st" of each month is each day too. Minutes, and one time
#            on a named day, are right. The result is always a valid expression, and nothing tells that a word was not
#            read.
# Seen:      every hour: * * * * ? *
#            every 2 hours: * 0/2 * * ? *
#            every hour between 9am and 5pm: * 9-17 * * ? *
#            every 15 minutes: 0/15 * * * ? *
#            every monday at 9am: 0 9 ? * MON *
#            every monday at 9am and 5pm: 0 9-17 ? * MON *
#            every weekday at 9am: 0 9 * * ? *
#            every month on the 1st at 8am: 0 8 * * ? *
# Date seen: 2026-11-30
# We:        say back when a digest is due, and ask where words are unclear (bot/domain/digest/spoken.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@darkeyedevelopers/natural-cron.js==1.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const getCronString = require('@darkeyedevelopers/natural-cron.js');

const STATED = {
  'every hour': '* * * * ? *',
  'every 2 hours': '* 0/2 * * ? *',
  'every hour between 9am and 5pm': '* 9-17 * * ? *',
  'every 15 minutes': '0/15 * * * ? *',
  'every monday at 9am': '0 9 ? * MON *',
  'every monday at 9am and 5pm': '0 9-17 ? * MON *',
  'every weekday at 9am': '0 9 * * ? *',
  'every month on the 1st at 8am': '0 8 * * ? *',
};
const seen = {};
for (const asked of Object.keys(STATED)) {
  seen[asked] = getCronString(asked);
  console.log(`${asked}: ${seen[asked]}`);
}
process.exit(JSON.stringify(seen) === JSON.stringify(STATED) ? 0 : 1);
JS
timeout 10 node finding.cjs
