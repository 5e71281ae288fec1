#!/usr/bin/env bash
# Packages:  enhanced-ms 5.0.0, ms 2.1.3, by npm; Node 20 or newer
# Behaviour: enhanced-ms has no time before another: -1h and "-2 days" are read as what is to come, "1d -2h" as more
#            than a day, and a duration below zero is shown without its minus. So what is overdue by 90 minutes has 90
#            minutes left, and a time that is written and read again changes its sign. Nothing is null, as for what it
#            cannot read. It is an enhanced version of ms, by its readme, and ms keeps the sign both ways.
# Seen:      -1h: 3600000, by ms -3600000
#            -2 days: 172800000, by ms -172800000
#            2 days: 172800000, by ms 172800000
#            1d -2h: 93600000, by ms not read
#            -7200000: 2 hours, by ms -2 hours
#            7200000: 2 hours, by ms 2 hours
# Date seen: 2026-11-30
# We:        say how long ago, or how long yet, in words of our own (bot/domain/answers/humanize.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(enhanced-ms==5.0.0 ms==2.1.3)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { createRequire } from 'node:module';
import { ms as enhanced } from 'enhanced-ms';

const ms = createRequire(import.meta.url)('ms');
const ASKED = ['-1h', '-2 days', '2 days', '1d -2h', -7_200_000, 7_200_000];
const seen = ASKED.map((asked) => {
  const line = `${asked}: ${enhanced(asked)}, by ms ${ms(asked, { long: true }) ?? 'not read'}`;
  console.log(line);
  return line;
});
const asStated = [
  '-1h: 3600000, by ms -3600000',
  '-2 days: 172800000, by ms -172800000',
  '2 days: 172800000, by ms 172800000',
  '1d -2h: 93600000, by ms not read',
  '-7200000: 2 hours, by ms -2 hours',
  '7200000: 2 hours, by ms 2 hours',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
