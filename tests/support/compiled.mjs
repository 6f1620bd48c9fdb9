// compiled.mjs - C programs of this folder that tests run, compiled once a process.
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {ROOT, temporaryFolder} from './server.mjs';

/** @type {Map<string, string>} */
const paths = new Map();

/** The path of the program made of `NAME.c`. */
export function compiled(name) {
    const known = paths.get(name);
    if (known) return known;
    const out = join(temporaryFolder('parlour-compiled'), name);
    const done = spawnSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', out, join(ROOT, 'tests/support', `${name}.c`)], {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(done.stderr);
    paths.set(name, out);
    return out;
}
