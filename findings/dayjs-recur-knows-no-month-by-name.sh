#!/usr/bin/env bash
# Packages:  dayjs-recur 1.0.1, dayjs 1.11.23, by npm; Node 20 or newer
# Behaviour: a rule for a month by its name, as the readme has it for January and for Valentine's day, matches no day of
#            any year. The name of a weekday is looked up, that of a month is given to dayjs as it is, which makes NaN
#            of it, and the check of the range lets NaN pass: it is neither too low nor too high. So no error is raised,
#            and the yearly run is never due. By number, with 0 for January, the same rules are right.
# Seen:      January by name: 0 days
#            January by number: 62 days, from 2026-01-01
#            Valentine's day by name: 0 days
#            Valentine's day by number: 2 days, from 2026-02-14
#            Monday by name: 104 days, from 2026-01-05
# Date seen: 2026-11-30
# We:        look up each name of a month, and refuse what is none (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(dayjs-recur==1.0.1 dayjs==1.11.23)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const dayjs = require('dayjs');

dayjs.extend(require('dayjs-recur'));

function matched(what, rule) {
  const days = [];
  for (let day = dayjs('2026-01-01'); day.year() < 2028; day = day.add(1, 'day')) {
    if (rule.matches(day)) days.push(day.format('YYYY-MM-DD'));
  }
  const line = `${days.length} days${days.length ? `, from ${days[0]}` : ''}`;
  console.log(`${what}: ${line}`);
  return line;
}

const seen = [
  matched('January by name', dayjs.recur().every('January').monthsOfYear()),
  matched('January by number', dayjs.recur().every(0).monthsOfYear()),
  matched("Valentine's day by name", dayjs.recur().every(14).daysOfMonth().every('February').monthsOfYear()),
  matched("Valentine's day by number", dayjs.recur().every(14).daysOfMonth().every(1).monthsOfYear()),
  matched('Monday by name', dayjs.recur().every('Monday').daysOfWeek()),
];
const asStated = [
  '0 days',
  '62 days, from 2026-01-01',
  '0 days',
  '2 days, from 2026-02-14',
  '104 days, from 2026-01-05',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
TZ=UTC timeout 10 node finding.cjs
