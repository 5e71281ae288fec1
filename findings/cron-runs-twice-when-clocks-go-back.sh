#!/usr/bin/env bash
# Packages:  cron 4.4.0, by npm; Node 20.11 or newer
# Behaviour: a CronJob of this package that is set for the hour behind the repeated one runs twice on the night when the
#            clocks go back: an hour too early, at a time that its expression does not name, and again in time. In London
#            what is set for 02:30 runs at 01:30, too; where the clocks go back at midnight, what is set for Sundays runs
#            on Saturday evening as well. A job for the repeated hour itself runs once, as is meant since an issue of 2021
#            was mended, and so does one that is set for later. Its README names no such time.
# Seen:      0 3 * * * in Europe/Berlin: 24.10. 03:00, 25.10. 02:00, 25.10. 03:00, 26.10. 03:00
#            30 2 * * * in Europe/London: 24.10. 02:30, 25.10. 01:30, 25.10. 02:30, 26.10. 02:30
#            0 0 * * 0 in America/Santiago: 04.04. 23:00, 05.04. 00:00
#            30 2 * * * in Europe/Berlin: 24.10. 02:30, 25.10. 02:30, 26.10. 02:30
#            0 4 * * * in Europe/Berlin: 24.10. 04:00, 25.10. 04:00, 26.10. 04:00
# Date seen: 2026-11-30
# We:        work out each day's time anew from its date and its place, and let no timer decide
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(cron==4.4.0)

node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 11) ? 0 : 1)' ||
  { echo "Node is older than 20.11"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { mock } from 'node:test';
import { CronJob } from 'cron';

const MINUTE = 60_000;

function runs(cronTime, timeZone, from, days) {
  const clock = new Intl.DateTimeFormat('de-DE', {
    timeZone, day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit',
  });
  const seen = [];
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: new Date(from) });
  const onTick = () => seen.push(clock.format(new Date()).replace(',', ''));
  const job = CronJob.from({ cronTime, timeZone, onTick, start: true });
  for (let minute = 0; minute < days * 24 * 60; minute += 1) mock.timers.tick(MINUTE);
  job.stop();
  mock.timers.reset();
  const line = seen.join(', ');
  console.log(`${cronTime} in ${timeZone}: ${line}`);
  return line;
}

const seen = [
  runs('0 3 * * *', 'Europe/Berlin', '2026-10-23T12:00:00Z', 3),
  runs('30 2 * * *', 'Europe/London', '2026-10-23T12:00:00Z', 3),
  runs('0 0 * * 0', 'America/Santiago', '2026-04-03T12:00:00Z', 3),
  runs('30 2 * * *', 'Europe/Berlin', '2026-10-23T12:00:00Z', 3),
  runs('0 4 * * *', 'Europe/Berlin', '2026-10-23T12:00:00Z', 3),
];
const asStated = [
  '24.10. 03:00, 25.10. 02:00, 25.10. 03:00, 26.10. 03:00',
  '24.10. 02:30, 25.10. 01:30, 25.10. 02:30, 26.10. 02:30',
  '04.04. 23:00, 05.04. 00:00',
  '24.10. 02:30, 25.10. 02:30, 26.10. 02:30',
  '24.10. 04:00, 25.10. 04:00, 26.10. 04:00',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 25 node --no-warnings finding.mjs
