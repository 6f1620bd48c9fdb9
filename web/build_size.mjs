// How much a browser fetches, in bytes as sent: the ways through the client, and the share of each module.
//
//   node web/build_size.mjs [--dist DIR] [--lang en]     DIR: a build; without it one is made
//
// A module has no size of its own in a compressed file: its share is the one it has in the uncompressed text ("≈").
import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {gzipSync} from 'node:zlib';

/** Builds the client into a folder of its own. @returns {string} the folder */
export function buildClient() {
    const out = mkdtempSync(join(tmpdir(), 'parlour-size-'));
    execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url)), '--out', out]);
    return out;
}

/** The ways through the client: the page, its scripts with all they need at once, its texts, and its pictures; `after`: the way that came before, whose files are there. */
export const WAYS = {
    landing: {page: 'room', scripts: ['js/room/main.js'], texts: ['common', 'landing'], pictures: []},
    'first picture': {
        page: 'room',
        scripts: ['js/room/main.js', 'js/room/start.js'],
        texts: ['common', 'landing', 'guest'],
        pictures: ['first', 'favicon'],
    },
    'after it': {
        after: 'first picture',
        page: 'room',
        scripts: ['js/room/later.js'],
        texts: ['later'],
        pictures: ['later'],
    },
    'in the call': {
        after: 'after it',
        page: 'room',
        scripts: ['js/room/later.js', 'js/room/steady.js'],
        texts: ['later', 'steady'],
        pictures: ['later'],
    },
    dashboard: {page: 'admin', scripts: ['js/admin/main.js'], texts: ['common', 'admin'], pictures: ['first', 'later']},
};

/** The build, by the files that are fetched. @param {string} dist */
export function readBuild(dist) {
    const meta = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8'));
    /** @type {Record<string, string>} */
    const pictureFiles = {...meta.pictures, favicon: '/favicon.svg'};

    /** Bytes on the wire: files that the server fills come as gzip, all others as brotli where that is worth it. @param {string} path */
    function weight(path) {
        const file = join(dist, path);
        if (existsSync(`${file}.br`)) return statSync(`${file}.br`).size;
        const bytes = readFileSync(file);
        return bytes.includes('{{practice}}') ? gzipSync(bytes, {level: 9}).length : bytes.length;
    }

    /** The output made from this source: an entry, or the file that its `import()` fetches. @param {string} source */
    function outputOf(source) {
        const [found] = Object.entries(meta.outputs).find(([, o]) => o.entryPoint?.endsWith(source)) ?? [];
        if (!found) throw new Error(`${source} is not built`);
        return found;
    }

    /** A script with all it needs at once. @param {string} output  @param {Set<string>} seen */
    function withImports(output, seen) {
        if (seen.has(output)) return;
        seen.add(output);
        for (const i of meta.outputs[output].imports) if (i.kind === 'import-statement') withImports(i.path, seen);
    }

    /** The files that are there after a way. @param {string | undefined} name  @param {string} lang  @returns {string[]} */
    function before(name, lang) {
        const way = name && WAYS[name];
        return way ? [...before(way.after, lang), ...filesOf(way, lang).map(file => file.path)] : [];
    }

    /** The files that a way fetches, and the modules in each. @param {typeof WAYS.landing} way  @param {string} lang */
    function filesOf({after, page, scripts, texts, pictures}, lang) {
        const had = before(after, lang);
        const outputs = new Set();
        for (const source of [...scripts, ...texts.map(name => `lang/${lang}/${name}.json`)])
            withImports(outputOf(source), outputs);
        const all = [
            {path: `${page}.${lang}.html`, modules: {}},
            ...[...outputs].map(o => ({path: `assets/${o.split('/').pop()}`, modules: meta.outputs[o].inputs})),
            ...pictures.map(name => ({path: pictureFiles[name].slice(1), modules: {}})),
        ];
        return all.filter(file => !had.includes(file.path));
    }

    /** @param {typeof WAYS.landing} way  @param {string} lang */
    const total = (way, lang) => filesOf(way, lang).reduce((sum, {path}) => sum + weight(path), 0);

    return {meta, weight, filesOf, total};
}

/** The modules of a file with the share of each, the heaviest first. @param {{modules: Record<string, {bytesInOutput: number}>}} file  @param {number} weight */
function shares({modules}, weight) {
    const parts = Object.entries(modules).map(([name, m]) => ({
        name: name.replace(/^.*(node_modules|web)\//, ''),
        bytes: m.bytesInOutput,
    }));
    const sum = parts.reduce((s, p) => s + p.bytes, 0);
    return parts
        .filter(p => p.bytes > 0)
        .map(p => ({...p, about: Math.round((weight * p.bytes) / sum)}))
        .sort((a, b) => b.bytes - a.bytes);
}

/** @param {ReturnType<typeof readBuild>} build  @param {string} lang */
function* report(build, lang) {
    for (const [name, way] of Object.entries(WAYS)) {
        yield `${name} (${lang}): ${build.total(way, lang)} bytes`;
        for (const file of build.filesOf(way, lang)) {
            const weight = build.weight(file.path);
            yield `  ${String(weight).padStart(6)}  ${file.path}`;
            for (const m of shares(file, weight))
                yield `         ≈ ${String(m.about).padStart(5)} of ${String(m.bytes).padStart(6)}  ${m.name}`;
        }
    }
}

function main() {
    const {values} = parseArgs({options: {dist: {type: 'string'}, lang: {type: 'string', default: 'en'}}});
    const made = values.dist ? '' : buildClient();
    process.stdout.write(`${[...report(readBuild(values.dist ?? join(made, 'dist')), values.lang)].join('\n')}\n`);
    if (made) rmSync(made, {recursive: true, force: true});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
