// testssl.mjs - testssl.sh against TLS as it is configured here: no finding above "low" that a configuration could avoid.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {startServer} from '../support/server.mjs';
import {Authority} from '../support/tls.mjs';

/** What is said of every page that is packed: it matters where secrets stand beside words of a stranger, and ours hold neither. */
const NOT_OURS = ['BREACH'];

const authority = new Authority();
const server = await startServer({tls: authority.issue({name: 'localhost', dates: ['-days', '89'], revocation: 'http://localhost/crl'})});
const found = authority.path('found.json');
const done = spawnSync('testssl', ['--quiet', '--warnings', 'batch', '--color', '0', '--add-ca', authority.ca, '--jsonfile', found, '--ip', '127.0.0.1', `localhost:${server.port}`], {encoding: 'utf8'});
const findings = JSON.parse(readFileSync(found, 'utf8'));
const bad = findings.filter(({id, severity}) => ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'].includes(severity) && !NOT_OURS.includes(id));
for (const {severity, id, finding} of findings) if (!['OK', 'INFO'].includes(severity)) console.log(`       ${severity} ${id}: ${finding}`);
const fine = bad.length === 0 && findings.length > 100;
console.log(`${fine ? 'ok    ' : 'FAILED'} testssl.sh: ${findings.length} checks, ${bad.length} findings above low${fine ? '' : `\n${done.stdout}`}`);
await server.stop();
console.log(`${Number(fine)} passed, ${Number(!fine)} failed`);
process.exit(fine ? 0 : 1);
