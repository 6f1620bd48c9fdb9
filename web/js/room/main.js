// Starts the room page: shows the invitation at once, and fetches the call only when it is wanted.
// After a reload in the middle of a visit it goes straight on to the call.
import {makeApi} from '../core/api.js';
import {LANGUAGES} from '../core/i18n.js';
import {codeFrom, slugFrom} from '../core/invitation.js';
import {makePlace} from '../core/place.js';
import {COMMON} from '../ui/common_texts.js';
import {find} from '../ui/dom.js';
import {clock, keptInTab, part, sayBroken} from '../ui/page.js';
import {loadTexts, sentLanguage} from '../ui/texts.js';
import {Landing} from './landing.js';

/** @type {import('../ui/texts.js').Source} */
const TEXTS = {
    en: () => import('../../lang/en/landing.json'),
    ar: () => import('../../lang/ar/landing.json'),
};

const {code, inPath} = codeFrom(location);
// A code in the path would stay in histories and logs: the fragment never leaves this browser.
if (inPath) history.replaceState(null, '', `/j/#${code}`);

// Another link that is opened in this tab changes nothing but the fragment, and is another visit.
addEventListener('hashchange', () => location.reload());
// So the skip link past the header must leave it alone.
find('.skip-link', HTMLElement).addEventListener('click', e => {
    e.preventDefault();
    for (const main of document.querySelectorAll('main')) if (main.getClientRects().length) main.focus();
});

const slug = slugFrom(location);
const place = makePlace({storage: keptInTab, address: () => location.pathname + location.hash});
const api = makeApi({clock});

/** The code of the call, fetched once. */
const loadApp = () => part(() => import('./start.js'));

/** @param {import('../core/invitation.js').Invitation | null} invitation */
async function startApp(invitation) {
    const {start} = await loadApp();
    await start({api, place, invitation, slug, landing});
}

const landing = new Landing({
    api,
    clock,
    code,
    warm: () => loadApp().catch(() => undefined),
    go: startApp,
    languages: Object.entries(LANGUAGES).map(([id, {name}]) => ({id, name})),
});

const demo = __DEMO__ ? new URLSearchParams(location.search).get('demo') : null;
/** The first screen; without its texts nothing makes sense. */
async function begin() {
    await loadTexts(sentLanguage(), [COMMON, TEXTS]);
    if (__DEMO__ && demo) {
        const {startDemo} = await import('./demo.js');
        await startDemo(demo, landing);
    } else if (slug || place.read() || !isSecureContext) {
        landing.show(false);
        await startApp(null);
    } else {
        await landing.start();
    }
}

begin().catch(e => {
    landing.show(true);
    sayBroken();
    throw e;
});
