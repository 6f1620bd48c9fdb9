/* Ways to notice an arrival: a chime (with a visible counterpart on the page), the count in the title,
 * a notification of the desktop. None of them carries a name: screens are seen by others. */
import {kept} from '../ui/page.js';

/** Two soft notes, a fifth apart: heard, not startling. Hz and seconds from the start. */
const NOTES = [
    {hz: 587.33, atS: 0},
    {hz: 880, atS: 0.18},
];
const NOTE_S = 0.5;
const LOUDNESS = 0.12;

/** @type {AudioContext | null} */
let audio = null;

/** The chime's context, made on first use: browsers start sound only after a press somewhere on the page. */
function audioContext() {
    audio ??= new AudioContext();
    return audio;
}

/** @returns {Promise<boolean>} whether it could be heard */
export async function chime() {
    const context = audioContext();

    await Promise.race([context.resume(), new Promise(done => setTimeout(done, 200))]);
    if (context.state !== 'running') return false;
    for (const note of NOTES) {
        const fromS = context.currentTime + note.atS;
        const tone = new OscillatorNode(context, {type: 'sine', frequency: note.hz});
        const loudness = new GainNode(context, {gain: 0});

        loudness.gain.linearRampToValueAtTime(LOUDNESS, fromS + 0.02);
        loudness.gain.exponentialRampToValueAtTime(0.0001, fromS + NOTE_S);
        tone.connect(loudness).connect(context.destination);
        tone.start(fromS);
        tone.stop(fromS + NOTE_S);
    }
    return true;
}

/** @returns {'default' | 'granted' | 'denied' | 'unsupported'} */
export function notifyState() {
    return 'Notification' in globalThis ? Notification.permission : 'unsupported';
}

/**
 * Shows a notification while the page is out of sight.
 * @param {string} title  @param {string} body
 */
export function notify(title, body) {
    if (notifyState() !== 'granted' || document.visibilityState === 'visible') return;
    try {
        const shown = new Notification(title, {body, tag: 'parlour-waiting'});

        shown.onclick = () => {
            window.focus();
            shown.close();
        };
    } catch {
        // Android's browsers only allow this from a service worker; chime and title remain
    }
}

/** A switch kept in this browser. @param {string} name  @param {boolean} unset  @returns {boolean} */
export function readSwitch(name, unset) {
    const on = kept.getItem(`parlour.${name}`);

    return on === null ? unset : on === 'on';
}

/** @param {string} name  @param {boolean} on */
export function writeSwitch(name, on) {
    kept.setItem(`parlour.${name}`, on ? 'on' : 'off');
}
