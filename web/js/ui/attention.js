// Calls the person back to the page: a sound, a title that changes, a buzz; and keeps the screen on meanwhile.
// Each has a visible counterpart, and none moves for people who asked for less motion.

import {cameBack} from '../core/admitting.js';
import {Awake} from '../core/awake.js';
import {playChime} from './chime.js';
import {clock} from './page.js';
import {t} from './texts.js';

/** @typedef {import('../core/call.js').Call} Call */

const TITLE_MS = 1_200;
/** @type {number | undefined} */
let blinking;
let plainTitle = '';

/** @param {Call} before  @param {Call} now */
export function attend(before, now) {
    const admitted = before.phase === 'waiting' && now.phase === 'incall';
    const arrived = now.host && now.phase === 'incall' && cameBack(before.people, now.people, clock.wall()).length > 0;
    const message = now.phase === 'waiting' && now.chat.length > before.chat.length && now.chat.at(-1)?.mine === false;
    if (!admitted && !arrived && !message) return;
    playChime(now.local.speakerId);
    if (admitted) navigator.vibrate?.([200, 100, 200]);
    if (document.hidden) blink(t(admitted ? 'title.admitted' : arrived ? 'title.arrived' : 'title.message'));
}

/** @param {string} words */
function blink(words) {
    clearInterval(blinking);
    plainTitle ||= document.title;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    document.title = words;
    if (!still)
        blinking = setInterval(() => (document.title = document.title === words ? plainTitle : words), TITLE_MS);
    document.addEventListener('visibilitychange', stopBlinking);
}

function stopBlinking() {
    if (document.hidden) return;
    clearInterval(blinking);
    document.title = plainTitle;
    plainTitle = '';
    document.removeEventListener('visibilitychange', stopBlinking);
}

/** Phases in which a screen that goes dark would end the wait or the call on a phone. */
const LIT = new Set(['connecting', 'waiting', 'incall']);

const awake = new Awake({
    clock,
    visible: () => !document.hidden,
    request: navigator.wakeLock && (() => navigator.wakeLock.request('screen')),
});

/** @param {Call} now */
export const keepAwake = now => awake.want(LIT.has(now.phase));

/** The page is visible again. */
export const awakeAgain = () => awake.tryNow();
