/* The start page: the name of the practice, and the two ways on. */
import {html, nothing, render} from 'lit/html.js';
import {makeApi} from '../core/api.js';
import {COMMON} from '../ui/common_texts.js';
import {find} from '../ui/dom.js';
import {icon} from '../ui/icon.js';
import {sayBroken} from '../ui/page.js';
import {loadTexts, sentLanguage, t} from '../ui/texts.js';
import {ADMIN_TEXTS} from './admin_texts.js';
import {doorBrand} from './door_brand.js';
import {languageButtons} from './language_buttons.js';
import {phoneLine} from './phone_line.js';

/** @typedef {import('./types.js').PracticeFacts} PracticeFacts */

const root = find('#app', HTMLElement);
/** The facts that the server has put into the page; the rest follows. @type {PracticeFacts} */
let practice = {practice: document.body.dataset['practice'] ?? '', phone: document.body.dataset['phone'] ?? ''};

/** Whether a person is signed in here; only the label of one button depends on it. */
let signedIn = false;

/** @param {string} [trouble] key of the message why another language could not be loaded */
function draw(trouble = '') {
    document.title = practice.practice ? `${practice.practice} – ${t('home.title')}` : t('home.title');
    render(
        html`
            <a class="skip-link" href="#main">${t('skip')}</a>
            <div class="door home">
                ${doorBrand(practice.practice, 56)}
                <main id="main" class="home-main" tabindex="-1">
                    <div class="home-words">
                        <h1>${t('home.title')}</h1>
                        <p>${t('home.text')}</p>
                    </div>
                    ${practice.set_up === false ? setupCard() : cards()}
                    <p class="home-private muted">${icon('shield-check')}<span>${t('home.private')}</span></p>
                </main>
                <footer class="door-foot">
                    ${languageButtons(draw)}
                    ${trouble ? html`<p class="notice warn" role="alert">${t(trouble)}</p>` : nothing}
                    ${phoneLine(practice.phone)}
                </footer>
            </div>`,
        root,
    );
}

const cards = () => html`
    <div class="home-cards">
        <section class="card stack" aria-labelledby="guest-title">
            <span class="empty-picture">${icon('video')}</span>
            <h2 id="guest-title">${t('home.guest_title')}</h2>
            <p class="muted">${t('home.guest_text')}</p>
        </section>
        <section class="card stack" aria-labelledby="staff-title">
            <span class="empty-picture">${icon('log-in', 'mirrored')}</span>
            <h2 id="staff-title">${t('home.staff_title')}</h2>
            <p class="muted">${t('home.staff_text')}</p>
            <a class="button primary" href=${signedIn ? '/app' : '/signin'}>${t(signedIn ? 'home.to_app' : 'signin.title')}</a>
        </section>
    </div>`;

const setupCard = () => html`
    <section class="card stack" aria-labelledby="setup-title">
        <span class="empty-picture">${icon('key')}</span>
        <h2 id="setup-title">${t('home.setup_title')}</h2>
        <p class="muted">${t('home.setup_text')}</p>
    </section>`;

/** Fetches the facts from the server; without an answer the page stays as it is. */
async function learn() {
    const api = makeApi();
    const [facts, session] = await Promise.allSettled([api.get('/public'), api.get('/session')]);

    if (facts.status === 'fulfilled') practice = facts.value;
    signedIn = session.status === 'fulfilled';
    draw();
}

await loadTexts(sentLanguage(), [COMMON, ADMIN_TEXTS]).catch(e => {
    sayBroken();
    throw e;
});
draw();
await learn();
