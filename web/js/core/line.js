// A peer connection before anybody is there to talk to: tracks on it, the first offer written. Making one takes a phone
// tenths of a second, so it is done while the person looks at the self-view, waits, or is alone inside. It sends nothing and
// gathers no addresses: that begins with the first description, which peer.js sets when another person is inside.

/** @typedef {'audio' | 'camera' | 'screen'} Source */
/** @typedef {Record<Source, MediaStreamTrack | null>} Sources */
/** @typedef {{connect: (config: RTCConfiguration) => RTCPeerConnection, makeStream: () => MediaStream}} LineDeps */

/**
 * @typedef {object} Line
 * @property {RTCPeerConnection} pc
 * @property {boolean} offerer
 * @property {MediaStream} outgoing the stream of both tracks of a person, so that sound and picture stay together
 * @property {RTCDataChannel} ctl part of the plan of m-lines, so that later uses need no negotiation
 * @property {RTCSessionDescriptionInit | null} offer written ahead
 * @property {boolean} begun the first offer is made: one that is still being written comes too late
 * @property {boolean} whole answerer's: sound and picture hang on it already, so an offer can be answered in one go
 * @property {Wish} wish how the camera is to be sent
 * @property {Promise<void>} shaping the wish is being given to the browser
 */

/**
 * How the camera is to be sent. Several have a say: each sets its own fields, and `shape` alone talks to the browser.
 * @typedef {object} Wish
 * @property {boolean} [held] nothing gets through now (features/recovery)
 * @property {boolean} [paused] the line is too weak for a picture (features/adaptation)
 * @property {number} [scale] the picture is so many times smaller than the camera's
 * @property {number} [bitrate] at most, in bit/s
 * @property {number} [fps] at most; 0: as many as the camera gives
 */

/** The plan of m-lines, in order. @type {readonly Source[]} */
const PLAN = ['audio', 'camera', 'screen'];

const CAMERA_BITRATE = 1_700_000;
/**
 * The first picture is a quarter as wide and as high. Browsers begin with 300 kbit/s and, until they know the line better, throw away
 * every frame that is too large for that: four of them at 1280×720, which is a quarter of a second. A small key frame also
 * passes a thin line at once. The full size follows as soon as the line is known (`grow`).
 */
const FIRST_SCALE = 4;
/** Lines slower than this get half the size for a while longer, in bit/s. */
const FULL_SIZE_FROM = 700_000;

/** @param {LineDeps} deps  @param {{offerer: boolean, config: RTCConfiguration, sources: Sources, wish?: Wish}} options  @returns {Line} */
export function makeLine(deps, {offerer, config, sources, wish}) {
    const pc = deps.connect(config);
    const outgoing = deps.makeStream();
    const whole = offerer ? layOut(pc, sources, outgoing) : attach(pc, sources, outgoing);
    const ctl = pc.createDataChannel('ctl', {negotiated: true, id: 0});
    const first = {bitrate: CAMERA_BITRATE, ...wish, scale: FIRST_SCALE};
    const line = {
        pc,
        offerer,
        outgoing,
        ctl,
        whole,
        offer: null,
        begun: false,
        wish: first,
        shaping: Promise.resolve(),
    };
    shape(line);
    return line;
}

/** Writes the first offer ahead. Switching or muting a device before its use leaves it valid. @param {Line} line */
export async function writeAhead(line) {
    if (!line.offerer) return;
    const offer = await line.pc.createOffer();
    if (!line.begun) line.offer = offer;
}

/** Takes effect the next time candidates are gathered; throws when it cannot. @param {RTCPeerConnection} pc  @param {RTCConfiguration} config */
export function configure(pc, config) {
    const {certificates: _, ...rest} = config;
    pc.setConfiguration({...pc.getConfiguration(), ...rest});
}

/** @param {RTCPeerConnection} pc  @param {Source} source */
export const transceiverOf = (pc, source) => pc.getTransceivers()[PLAN.indexOf(source)];

/** The offerer's m-lines. Screen is there from the start, so that sharing needs no new one.
 *  @param {RTCPeerConnection} pc  @param {Sources} sources  @param {MediaStream} outgoing */
function layOut(pc, {audio, camera}, outgoing) {
    pc.addTransceiver(audio ?? 'audio', {direction: 'sendrecv', streams: [outgoing]});
    pc.addTransceiver(camera ?? 'video', {direction: 'sendrecv', streams: [outgoing]});
    pc.addTransceiver('video', {direction: 'inactive'});
    return true;
}

/** The answerer's tracks, ready to be taken up by the m-lines of an offer. True when none is missing: missing ones come with the
 *  offer (`adopt`), and a lone camera would stand before the microphone. @param {RTCPeerConnection} pc  @param {Sources} sources  @param {MediaStream} outgoing */
function attach(pc, {audio, camera}, outgoing) {
    if (!audio) return false;
    pc.addTrack(audio, outgoing);
    if (!camera) return false;
    pc.addTrack(camera, outgoing);
    return true;
}

/** The answerer's side of the plan, once the first offer is applied. @param {Line} line  @param {Sources} sources */
export async function adopt(line, sources) {
    const replaced = [];
    for (const source of /** @type {const} */ (['audio', 'camera'])) {
        const t = transceiverOf(line.pc, source);
        if (!t) continue;
        t.direction = 'sendrecv';
        t.sender.setStreams?.(line.outgoing);
        replaced.push(t.sender.replaceTrack(sources[source]));
    }
    await Promise.all([...replaced, shape(line)]);
}

/** How the camera is sent from now on. @param {Line} line  @param {Wish} [change] */
export function shape(line, change) {
    Object.assign(line.wish, change);
    line.shaping = line.shaping.then(() => apply(line)).catch(() => undefined); // the call matters more than these parameters
    return line.shaping;
}

/** A face should move smoothly, so sharpness gives way first. A browser that does not accept these parameters uses its own. A picture
 *  that gets nowhere is not sent at all: the browser would keep it and send it late, and the other side would take the delay for that
 *  of the line and keep it. It goes on with a whole picture. @param {Line} line */
async function apply({pc, wish}) {
    const sender = transceiverOf(pc, 'camera')?.sender;
    const p = sender?.getParameters();
    const [encoding] = p?.encodings ?? [];
    if (!sender || !p || !encoding) return;
    p.degradationPreference = 'maintain-framerate';
    Object.assign(encoding, {
        active: !wish.held && !wish.paused,
        maxBitrate: wish.bitrate,
        scaleResolutionDownBy: wish.scale,
        ...(wish.fps && {maxFramerate: wish.fps}),
    });
    if (!wish.fps) delete encoding.maxFramerate;
    await sender.setParameters(p);
}

/** The line has carried pictures for a moment: the full size, or half of it on a slow line. features/adaptation goes on from there.
 *  @param {Line} line  @returns {Promise<boolean>} whether it is the full size */
export async function grow(line) {
    const full = (await bitrateOut(line.pc)) >= FULL_SIZE_FROM;
    await shape(line, {scale: full ? 1 : 2});
    return full;
}

/** The browser's estimate of the line, in bit/s; unlimited for browsers that give none. @param {RTCPeerConnection} pc */
async function bitrateOut(pc) {
    const stats = await pc.getStats().catch(() => new Map());
    const known = [...stats.values()].map(s => s.availableOutgoingBitrate ?? 0);
    return Math.max(0, ...known) || Number.POSITIVE_INFINITY;
}
