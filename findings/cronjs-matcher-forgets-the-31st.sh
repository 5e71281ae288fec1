#!/usr/bin/env bash
# Packages:  @datasert/cronjs-matcher 1.4.0, by npm; Node 20 or newer
# Behaviour: looking for the n-th weekday of a month, @datasert/cronjs-matcher stops at the 30th. A fifth Saturday that is
#            the 31st is none to it: getFutureMatches() goes on to a later month, and isTimeMatches() says no, without an
#            error. That is nearly a quarter of all fifth weekdays. As the last Saturday the same day is found.
# Seen:      fifth Saturday: 2027-01-30, 2027-05-29, 2027-10-30 (also there: 2026-10-31, 2027-07-31)
#            fifth Monday: 2026-11-30, 2027-03-29, 2027-08-30 (also there: 2027-05-31)
#            last Saturday: 2026-10-31, 2026-11-28, 2026-12-26 (all that are there)
#            at 9 on 2026-10-31: by SAT#5 no, by SATL yes
# Date seen: 2026-11-30
# We:        count on from a first day in steps of whole weeks, whatever the month (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@datasert/cronjs-matcher==1.4.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { getFutureMatches, isTimeMatches } = require('@datasert/cronjs-matcher');

const START = '2026-10-15';
const DAY = 86_400_000;

function there(isWanted, until) {
  const dates = [];
  for (let day = Date.parse(START); day <= Date.parse(until); day += DAY) {
    if (isWanted(new Date(day))) dates.push(new Date(day).toISOString().slice(0, 10));
  }
  return dates;
}

function dates(what, rule, isWanted) {
  const found = getFutureMatches(rule, { startAt: `${START}T00:00:00Z`, matchCount: 3 }).map((each) => each.slice(0, 10));
  const missing = there(isWanted, found.at(-1)).filter((each) => !found.includes(each));
  const rest = missing.length ? `also there: ${missing.join(', ')}` : 'all that are there';
  console.log(`${what}: ${found.join(', ')} (${rest})`);
  return missing;
}

const fifth = (weekday) => (day) => day.getUTCDay() === weekday && day.getUTCDate() > 28;
const isLastSaturday = (day) => day.getUTCDay() === 6 && new Date(+day + 7 * DAY).getUTCDate() <= 7;
const seen = [
  dates('fifth Saturday', '0 9 ? * SAT#5', fifth(6)),
  dates('fifth Monday', '0 9 ? * MON#5', fifth(1)),
  dates('last Saturday', '0 9 ? * SATL', isLastSaturday),
];
const answers = ['SAT#5', 'SATL'].map((day) => isTimeMatches(`0 9 ? * ${day}`, '2026-10-31T09:00:00Z'));
const words = answers.map((each) => (each ? 'yes' : 'no'));
console.log(`at 9 on 2026-10-31: by SAT#5 ${words[0]}, by SATL ${words[1]}`);
const asStated = [['2026-10-31', '2027-07-31'], ['2027-05-31'], [], false, true];
process.exit(JSON.stringify([...seen, ...answers]) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
