// tls.mjs - certificates for tests, made by openssl: a little authority, and what it signs.
import {spawnSync} from 'node:child_process';
import {copyFileSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {temporaryFolder} from './server.mjs';

export const NAME = 'visits.test';

export function openssl(args, input) {
    const done = spawnSync('openssl', args, {input, encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`openssl ${args.join(' ')}\n${done.stderr}`);
    return done.stdout;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority of our own: `issue` makes certificates that `ca` vouches for. */
export class Authority {
    constructor() {
        this.folder = temporaryFolder('parlour-tls');
        this.ca = this.path('ca.pem');
        openssl(['req', '-x509', ...EC, '-keyout', this.path('ca.key'), '-out', this.ca, '-days', '30', '-subj', '/CN=Test authority']);
    }

    path(name) {
        return join(this.folder, name);
    }

    /**
     * A certificate with its key, for startServer({tls}). `dates`: [from, until] as openssl writes them (YYYYMMDDHHMMSSZ).
     * @param {{name?: string, days?: number, dates?: string[], kind?: string[], revocation?: string, file?: string}} options
     */
    issue({name = NAME, dates = ['-days', '30'], kind = EC, revocation, file = `leaf-${Math.random().toString(36).slice(2)}`} = {}) {
        const [cert, key, request] = ['.pem', '.key', '.csr'].map(end => this.path(file + end));
        openssl(['req', '-new', ...kind, '-keyout', key, '-out', request, '-subj', `/CN=${name}`]);
        const names = this.path(`${file}.ext`);
        writeFileSync(names, `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment\n${revocation ? `crlDistributionPoints=URI:${revocation}\n` : ''}`);
        openssl(['x509', '-req', '-in', request, '-CA', this.ca, '-CAkey', this.path('ca.key'), '-CAcreateserial', '-out', cert, ...dates, '-extfile', names]);
        writeFileSync(cert, readFileSync(cert, 'utf8') + readFileSync(this.ca, 'utf8'));
        return {cert, key, ca: readFileSync(this.ca, 'utf8'), servername: name};
    }
}

/** Puts the files of `next` in the place of those of `old`, as a program that renews does: each at once, one after the other. */
export function replace(old, next) {
    for (const kind of ['cert', 'key']) {
        copyFileSync(next[kind], `${old[kind]}.new`);
        renameSync(`${old[kind]}.new`, old[kind]);
    }
}

export const fingerprint = cert => openssl(['x509', '-in', cert, '-noout', '-fingerprint', '-sha256']).split('=')[1].trim();
