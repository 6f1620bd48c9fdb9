// How our voice is sent: what the other side's description tells our browser about it. The voice comes before the picture. Pure.

/** @typedef {{twice: boolean, kbit: number, sparing: boolean}} Sound
 *  twice: every packet carries the one before as well. kbit: of the voice. sparing: little is sent in silence */

/** From this loss on the voice is sent twice, until it has been below the other for a while. */
const LOSSY = 0.03;
const CLEAN = 0.01;
/** Twice the sound wants so much room beside it, in bit/s: on a line that is full it would only be lost more often. */
const ROOM = 100_000;
const ROOM_STILL = 40_000;
/** @type {Sound} */
export const USUAL = {twice: false, kbit: 32, sparing: false};

/** @param {Sound} before  @param {{loss: number, room: number, thin: boolean, low: boolean}} facts room: as the ladder's; thin: the picture is small for want of room; low: the person wants
 *  little data to be used  @returns {Sound} */
export function soundFor(before, {loss, room, thin, low}) {
    const fits = room === 0 || room >= (before.twice ? ROOM_STILL : ROOM);
    const twice = fits && loss >= (before.twice ? CLEAN : LOSSY);
    const kbit = low ? 20 : twice || thin ? 24 : USUAL.kbit;
    return {twice, kbit, sparing: low && !twice}; // of few packets none may be lost
}

/** @param {Sound} a  @param {Sound} b */
export const sameSound = (a, b) => a.twice === b.twice && a.kbit === b.kbit && a.sparing === b.sparing;

/** The description with these wishes in it; `most`: what the picture may take at most, in kbit/s.
 *  @param {string} sdp  @param {Sound} sound  @param {number} most */
export function withWishes(sdp, sound, most) {
    const [session, ...sections] = sdp.split(/^(?=m=)/m);
    let video = true; // the first: the camera
    return [
        session,
        ...sections.map(section => {
            if (section.startsWith('m=audio')) return withSound(section, sound);
            if (!section.startsWith('m=video') || !video) return section;
            video = false;
            return section.replace(/^b=AS:.*\r\n/m, '').replace(/^(c=.*\r\n)/m, `$1b=AS:${most}\r\n`);
        }),
    ].join('');
}

/** @param {string} section  @param {Sound} sound */
function withSound(section, {twice, kbit, sparing}) {
    const opus = /^a=rtpmap:(\d+) opus\//im.exec(section)?.[1];
    if (!opus) return section;
    const red = twice && /^a=rtpmap:(\d+) red\/48000/im.exec(section)?.[1];
    const wishes = [`maxaveragebitrate=${1000 * kbit}`, 'useinbandfec=1', ...(sparing ? ['usedtx=1'] : [])];
    const kept = (/** @type {string} */ all) =>
        all.split(';').filter(p => !/^\s*(maxaveragebitrate|useinbandfec|usedtx)=/.test(p));
    const written = section.replace(
        new RegExp(`^a=fmtp:${opus} (.*?)\r\n`, 'm'),
        (_, all) => `a=fmtp:${opus} ${[...kept(all), ...wishes].join(';')}\r\n`,
    );
    return red ? first(written, red) : written;
}

/** The payload type that is sent is the first one. @param {string} section  @param {string} type */
const first = (section, type) =>
    section.replace(
        /^(m=audio \S+ \S+) (.*?)\r\n/,
        (_, head, types) =>
            `${head} ${[type, ...types.split(' ').filter((/** @type {string} */ t) => t !== type)].join(' ')}\r\n`,
    );
