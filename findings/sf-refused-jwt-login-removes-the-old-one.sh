#!/usr/bin/env bash
# Packages:  @salesforce/plugin-auth 4.4.9, @salesforce/core 8.32.6, by npm; Node 22.15 or newer
# Behaviour: "sf org login jwt" for a user who is logged in already removes that user's stored login before it tries the
#            new one. Where Salesforce then does not answer well (503 here), nothing is stored any more: a login that
#            worked is gone, and later commands say that there is no authorization for the user. So a script that logs
#            in at each start turns a short outage into a logged-out machine.
# Seen:      login, answered with a token: exit 0, stored logins: bot@example.com.json
#            the same login, answered with 503: exit 1, stored logins: none
# Date seen: 2026-11-29
# We:        tell of it where the command line's error is explained, since the next error, "No authorization information
#            found", hides the first (bot/guidance/errors.yml).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@salesforce/plugin-auth==4.4.9 @salesforce/core==8.32.6)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > run.mjs <<'JS'
import { run } from '@oclif/core';
run(process.argv.slice(2), { root: `${process.cwd()}/node_modules/@salesforce/plugin-auth/package.json` }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
JS
cat > finding.mjs <<'JS'
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const form = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } };
writeFileSync('server.key', generateKeyPairSync('rsa', { modulusLength: 2048, ...form }).privateKey);
mkdirSync('home');

const USER = 'bot@example.com';
let isUp = true;
const server = createServer((request, response) => {
  const host = 'http://' + request.headers.host;
  const body = request.url.includes('/services/oauth2/token')
    ? { access_token: '00D000000000001!made-up', instance_url: host, id: `${host}/id/00D000000000001AAA/005000000000001AAA` }
    : { organization_id: '00D000000000001AAA', user_id: '005000000000001AAA', preferred_username: USER, Username: USER, records: [] };
  response.writeHead(isUp ? 200 : 503, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(isUp ? body : { error: 'server_error' }));
});
server.on('connect', (_, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')); // nothing leaves loopback
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const address = `http://127.0.0.1:${server.address().port}`;
const env = {
  PATH: process.env.PATH, HOME: `${process.cwd()}/home`, HTTPS_PROXY: address,
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true', SF_DISABLE_TELEMETRY: 'true', SFDX_DISABLE_DNS_CHECK: 'true', SF_DISABLE_LOG_FILE: 'true',
};

async function login(what) {
  const args = ['run.mjs', 'org:login:jwt', '-o', USER, '-f', 'server.key', '-i', 'key', '--instance-url', address];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 20_000 });
  const code = await new Promise((done) => child.on('exit', done));
  const logins = (existsSync('home/.sfdx') ? readdirSync('home/.sfdx') : []).filter((name) => name.includes('@'));
  console.log(`${what}: exit ${code}, stored logins: ${logins.join(' ') || 'none'}`);
  return { code, count: logins.length };
}

const first = await login('login, answered with a token');
if (first.code !== 0 || first.count !== 1) process.exit(3);
isUp = false;
const second = await login('the same login, answered with 503');
process.exit(second.code !== 0 && second.count === 0 ? 0 : 1);
JS
timeout 50 node finding.mjs
