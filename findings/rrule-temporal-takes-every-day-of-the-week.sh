#!/usr/bin/env bash
# Packages:  rrule-temporal 2.2.8, rrule 2.8.1, by npm; Node 20 or newer
# Behaviour: in a yearly rule with BYYEARDAY, rrule-temporal leaves BYDAY out, without a word and with strict as well,
#            where RFC 5545 has it limit the days. Such rules are real: calendars tell by seven days of the year and a
#            weekday when the clocks change. Of the last Friday of the year all seven days come out, so that what is due
#            once a year is due for a week, and the first working day of a year falls on a weekend. The same days told
#            by BYMONTH and BYMONTHDAY are right, and rrule has either right. The readme calls the package fully
#            compliant.
# Seen:      the last Friday of the year: Fri 2026-12-25, Sat 2026-12-26, Sun 2026-12-27, Mon 2026-12-28
#            the same, strict: Fri 2026-12-25, Sat 2026-12-26, Sun 2026-12-27, Mon 2026-12-28
#            the same, by rrule: Fri 2026-12-25, Fri 2027-12-31, Fri 2028-12-29, Fri 2029-12-28
#            the same by month and day: Fri 2026-12-25, Fri 2027-12-31, Fri 2028-12-29, Fri 2029-12-28
#            the first working day of the year: Thu 2026-01-01, Fri 2027-01-01, Sat 2028-01-01, Mon 2029-01-01
#            the same, by rrule: Thu 2026-01-01, Fri 2027-01-01, Mon 2028-01-03, Mon 2029-01-01
# Date seen: 2026-11-30
# We:        count the days of a rhythm ourselves, and check the weekday of each (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(rrule-temporal==2.2.8 rrule==2.8.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';

const FRIDAY = 'FREQ=YEARLY;BYYEARDAY=-7,-6,-5,-4,-3,-2,-1;BYDAY=FR';
const WORKING = 'FREQ=YEARLY;BYYEARDAY=1,2,3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1';
const SHOWN = 4;
const whole = (rule) => `DTSTART:20260101T090000Z\nRRULE:${rule}`;

function told(what, instants) {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short' });
  const line = instants.map((each) => `${clock.format(each)} ${each.toISOString().slice(0, 10)}`).join(', ');
  console.log(`${what}: ${line}`);
  return line;
}

function byTemporal(what, rule, strict = false) {
  const found = new RRuleTemporal({ rruleString: whole(rule), strict }).all((_, number) => number < SHOWN);
  return told(what, found.slice(0, SHOWN).map((each) => new Date(each.epochMilliseconds)));
}

const byRrule = (what, rule) => told(what, rrule.rrulestr(whole(rule)).all((_, number) => number < SHOWN));
const seen = [
  byTemporal('the last Friday of the year', FRIDAY),
  byTemporal('the same, strict', FRIDAY, true),
  byRrule('the same, by rrule', FRIDAY),
  byTemporal('the same by month and day', 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=FR'),
  byTemporal('the first working day of the year', WORKING),
  byRrule('the same, by rrule', WORKING),
];
const wrong = 'Fri 2026-12-25, Sat 2026-12-26, Sun 2026-12-27, Mon 2026-12-28';
const right = 'Fri 2026-12-25, Fri 2027-12-31, Fri 2028-12-29, Fri 2029-12-28';
const asStated = [
  wrong,
  wrong,
  right,
  right,
  'Thu 2026-01-01, Fri 2027-01-01, Sat 2028-01-01, Mon 2029-01-01',
  'Thu 2026-01-01, Fri 2027-01-01, Mon 2028-01-03, Mon 2029-01-01',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
