#!/usr/bin/env bash
# Packages:  @salesforce/plugin-data 5.1.19, @salesforce/core 9.4.0, by npm; Node 22.15 or newer (not on Windows, where
#            CRLF is the default)
# Behaviour: "sf data export bulk" with --line-ending LF asks Salesforce for CRLF: whatever the option says, that it is
#            given at all decides. Without it the file has LF, as the help says. So who writes the default down, to be
#            safe, gets files whose last column ends in a carriage return for all tools that know LF only; the command
#            ends with 0 and says nothing.
# Seen:      no option: exit 0, asked for LF, last column "Account 1"
#            --line-ending LF: exit 0, asked for CRLF, last column "Account 1\r"
#            --line-ending CRLF: exit 0, asked for CRLF, last column "Account 1\r"
# Date seen: 2026-11-29
# We:        run no Salesforce CLI; our own tables end their lines in LF wherever they are written
#            (bot/entrypoints/cli/status_csv.py).
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

let job;
const csv = () => ['Id,Name', '001000000000001AAA,Account 1', ''].join(job.lineEnding === 'CRLF' ? '\r\n' : '\n');
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://127.0.0.1');
  let sent = '';
  for await (const chunk of request) sent += chunk;
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
    if (sent) job = JSON.parse(sent);
    body = { id: '750000000000001AAA', state: sent ? 'UploadComplete' : 'JobComplete', numberRecordsProcessed: 1 };
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

async function seen(what, ...more) {
  const { code, text } = await exported('accounts.csv', ...more);
  const last = text.split('\n')[1].split(',')[1];
  const line = `exit ${code}, asked for ${job.lineEnding}, last column ${JSON.stringify(last)}`;
  console.log(`${what}: ${line}`);
  return line;
}

const lines = [
  await seen('no option'),
  await seen('--line-ending LF', '--line-ending', 'LF'),
  await seen('--line-ending CRLF', '--line-ending', 'CRLF'),
];
const asStated = [
  'exit 0, asked for LF, last column "Account 1"',
  'exit 0, asked for CRLF, last column "Account 1\\r"',
  'exit 0, asked for CRLF, last column "Account 1\\r"',
];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 35 node finding.mjs
