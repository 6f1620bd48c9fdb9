// How large a picture the line carries. Pure: measured facts in, the rung out. Down at once, up after a while without trouble, and to a
// rung that has just failed only after a longer one. Where the browser has an estimate of the line it decides; otherwise loss, delay and
// missing frames do.

/** @typedef {{height: number, fps: number, bitrate: number}} Rung the shorter side, at most so many frames per second and bit/s */
/**
 * @typedef {object} Facts of one direction: what we send to one person
 * @property {number} at clock time
 * @property {number} room what the line carries beside the sound, in bit/s; 0: not known
 * @property {number} loss the part of our packets that did not arrive, 0 to 1
 * @property {number} delayMs the round trip, above the shortest one seen
 * @property {boolean} starved much fewer frames leave than the camera gives
 *
 * @typedef {object} Step
 * @property {number} rung index into RUNGS; OFF: no picture
 * @property {number} at clock time of the last change
 * @property {boolean} rose the last change was upwards
 * @property {number} waitMs before the next step up
 * @property {number} roseWith the room at the last step up
 * @property {number} failedWith the room at the last step up that was wrong; 0: none was
 * @property {number} calmSince clock time; 0: there is trouble now
 * @property {number} badSince clock time of the trouble, without an estimate; 0: none
 * @property {number} drySince clock time since when the line is too weak for the smallest picture; 0: it is not
 * @property {number} quietUntil clock time until which no picture is sent, so that a line that broke in takes the sound at once
 * @property {number} offMs how long the picture is off before it is tried again
 */

/** The largest first. @type {readonly Rung[]} */
export const RUNGS = [
    {height: 720, fps: 30, bitrate: 1_700_000},
    {height: 540, fps: 30, bitrate: 900_000},
    {height: 360, fps: 25, bitrate: 450_000},
    {height: 270, fps: 20, bitrate: 250_000},
    {height: 180, fps: 12, bitrate: 120_000},
];
export const LAST = RUNGS.length - 1;
export const OFF = RUNGS.length;
/** With less than this a rung looks worse than the next one below, in bit/s. */
const NEEDS = [800_000, 450_000, 230_000, 110_000, 0];
/** A step up wants this much more than it needs. */
const MARGIN = 1.15;
/** With less than this for so long there is no picture, so that the sound gets through. */
const FLOOR = 60_000;
const DRY_MS = 8_000;
const WAIT_MS = 3_000;
/** A look at what more the line would carry costs it a moment. */
export const LOOK_MS = 2_000;
export const LOOK_MOST_MS = 8_000;
/** Room that is so many times what is sent at most has been found by a look. */
const FOUND = 1.6;
/** It is another line than the one on which a step up failed. */
const ANOTHER = 2;
/** A step up to what has been found needs no more patience than this after another one, and this after a step down: estimates lag. */
const FOUND_MS = 1_000;
const LAG_MS = 2_000;
const WAIT_MOST_MS = 30_000;
/** A step up that has to be taken back so soon was wrong. */
const WRONG_MS = 10_000;
const OFF_MS = 15_000;
const OFF_MOST_MS = 120_000;
const CALM = {loss: 0.02, delayMs: 120};
const BAD = {loss: 0.1, delayMs: 400};
/** Trouble counts after this long. */
const BAD_MS = 1_000;
/** With more loss than BAD the picture is at most this large: fewer packets, and more of the line for the sound. */
const LOSSY_RUNG = 2;

/** @param {number} at  @param {number} [rung]  @returns {Step} */
export const firstStep = (at, rung = 0) => ({
    rung,
    at,
    rose: false,
    waitMs: WAIT_MS,
    roseWith: 0,
    failedWith: 0,
    calmSince: at,
    badSince: 0,
    drySince: 0,
    quietUntil: 0,
    offMs: OFF_MS,
});

/** @param {number} room */
const fit = room => NEEDS.findIndex(need => room >= need);

/** @param {Step} before  @param {Facts} facts  @param {number} [best] the largest rung that is wanted  @returns {Step} */
export function climb(before, facts, best = 0) {
    const {at, loss, delayMs, room, starved} = facts;
    const calm = loss <= CALM.loss && delayMs <= CALM.delayMs && (room > 0 || !starved);
    const bad = loss >= BAD.loss || delayMs >= BAD.delayMs || starved;
    const s = {...before, calmSince: calm ? before.calmSince || at : 0, badSince: bad ? before.badSince || at : 0};
    if (s.rung === OFF) return at - s.at >= s.offMs ? again(s, at) : s;
    const top = loss >= BAD.loss ? Math.max(best, LOSSY_RUNG) : best;
    if (s.rung < top) return moved(s, top, at);
    return room > 0 ? byRoom(s, facts, top) : byTrouble(s, at, top);
}

/** The person, or time, wants to try a picture again. @param {Step} s  @param {number} at  @returns {Step} */
export const again = (s, at) => ({...s, rung: LAST, at, rose: true, drySince: 0, badSince: 0, calmSince: 0});

/** The line was found to carry so much beside the sound. @param {Step} s  @param {number} room  @param {number} at  @returns {Step} */
export function fallTo(s, room, at) {
    const rung = Math.min(fit(room), LAST);
    return rung > s.rung ? moved(s, rung, at) : s;
}

/** Whether a look at what more the line would carry is worth it. After a step up the next comes soon, after one in vain later.
 *  @param {Step} s  @param {number} at  @param {number} best  @param {{lookedAt: number, lookMs: number}} looks */
export const wantsLook = (s, at, best, {lookedAt, lookMs}) =>
    s.rung > best &&
    s.rung < OFF &&
    s.calmSince > 0 &&
    at - Math.max(s.calmSince, s.at, lookedAt) >= (s.rose ? LOOK_MS / 2 : lookMs);

/** @param {Step} s  @param {Facts} facts  @param {number} top  @returns {Step} */
function byRoom(s, {at, room}, top) {
    const lowest = fit(room);
    if (lowest > s.rung) return {...moved(s, lowest, at), quietUntil: at + quietMs(lowest - s.rung)};
    const dry = s.rung === LAST && room < FLOOR;
    const drySince = dry ? s.drySince || at : 0;
    if (dry && at - drySince >= DRY_MS) return off(s, at);
    const higher = Math.max(top, fit(room / MARGIN));
    const patience = isFound(s, room) ? (s.rose ? FOUND_MS : LAG_MS) : s.waitMs - 1_000;
    const rises = higher < s.rung && s.calmSince > 0 && at - s.at >= patience;
    return rises ? {...moved(s, higher, at), roseWith: room} : {...s, drySince};
}

/** @param {Step} s  @param {number} room */
const isFound = (s, room) => room >= Math.max(FOUND * (RUNGS[s.rung]?.bitrate ?? 0), ANOTHER * s.failedWith);

/** What is on its way already is too much for the line, and a new size begins with a large frame. @param {number} fall in rungs */
const quietMs = fall => (fall > 2 ? 1_000 : 0);

/** Without an estimate: a rung at a time. @param {Step} s  @param {number} at  @param {number} top  @returns {Step} */
function byTrouble(s, at, top) {
    const bad = s.badSince > 0 && at - s.badSince >= BAD_MS;
    if (bad && s.rung === LAST) return at - Math.max(s.badSince, s.at) >= DRY_MS ? off(s, at) : s;
    if (bad && at - s.at > BAD_MS) return moved(s, s.rung + 1, at);
    const calm = s.calmSince > 0 && at - Math.max(s.calmSince, s.at) >= s.waitMs;
    return calm && s.rung > top ? moved(s, s.rung - 1, at) : s;
}

/** @param {Step} s  @param {number} rung  @param {number} at  @returns {Step} */
function moved(s, rung, at) {
    const rose = rung < s.rung;
    const wrong = !rose && s.rose && at - s.at < WRONG_MS;
    const held = s.rose && at - s.at >= WAIT_MOST_MS;
    const waitMs = wrong ? Math.min(2 * s.waitMs, WAIT_MOST_MS) : held ? WAIT_MS : s.waitMs;
    const failedWith = wrong ? s.roseWith : held ? 0 : s.failedWith;
    return {...s, rung, at, rose, waitMs, failedWith, drySince: 0, offMs: rung < LAST ? OFF_MS : s.offMs};
}

/** @param {Step} s  @param {number} at  @returns {Step} */
const off = (s, at) => ({
    ...s,
    rung: OFF,
    at,
    rose: false,
    drySince: 0,
    offMs: s.rose ? Math.min(2 * s.offMs, OFF_MOST_MS) : s.offMs,
});
