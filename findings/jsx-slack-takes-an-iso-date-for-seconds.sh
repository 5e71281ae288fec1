#!/usr/bin/env bash
# Packages:  jsx-slack 6.1.2, by npm
# Behaviour: the <time> of jsx-slack, which by its types accepts a string that can be parsed as a date, takes of a string
#            that begins with digits only those, as seconds since 1970. That is how every ISO date begins, as HTML's own
#            <time> has them and as Salesforce and toISOString() write them: all of a year become one moment in the first
#            hour of 1970, in the message as in its fallback, and nothing is raised. A Date, a number, and a string that
#            begins with a letter are taken as they are meant, and so is an ISO date in the package's own DateTimePicker.
# Seen:      ISO date and time: <!date^2026^{date_num} {time}|1970-01-01 00:33 AM>
#            the same, as Salesforce writes it: <!date^2026^{date_num} {time}|1970-01-01 00:33 AM>
#            ISO date: <!date^2026^{date_num} {time}|1970-01-01 00:33 AM>
#            the same as a Date: <!date^1774751400^{date_num} {time}|2026-03-29 02:30 AM>
#            seconds: <!date^1774751400^{date_num} {time}|2026-03-29 02:30 AM>
#            words: <!date^1774751400^{date_num} {time}|2026-03-29 02:30 AM>
#            ISO date and time in a DateTimePicker: 1774751400
# Date seen: 2026-11-30
# We:        put seconds into Slack's dates ourselves, and only where they are digits
#            (bot/adapters/slack/views/mrkdwn.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(jsx-slack==6.1.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { jsxslack } from 'jsx-slack';

function told(what, line) {
  console.log(`${what}: ${line}`);
  return String(line);
}

function rendered(what, when) {
  const blocks = jsxslack`<Blocks><Section><time dateTime=${when}>${'{date_num} {time}'}</time></Section></Blocks>`;
  return told(what, blocks[0].text.text);
}

function picked(what, when) {
  const [block] = jsxslack`<Home><Actions><DateTimePicker initialDateTime=${when} /></Actions></Home>`.blocks;
  return told(what, block.elements[0].initial_date_time);
}

const iso = '2026-03-29T02:30:00Z';
const seen = [
  rendered('ISO date and time', iso),
  rendered('the same, as Salesforce writes it', '2026-03-29T02:30:00.000+0000'),
  rendered('ISO date', '2026-03-29'),
  rendered('the same as a Date', new Date(iso)),
  rendered('seconds', 1774751400),
  rendered('words', 'Sun, 29 Mar 2026 02:30:00 GMT'),
  picked('ISO date and time in a DateTimePicker', iso),
];
const wrong = '<!date^2026^{date_num} {time}|1970-01-01 00:33 AM>';
const right = '<!date^1774751400^{date_num} {time}|2026-03-29 02:30 AM>';
const asStated = [wrong, wrong, wrong, right, right, right, '1774751400'];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
