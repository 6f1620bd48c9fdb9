// How long functions are (a rule), and the longest files and functions of the server and the client (a report).
import assert from 'node:assert/strict';
import test from 'node:test';
import {jsFunctions} from './js_functions.mjs';
import {filesIn, read} from './tree.mjs';

const FILE_LINES = 600;
const USUAL_LINES = 40; // 99 of 100 functions have no more
const MOST_LINES = 80; // except a flat switch

/** Functions of a C file in our format: a line that ends the head, "{" alone in column 0, "}" in column 0. */
function functionsOfC(file) {
    const lines = read(file).split('\n');
    const found = [];
    for (let i = 0; i < lines.length; i++) {
        if (lines[i] !== '{') continue;
        let head = i - 1;
        while (head > 0 && !/^[a-z].*\(/i.test(lines[head])) head--;
        const end = lines.indexOf('}', i);
        const flat = /^ {4}switch \(.*\{$/.test(lines[i + 1]) && lines.indexOf('    }', i) === end - 1;
        found.push({name: lines[head].match(/(\w+)\(/)?.[1] ?? '?', file, lines: end - i - 1, flat});
        i = end;
    }
    return found;
}

const show = (t, title, items) => {
    t.diagnostic(title);
    for (const item of items) t.diagnostic(`  ${String(item.lines).padStart(5)}  ${item.file}${item.name ? ` ${item.name}` : ''}`);
};

const longestFirst = items => items.sort((a, b) => b.lines - a.lines);

const LANGUAGES = {
    C: async () => filesIn('server', '.c').flatMap(functionsOfC),
    JavaScript: jsFunctions,
};

for (const [language, functionsOf] of Object.entries(LANGUAGES)) {
    test(`99 of 100 functions in ${language} have at most ${USUAL_LINES} lines, and none has more than ${MOST_LINES} but a flat switch`, async t => {
        const functions = longestFirst(await functionsOf());
        show(t, `longest of ${functions.length} functions`, functions.slice(0, 12));
        assert.ok(functions.length > 1000, 'they were found');
        assert.ok(functions[Math.ceil(functions.length / 100)].lines <= USUAL_LINES);
        const long = functions.filter(f => f.lines > MOST_LINES && !f.flat);
        assert.deepEqual(long.map(f => `${f.file} ${f.name} ${f.lines}`), []);
    });
}

test('every file of the client is counted', async () => {
    const counted = new Set((await jsFunctions()).map(f => f.file));
    const withFunctions = filesIn('web/js', '.js').filter(file => /\bfunction\b|=>/.test(read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    assert.deepEqual(withFunctions.filter(file => !counted.has(file)), []);
});

test('the longest files (a report)', t => {
    const files = ['server', 'web/js', 'web/css', 'tests'].flatMap(folder => filesIn(folder, '.c', '.h', '.js', '.mjs', '.css'));
    const sized = longestFirst(files.map(file => ({file, lines: read(file).split('\n').length})));
    show(t, `longest of ${sized.length} files (aim: at most ${FILE_LINES})`, sized.slice(0, 12));
});
