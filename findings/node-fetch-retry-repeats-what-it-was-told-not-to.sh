#!/usr/bin/env bash
# Packages:  @adobe/node-fetch-retry 2.2.0, by npm; Node 20 or newer
# Behaviour: node-fetch-retry takes its own options out of the object that the caller hands over, and does not put them
#            back. Options that are kept and used again have lost them at the second call, which is then made by the
#            defaults: a POST that is not to be repeated, by the readme's retryOptions: false, is repeated for up to a
#            minute, and whatever the server had done before it failed is done again. Limits and functions that say what
#            is to be repeated go the same way. With new options for each call all is well.
# Seen:      POST, retryOptions: false: asked once, answer 503
#            POST, the same options again: asked 3 times, answer 200
#            POST, new options, retryOptions: false: asked once, answer 503
#            GET, to be repeated after 404: asked 3 times, answer 200
#            GET, the same options again: asked once, answer 404
# Date seen: 2026-11-30
# We:        say at each call whether it may be repeated, and write to an org once (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@adobe/node-fetch-retry==2.2.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.cjs <<'JS'
const http = require('node:http');
const fetch = require('@adobe/node-fetch-retry');

console.error = () => {}; // it tells each repetition there
let asked = 0;
let failure = 503;
const server = http.createServer((request, response) => {
  asked += 1;
  request.resume();
  response.writeHead(asked < 3 ? failure : 200).end();
});

async function called(what, options, failingWith = 503) {
  asked = 0;
  failure = failingWith;
  const { status } = await fetch(`http://127.0.0.1:${server.address().port}/`, options);
  const line = `asked ${asked === 1 ? 'once' : `${asked} times`}, answer ${status}`;
  console.log(`${what}: ${line}`);
  return line;
}

server.listen(0, '127.0.0.1', async () => {
  const once = { method: 'POST', body: '{"Name": "Acme"}', retryOptions: false };
  const missing = { retryOptions: { retryOnHttpResponse: (response) => response.status >= 400 } };
  const seen = [
    await called('POST, retryOptions: false', once),
    await called('POST, the same options again', once),
    await called('POST, new options, retryOptions: false', { method: 'POST', body: '{}', retryOptions: false }),
    await called('GET, to be repeated after 404', missing, 404),
    await called('GET, the same options again', missing, 404),
  ];
  const asStated = [
    'asked once, answer 503',
    'asked 3 times, answer 200',
    'asked once, answer 503',
    'asked 3 times, answer 200',
    'asked once, answer 404',
  ];
  process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
});
JS
timeout 10 node --no-deprecation finding.cjs
