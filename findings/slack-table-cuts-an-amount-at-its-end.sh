#!/usr/bin/env bash
# Packages:  slack-table 0.1.2, by npm; Node 20 or newer
# Behaviour: a cell that is wider than its column, of 10 letters unless told otherwise, slack-table cuts on the wrong side:
#            of text that is aligned to the left it drops the beginning, of numbers that are aligned to the right the end,
#            and puts no sign there. So 12,345,678.90 is posted as 12,345,678, in a narrow column 1234567 as 123456, and
#            prod-emea-west1 and test-emea-west1 become the same. The readme warns of the letters of Chinese, Japanese and
#            Korean alone.
# Seen:      |Org           Records|
#            |emea-west1 12,345,678|
#            |emea-west1 987,654.32|
#            |1234567| in a column of 6: |123456|
#            |$ 1,234,567| in a column of 8: |$ 1,234,|
# Date seen: 2026-11-30
# We:        wrap what is too wide, and cut nothing out of a number (bot/domain/answers/fitting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack-table==0.1.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const slackTable = require('slack-table').default;

function lines(columns, dataSource) {
  const table = slackTable({ title: 'Records', columns, dataSource });
  return table.split('```')[1].split('\n').map((line) => `|${line}|`);
}

function one(value, width) {
  const column = { title: '', dataIndex: 'value', align: 'right', width };
  const line = `|${value}| in a column of ${width}: ${lines([column], [{ value }])[1]}`;
  console.log(line);
  return line;
}

const columns = [
  { title: 'Org', dataIndex: 'org' },
  { title: 'Records', dataIndex: 'records', align: 'right' },
];
const table = lines(columns, [
  { org: 'prod-emea-west1', records: '12,345,678.90' },
  { org: 'test-emea-west1', records: '987,654.32' },
]);
console.log(table.join('\n'));
const seen = [...table, one('1234567', 6), one('$ 1,234,567', 8)];
const asStated = [
  '|Org           Records|',
  '|emea-west1 12,345,678|',
  '|emea-west1 987,654.32|',
  '|1234567| in a column of 6: |123456|',
  '|$ 1,234,567| in a column of 8: |$ 1,234,|',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.cjs
