// A restored backup must not bring back the secrets of its time, nor anything that was revoked since.
import assert from 'node:assert/strict';
import {copyFileSync, rmSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';
import {Client, codeOf, good, newInvitation, newUser, PASSWORD, setUp, signIn} from '../support/http.mjs';
import {call, guestAt, hostIn} from '../support/scene.mjs';
import {parlour, startServer, temporaryFolder} from '../support/server.mjs';

const NEWER = 'a newer and longer passphrase';
const lookup = async (server, invitation) => good(await new Client(server).post('/invitations/lookup', {code: invitation.code})).state;

function run(...args) {
    const done = parlour(args);
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.out}${done.err}`);
    return done;
}

/** A practice in use that was backed up, in which much is revoked afterwards; stopped. */
async function takenBack() {
    const server = await startServer();
    const owner = await setUp(server, {email: 'owner@example.org'});
    const host = await newUser(owner, {email: 'host@example.org'});
    const leaver = await newUser(owner, {email: 'leaver@example.org'});
    const {out} = run('user', 'password', 'host@example.org', '--data', server.data);
    const passwordCode = codeOf(out.match(/https?:\S+#\S+/)[0]);
    const scene = await call(owner);
    const room = scene.room;
    const [revoked, renewed, kept] = [await newInvitation(owner, room), await newInvitation(owner, room), await newInvitation(owner, room)];
    const backup = join(temporaryFolder(), 'backup.db');
    run('backup', backup, '--data', server.data);
    good({...(await owner.delete(`/invitations/${revoked.id}`)), json: {}});
    const renewedTo = good(await owner.post(`/invitations/${renewed.id}/renew`, {}));
    good({...(await new Client(server).post('/password', {code: passwordCode, password: NEWER})), json: {}});
    run('user', 'disable', 'leaver@example.org', '--data', server.data);
    await server.stop();
    return {server, owner, host, leaver, room, scene, revoked, renewed, renewedTo, kept, passwordCode, backup};
}

const was = await takenBack();

function restoredCopy(change = () => {}) {
    const data = temporaryFolder();
    for (const name of ['parlour.db', 'master.key']) copyFileSync(join(was.server.data, name), join(data, name));
    change(join(data, 'parlour.db'));
    return {data, done: run('restore', was.backup, '--json', '--data', data)};
}

test('a restore voids sign-ins, password links, tickets, room tokens and guests’ cookies', async () => {
    const {data, done} = restoredCopy();
    const report = JSON.parse(done.out);
    assert.equal(report.compared, 'yes');
    assert.ok(report.counts.sign_ins >= 2 && report.counts.password_links === 1 && report.counts.seats === 2 && report.counts.guests === 1, done.out);
    assert.match(done.err, /Void from now on: \d sign-ins, 1 one-time password link, 2 places in rooms, 1 guest's cookie/);
    const server = await startServer({data, port: was.server.port});
    try {
        const cookie = new Client(server);
        cookie.cookies = new Map(was.owner.cookies);
        assert.equal((await cookie.get('/api/v1/session')).status, 401, 'a cookie of before signs nobody in');
        assert.notEqual((await new Client(server).post('/password', {code: was.passwordCode, password: NEWER})).status, 200);
        const again = await signIn(server, 'owner@example.org');
        const host = await hostIn(again, was.room);
        const back = new Client(server);
        back.cookies = new Map(was.scene.guest.client.cookies);
        const guest = await guestAt(was.room, was.scene.invitation, {server, client: back});
        assert.equal(guest.welcome.state, 'waiting', 'a guest who was inside must be admitted anew');
        await host.next('participant', {event: 'waiting', participant: {id: guest.id, same_invitation: true}});
    } finally {
        await server.stop();
    }
});

test('revocations, renewals, closures and changes made since the backup stay in force, and the command and the record say that', async () => {
    const {data, done} = restoredCopy();
    const {counts, since} = JSON.parse(done.out);
    assert.deepEqual([counts.links_revoked, counts.links_renewed, counts.accounts_closed, counts.passwords], [1, 1, 1, 1], done.out);
    assert.ok(Math.abs(Date.now() - Date.parse(since)) < 600_000);
    assert.match(done.err, /Taken back since then, and it stays so: 1 link revoked, 1 link renewed, 1 account closed, 1 password changed/);
    const server = await startServer({data, port: was.server.port});
    try {
        assert.equal(await lookup(server, was.revoked), 'revoked');
        assert.equal((await new Client(server).post('/invitations/lookup', {code: was.renewed.code})).status, 404, 'the link from before it was renewed');
        assert.equal(await lookup(server, was.renewedTo), 'valid');
        assert.equal(await lookup(server, was.kept), 'valid');
        assert.equal((await new Client(server).post('/session', {email: 'leaver@example.org', password: PASSWORD})).status, 401);
        assert.equal((await new Client(server).post('/session', {email: 'host@example.org', password: PASSWORD})).status, 401);
        await signIn(server, 'host@example.org', NEWER);
        const audit = await (await signIn(server, 'owner@example.org')).read('/audit?limit=200');
        const row = audit.items.find(item => item.action === 'restore');
        assert.match(row.facts, /compared=yes sign_ins=\d+ .*links_revoked=1/);
    } finally {
        await server.stop();
    }
    assert.match(run('audit', 'verify', '--data', data).out, /^ok/);
});

test('when no database can be compared the command says what is in force again', () => {
    for (const [change, compared, words] of [
        [file => rmSync(file), 'no_database', /There was no database to compare with, so what was taken back since then is in force again/],
        [file => truncateSync(file, 8192), 'unreadable', /The replaced database could not be read, so/],
    ]) {
        const {done} = restoredCopy(change);
        assert.equal(JSON.parse(done.out).compared, compared);
        assert.match(done.err, words);
        assert.match(done.err, /Now: \d+ links that guests can use, 1 admin who can sign in/);
    }
});
