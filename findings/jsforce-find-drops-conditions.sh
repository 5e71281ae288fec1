#!/usr/bin/env bash
# Packages:  jsforce 3.10.16, by npm; Node 20 or newer
# Behaviour: find() of jsforce takes conditions as an object, as MongoDB does, and leaves out what it makes nothing of:
#            of two operators on one field (from $gte, to $lt) the second, and a field whose list is empty wholly. So a
#            range has no end, "those of an empty list" are all records there are, and destroy() behind it deletes them.
#            Nothing is raised. jsforce 1 took both operators, and within $and this one does. (3.10.26, which needs Node
#            22, does the same.)
# Seen:      from and to: SELECT Id FROM Task__c WHERE Day__c >= 2026-11-01
#            from and to, by $and: SELECT Id FROM Task__c WHERE Day__c >= 2026-11-01 AND Day__c < 2026-12-01
#            one of a list: SELECT Id FROM Task__c WHERE Id IN ('a01000000000001AAA')
#            one of an empty list: SELECT Id FROM Task__c
#            one of an empty list, then destroy(): SELECT Id FROM Task__c, deleted 3 of 3 records
# Date seen: 2026-11-29
# We:        write each query out, and have its values quoted by simple-salesforce (bot/adapters/salesforce/details.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(jsforce==3.10.16)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { createServer } from 'node:http';
import jsforce from 'jsforce';

for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

let records;
let asked;
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  let answer;
  if (request.method === 'DELETE') {
    const ids = url.searchParams.get('ids')?.split(',') ?? [url.pathname.split('/').pop()];
    records = records.filter((id) => !ids.includes(id));
    answer = ids.map((id) => ({ id, success: true, errors: [] }));
  } else {
    asked = url.searchParams.get('q');
    const found = records.map((Id) => ({ attributes: { type: 'Task__c' }, Id }));
    answer = { totalSize: found.length, done: true, records: found };
  }
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(answer));
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const instanceUrl = `http://127.0.0.1:${server.address().port}`;
const connection = new jsforce.Connection({ instanceUrl, accessToken: 'none', version: '62.0' });
const tasks = () => connection.sobject('Task__c');
const day = (text) => jsforce.SfDate.toDateLiteral(new Date(text));

async function soql(what, conditions) {
  const query = await tasks().find(conditions, ['Id']).toSOQL();
  console.log(`${what}: ${query}`);
  return query;
}

async function destroyed(what, conditions) {
  records = ['a01000000000001AAA', 'a01000000000002AAA', 'a01000000000003AAA'];
  const before = records.length;
  await tasks().find(conditions, ['Id']).destroy({ allowBulk: false });
  const line = `${asked}, deleted ${before - records.length} of ${before} records`;
  console.log(`${what}: ${line}`);
  return line;
}

const [from, to] = [day('2026-11-01'), day('2026-12-01')];
const seen = [
  await soql('from and to', { Day__c: { $gte: from, $lt: to } }),
  await soql('from and to, by $and', { $and: [{ Day__c: { $gte: from } }, { Day__c: { $lt: to } }] }),
  await soql('one of a list', { Id: { $in: ['a01000000000001AAA'] } }),
  await soql('one of an empty list', { Id: { $in: [] } }),
  await destroyed('one of an empty list, then destroy()', { Id: { $in: [] } }),
];
const asStated = [
  'SELECT Id FROM Task__c WHERE Day__c >= 2026-11-01',
  'SELECT Id FROM Task__c WHERE Day__c >= 2026-11-01 AND Day__c < 2026-12-01',
  "SELECT Id FROM Task__c WHERE Id IN ('a01000000000001AAA')",
  'SELECT Id FROM Task__c',
  'SELECT Id FROM Task__c, deleted 3 of 3 records',
];
process.exit(JSON.stringify(seen) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 20 node finding.mjs
