// Where the time between the press and the first picture goes: `mark` runs in a page before its scripts and notes when
// the messages of a first connection pass its socket; `stages` puts the medians of all rounds in order.
import {median} from './lib.mjs';

/** Runs in the page. Times are wall-clock times, so that two pages can be compared. */
export function mark() {
    const seen = (window.testMarks = {});
    const note = what => (seen[what] ??= performance.timeOrigin + performance.now());
    const named = (message, way) => note(`${message.data?.description?.type ?? message.event ?? message.type} ${way}`);
    const Native = window.WebSocket;
    window.WebSocket = class extends Native {
        constructor(...args) {
            super(...args);
            this.addEventListener('message', ({data}) => named(JSON.parse(data), 'here'));
        }
        send(data) {
            named(JSON.parse(data), 'sent');
            super.send(data);
        }
    };
}

/** The stages that are reported, in this order. */
const STAGES = [
    ['guest', 'join sent', 'token'],
    ['guest', 'welcome here', 'welcome'],
    ['guest', 'offer sent', 'offer sent'],
    ['host', 'offer here', 'host has it'],
    ['host', 'answer sent', 'answer sent'],
    ['guest', 'answer here', 'guest has it'],
];

/** One line: the median of each stage in ms after the press. @param {{at: number, marks: {guest: object, host: object}}[]} rounds */
export const stages = rounds =>
    STAGES.map(([who, what, words]) => `${words} ${median(rounds.map(({at, marks}) => marks[who][what] - at)).toFixed(0)}`).join(', ');
