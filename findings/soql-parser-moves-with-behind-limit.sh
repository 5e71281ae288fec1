#!/usr/bin/env bash
# Packages:  @jetstreamapp/soql-parser-js 6.3.1, by npm
# Behaviour: composeQuery() and formatQuery() of soql-parser-js write WITH USER_MODE and WITH SECURITY_ENFORCED at the end
#            of a query, behind ORDER BY and LIMIT, where Salesforce has it before them and takes no other order. So a
#            valid query that is only formatted is none any more, also to the package's own isQueryValid(), and parsed,
#            changed and composed again it cannot be run. Without a clause behind it nothing is moved.
# Seen:      valid: SELECT Id FROM Account WITH USER_MODE -> valid: SELECT Id FROM Account WITH USER_MODE
#            valid: SELECT Id FROM Account WITH USER_MODE LIMIT 5 -> not valid: SELECT Id FROM Account LIMIT 5 WITH USER_MODE
#            valid: SELECT Id FROM Account WHERE Name = 'a' WITH SECURITY_ENFORCED ORDER BY Name -> not valid: SELECT Id FROM Account WHERE Name = 'a' ORDER BY Name WITH SECURITY_ENFORCED
#            valid: SELECT Id FROM Account WHERE Name = 'a' ORDER BY Name LIMIT 5 -> valid: SELECT Id FROM Account WHERE Name = 'a' ORDER BY Name LIMIT 5
# Date seen: 2026-11-29
# We:        neither parse nor format SOQL; each query is written out whole (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(@jetstreamapp/soql-parser-js==6.3.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true}' > package.json
timeout 50 npm install --silent --no-audit --no-fund --prefer-offline "${packages[@]/==/@}" > install.log 2>&1 || { cat install.log; exit 2; }

cat > finding.mjs <<'JS'
import { composeQuery, formatQuery, isQueryValid, parseQuery } from '@jetstreamapp/soql-parser-js';

const said = (query) => `${isQueryValid(query) ? 'valid' : 'not valid'}: ${query}`;

function seen(query) {
  const [composed, formatted] = [composeQuery(parseQuery(query)), formatQuery(query).replace(/\s+/g, ' ')];
  const line = `${said(query)} -> ${said(composed)}`;
  console.log(composed === formatted ? line : `${line}, but formatted ${formatted}`);
  return [isQueryValid(query), isQueryValid(composed), composed === formatted, composed === query].join(' ');
}

const lines = [
  seen('SELECT Id FROM Account WITH USER_MODE'),
  seen('SELECT Id FROM Account WITH USER_MODE LIMIT 5'),
  seen("SELECT Id FROM Account WHERE Name = 'a' WITH SECURITY_ENFORCED ORDER BY Name"),
  seen("SELECT Id FROM Account WHERE Name = 'a' ORDER BY Name LIMIT 5"),
];
const asStated = ['true true true true', 'true false true false', 'true false true false', 'true true true true'];
process.exit(JSON.stringify(lines) === JSON.stringify(asStated) ? 0 : 1);
JS
timeout 10 node finding.mjs
