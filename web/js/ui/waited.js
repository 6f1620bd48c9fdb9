// How long a guest has waited, as hosts read it.
import {t} from './texts.js';

/** @param {{since: string}} p  @param {number} now by the server's clock */
export function waitedWords(p, now) {
    const minutes = Math.floor((now - (Date.parse(p.since) || now)) / 60_000);
    return minutes < 1 ? t('people.just_came') : t('people.waits', {n: minutes});
}
