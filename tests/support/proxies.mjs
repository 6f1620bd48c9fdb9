// proxies.mjs - the samples in deploy/proxy as they are shipped, but for the paths of the certificate, each in a real proxy.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Client} from './http.mjs';
import {ROOT, temporaryFolder} from './server.mjs';

/** The name that the samples have. */
export const NAME = 'visits.example.org';
const START_LIMIT_MS = 30_000;

const folder = temporaryFolder('parlour-proxy');
chmodSync(folder, 0o755); // nginx reads from there as another user
const at = name => join(folder, name);
spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-keyout', at('key.pem'), '-out', at('cert.pem')]);
const ca = readFileSync(at('cert.pem'));
writeFileSync(at('both.pem'), ca + readFileSync(at('key.pem'), 'utf8'));

/** The sample with each of `replaced`; every one has to be there. */
function sample(name, replaced) {
    let text = readFileSync(join(ROOT, 'deploy/proxy', name), 'utf8');
    for (const [shipped, here] of Object.entries(replaced)) {
        assert.ok(text.includes(shipped), `${name} names ${shipped}`);
        text = text.replaceAll(shipped, here);
    }
    writeFileSync(at(name), text);
    return at(name);
}

/** The command that starts each proxy, with the path that the sample's first lines name. */
const PROXIES = {
    nginx(replaced) {
        const file = sample('nginx.conf', {'/etc/letsencrypt/live/visits.example.org/fullchain.pem': at('cert.pem'), '/etc/letsencrypt/live/visits.example.org/privkey.pem': at('key.pem'), ...replaced});
        writeFileSync(at('main.conf'), `daemon off;\npid ${at('nginx.pid')};\nerror_log stderr;\nevents { worker_connections 768; }\nhttp { include ${file}; }\n`);
        return spawn('nginx', ['-c', at('main.conf')]);
    },
    haproxy: () => spawn('haproxy', ['-db', '-f', sample('haproxy.cfg', {'/etc/haproxy/visits.example.org.pem': at('both.pem')})]),
    caddy() {
        const file = sample('Caddyfile', {'#tls /etc/caddy/visits.example.org.pem /etc/caddy/visits.example.org.key': `tls ${at('cert.pem')} ${at('key.pem')}`});
        return spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {env: {...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder}});
    },
};
export const PROXY_KINDS = Object.keys(PROXIES);

/** Parlour seen through the proxy at `host`, as a browser sees it. */
export const through = (parlour, host) => ({host, port: 443, origin: `https://${NAME}`, tls: {ca, servername: NAME}, get setupCode() {
    return parlour.setupCode;
}});

async function answers(server, proxy) {
    for (const deadline = Date.now() + START_LIMIT_MS; ; ) {
        const answer = await new Client(server).get('/readyz').catch(error => ({status: error.code}));
        if (answer.status === 200) return;
        assert.ok(Date.now() < deadline && proxy.exitCode === null, `no answer (${answer.status}): ${proxy.log}`);
        await new Promise(resolve => setTimeout(resolve, 20));
    }
}

/** Starts a proxy in front of `parlour` (port 8080, trusted-proxy 127.0.0.1, public URL https://NAME).
 *  `replaced` are further lines of the sample that are different here. Resolves to {server, stop}. */
export async function startProxy(kind, parlour, host, replaced = {}) {
    const proxy = PROXIES[kind](replaced);
    const ended = once(proxy, 'close');
    const kill = () => proxy.kill('SIGKILL');
    process.on('exit', kill);
    proxy.log = '';
    for (const stream of [proxy.stdout, proxy.stderr]) stream.on('data', chunk => (proxy.log += chunk));
    const server = through(parlour, host);
    const stop = async () => {
        proxy.kill('SIGTERM');
        await ended;
        process.off('exit', kill);
    };
    await answers(server, proxy).catch(async error => {
        await stop();
        throw error;
    });
    return {server, stop};
}
