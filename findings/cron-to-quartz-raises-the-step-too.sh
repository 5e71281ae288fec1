#!/usr/bin/env bash
# Packages:  cron-to-quartz 1.4.15, by npm; Node 20 or newer
# Behaviour: days of the week are numbered from 0 in a crontab and from 1 in Quartz, so cron-to-quartz adds one to every
#            figure in that field, to the step behind a slash as well. Monday, Wednesday and Friday become Monday and
#            Thursday, every other day becomes every third. Of Sunday as 7, which crontabs take, it makes 8, which is no
#            day to Quartz. There is no error; the readme calls the syntaxes different in what a day of the month and one
#            of the week are together, and nothing else.
# Seen:      1-5/2 (Mon Wed Fri): 2-6/3 (Mon Thu)
#            */2 (Sun Tue Thu Sat): */3 (Sun Wed Sat)
#            0-6/3 (Sun Wed Sat): 1-7/4 (Sun Thu)
#            1-5 (Mon Tue Wed Thu Fri): 2-6 (Mon Tue Wed Thu Fri)
#            1,3,5 (Mon Wed Fri): 2,4,6 (Mon Wed Fri)
# Date seen: 2026-11-30
# We:        number the days by one list of their names (bot/domain/digest/calendar_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(cron-to-quartz==1.4.15)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const { getQuartz } = require('cron-to-quartz');

const NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const CRONTAB = 0;
const QUARTZ = 1;

/** The days of a field, where Sunday has the number `sunday`. */
function days(field, sunday) {
  const numbers = field.split(',').flatMap((part) => {
    const [range, step = '1'] = part.split('/');
    const [first, last = first] = range === '*' ? [sunday, sunday + 6] : range.split('-').map(Number);
    return NAMES.map((_, day) => day + sunday).filter((day) => day >= first && day <= last && (day - first) % step === 0);
  });
  return numbers.map((day) => NAMES[day - sunday]).join(' ');
}

function turned(field) {
  const [[, , , , , found]] = getQuartz(`0 9 * * ${field}`);
  const line = `${field} (${days(field, CRONTAB)}): ${found} (${days(found, QUARTZ)})`;
  console.log(line);
  return line;
}

const seen = ['1-5/2', '*/2', '0-6/3', '1-5', '1,3,5'].map(turned);
const asStated = [
  '1-5/2 (Mon Wed Fri): 2-6/3 (Mon Thu)',
  '*/2 (Sun Tue Thu Sat): */3 (Sun Wed Sat)',
  '0-6/3 (Sun Wed Sat): 1-7/4 (Sun Thu)',
  '1-5 (Mon Tue Wed Thu Fri): 2-6 (Mon Tue Wed Thu Fri)',
  '1,3,5 (Mon Wed Fri): 2,4,6 (Mon Wed Fri)',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
