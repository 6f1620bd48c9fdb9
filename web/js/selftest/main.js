// Starts the page /check: the self test of a device and its network, for everybody, with an invitation (`/check#<code>`) or without.
import {html, nothing, render} from 'lit/html.js';
import {doorBrand} from '../admin/door_brand.js';
import {languageButtons} from '../admin/language_buttons.js';
import {phoneLine} from '../admin/phone_line.js';
import {makeApi} from '../core/api.js';
import {Devices} from '../core/devices.js';
import {codeFrom} from '../core/invitation.js';
import {MicMeter} from '../core/meter.js';
import {playChime} from '../ui/chime.js';
import {COMMON} from '../ui/common_texts.js';
import {find} from '../ui/dom.js';
import {clock, sayBroken} from '../ui/page.js';
import {loadTexts, sentLanguage, t} from '../ui/texts.js';
import {SelfTest} from './selftest.js';
import {SELFTEST_TEXTS} from './selftest_texts.js';
import {testCard} from './view.js';

const root = find('#app', HTMLElement);
const {practice = '', phone = ''} = document.body.dataset;

/** @param {string} path */
function open(path) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url, ['parlour.v1']);
}

/** @param {number} level */
function showLevel(level) {
    const bar = root.querySelector('.selftest-bar');
    if (bar instanceof HTMLElement) bar.style.setProperty('--level', level.toFixed(2));
}

const test = new SelfTest({
    clock,
    env: window,
    devices: new Devices({media: navigator.mediaDevices, permissions: navigator.permissions}),
    meter: onLevel => new MicMeter({clock, context: () => new AudioContext(), onLevel, onSilent: () => undefined}),
    onLevel: showLevel,
    chime: playChime,
    api: makeApi({clock}),
    open,
    connect: config => new RTCPeerConnection(config),
    code: codeFrom(location).code,
    changed: () => draw(),
});

/** @param {string} [trouble] key of the message why another language could not be loaded */
function draw(trouble = '') {
    document.title = practice ? `${t('selftest.title')} – ${practice}` : t('selftest.title');
    document.body.dataset['state'] = test.phase;
    render(
        html`
            <a class="skip-link" href="#main">${t('skip')}</a>
            <div class="door">
                ${doorBrand(practice)}
                <main id="main" class="selftest-main" tabindex="-1">${testCard(test)}</main>
                <footer class="door-foot">
                    ${languageButtons(draw)}
                    ${trouble ? html`<p class="notice warn" role="alert">${t(trouble)}</p>` : nothing}
                    ${phoneLine(phone)}
                </footer>
            </div>`,
        root,
    );
}

await loadTexts(sentLanguage(), [COMMON, SELFTEST_TEXTS]).catch(e => {
    sayBroken();
    throw e;
});
draw();
