// Microphone, camera and speaker: asks for them, names failures, lists the devices to choose from.
// The browser's objects are passed in; nothing here touches the page.

/**
 * The possible problems of a device; each has its own text (`device.<name>`) and way out.
 * @typedef {'denied' | 'denied_system' | 'in_use' | 'missing' | 'constraint' | 'failed' | 'interrupted'} DeviceProblem interrupted: open, but
 *   taken away for now by a phone call or another program
 * @typedef {'insecure' | 'no_webrtc' | 'in_app' | 'unsupported'} EnvironmentProblem
 * @typedef {'audio' | 'video'} MediaKind
 */

/** Errors of getUserMedia by name; older names of the same errors included. @type {Record<string, DeviceProblem>} */
const PROBLEMS = {
    NotAllowedError: 'denied',
    PermissionDeniedError: 'denied',
    SecurityError: 'denied',
    NotFoundError: 'missing',
    DevicesNotFoundError: 'missing',
    NotReadableError: 'in_use',
    TrackStartError: 'in_use',
    AbortError: 'in_use',
    OverconstrainedError: 'constraint',
};

/** @param {any} error of getUserMedia  @returns {DeviceProblem} */
export function deviceProblem(error) {
    const problem = PROBLEMS[error?.name] ?? 'failed';
    // Chrome says "Permission denied by system" when the operating system denies the device to the browser.
    if (problem === 'denied' && /by system/i.test(error.message ?? '')) return 'denied_system';
    return problem;
}

/** Browsers inside other programs, where cameras are often withheld; a hint only, never a reason to refuse by itself. */
const IN_APP = /FBAN|FBAV|Instagram|\bLine\/|MicroMessenger|Snapchat|TikTok|; wv\)/;

/** @param {string} userAgent */
export const looksInApp = userAgent => IN_APP.test(userAgent);

/**
 * Whether this browser can make a call at all.
 * @param {{isSecureContext: boolean, RTCPeerConnection?: unknown, navigator: {userAgent: string, mediaDevices?: MediaDevices}}} env
 * @returns {EnvironmentProblem | null}
 */
export function environmentProblem(env) {
    if (!env.isSecureContext) return 'insecure'; // mediaDevices is missing then, and RTCPeerConnection is not
    if (!env.navigator.mediaDevices?.getUserMedia)
        return looksInApp(env.navigator.userAgent) ? 'in_app' : 'unsupported';
    if (!env.RTCPeerConnection) return 'no_webrtc'; // Lockdown Mode, or an add-on for privacy
    return null;
}

/** @typedef {{micId?: string, cameraId?: string, facing?: 'user' | 'environment'}} Wish */

/** `ideal` everywhere except for a chosen device: a wish that cannot be met must not end in an error.
 *  @param {MediaKind} kind  @param {Wish} wish  @returns {MediaTrackConstraints} */
export function constraints(kind, wish) {
    const id = kind === 'audio' ? wish.micId : wish.cameraId;
    const device = id ? {deviceId: {exact: id}} : {};
    if (kind === 'audio') return {...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true};
    const facing = !id && wish.facing ? {facingMode: {ideal: wish.facing}} : {};
    return {...device, ...facing, width: {ideal: 1280}, height: {ideal: 720}, frameRate: {ideal: 30}};
}

/**
 * @typedef {{track: MediaStreamTrack | null, problem: DeviceProblem | null}} Opened
 * @typedef {{audio?: Opened, video?: Opened}} OpenedBoth only the requested kinds
 */

export class Devices {
    /** @param {{media: MediaDevices, permissions?: Permissions}} deps */
    constructor({media, permissions}) {
        this.media = media;
        this.permissions = permissions;
    }

    /**
     * Opens the requested kinds: together first (one question for the person); when that fails, each alone, since
     * the browser fails both when one is missing. Never throws.
     * @param {MediaKind[]} kinds  @param {Wish} [wish]  @returns {Promise<OpenedBoth>}
     */
    async open(kinds, wish = {}) {
        if (kinds.length === 2) {
            const both = await this.tryTogether(wish);
            if (!(both instanceof Error)) return both;
            const refused = deviceProblem(both) === 'denied';
            const audio = refused ? await this.ifNotRefused('audio', both, wish) : await this.openOne('audio', wish);
            const video = refused ? await this.ifNotRefused('video', both, wish) : await this.openOne('video', wish);
            return {audio, video};
        }
        const kind = kinds[0];
        return kind ? {[kind]: await this.openOne(kind, wish)} : {};
    }

    /** @param {Wish} wish  @returns {Promise<OpenedBoth | Error>} */
    async tryTogether(wish) {
        try {
            const stream = await this.media.getUserMedia({
                audio: constraints('audio', wish),
                video: constraints('video', wish),
            });
            return {
                audio: {track: stream.getAudioTracks()[0] ?? null, problem: null},
                video: {track: stream.getVideoTracks()[0] ?? null, problem: null},
            };
        } catch (e) {
            return asError(e);
        }
    }

    /** After a refusal of both, asks again only for devices that are allowed already: never a second question.
     *  @param {MediaKind} kind  @param {Error} error  @param {Wish} wish  @returns {Promise<Opened>} */
    async ifNotRefused(kind, error, wish) {
        return (await this.permission(kind)) === 'granted'
            ? this.openOne(kind, wish)
            : {track: null, problem: deviceProblem(error)};
    }

    /** Whether these open without a question. Browsers that do not tell count as browsers that ask.
     *  @param {MediaKind[]} kinds  @returns {Promise<boolean>} */
    async granted(kinds) {
        const states = await Promise.all(kinds.map(kind => this.permission(kind)));
        return states.every(s => s === 'granted');
    }

    /** @param {MediaKind} kind  @returns {Promise<string>} */
    async permission(kind) {
        const name = /** @type {PermissionName} */ (kind === 'audio' ? 'microphone' : 'camera');
        try {
            return (await this.permissions?.query({name}))?.state ?? 'unknown';
        } catch {
            return 'unknown';
        }
    }

    /** @param {MediaKind} kind  @param {Wish} wish  @returns {Promise<Opened>} */
    async openOne(kind, wish) {
        try {
            const stream = await this.media.getUserMedia({[kind]: constraints(kind, wish)});
            return {track: stream.getTracks()[0] ?? null, problem: null};
        } catch (e) {
            const problem = deviceProblem(e);
            const chosen = kind === 'audio' ? wish.micId : wish.cameraId;
            // The device chosen last time is gone or stuck: any other will do.
            if (chosen && (problem === 'constraint' || problem === 'missing'))
                return this.openOne(kind, {...wish, micId: '', cameraId: ''});
            return {track: null, problem};
        }
    }

    /** The devices to choose from; labels are empty until a permission was given. */
    async list() {
        const all = await this.media.enumerateDevices().catch(() => []);
        const of = (/** @type {MediaDeviceKind} */ kind) =>
            all
                .filter(d => d.kind === kind && d.deviceId)
                .map(d => ({id: d.deviceId, label: d.label, group: d.groupId}));
        return {mics: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput')};
    }
}

/** @param {unknown} e */
const asError = e => (e instanceof Error ? e : Object.assign(new Error(String(e)), {name: 'UnknownError'}));
