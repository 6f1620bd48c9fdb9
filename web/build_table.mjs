// Writes the built files as a C table and an assembler file, so that they travel inside the server's binary.
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const FORMS = [
    ['identity', ''],
    ['gzip', '.gz'],
    ['brotli', '.br'],
];

/** A C string literal; the texts are ours and plain. @param {string} s */
const literal = s => `"${s.replace(/["\\]/g, '\\$&')}"`;

/** @param {string} out folder  @param {any[]} assets sorted by path, bytes in identity, gzip, brotli (null: not kept) */
export async function writeTable(out, assets) {
    const code = ['/* made by web/build.mjs */', '    .section .rodata'];
    const names = [];
    const rows = assets.map((a, i) => {
        const forms = FORMS.map(([form, suffix]) => {
            if (!a[form]) return '{NULL, 0}';
            const symbol = `asset_${i}_${form}`;
            const file = join(out, 'dist', a.path + suffix);
            code.push(`    .global ${symbol}`, '    .balign 16', `${symbol}:`, `    .incbin ${literal(file)}`);
            names.push(`extern const unsigned char ${symbol}[];`);
            return `{${symbol}, ${a[form].length}}`;
        });
        return `    {${literal(a.path)}, ${literal(a.type)}, ${literal(a.etag)}, ${literal(a.csp_hash)}, ${a.immutable}, ${a.page},\n     ${forms.join(', ')}},`;
    });
    code.push('    .section .note.GNU-stack,"",@progbits', '');
    await writeFile(join(out, 'assets.S'), code.join('\n'));
    await writeFile(
        join(out, 'assets.c'),
        `/* made by web/build.mjs */\n#include "http/http_assets.h"\n\n#include <stddef.h>\n\n${names.join('\n')}\n\nconst struct asset ASSETS[] = {\n${rows.join('\n')}\n    {0},\n};\n`,
    );
}
