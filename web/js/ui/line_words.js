// What the check of a waiting guest's line found, in words for the host.

/** @type {Record<string, {icon: string, kind: '' | 'ok' | 'warn'}>} */
const LOOKS = {
    good: {icon: 'signal-high', kind: 'ok'},
    relay: {icon: 'signal-high', kind: 'ok'},
    direct: {icon: 'signal-medium', kind: 'warn'},
    weak: {icon: 'signal-low', kind: 'warn'},
    none: {icon: 'triangle-alert', kind: 'warn'},
};

/** Null: nothing is known. @param {import('../core/protocol.js').Status | undefined} status  @returns {{icon: string, kind: '' | 'ok' | 'warn', key: string} | null} */
export function lineWords(status) {
    const check = status?.check ?? '';
    const looks = Object.hasOwn(LOOKS, check) ? LOOKS[check] : null;
    return looks ? {...looks, key: `line.${check}`} : null;
}
