// Builds the client: bundles and hashes the scripts, puts the critical style into each page, compresses
// every file once, and writes the table from which the server answers (assets.c and assets.S).
//
//   node web/build.mjs --out DIR [--demo] [--page room.html]...
//
// DIR/dist     the files as a browser gets them, and assets.json (for `parlour serve --web-dir DIR/dist`)
// DIR/assets.c the table `const struct asset ASSETS[]` of server/http/http_assets.h
// DIR/assets.S the bytes
// --page  only these pages, while another is being worked on
// --demo       also builds js/room/demo.js, which opens any screen by ?demo=name; never part of a release
import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {basename, dirname, extname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';
import * as esbuild from 'esbuild';
import {writeTable} from './build_table.mjs';
import {readCatalogue} from './build_texts.mjs';
import {LANGUAGES} from './js/core/i18n.js';

const WEB = dirname(fileURLToPath(import.meta.url));
const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.json': 'application/json',
    '.txt': 'text/plain; charset=utf-8',
};
// Browsers of the floor in README.md; esbuild lowers syntax they do not have.
const TARGET = ['chrome111', 'firefox128', 'safari16.4'];
// Pages, by the folder-relative name. Each is written once for every language: room.en.html.
const ALL_PAGES = ['index.html', 'room.html', 'admin.html', 'selftest.html', 'missing.html'];
/** Where the server inserts the practice's texts (server/http/http_fill.h): the server compresses such a page. */
const MARK = /\{\{(?:practice|phone|tel)\}\}/;

const {values: args} = parseArgs({
    options: {out: {type: 'string', default: 'dist'}, demo: {type: 'boolean'}, page: {type: 'string', multiple: true}},
});

const PAGES = args.page ?? ALL_PAGES;

const sha256 = data => createHash('sha256').update(data);
const shortHash = data => sha256(data).digest('hex').slice(0, 10);

/** One drawing of the sprite: the lucide file without its frame. @param {string} name @param {string} svg */
function symbol(name, svg) {
    const inner = svg
        .replace(/<!--[\s\S]*?-->/g, '')
        .replace(/^[\s\S]*?<svg[^>]*>/, '')
        .replace('</svg>', '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, ' ').replace(/> </g, '><').trim()}</symbol>`;
}

/** All pictures of icons/, by name. @returns {Promise<Map<string, string>>} */
async function readIcons() {
    const names = (await readdir(join(WEB, 'icons'))).filter(n => n.endsWith('.svg')).sort();
    const byName = new Map();
    for (const file of names) {
        const name = file.slice(0, -4);
        byName.set(name, symbol(name, await readFile(join(WEB, 'icons', file), 'utf8')));
    }
    return byName;
}

/** Pictures as one file. The strokes are not in it: <use> inherits from the place of use, so .icon in base.css sets them.
 *  @param {string[]} symbols */
function sprite(symbols) {
    const text = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
    return {text, url: `/assets/icons-${shortHash(text)}.svg`};
}

/**
 * The pictures as two files: those that a visit shows before its first picture, and all others. The modules fetched until then name
 * the former.
 * @param {Map<string, string>} icons  @param {import('esbuild').Metafile} meta of a build
 */
async function sprites(icons, meta) {
    const call = outputOf(meta, 'js/room/start.js'); // missing when only other pages are built
    const outputs = call ? [call, ...staticImports(meta, call)] : [];
    const ours = outputs.flatMap(o => Object.keys(meta.outputs[o].inputs)).filter(m => m.startsWith('js/'));
    const code = (await Promise.all(ours.map(m => readFile(join(WEB, m), 'utf8')))).join('\n');
    const named = new Set([...code.matchAll(/'([\w-]+)'/g)].map(m => m[1]));
    const [early, later] = [true, false].map(is => [...icons].filter(([name]) => named.has(name) === is));
    return {
        names: early.map(([name]) => name).join(' '),
        first: sprite(early.map(([, svg]) => svg)),
        later: sprite(later.map(([, svg]) => svg)),
    };
}

/** `import text from './x.css?text'` gives the minified sheet; a catalogue becomes a plain object, with the texts of the features. */
const plugin = {
    name: 'parlour',
    setup(build) {
        build.onResolve({filter: /\.css\?text$/}, a => ({
            path: resolve(a.resolveDir, a.path.replace('?text', '')),
            namespace: 'css-text',
        }));
        build.onLoad({filter: /.*/, namespace: 'css-text'}, async a => ({
            contents: await style(a.path),
            loader: 'text',
            watchFiles: [a.path],
        }));
        build.onLoad({filter: /lang\/\w+\/\w+\.json$/}, a => {
            const [lang, name] = a.path.split('/').slice(-2);
            return {
                contents: `export default ${JSON.stringify(readCatalogue(lang, basename(name, '.json')))}`,
                loader: 'js',
            };
        });
    },
};

/** A style sheet with its imports, small. @param {string} path */
async function style(path) {
    const out = await esbuild.build({
        entryPoints: [path],
        bundle: true,
        minify: true,
        write: false,
        target: TARGET,
        loader: {'.svg': 'dataurl'},
    });
    return out.outputFiles[0].text.trim();
}

/** A guest never sees the pages of people with an account, few of either see the self test, and fewer files compress better: the three
 *  share no script. */
async function bundle(entries, defines) {
    const apart = ['js/room/', 'js/selftest/'];
    const folderOf = e => apart.find(folder => e.startsWith(folder));
    const groups = [undefined, ...apart].map(f => entries.filter(e => folderOf(e) === f)).filter(g => g.length > 0);
    const built = await Promise.all(groups.map(group => bundleTogether(group, defines)));
    const files = new Map(built.flatMap(b => b.outputFiles).map(f => [f.path, f]));
    return {
        outputFiles: [...files.values()],
        metafile: {outputs: Object.assign({}, ...built.map(b => b.metafile.outputs))},
    };
}

async function bundleTogether(entries, defines) {
    return esbuild.build({
        absWorkingDir: WEB,
        entryPoints: entries.map(e => join(WEB, e)),
        bundle: true,
        splitting: true,
        minify: true,
        format: 'esm',
        target: TARGET,
        outdir: join(WEB, 'out'), // nothing is written there: only names are derived from it
        entryNames: '[name]-[hash]',
        chunkNames: '[name]-[hash]',
        metafile: true,
        write: false,
        charset: 'utf8',
        legalComments: 'none',
        define: defines,
        plugins: [plugin],
        logLevel: 'warning',
    });
}

/** The scripts that an entry needs at once, so that the page can ask for all of them together. */
function staticImports(meta, output) {
    const seen = new Set();
    const walk = name => {
        for (const i of meta.outputs[name]?.imports ?? []) {
            if (i.kind === 'import-statement' && !seen.has(i.path)) {
                seen.add(i.path);
                walk(i.path);
            }
        }
    };
    walk(output);
    return [...seen];
}

/** The output made from this source. @param {import('esbuild').Metafile} meta  @param {string} source */
const outputOf = (meta, source) => Object.keys(meta.outputs).find(o => meta.outputs[o].entryPoint?.endsWith(source));

const urlOf = path => `/assets/${path.split('/').pop()}`;

const escapeHtml = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

/** The texts in a page: those of `<!--text:key-->`, and of elements that a script draws anew, `data-t="key"`. */
function withTexts(html, name, lang) {
    const known = Object.assign({}, ...['common', 'landing', 'page'].map(name => readCatalogue(lang, name)));
    const text = key => {
        if (!known[key]) throw new Error(`${name}: no text ${key} in ${lang}`);
        return escapeHtml(known[key]);
    };
    return html
        .replace('<html lang="en" dir="ltr">', `<html lang="${lang}" dir="${LANGUAGES[lang].dir}">`)
        .replace(/<!--text:([\w.]+)-->/g, (_, key) => text(key))
        .replace(/( data-t="([\w.]+)">)[^<]*(?=<\/)/g, (_, mark, key) => mark + text(key));
}

/** Fills a page: what all pages begin with, texts, style, scripts, pictures. Returns its text and the CSP hash of its style. */
async function page(name, lang, meta, icons) {
    const [shell, head] = await Promise.all([name, 'head.html'].map(f => readFile(join(WEB, f), 'utf8')));
    const whole = shell.replace('<!--head-->', () => head);
    let html = withTexts(whole, name, lang);
    let hash = '';

    for (const [mark, path] of html.matchAll(/<!--style:(\S+?)-->/g)) {
        const css = await style(join(WEB, path));
        hash = `'sha256-${sha256(css).digest('base64')}'`;
        html = html.replace(mark, () => `<style>${css}</style>`);
    }
    for (const [mark, path] of html.matchAll(/<!--entry:(\S+?)-->/g)) {
        const out = outputOf(meta, path);
        if (!out) throw new Error(`${name}: no entry ${path}`);
        const first = staticImports(meta, out).map(p => `<link rel="modulepreload" href="${urlOf(p)}">`);
        html = html.replace(mark, () => `${first.join('')}<script type="module" src="${urlOf(out)}"></script>`);
    }
    html = html.replace(/<!--icon:([\w-]+)-->/g, (_, id) => {
        const inner = icons.get(id)?.replace(/^<symbol[^>]*>|<\/symbol>$/g, '');
        if (!inner) throw new Error(`${name}: no icon ${id}`);
        return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${inner}</svg>`;
    });
    return {html: html.replace(/<!--[\s\S]*?-->/g, '').replace(/\n\s*/g, '\n'), hash};
}

/** gzip and brotli at their best; a form that does not save a tenth is left out. */
function compress(bytes) {
    const worth = b => (b.length < bytes.length * 0.9 ? b : null);
    const brotli = brotliCompressSync(bytes, {
        params: {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
    });
    return {identity: bytes, gzip: worth(gzipSync(bytes, {level: 9})), brotli: worth(brotli)};
}

function asset(path, text, extra = {}) {
    const bytes = Buffer.from(text);
    return {
        path,
        type: TYPES[extname(path)],
        etag: `"${sha256(bytes).digest('base64url').slice(0, 22)}"`,
        csp_hash: '',
        immutable: path.startsWith('/assets/'),
        page: false,
        ...extra,
        ...(MARK.test(text) ? {identity: bytes, gzip: null, brotli: null} : compress(bytes)),
    };
}

async function main() {
    const out = resolve(args.out);
    const icons = await readIcons();
    const pages = await Promise.all(PAGES.map(p => readFile(join(WEB, p), 'utf8')));
    const entries = [...new Set(pages.flatMap(t => [...t.matchAll(/<!--entry:(\S+?)-->/g)].map(m => m[1])))];
    const build = ({names, first, later}) =>
        bundle(entries, {
            __ICON_NAMES__: JSON.stringify(names),
            __ICONS_FIRST__: JSON.stringify(first.url),
            __ICONS_LATER__: JSON.stringify(later.url),
            __DEMO__: String(!!args.demo),
        });
    const none = {names: '', first: sprite([]), later: sprite([])};
    const pictures = await sprites(icons, (await build(none)).metafile);
    const built = await build(pictures);
    const {first, later} = pictures;

    const assets = [first, later].map(({url, text}) => asset(url, text));
    assets.push(asset('/favicon.svg', await readFile(join(WEB, 'favicon.svg'))));
    for (const f of built.outputFiles) assets.push(asset(urlOf(f.path), f.contents));
    for (const name of PAGES)
        for (const lang of Object.keys(LANGUAGES)) {
            const {html, hash} = await page(name, lang, built.metafile, icons);
            assets.push(asset(name.replace('.html', `.${lang}.html`), html, {csp_hash: hash, page: true}));
        }
    assets.sort((a, b) => (a.path < b.path ? -1 : 1)); // the server uses a binary search

    await rm(join(out, 'dist'), {recursive: true, force: true});
    await mkdir(join(out, 'dist/assets'), {recursive: true});
    for (const a of assets) {
        const file = join(out, 'dist', a.path);
        await writeFile(file, a.identity);
        if (a.gzip) await writeFile(`${file}.gz`, a.gzip);
        if (a.brotli) await writeFile(`${file}.br`, a.brotli);
    }
    const list = assets.map(({identity, gzip, brotli, ...facts}) => ({...facts, bytes: identity.length}));
    await writeFile(join(out, 'dist/assets.json'), JSON.stringify(list, null, 1));
    await writeFile(
        join(out, 'dist/meta.json'),
        JSON.stringify({...built.metafile, pictures: {first: first.url, later: later.url}}),
    );
    await writeTable(out, assets);
}

await main();
