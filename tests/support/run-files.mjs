// run-files.mjs [--jobs N] [--only PATTERN] FILE... - runs each test file in its own process, N at a time.
// Prints a line per file while they run, the failures with their messages, and at the end "N passed, N failed":
// the sum of the counts of node's test runner. A file that dies or hangs counts as one failure.
import {spawn} from 'node:child_process';
import {createWriteStream, mkdirSync, readFileSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';

const FILE_LIMIT_MS = Number(process.env.PARLOUR_TEST_FILE_LIMIT_MS ?? 420_000);
const LOGS = process.env.PARLOUR_TEST_LOGS ?? join(tmpdir(), 'parlour-test-logs');

function options(argv) {
    const result = {jobs: availableParallelism?.() ?? 2, only: '', files: []};
    for (let i = 0; i < argv.length; i++) {
        if (argv[i] === '--jobs') result.jobs = Number(argv[++i]);
        else if (argv[i] === '--only') result.only = argv[++i];
        else result.files.push(argv[i]);
    }
    result.files = result.files.filter(file => basename(file).includes(result.only));
    return result;
}

/** Runs one file; its TAP goes into a log. Resolves to the result, and never rejects. */
function runFile(file) {
    const folder = join(LOGS, basename(dirname(file)));
    mkdirSync(folder, {recursive: true});
    const log = join(folder, `${basename(file, '.test.mjs')}.tap`);
    const started = Date.now();
    return new Promise(resolve => {
        const child = spawn(process.execPath, ['--test-reporter=tap', file], {stdio: ['ignore', 'pipe', 'pipe'], detached: true});
        const out = createWriteStream(log);
        let late = false;
        const timer = setTimeout(() => {
            late = true;
            process.kill(-child.pid, 'SIGKILL'); // its own group: with the servers and browsers it started
        }, FILE_LIMIT_MS);
        child.stdout.pipe(out, {end: false});
        child.stderr.pipe(out, {end: false});
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            out.end(() => resolve({file, log, seconds: (Date.now() - started) / 1000, code, signal, late, ...count(log)}));
        });
    });
}

const counted = (tap, what) => Number(tap.match(new RegExp(`^# ${what} (\\d+)$`, 'm'))?.[1] ?? 0);

function count(log) {
    const tap = readFileSync(log, 'utf8');
    return {
        passed: counted(tap, 'pass'),
        failed: counted(tap, 'fail') + counted(tap, 'cancelled'),
        skipped: [...tap.matchAll(/^ *ok \d+ - (.*) # SKIP(.*)$/gm)].map(match => `${match[1]}:${match[2]}`),
    };
}

/** The failed tests of a log, each with its YAML block of reasons. */
function failures(log) {
    const lines = readFileSync(log, 'utf8').split('\n');
    const shown = [];
    let depth = -1;
    for (const line of lines) {
        const failed = line.match(/^( *)not ok /);
        if (failed) depth = failed[1].length;
        else if (depth >= 0 && /^ *(ok|not ok|#|1\.\.)/.test(line)) depth = -1;
        if (depth >= 0 && !/duration_ms|^ *(---|\.\.\.)$/.test(line)) shown.push(line);
    }
    return shown.length > 0 ? shown : lines.slice(-40);
}

function report(result) {
    const died = result.late ? 'took too long' : result.code !== 0 && result.failed === 0 ? `ended with ${result.signal ?? result.code}` : '';
    if (died || result.passed + result.failed + result.skipped.length === 0) result.failed++;
    const word = result.failed ? 'FAILED' : 'ok    ';
    console.log(`${word} ${result.seconds.toFixed(1).padStart(6)} s ${String(result.passed).padStart(4)} tests  ${basename(result.file)} ${died}`);
    for (const name of result.skipped) console.log(`       skipped: ${name}`);
    if (result.failed) console.log(failures(result.log).map(line => `       | ${line}`).join('\n'));
}

async function main() {
    const {jobs, files} = options(process.argv.slice(2));
    const queue = [...files];
    const totals = {passed: 0, failed: 0};
    const worker = async () => {
        for (let file = queue.shift(); file; file = queue.shift()) {
            const result = await runFile(file);
            report(result);
            totals.passed += result.passed;
            totals.failed += result.failed;
        }
    };
    await Promise.all(Array.from({length: jobs}, worker));
    console.log(`${totals.passed} passed, ${totals.failed} failed`);
    process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}

await main();
