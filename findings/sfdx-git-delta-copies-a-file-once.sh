#!/usr/bin/env bash
# Packages:  sfdx-git-delta 6.31.0, @salesforce/core 8.32.6, by npm; Node 22.15 or newer, and git
# Behaviour: used as a module, which its README shows, sfdx-git-delta copies each path once in the life of a process: the
#            second delta that has a file of the same name, of a later commit, for another folder or of another
#            repository, is made without it. Its package.xml lists the class all the same, nothing is raised and there is
#            no warning, so a server or a loop over branches hands out deltas that cannot be deployed, or that lack what
#            was changed. In a process of its own, as by the command line, each delta is whole.
# Seen:      first commit: package.xml lists Invoice, copied: 2 files, warnings 0
#            second commit, in the same process: package.xml lists Invoice, copied: none, warnings 0
#            another repository, in the same process: package.xml lists Invoice, copied: none, warnings 0
#            second commit, in a process of its own: package.xml lists Invoice, copied: 2 files, warnings 0
# Date seen: 2026-11-30
# We:        run no tool of Salesforce's command line; what an org is to get is written by one call for each record
#            (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sfdx-git-delta==6.31.0 @salesforce/core==8.32.6)

node -e 'process.exit(require("node:zlib").createZstdDecompress ? 0 : 1)' || { echo "Node is older than 22.15"; exit 2; }
git --version > /dev/null || exit 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir home
export HOME="$folder/home" SF_DISABLE_LOG_FILE=true SF_DISABLE_TELEMETRY=true GIT_CONFIG_GLOBAL=/dev/null
echo '{"private": true}' > package.json
timeout 150 npm install --silent --no-audit --no-fund --prefer-offline "${packages[@]/==/@}" > install.log 2>&1 ||
  { cat install.log; exit 2; }

cat > delta.mjs <<'JS'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import sgd from 'sfdx-git-delta';

export async function delta(repo, from, to, output) {
  mkdirSync(output, { recursive: true });
  const work = await sgd({ repo, from, to, output, source: ['.'], apiVersion: 62, generateDelta: true });
  const listed = /<members>(\w+)<\/members>/.exec(readFileSync(`${output}/package/package.xml`, 'utf8'))[1];
  const copied = readdirSync(output, { recursive: true }).filter((name) => /\.cls(-meta\.xml)?$/.test(name)).length;
  return `package.xml lists ${listed}, copied: ${copied ? `${copied} files` : 'none'}, warnings ${work.warnings.length}`;
}
JS
cat > alone.mjs <<'JS'
import { delta } from './delta.mjs';

console.log(await delta(...process.argv.slice(2)));
JS
cat > finding.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delta } from './delta.mjs';

const META = '<ApexClass xmlns="urn:made-up"><apiVersion>62.0</apiVersion></ApexClass>';

function repository(name) {
  const root = `${process.cwd()}/${name}`;
  const classes = `${root}/force-app/main/default/classes`;
  const who = ['-c', 'user.name=bot', '-c', 'user.email=bot@example.com'];
  const git = (...args) => execFileSync('git', [...who, ...args], { cwd: root });
  const commit = (text) => {
    writeFileSync(`${classes}/Invoice.cls`, text);
    git('add', '--all');
    git('commit', '--quiet', '--message', text);
  };
  mkdirSync(classes, { recursive: true });
  git('init', '--quiet');
  writeFileSync(`${root}/sfdx-project.json`, '{"packageDirectories": [{"path": "force-app", "default": true}]}');
  writeFileSync(`${classes}/Invoice.cls-meta.xml`, META);
  for (const body of ['{}', '{ Integer a; }', '{ Integer b; }']) commit(`public class Invoice ${body}`);
  return root;
}

const told = (what, line) => {
  console.log(`${what}: ${line}`);
  return line;
};

const alone = (...args) => execFileSync(process.execPath, ['alone.mjs', ...args], { encoding: 'utf8', timeout: 15_000 }).trim();

const [one, other] = [repository('one'), repository('other')];
const out = (name) => `${process.cwd()}/out/${name}`;
const seen = [
  told('first commit', await delta(one, 'HEAD~2', 'HEAD~1', out('a'))),
  told('second commit, in the same process', await delta(one, 'HEAD~1', 'HEAD', out('b'))),
  told('another repository, in the same process', await delta(other, 'HEAD~1', 'HEAD', out('c'))),
  told('second commit, in a process of its own', alone(one, 'HEAD~1', 'HEAD', out('d'))),
];
const whole = 'package.xml lists Invoice, copied: 2 files, warnings 0';
const empty = 'package.xml lists Invoice, copied: none, warnings 0';
process.exit(JSON.stringify(seen) === JSON.stringify([whole, empty, empty, whole]) ? 0 : 1);
JS
timeout 40 node finding.mjs
