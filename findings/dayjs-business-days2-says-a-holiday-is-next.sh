#!/usr/bin/env bash
# Packages:  dayjs-business-days2 1.4.0, dayjs 1.11.23, by npm; Node 20 or newer
# Behaviour: nextBusinessDay() and prevBusinessDay() of dayjs-business-days2 look at six days and give back the sixth,
#            open or not. Around a longer closure, as between Christmas and the new year or in China's week of holidays,
#            the next business day is a day on which isBusinessDay() says no, and businessDaysAdd(1) gives another one.
#            The readme has no such limit, and no setting for it.
# Seen:      behind Wed 2026-12-23, closed until 3 January: Tue 2026-12-29, a holiday; by adding one day: Mon 2027-01-04
#            before Mon 2027-01-04: Tue 2026-12-29, a holiday; by taking one day: Wed 2026-12-23
#            behind Tue 2026-12-22: Wed 2026-12-23, a business day; by adding one day: Wed 2026-12-23
#            behind Wed 2026-09-30, closed until 8 October: Tue 2026-10-06, a holiday; by adding one day: Fri 2026-10-09
# Date seen: 2026-11-30
# We:        go on day by day until one fits, however many that are (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(dayjs-business-days2==1.4.0 dayjs==1.11.23)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const dayjs = require('dayjs');
const business = require('dayjs-business-days2');

const CHRISTMAS = ['2026-12-24', '2026-12-25', '2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31', '2027-01-01'];
const OCTOBER = [1, 2, 3, 4, 5, 6, 7, 8].map((day) => `2026-10-0${day}`);
dayjs.extend(business.default ?? business, { holidays: [...CHRISTMAS, ...OCTOBER], holidayFormat: 'YYYY-MM-DD' });

const shown = (day) => day.format('ddd YYYY-MM-DD');

function told(what, found, counted, by) {
  const line = `${shown(found)}, a ${found.isBusinessDay() ? 'business day' : 'holiday'}; ${by}: ${shown(counted)}`;
  console.log(`${what}: ${line}`);
  return line;
}

function next(date, more = '') {
  const day = dayjs(date);
  return told(`behind ${shown(day)}${more}`, day.nextBusinessDay(), day.businessDaysAdd(1), 'by adding one day');
}

function previous(date) {
  const day = dayjs(date);
  return told(`before ${shown(day)}`, day.prevBusinessDay(), day.businessDaysSubtract(1), 'by taking one day');
}

const seen = [
  next('2026-12-23', ', closed until 3 January'),
  previous('2027-01-04'),
  next('2026-12-22'),
  next('2026-09-30', ', closed until 8 October'),
];
const asStated = [
  'Tue 2026-12-29, a holiday; by adding one day: Mon 2027-01-04',
  'Tue 2026-12-29, a holiday; by taking one day: Wed 2026-12-23',
  'Wed 2026-12-23, a business day; by adding one day: Wed 2026-12-23',
  'Tue 2026-10-06, a holiday; by adding one day: Fri 2026-10-09',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
TZ=UTC timeout 10 node finding.cjs
