// sound_cards.mjs - microphones and speakers that a test plugs in and pulls out, as the browser sees real ones: PulseAudio with devices
// made by its modules. A browser started after the import finds the daemon through the environment of this process.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {after} from 'node:test';
import {temporaryFolder} from './server.mjs';

const folder = temporaryFolder('parlour-sound');
const socket = join(folder, 'native');
process.env.PULSE_SERVER = `unix:${socket}`;
process.env.PULSE_RUNTIME_PATH = folder;
process.env.PULSE_STATE_PATH = folder;

const daemon = spawn(
    'pulseaudio',
    ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '--disallow-exit', '-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
    {stdio: 'ignore', env: {...process.env, HOME: folder, PULSE_SERVER: ''}},
);
after(() => daemon.kill('SIGKILL'));
process.on('exit', () => daemon.kill('SIGKILL'));

const ctl = (...args) => execFileSync('pactl', args, {encoding: 'utf8'}).trim();
const load = (...args) => ctl('load-module', ...args);

/** The daemon's own news: a line for each device and stream that comes, goes or changes. */
let news;

/** Resolves when the daemon answers. */
export async function soundCards() {
    // Nothing tells that the daemon has begun to listen but the listening itself.
    for (let i = 0; i < 100 && !existsSync(socket); i++) await new Promise(done => setTimeout(done, 50));
    news = spawn('pactl', ['subscribe'], {stdio: ['ignore', 'pipe', 'ignore']});
    after(() => news.kill('SIGKILL'));
    process.on('exit', () => news.kill('SIGKILL'));
    // What the tones below play into; nobody is meant to choose it.
    load('module-null-sink', 'sink_name=air', 'sink_properties=device.description=Air');
    load('module-sine-source', 'frequency=440');
}

/** Plugs in a device, whose name the browser shows; returns the hand that pulls it out again. */
const plugged = (...args) => {
    const module = load(...args);
    return {unplug: () => ctl('unload-module', module)};
};

/** One that hears a tone; from `air.monitor` it hears nothing at all. @param {string} label  @param {string} [from] */
export const plugMic = (label, from = 'sine_input') => plugged('module-remap-source', `source_name=${label}`, `master=${from}`, `source_properties=device.description=${label}`);

/** @param {string} label */
export const plugSpeaker = label => plugged('module-null-sink', `sink_name=${label}`, `sink_properties=device.description=${label}`);

/** Which speakers play something now. */
const playing = () => {
    const sinks = new Map(ctl('list', 'short', 'sinks').split('\n').filter(Boolean).map(line => line.split('\t').slice(0, 2)));
    return new Set(ctl('list', 'short', 'sink-inputs').split('\n').filter(Boolean).map(line => sinks.get(line.split('\t')[1])));
};

/** Resolves when this speaker plays something, by the news of the daemon. @param {string} label */
export async function plays(label, limitMs = 10_000) {
    const limit = AbortSignal.timeout(limitMs);
    while (!playing().has(label))
        await once(news.stdout, 'data', {signal: limit}).catch(() => assert.fail(`${label} does not play; ${[...playing()]} do`));
}

export const defaultMic = label => ctl('set-default-source', label);
export const defaultSpeaker = label => ctl('set-default-sink', label);
