// The single objects of a page: its clock, its loader of parts, and its storage in the browser.
import {systemClock} from '../core/clock.js';
import {makeParts} from '../core/parts.js';
import {safeStorage} from '../core/storage.js';
import {find} from './dom.js';

export const clock = systemClock();

const script = document.querySelector('script[type=module][src]');

export const {part, busyWhen} = makeParts({
    page: script?.getAttribute('src') ?? '',
    history,
    reachable: () =>
        fetch(location.pathname, {cache: 'no-store'}).then(
            answer => answer.ok,
            () => false,
        ),
    reload: () => location.reload(),
});

export const kept = safeStorage(() => localStorage);
/** For the life of the tab. */
export const keptInTab = safeStorage(() => sessionStorage);

const YEAR_S = 365 * 86_400;

/** A value that the server needs before it sends a page; where cookies are blocked it is forgotten. @param {string} name  @param {string} value */
export function tellServer(name, value) {
    const secure = location.protocol === 'https:' ? ';secure' : '';
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing below Safari 18.4 and Firefox 140
    document.cookie = `${name}=${value};path=/;max-age=${YEAR_S};samesite=lax${secure}`;
}

/** Whether the server will know this browser again. */
export const cookiesWork = () => navigator.cookieEnabled && keptInTab.works;

/** Not even the texts could be fetched: those in the page itself report it. */
export function sayBroken() {
    find('#broken', HTMLElement).hidden = false;
    find('#broken button', HTMLElement).addEventListener('click', () => location.reload());
}
