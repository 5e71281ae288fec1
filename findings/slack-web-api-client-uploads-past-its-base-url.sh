#!/usr/bin/env bash
# Packages:  slack-web-api-client 1.1.14, by npm; Node 20 or newer
# Behaviour: a client of slack-web-api-client that is given a baseUrl, for a mock server or a proxy, keeps to it in all
#            calls but one: files.uploadV2() asks slack.com itself where to put each file, with the token, and has the
#            baseUrl complete the upload. A test against a mock thus calls Slack, and where a proxy is the only way
#            out, uploads alone fail. retryHandlers are left out in the same place, so that a limit that any other call
#            waits out fails an upload of a client that is told to try five times. The types name both among the
#            options of a client, with no exception.
# Seen:      chat.postMessage: mock chat.postMessage
#            files.getUploadURLExternal: mock files.getUploadURLExternal
#            files.uploadV2: slack.com files.getUploadURLExternal, mock upload, mock files.completeUploadExternal
#            chat.postMessage, limited twice: 3 calls, ok
#            files.uploadV2, limited twice: 2 calls, SlackAPIConnectionError
#            (fetch is replaced, so nothing is sent; the mock's address is on loopback)
# Date seen: 2026-11-30
# We:        upload no files, and call all of Slack's methods by one client (bot/adapters/slack/web_api.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack-web-api-client==1.1.14)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { RatelimitRetryHandler, SlackAPIClient } from 'slack-web-api-client';

let asked = [];
let limits = 0;

globalThis.fetch = async (request) => {
  const address = new URL(request.url ?? request);
  const method = address.pathname.split('/').pop();
  asked.push(`${address.hostname === '127.0.0.1' ? 'mock' : address.hostname} ${method}`);
  if (limits > 0) {
    limits -= 1;
    return new Response('', { status: 429, headers: { 'retry-after': '0.01' } });
  }
  const answer =
    method === 'files.getUploadURLExternal'
      ? { ok: true, file_id: 'F1', upload_url: 'http://127.0.0.1:9/upload' }
      : { ok: true, files: [{ id: 'F1' }] };
  return Response.json(answer);
};

const client = new SlackAPIClient('none', {
  baseUrl: 'http://127.0.0.1:9/api/',
  retryHandlers: [new RatelimitRetryHandler({ maxAttempts: 5 })],
});

async function made(call, twice = false) {
  asked = [];
  limits = twice ? 2 : 0;
  try {
    await call();
    return 'ok';
  } catch (error) {
    return error.constructor.name;
  }
}

const post = () => client.chat.postMessage({ channel: 'C1', text: 'hello' });
const address = () => client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
const upload = () => client.files.uploadV2({ channel_id: 'C1', filename: 'a.txt', content: 'abc' });

const seen = [];
for (const [name, call] of [
  ['chat.postMessage', post],
  ['files.getUploadURLExternal', address],
  ['files.uploadV2', upload],
]) {
  await made(call);
  console.log(`${name}: ${asked.join(', ')}`);
  seen.push(asked.join(', '));
}
for (const [name, call] of [
  ['chat.postMessage', post],
  ['files.uploadV2', upload],
]) {
  const ended = await made(call, true);
  console.log(`${name}, limited twice: ${asked.length} calls, ${ended}`);
  seen.push(`${asked.length} ${ended}`);
}
const asStated = [
  'mock chat.postMessage',
  'mock files.getUploadURLExternal',
  'slack.com files.getUploadURLExternal, mock upload, mock files.completeUploadExternal',
  '3 ok',
  '2 SlackAPIConnectionError',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
