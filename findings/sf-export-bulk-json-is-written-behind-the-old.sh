#!/usr/bin/env bash
# Packages:  @salesforce/plugin-data 5.1.19, @salesforce/core 9.4.0, by npm; Node 22.15 or newer
# Behaviour: "sf data export bulk" with --result-format json is JSON only where the file is new and something was found.
#            A second export into the same file is written behind the first, where one to CSV takes its place; and an
#            export of no records is one opening bracket. Both end with 0 and say how many records were written, so a
#            nightly export is unreadable from the second night on, and it holds the old records first.
# Seen:      json, 2 records, a new file: exit 0, JSON of 2
#            json, 2 records, the same file again: exit 0, no JSON, 4 records in it
#            json, no records, a new file: exit 0, no JSON, 0 records in it
#            csv, 2 records, the same file again: exit 0, 2 records in it
# Date seen: 2026-11-29
# We:        run no Salesforce CLI, and print our tables instead of adding to files (bot/entrypoints/cli/status_csv.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@salesforce/plugin-data==5.1.19 @salesforce/core==9.4.0)

node -e 'process.exit(require("node:zlib").createZstdDecompress ? 0 : 1)' || { echo "Node is older than 22.15"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund --prefer-offline "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > run.mjs <<'JS'
import { run } from '@oclif/core';
run(process.argv.slice(2), { root: `${process.cwd()}/node_modules/@salesforce/plugin-data/package.json` }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
JS
cat > finding.mjs <<'JS'
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

mkdirSync('home');

let records = 2;
const csv = () => 'Id,Name\n' + Array.from({ length: records }, (_, number) => `00100000000000${number}AAA,Account ${number}\n`).join('');
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://127.0.0.1');
  if (pathname.endsWith('/results')) {
    response.writeHead(200, { 'Content-Type': 'text/csv', 'Sforce-Locator': 'null' });
    response.end(csv());
    return;
  }
  let body = { records: [] };
  if (pathname === '/services/data') {
    body = [{ version: '66.0' }];
  } else if (pathname.includes('userinfo')) {
    body = { organization_id: '00D000000000001AAA', user_id: '005000000000001AAA', preferred_username: 'bot@example.com' };
  } else if (pathname.includes('/jobs/query')) {
    body = { id: '750000000000001AAA', state: 'JobComplete', numberRecordsProcessed: records };
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
});
server.on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')); // nothing leaves loopback
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}`;
const env = {
  PATH: process.env.PATH, HOME: `${process.cwd()}/home`, HTTPS_PROXY: address, SF_ORG_INSTANCE_URL: address,
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true', SF_DISABLE_TELEMETRY: 'true', SFDX_DISABLE_DNS_CHECK: 'true', SF_DISABLE_LOG_FILE: 'true',
};

async function exported(file, ...more) {
  const chosen = ['-q', 'SELECT Id, Name FROM Account', '--output-file', file, '--wait', '1', ...more];
  const args = ['run.mjs', 'data:export:bulk', '-o', '00D000000000001!made-up', ...chosen];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 12_000 });
  const code = await new Promise((done) => child.on('exit', done));
  return { code, text: readFileSync(file, 'utf8') };
}

async function seen(what, file, format) {
  const { code, text } = await exported(file, '--result-format', format);
  const inIt = text.match(/00100000000000/g)?.length ?? 0;
  let kind = `${inIt} records in it`;
  if (format === 'json') {
    try {
      kind = `JSON of ${JSON.parse(text).length}`;
    } catch {
      kind = `no JSON, ${kind}`;
    }
  }
  const line = `exit ${code}, ${kind}`;
  console.log(`${what}: ${line}`);
  return line;
}

const lines = [
  await seen('json, 2 records, a new file', 'accounts.json', 'json'),
  await seen('json, 2 records, the same file again', 'accounts.json', 'json'),
];
records = 0;
lines.push(await seen('json, no records, a new file', 'none.json', 'json'));
records = 2;
await exported('accounts.csv');
lines.push(await seen('csv, 2 records, the same file again', 'accounts.csv', 'csv'));
const asStated = [
  'exit 0, JSON of 2', 'exit 0, no JSON, 4 records in it', 'exit 0, no JSON, 0 records in it', 'exit 0, 2 records in it',
];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 40 node finding.mjs
