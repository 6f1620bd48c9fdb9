// A report, not a gate: the longest files and functions of the server and the client.
import test from 'node:test';
import {filesIn, read} from './tree.mjs';

const FILE_LINES = 600;
const FUNCTION_LINES = 60;

/** Functions of a C file in our format: a line that ends the head, "{" alone in column 0, "}" in column 0. */
function functionsOfC(file) {
    const lines = read(file).split('\n');
    const found = [];
    for (let i = 0; i < lines.length; i++) {
        if (lines[i] !== '{') continue;
        let head = i - 1;
        while (head > 0 && !/^[a-z].*\(/i.test(lines[head])) head--;
        const end = lines.indexOf('}', i);
        found.push({name: lines[head].match(/(\w+)\(/)?.[1] ?? '?', file, lines: end - i - 1});
        i = end;
    }
    return found;
}

const show = (t, title, items) => {
    t.diagnostic(title);
    for (const item of items) t.diagnostic(`  ${String(item.lines).padStart(5)}  ${item.file}${item.name ? ` ${item.name}` : ''}`);
};

test('the longest files', t => {
    const files = ['server', 'web/js', 'web/css', 'tests'].flatMap(folder => filesIn(folder, '.c', '.h', '.js', '.mjs', '.css'));
    const sized = files.map(file => ({file, lines: read(file).split('\n').length})).sort((a, b) => b.lines - a.lines);
    show(t, `longest of ${sized.length} files (aim: at most ${FILE_LINES})`, sized.slice(0, 12));
});

test('the longest functions', t => {
    const functions = filesIn('server', '.c').flatMap(functionsOfC).sort((a, b) => b.lines - a.lines);
    const long = functions.filter(f => f.lines > FUNCTION_LINES).length;
    show(t, `longest of ${functions.length} functions; ${long} longer than ${FUNCTION_LINES} lines`, functions.slice(0, 15));
});
