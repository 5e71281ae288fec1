#!/usr/bin/env bash
# Packages:  @slack/web-api 8.2.0, by npm; Node 20 or newer
# Behaviour: chatStream() of Slack's client for Node, made for text that comes bit by bit, loses bits and says others
#            twice where they come faster than Slack answers: the buffer is emptied when an answer comes, with what was
#            added since its call, and until the first answer each part begins a message of its own, of which all but
#            one are never ended. That is what happens in the handler of an event of a model, which nobody waits for,
#            even where it awaits append() itself. All calls are fulfilled. The documentation says that append() can be
#            called several times, and not that a call must be over before the next.
# Seen:      each bit waits for the one before: "one two three four five six seven eight " ended
#            each bit in a handler of its event: "one two " not ended, "one two three five six seven eight " ended
# Date seen: 2026-11-30
# We:        post each answer whole (bot/adapters/slack/reply_channel.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@slack/web-api==8.2.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { WebClient } from '@slack/web-api';

for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

let messages; // by their ts: what they say, and whether they are ended
let slow; // Slack answers only when told to
const asked = new EventEmitter();
const server = createServer(async (request, response) => {
  let sent = '';
  for await (const chunk of request) sent += chunk;
  const form = new URLSearchParams(sent);
  const ts = form.get('ts') ?? `1.${messages.size}`;
  const message = messages.get(ts) ?? { text: '', ended: false };
  messages.set(ts, message);
  for (const { text } of JSON.parse(form.get('chunks') ?? '[]')) message.text += text;
  message.ended = request.url.endsWith('/chat.stopStream');
  const answer = () => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ ok: true, ts, channel: 'C1' }));
  };
  if (slow) asked.emit('asked', answer);
  else answer();
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const slackApiUrl = `http://127.0.0.1:${server.address().port}/api/`;
const client = new WebClient('made-up', { slackApiUrl });

async function seen(what, write) {
  messages = new Map();
  slow = false;
  const to = { channel: 'C1', thread_ts: '1.0', recipient_team_id: 'T1', recipient_user_id: 'U1' };
  const streamer = client.chatStream({ ...to, buffer_size: 8 });
  await write(streamer);
  slow = false;
  await streamer.stop();
  const line = [...messages.values()].map(({ text, ended }) => `"${text}" ${ended ? 'ended' : 'not ended'}`).join(', ');
  console.log(`${what}: ${line}`);
  return line;
}

async function inTurn(streamer) {
  for (const bit of ['one ', 'two ', 'three ', 'four ', 'five ', 'six ', 'seven ', 'eight ']) {
    await streamer.append({ markdown_text: bit });
  }
}

async function inHandlers(streamer) {
  const model = new EventEmitter();
  const appended = [];
  model.on('text', (bit) => appended.push(streamer.append({ markdown_text: bit })));
  const ask = async (...bits) => {
    const arrived = once(asked, 'asked');
    for (const bit of bits) model.emit('text', bit);
    const [answer] = await arrived;
    const over = appended.at(-1);
    return async () => {
      answer();
      await over;
    };
  };
  slow = true;
  const first = await ask('one ', 'two ');
  const second = await ask('three ');
  await first();
  model.emit('text', 'four ');
  await second();
  for (const bits of [['five ', 'six '], ['seven ', 'eight ']]) await (await ask(...bits))();
  await Promise.all(appended);
}

const lines = [
  await seen('each bit waits for the one before', inTurn),
  await seen('each bit in a handler of its event', inHandlers),
];
const asStated = [
  '"one two three four five six seven eight " ended',
  '"one two " not ended, "one two three five six seven eight " ended',
];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 20 node finding.mjs
