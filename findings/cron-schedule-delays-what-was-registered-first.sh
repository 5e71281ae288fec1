#!/usr/bin/env bash
# Packages:  cron-schedule 6.0.0, by npm; Node 20.11 or newer
# Behaviour: the interval based scheduler of cron-schedule keeps its tasks in the order in which they are due, and at
#            each interval stops at the first that is not due yet. A task that is registered with a later time than all
#            others is not put at the end, though, but before the last one. So what is due every hour does not run at
#            all until the weekly report that was registered behind it has run; with a yearly one it is silent for a
#            year. Registered the other way round all is well. The readme says that a task may be late, by the interval
#            and by what other tasks take.
# Seen:      hourly, alone: 15 runs, the first Tue 13:00
#            hourly, and then weekly: hourly 9 runs, the first Mon 09:00; weekly 1 run, the first Mon 09:00
#            weekly, and then hourly: hourly 149 runs, the first Tue 13:00; weekly 1 run, the first Mon 09:00
# Date seen: 2026-11-30
# We:        have one tick, which asks anew for all that is due by then (bot/entrypoints/schedule.py).
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
import { IntervalBasedCronScheduler } from 'cron-schedule/schedulers/interval-based.js';

const MINUTE = 60_000;
const RULES = { hourly: '0 * * * *', weekly: '0 9 * * 1' };
const options = { timeZone: 'UTC', weekday: 'short', hour: '2-digit', minute: '2-digit' };
const clock = new Intl.DateTimeFormat('en-GB', options);

function runs(what, names, days) {
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: new Date('2026-12-01T12:30:00Z') });
  const scheduler = new IntervalBasedCronScheduler(MINUTE);
  for (const name of names) {
    scheduler.registerTask(parseCronExpression(RULES[name]), () => seen[name].push(new Date()));
  }
  for (let minute = 0; minute < days * 24 * 60; minute += 1) mock.timers.tick(MINUTE);
  scheduler.stop();
  mock.timers.reset();
  const told = names.toSorted().map((name) => {
    const number = `${seen[name].length} ${seen[name].length === 1 ? 'run' : 'runs'}`;
    const first = clock.format(seen[name][0]).replace(',', '');
    return `${names.length > 1 ? `${name} ` : ''}${number}, the first ${first}`;
  });
  console.log(`${what}: ${told.join('; ')}`);
  return told.join('; ');
}

const seen = [
  runs('hourly, alone', ['hourly'], 0.625),
  runs('hourly, and then weekly', ['hourly', 'weekly'], 6.2),
  runs('weekly, and then hourly', ['weekly', 'hourly'], 6.2),
];
const asStated = [
  '15 runs, the first Tue 13:00',
  'hourly 9 runs, the first Mon 09:00; weekly 1 run, the first Mon 09:00',
  'hourly 149 runs, the first Tue 13:00; weekly 1 run, the first Mon 09:00',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
TZ=UTC timeout 15 node --no-warnings finding.mjs
