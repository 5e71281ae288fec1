#!/usr/bin/env bash
# Packages:  timezone-soft 1.5.2, by npm; Node 20 or newer
# Behaviour: what a person writes as GMT-5 becomes Etc/GMT-5, which is five hours ahead of UTC, as all zones of that
#            family are named the other way round: ten hours off, and twenty for GMT+10. The package knows of that turn,
#            and makes it for UTC-5, so that two ways to say the same in one form are a day's work apart. It exists to
#            turn sloppy names that people use into those of the zone database, and the readme speaks of no signs.
# Seen:      UTC-5: Etc/GMT+5, 07:00 there at noon of UTC
#            GMT-5: Etc/GMT-5, 17:00 there at noon of UTC
#            UTC+1: Etc/GMT-1, 13:00 there at noon of UTC
#            GMT+1: Etc/GMT+1, 11:00 there at noon of UTC
#            gmt-8: Etc/GMT-8, 20:00 there at noon of UTC
# Date seen: 2026-11-30
# We:        read UTC-5 and GMT-5 alike, as an offset (bot/domain/digest/zones.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(timezone-soft==1.5.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { createRequire } from 'node:module';

const found = createRequire(import.meta.url)('timezone-soft');
const soft = found.default ?? found;
const NOON = new Date('2026-11-30T12:00:00Z');
const STATED = {
  'UTC-5': 'Etc/GMT+5, 07:00 there at noon of UTC',
  'GMT-5': 'Etc/GMT-5, 17:00 there at noon of UTC',
  'UTC+1': 'Etc/GMT-1, 13:00 there at noon of UTC',
  'GMT+1': 'Etc/GMT+1, 11:00 there at noon of UTC',
  'gmt-8': 'Etc/GMT-8, 20:00 there at noon of UTC',
};
const seen = {};
for (const asked of Object.keys(STATED)) {
  const zone = soft(asked)[0].iana;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  seen[asked] = `${zone}, ${clock.format(NOON)} there at noon of UTC`;
  console.log(`${asked}: ${seen[asked]}`);
}
process.exit(JSON.stringify(seen) === JSON.stringify(STATED) ? 0 : 1);
JS
timeout 10 node finding.mjs
