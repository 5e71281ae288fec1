#!/usr/bin/env bash
# Packages:  cron-schedule 6.0.0, by npm; Node 20.11 or newer
# Behaviour: a task of the timer based scheduler of cron-schedule that is more than 24.8 days away, the longest timer of
#            Node, gets several timers one after another. The handle knows the first only: once that one has gone off,
#            clearTimeoutOrInterval() clears nothing, without an error. So a monthly or yearly task that is called off in
#            its last weeks runs all the same, and a repeated one goes on for ever. The readme says of clearing that it
#            makes sure that the task will no longer execute, and the code tells of the several timers.
# Seen:      due in 58 days, cleared after 10: never ran
#            due in 58 days, cleared after 30: ran 2027-01-28
#            once a quarter, cleared after 30 days: ran 2027-01-01, 2027-04-01, 2027-07-01
#            due in 20 days, cleared after 15: never ran
# Date seen: 2026-11-30
# We:        keep in the database what was called off, and look there when a thing is due (bot/adapters/store/snoozes.py);
#            no timer of ours is longer than some minutes (bot/entrypoints/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(cron-schedule==6.0.0)

node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 11) ? 0 : 1)' ||
  { echo "Node is older than 20.11"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { mock } from 'node:test';
import { parseCronExpression } from 'cron-schedule';
import { TimerBasedCronScheduler } from 'cron-schedule/schedulers/timer-based.js';

const HOUR = 3_600_000;

function runs(what, kind, rule, clearedAfter) {
  const seen = [];
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: new Date('2026-12-01T09:00:00Z') });
  const task = () => seen.push(new Date().toISOString().slice(0, 10));
  const handle = TimerBasedCronScheduler[kind](parseCronExpression(rule), task);
  for (let hour = 1; hour <= 250 * 24; hour += 1) {
    mock.timers.tick(HOUR);
    if (hour === clearedAfter * 24) TimerBasedCronScheduler.clearTimeoutOrInterval(handle);
  }
  mock.timers.reset();
  const line = seen.length ? `ran ${seen.join(', ')}` : 'never ran';
  console.log(`${what}: ${line}`);
  return line;
}

const seen = [
  runs('due in 58 days, cleared after 10', 'setTimeout', '0 9 28 1 *', 10),
  runs('due in 58 days, cleared after 30', 'setTimeout', '0 9 28 1 *', 30),
  runs('once a quarter, cleared after 30 days', 'setInterval', '0 9 1 1,4,7,10 *', 30),
  runs('due in 20 days, cleared after 15', 'setTimeout', '0 9 21 12 *', 15),
];
const asStated = [
  'never ran',
  'ran 2027-01-28',
  'ran 2027-01-01, 2027-04-01, 2027-07-01',
  'never ran',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
TZ=UTC timeout 15 node --no-warnings finding.mjs
