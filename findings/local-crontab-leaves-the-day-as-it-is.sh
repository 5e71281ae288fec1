#!/usr/bin/env bash
# Packages:  local-crontab 0.1.8, croner 11.0.1, crontzconvert 1.1.1, by npm; Node 20 or newer
# Behaviour: local-crontab, which turns a crontab of a place into those in UTC that do the same, shifts the hours and
#            minutes and leaves the days as they are. Where the one time is past midnight and the other before it, a job
#            for Mondays runs on Tuesday, one for Friday evening on Thursday, and one for the first of a month on the
#            second, without a word; for daily jobs it is right, and so are its README's examples, all of which are daily.
#            crontzconvert shifts the day of the week.
# Seen:      0 5 * * 1 in Asia/Tokyo: 0 20 * * 1 in UTC, so next on Tue 1 Dec 05:00
#            0 22 * * 5 in America/Phoenix: 0 5 * * 5 in UTC, so next on Thu 3 Dec 22:00
#            0 5 1 * * in Asia/Tokyo: 0 20 1 * * in UTC, so next on Wed 2 Dec 05:00
#            0 5 * * * in Asia/Tokyo: 0 20 * * * in UTC, so next on Tue 1 Dec 05:00
#            0 5 * * 1 in Asia/Tokyo, by crontzconvert: 0 20 * * 0 in UTC, so next on Mon 7 Dec 05:00
#            (all counted from Monday, 30 November 2026, at noon in UTC)
# Date seen: 2026-11-30
# We:        keep the wanted day and time with the place, and turn each of them into an instant only then
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(local-crontab==0.1.8 croner==11.0.1 crontzconvert==1.1.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { Cron } from 'croner';
import crontzconvert from 'crontzconvert';
import { localCrontabToUtcCrontabs } from 'local-crontab';

const NOW = new Date('2026-11-30T12:00:00Z');

function seen(what, place, inUtc) {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: place, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',
  });
  const next = clock.format(new Cron(inUtc, { timezone: 'UTC' }).nextRun(NOW)).replaceAll(',', '').replace(' at', '');
  const line = `${inUtc} in UTC, so next on ${next}`;
  console.log(`${what}: ${line}`);
  return line;
}

const one = (crontab, place) => seen(`${crontab} in ${place}`, place, localCrontabToUtcCrontabs(crontab, place).join(' + '));
const shifted = crontzconvert.convert('0 5 * * 1', 'Asia/Tokyo', 'UTC');
const lines = [
  one('0 5 * * 1', 'Asia/Tokyo'),
  one('0 22 * * 5', 'America/Phoenix'),
  one('0 5 1 * *', 'Asia/Tokyo'),
  one('0 5 * * *', 'Asia/Tokyo'),
  seen('0 5 * * 1 in Asia/Tokyo, by crontzconvert', 'Asia/Tokyo', shifted.replace(/^0 /, '')), // without the seconds
];
const asStated = [
  '0 20 * * 1 in UTC, so next on Tue 1 Dec 05:00',
  '0 5 * * 5 in UTC, so next on Thu 3 Dec 22:00',
  '0 20 1 * * in UTC, so next on Wed 2 Dec 05:00',
  '0 20 * * * in UTC, so next on Tue 1 Dec 05:00',
  '0 20 * * 0 in UTC, so next on Mon 7 Dec 05:00',
];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
