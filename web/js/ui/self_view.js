// Ourselves in a corner of the call: dragged with a finger or mouse, moved with the arrow keys, never out of the stage.

import {html, nothing} from 'lit/html.js';
import {camLooks, micLooks} from '../core/call.js';
import {opening} from './check.js';
import {icon} from './icon.js';
import {initials} from './initials.js';
import {t} from './texts.js';
import {selfVideo} from './videos.js';

const STEP_PX = 32;
const MARGIN_PX = 12;

/** Where it stands, as an offset from its corner; kept while the page lives. */
const place = {x: 0, y: 0};

/** @param {import('../core/call.js').Call} call  @param {import('./ui.js').Ui} ui */
export function selfView(call, ui) {
    if (ui.hideSelf) return nothing;
    const cam = camLooks(call);
    return html`<div class="self-view" tabindex="0" role="group" aria-label=${t('self.label')} aria-describedby="self-help"
        @keydown=${onKey} @pointerdown=${onDown}>
        ${cam === 'on' ? selfVideo(ui) : html`<div class="no-picture">${cam === 'opening' ? opening() : initials(call.name)}</div>`}
        ${micLooks(call) !== 'off' ? nothing : html`<span class="self-muted">${icon('mic-off')}<span>${t('self.muted')}</span></span>`}
        <span id="self-help" class="visually-hidden">${t('keys.self_view')}</span>
    </div>`;
}

/** After a drawing: a new element stands where the old one stood, and the stage may be smaller now. @param {ParentNode} root */
export function settleSelfView(root) {
    const el = root.querySelector('.self-view');
    if (el instanceof HTMLElement) moveTo(el, place.x, place.y);
}

/** @param {HTMLElement} el  @param {number} x  @param {number} y  px from its corner */
function moveTo(el, x, y) {
    const stage = el.parentElement?.getBoundingClientRect();
    const own = el.getBoundingClientRect();
    if (!stage || !own.width) return;
    // Its corner is the one at the end of the line and the bottom, so it moves back towards the start and up.
    const rtl = document.documentElement.dir === 'rtl';
    const maxX = Math.max(0, stage.width - own.width - 2 * MARGIN_PX);
    const maxY = Math.max(0, stage.height - own.height - 2 * MARGIN_PX);
    place.x = rtl ? clamp(x, 0, maxX) : clamp(x, -maxX, 0);
    place.y = clamp(y, -maxY, 0);
    el.style.setProperty('--x', `${place.x}px`);
    el.style.setProperty('--y', `${place.y}px`);
}

/** @param {number} v  @param {number} low  @param {number} high */
const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

/** @type {Record<string, [number, number]>} */
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** @param {KeyboardEvent} e */
function onKey(e) {
    const arrow = ARROWS[e.key];
    if (!arrow) return;
    e.preventDefault();
    moveTo(/** @type {HTMLElement} */ (e.currentTarget), place.x + arrow[0] * STEP_PX, place.y + arrow[1] * STEP_PX);
}

/** @param {PointerEvent} e */
function onDown(e) {
    const el = /** @type {HTMLElement} */ (e.currentTarget);
    const from = {x: e.clientX - place.x, y: e.clientY - place.y};
    const moved = (/** @type {PointerEvent} */ m) => moveTo(el, m.clientX - from.x, m.clientY - from.y);
    el.setPointerCapture(e.pointerId);
    el.addEventListener('pointermove', moved);
    const done = () => el.removeEventListener('pointermove', moved);
    el.addEventListener('pointerup', done, {once: true});
    el.addEventListener('pointercancel', done, {once: true});
}
