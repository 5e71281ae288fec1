#!/usr/bin/env bash
# Packages:  aws-cron-parser 1.1.12, by npm; Node 20 or newer
# Behaviour: for the last weekday of a month, as 1L for the last Sunday, aws-cron-parser takes each such day's midnight by
#            the clock of the machine, adds seven times 24 hours, and asks whether that is another month. When the clocks
#            went back between, it is 23:00 of the last day of the month. In Europe that takes away one October run every
#            year, of Sundays in 2026, of Mondays in 2027, and next() goes on to November, prev() back to September.
#            Rules of EventBridge are in UTC, and the times that come out are, so it should make no difference where the
#            program runs. Its readme says nothing of a zone.
# Seen:      last Sunday, 2026, in UTC: 2026-09-27, 2026-10-25, 2026-11-29; before November: 2026-10-25
#            last Sunday, 2026, in Europe/Berlin: 2026-09-27, 2026-11-29, 2026-12-27; before November: 2026-09-27
#            last Monday, 2027, in UTC: 2027-09-27, 2027-10-25, 2027-11-29; before November: 2027-10-25
#            last Monday, 2027, in Europe/Dublin: 2027-09-27, 2027-11-29, 2027-12-27; before November: 2027-09-27
# Date seen: 2026-11-30
# We:        reckon with dates, and give them a time in the wanted zone at the end (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(aws-cron-parser==1.1.12)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const found = require('aws-cron-parser');

const parser = found.default ?? found;
const [what, rule, year] = process.argv.slice(2);
const parsed = parser.parse(rule);
const dates = [];
for (let last = new Date(Date.UTC(year, 8, 1)); dates.length < 3; ) {
  last = parser.next(parsed, last);
  dates.push(last.toISOString().slice(0, 10));
}
const before = parser.prev(parsed, new Date(Date.UTC(year, 10, 1))).toISOString().slice(0, 10);
console.log(`${what}, in ${process.env.TZ}: ${dates.join(', ')}; before November: ${before}`);
JS
asked() { TZ=$1 timeout 5 node finding.cjs "${@:2}"; }
{
  asked UTC "last Sunday, 2026" "0 9 ? * 1L *" 2026
  asked Europe/Berlin "last Sunday, 2026" "0 9 ? * 1L *" 2026
  asked UTC "last Monday, 2027" "0 9 ? * 2L *" 2027
  asked Europe/Dublin "last Monday, 2027" "0 9 ? * 2L *" 2027
} | tee seen.txt

cmp -s seen.txt - <<'STATED' && exit 0 || exit 1
last Sunday, 2026, in UTC: 2026-09-27, 2026-10-25, 2026-11-29; before November: 2026-10-25
last Sunday, 2026, in Europe/Berlin: 2026-09-27, 2026-11-29, 2026-12-27; before November: 2026-09-27
last Monday, 2027, in UTC: 2027-09-27, 2027-10-25, 2027-11-29; before November: 2027-10-25
last Monday, 2027, in Europe/Dublin: 2027-09-27, 2027-11-29, 2027-12-27; before November: 2027-09-27
STATED
