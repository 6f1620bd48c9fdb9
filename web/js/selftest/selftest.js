// The self test: its rows, filled in one after the other. Everything of the browser is passed in; `changed` draws.
import {environmentProblem} from '../core/devices.js';
import {oneByOne, probeSocket, probeUdp, relayWay} from '../core/line_probe.js';
import {probeRelay} from '../core/relay_probe.js';
import {judgeRelay, judgeSocket, judgeSpeed, judgeUdp} from './judge.js';

/** @typedef {import('./judge.js').Row} Row */
/** @typedef {import('./judge.js').Finding} Finding */
/** @typedef {import('../core/relay_probe.js').RelayResult} RelayResult */

/** how long the microphone is listened to */
const HEAR_MS = 8_000;
const PLAY_MS = 2_500;
/** how long the server may take for an ordinary request */
const SERVE_MS = 4_000;
/** of the bar: speech, not the hum of a room */
const HEARD_LEVEL = 0.3;
const ECHO_PATH = '/ws/@check';

/**
 * @typedef {object} SelfTestDeps
 * @property {import('../core/clock.js').Clock} clock
 * @property {any} env the window
 * @property {import('../core/devices.js').Devices} devices
 * @property {(onLevel: (level: number) => void) => import('../core/meter.js').MicMeter} meter
 * @property {(level: number) => void} onLevel how loud the microphone is, 0…1
 * @property {() => Promise<void>} chime
 * @property {import('../core/api.js').Api} api
 * @property {(path: string) => WebSocket} open
 * @property {(config: RTCConfiguration) => RTCPeerConnection} connect
 * @property {string} code of an invitation, or empty
 * @property {() => void} changed
 */

/** @param {string} id  @param {string} [kind]  @returns {Row} */
const row = (id, kind = id) => ({id, kind, state: 'wait', why: ''});

export class SelfTest {
    /** @param {SelfTestDeps} deps */
    constructor(deps) {
        this.deps = deps;
        /** @type {'ready' | 'running' | 'done'} */
        this.phase = 'ready';
        /** @type {Row[]} */
        this.rows = [];
        /** the code of the report; empty: there is none */
        this.support = '';
        /** the camera, while it is shown  @type {MediaStream | null} */
        this.stream = null;
    }

    /** @param {string} id  @param {Finding} finding */
    set(id, finding) {
        this.rows = this.rows.map(r => (r.id === id ? {id, kind: r.kind, ...finding} : r));
        this.deps.changed();
    }

    /** @param {string} id */
    run(id) {
        this.set(id, {state: 'run', why: ''});
    }

    /** All of it, once; again only when it is done. */
    async start() {
        if (this.phase === 'running') return;
        this.phase = 'running';
        this.support = '';
        this.rows = ['browser', 'camera', 'mic', 'speaker', 'server', 'relay', 'udp', 'speed'].map(id => row(id));
        if (this.browser()) {
            await this.devicesWork();
            await this.server();
            await this.relays();
        }
        this.phase = 'done';
        await this.report();
        this.deps.changed();
    }

    /** Leaves the result under a code, which replaces an earlier one; without an answer there is none, or the earlier one stays. */
    async report() {
        const rows = this.rows.map(({id, kind, state, why, facts}) => ({id, kind, state, why, ...facts}));
        const code = this.deps.code ? {code: this.deps.code} : {};
        const answer = await this.deps.api.post('/check/report', {...code, rows}).catch(() => null);
        this.support = String(answer?.code ?? this.support);
    }

    /** Whether the rest makes sense. */
    browser() {
        const problem = environmentProblem(this.deps.env);
        this.set('browser', problem ? {state: 'bad', why: problem} : {state: 'ok', why: 'ok'});
        if (problem) this.rows = this.rows.filter(r => r.id === 'browser');
        return !problem;
    }

    async devicesWork() {
        this.run('camera');
        this.run('mic');
        const {audio, video} = await this.deps.devices.open(['audio', 'video']);
        const camera = video?.track;
        this.stream = camera ? new MediaStream([camera]) : null;
        this.set('camera', camera ? {state: 'ok', why: 'ok'} : {state: 'bad', why: video?.problem ?? 'failed'});
        if (audio?.track) await this.hear(audio.track);
        else this.set('mic', {state: 'bad', why: audio?.problem ?? 'failed'});
        for (const track of [camera, audio?.track]) track?.stop();
        this.stream = null;
        await this.playSound();
    }

    /** A browser without a sound card plays for ever. */
    async playSound() {
        const {clock, chime} = this.deps;
        this.run('speaker');
        await Promise.race([chime(), new Promise(done => clock.after(() => done(undefined), PLAY_MS))]);
        this.set('speaker', {state: 'ask', why: 'ask'});
    }

    /** @param {MediaStreamTrack} track */
    async hear(track) {
        const {clock} = this.deps;
        const heard = await new Promise(resolve => {
            const timer = clock.after(() => done(false), HEAR_MS);
            const meter = this.deps.meter(level => {
                this.deps.onLevel(level);
                if (level >= HEARD_LEVEL) done(true);
            });
            const done = (/** @type {boolean} */ found) => {
                const deaf = meter.context?.state !== 'running'; // the browser plays and hears nothing: no sound card, or not allowed
                clock.cancel(timer);
                meter.listen(null);
                resolve(
                    found
                        ? {state: 'ok', why: 'ok'}
                        : deaf
                          ? {state: 'skip', why: 'deaf'}
                          : {state: 'warn', why: 'silent'},
                );
            };
            meter.listen(track);
        });
        this.set('mic', heard);
    }

    /** The person says whether the sound was heard; after the end the report is written anew, or those who read it would not learn of it.
     *  @param {boolean} yes */
    async heardSound(yes) {
        this.set('speaker', yes ? {state: 'ok', why: 'ok'} : {state: 'warn', why: 'silent'});
        if (this.phase !== 'done') return;
        await this.report();
        this.deps.changed();
    }

    async server() {
        this.run('server');
        const result = await probeSocket(this.deps, ECHO_PATH);
        this.set('server', judgeSocket(result, result.opened || (await this.serves())));
    }

    /** Sockets are blocked only where other requests pass. */
    serves() {
        return this.deps.api.get('/public', {timeoutMs: SERVE_MS}).then(
            () => true,
            e => e.status > 0,
        );
    }

    async relays() {
        this.run('relay');
        const servers = await this.relayServers();
        if (!servers) return this.without();
        this.rows = this.rows.flatMap(r =>
            r.id === 'relay' ? servers.map((s, i) => row(`relay-${i}`, `relay_${relayWay(s.urls)}`)) : [r],
        );
        const tried = [];
        for (const [i, server] of servers.entries()) {
            this.run(`relay-${i}`);
            const result = await probeRelay(this.deps, server);
            tried.push({way: relayWay(server.urls), result});
            this.set(`relay-${i}`, judgeRelay(result));
        }
        this.run('udp');
        this.set(
            'udp',
            judgeUdp(
                await probeUdp(
                    this.deps,
                    servers.map(s => s.urls),
                ),
                tried,
            ),
        );
        this.set('speed', judgeSpeed(tried.map(t => t.result)));
    }

    /** One for each address; null: there is none, or none may be tried now, which its row says.
     *  @returns {Promise<ReturnType<typeof oneByOne> | null>} */
    async relayServers() {
        try {
            const {ice_servers: list} = await this.deps.api.post(
                '/check/ice',
                this.deps.code ? {code: this.deps.code} : {},
            );
            return oneByOne(list);
        } catch (e) {
            const code = String(/** @type {any} */ (e).code ?? '');
            const known = ['no_relay', 'too_many_requests', 'unknown_code'];
            this.set('relay', {
                state: code === 'no_relay' ? 'warn' : 'skip',
                why: known.includes(code) ? code : 'failed',
            });
            return null;
        }
    }

    without() {
        this.rows = this.rows.filter(r => r.id !== 'udp' && r.id !== 'speed');
        this.deps.changed();
    }
}
