#!/usr/bin/env bash
# Packages:  @salesforce/plugin-data 5.1.19, @salesforce/core 9.4.0, by npm; Node 22.15 or newer
# Behaviour: "sf data export tree" takes several queries, and asks the org all of them, but keeps what was found by the
#            object that was found: of two queries for accounts only the one that was answered last is written, with
#            and without --plan. It ends with 0, names the number it wrote, and warns of nothing; the help says nothing
#            of it. Queries for different objects are all written.
# Seen:      two queries for accounts, of two and of one: exit 0, asked 2, written: Account 3
#            the same with --plan: exit 0, asked 2, written: Account 3
#            one for accounts, of two, and one for contacts: exit 0, asked 2, written: Account 1, Account 2, Contact 3
# Date seen: 2026-11-29
# We:        run no Salesforce CLI; what we read by several queries is kept by query (bot/adapters/salesforce/queries.py).
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
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

mkdirSync('home');

let asked = 0;
const record = (type, number) => ({
  attributes: { type, url: `/services/data/v66.0/sobjects/${type}/00${type.length}00000000000${number}AAA` },
  Name: `${type} ${number}`,
});
const found = {
  "SELECT Name FROM Account WHERE Type = 'Customer'": [record('Account', 1), record('Account', 2)],
  "SELECT Name FROM Account WHERE Type = 'Partner'": [record('Account', 3)],
  'SELECT Name FROM Contact': [record('Contact', 3)],
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  const soql = url.searchParams.get('q');
  let body = {};
  if (url.pathname === '/services/data') {
    body = [{ version: '66.0' }];
  } else if (url.pathname.endsWith('/describe')) {
    body = { name: url.pathname.split('/').at(-2), fields: [{ name: 'Name', type: 'string' }], childRelationships: [] };
  } else if (soql) {
    const records = found[soql] ?? []; // none: what the command asks about the org itself
    if (records.length) asked += 1;
    if (records.length === 1) await pause(300); // the smaller one is answered last
    body = { totalSize: records.length, done: true, records };
  } else if (url.pathname.includes('userinfo')) {
    body = { organization_id: '00D000000000001AAA', user_id: '005000000000001AAA', preferred_username: 'bot@example.com' };
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

async function exported(what, folder, queries, ...more) {
  asked = 0;
  const chosen = queries.flatMap((query) => ['--query', query]);
  const args = ['run.mjs', 'data:export:tree', '-o', '00D000000000001!made-up', '-d', folder, ...chosen, ...more];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 12_000 });
  const code = await new Promise((done) => child.on('exit', done));
  const names = readdirSync(folder)
    .flatMap((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')).records ?? [])
    .map((each) => each.Name)
    .sort();
  const line = `exit ${code}, asked ${asked}, written: ${names.join(', ')}`;
  console.log(`${what}: ${line}`);
  return line;
}

const [customers, partners, contacts] = Object.keys(found);
const seen = [
  await exported('two queries for accounts, of two and of one', 'files', [customers, partners]),
  await exported('the same with --plan', 'plan', [customers, partners], '--plan'),
  await exported('one for accounts, of two, and one for contacts', 'both', [customers, contacts]),
];
const asStated = [
  'exit 0, asked 2, written: Account 3',
  'exit 0, asked 2, written: Account 3',
  'exit 0, asked 2, written: Account 1, Account 2, Contact 3',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 30 node finding.mjs
