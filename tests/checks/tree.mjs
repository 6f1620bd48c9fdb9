// tree.mjs - the files of the project, for the checks of this folder.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, extname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const NOT_OURS = new Set(['.git', 'build', 'data', 'node_modules', 'dist']);

function* walk(folder) {
    for (const entry of readdirSync(folder, {withFileTypes: true})) {
        if (NOT_OURS.has(entry.name)) continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) yield* walk(path);
        else if (entry.isFile()) yield relative(ROOT, path);
    }
}

export const FILES = [...walk(ROOT)].sort();
export const read = file => readFileSync(join(ROOT, file), 'utf8');
export const filesIn = (folder, ...extensions) => FILES.filter(file => file.startsWith(`${folder}/`) && (extensions.length === 0 || extensions.includes(extname(file))));
export const isText = file => !['.png', '.ico', '.woff2', '.jpg', '.webp', '.gz', '.br', '.svg'].includes(extname(file)) && !file.includes('/corpus/');

/** "file:line: text" for each line of the files for which `wrong(line, file)` says what is wrong with it. */
export function findLines(files, wrong) {
    return files.flatMap(file =>
        read(file)
            .split('\n')
            .flatMap((line, index) => {
                const what = wrong(line, file);
                return what ? [`${file}:${index + 1}: ${what === true ? line.trim().slice(0, 160) : what}`] : [];
            }),
    );
}
