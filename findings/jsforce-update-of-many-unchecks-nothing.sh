#!/usr/bin/env bash
# Packages:  jsforce 3.10.16, by npm; Node 20 or newer
# Behaviour: find().update() of jsforce writes up to 200 records by REST and more of them by the Bulk API, by itself; by
#            the latter, false becomes an empty cell, which Salesforce documents to leave a field as it is. So a checkbox
#            is cleared on 200 records, and on none of 201, and the answer says success for each. The text "false" is
#            written either way, and with bulkApiVersion 2 false is, too. (3.10.26, which needs Node 22, does the same.)
# Seen:      200 records, false: success for 200, checked after it 0
#            201 records, false: success for 201, checked after it 201
#            201 records, "false" as a text: success for 201, checked after it 0
#            201 records, false, bulkApiVersion 2: success for 201, checked after it 0
# Date seen: 2026-11-29
# We:        write one record to a call, by REST (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(jsforce==3.10.16)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund --prefer-offline "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { createServer } from 'node:http';
import jsforce from 'jsforce';

for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

let records;

// As Salesforce documents it for a file of the Bulk API: an empty cell changes nothing.
function applied(csv) {
  const [head, ...rows] = csv.trim().split('\n').map((row) => row.split(','));
  for (const row of rows) {
    const value = row[head.indexOf('IsActive__c')];
    if (value !== '') records.get(row[head.indexOf('Id')]).IsActive__c = value === 'true';
  }
}

const XMLNS = 'xmlns="http://127.0.0.1/dataload"';
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { pathname } = new URL(request.url, 'http://127.0.0.1');
  const answer = (type, text) => {
    response.writeHead(200, { 'Content-Type': type });
    response.end(text);
  };
  const json = (value) => answer('application/json', JSON.stringify(value));
  const ids = [...records.keys()];
  if (pathname.endsWith('/query')) {
    const found = ids.map((Id) => ({ attributes: { type: 'Project__c' }, Id }));
    json({ totalSize: found.length, done: true, records: found });
  } else if (pathname.includes('/composite/')) {
    const sent = JSON.parse(body).records;
    for (const each of sent) records.get(each.id).IsActive__c = each.IsActive__c;
    json(sent.map(({ id }) => ({ id, success: true, errors: [] })));
  } else if (pathname.endsWith('/result')) {
    answer('text/csv', `"Id","Success","Created","Error"\n${ids.map((id) => `"${id}","true","false",""\n`).join('')}`);
  } else if (pathname.includes('/async/') && pathname.includes('/batch')) {
    if (body) applied(body);
    answer('application/xml', `<batchInfo ${XMLNS}><id>751</id><jobId>750</jobId><state>Completed</state></batchInfo>`);
  } else if (pathname.includes('/async/')) {
    answer('application/xml', `<jobInfo ${XMLNS}><id>750</id><operation>update</operation><state>Open</state></jobInfo>`);
  } else if (pathname.endsWith('/batches')) {
    applied(body);
    json({});
  } else if (pathname.endsWith('/successfulResults')) {
    answer('text/csv', `"sf__Id","sf__Created","Id"\n${ids.map((id) => `"${id}","false","${id}"\n`).join('')}`);
  } else if (pathname.includes('/jobs/ingest/750/')) {
    answer('text/csv', '"sf__Id","sf__Error"\n');
  } else {
    json({ id: '750', operation: 'update', state: request.method === 'POST' ? 'Open' : 'JobComplete' });
  }
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const instanceUrl = `http://127.0.0.1:${server.address().port}`;
const connection = new jsforce.Connection({ instanceUrl, accessToken: 'none', version: '62.0' });
connection.bulk.pollInterval = connection.bulk2.pollInterval = 10;

async function updated(what, number, to, options) {
  records = new Map(Array.from({ length: number }, (_, each) => [`a0${each}`, { IsActive__c: true }]));
  const results = await connection.sobject('Project__c').find({}, ['Id']).update({ IsActive__c: to }, 'Project__c', options);
  const checked = [...records.values()].filter((each) => each.IsActive__c === true).length;
  const line = `success for ${results.filter(({ success }) => success).length}, checked after it ${checked}`;
  console.log(`${what}: ${line}`);
  return line;
}

const seen = [
  await updated('200 records, false', 200, false),
  await updated('201 records, false', 201, false),
  await updated('201 records, "false" as a text', 201, 'false'),
  await updated('201 records, false, bulkApiVersion 2', 201, false, { bulkApiVersion: 2 }),
];
const asStated = [
  'success for 200, checked after it 0',
  'success for 201, checked after it 201',
  'success for 201, checked after it 0',
  'success for 201, checked after it 0',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 20 node finding.mjs
