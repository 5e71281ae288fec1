#!/usr/bin/env bash
# Packages:  dayjs-business-time 1.0.4, dayjs 1.11.23, by npm; Node 20 or newer
# Behaviour: on a day in three parts, as with a lunch and a coffee break, the differences of dayjs-business-time from the
#            first part to the last one leave out what lies between, if both ends are on the same day. So more was worked
#            by 15:00 than by 16:00, and a whole day is hours shorter than the same day told until the next morning. What
#            addBusinessMinutes() gives is right, so that the two contradict each other. The readme offers as many parts of
#            a day as are wanted.
# Seen:      from 09:00 to 15:00: 300 minutes
#            from 09:00 to 16:00: 210 minutes
#            from 09:00 to 18:00: 330 minutes
#            from 09:00 to the next day, 09:00: 450 minutes
#            from 09:00 on, 450 minutes: 18:00
#            (working from 09:00 to 12:00, from 13:00 to 15:00 and from 15:30 to 18:00)
# Date seen: 2026-11-30
# We:        have no hours of work; how long a thing is open is counted in whole time (bot/domain/digest/escalation.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(dayjs-business-time==1.0.4 dayjs==1.11.23)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const dayjs = require('dayjs');

dayjs.extend(require('dayjs-business-time'));

const PARTS = [
  { start: '09:00:00', end: '12:00:00' },
  { start: '13:00:00', end: '15:00:00' },
  { start: '15:30:00', end: '18:00:00' },
];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
dayjs.setBusinessTime({ sunday: null, saturday: null, ...Object.fromEntries(DAYS.map((day) => [day, PARTS])) });

const MONDAY = '2026-11-30';
const begin = dayjs(`${MONDAY}T09:00:00`);

function worked(what, end) {
  const minutes = begin.businessMinutesDiff(dayjs(end));
  console.log(`from 09:00 to ${what}: ${Math.abs(minutes)} minutes`);
  return Math.abs(minutes);
}

const seen = ['15:00', '16:00', '18:00'].map((time) => worked(time, `${MONDAY}T${time}:00`));
seen.push(worked('the next day, 09:00', '2026-12-01T09:00:00'));
const added = begin.addBusinessMinutes(450).format('HH:mm');
console.log(`from 09:00 on, 450 minutes: ${added}`);
const asStated = [300, 210, 330, 450, '18:00'];
process.exit(JSON.stringify([...seen, added]) === JSON.stringify(asStated) ? 0 : 1);
JS
TZ=UTC timeout 10 node finding.cjs
