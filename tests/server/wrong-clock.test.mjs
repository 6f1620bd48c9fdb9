// The machine's clock is a year ahead, or at 1970, for a while: everything refused during that time works again afterwards.
import assert from 'node:assert/strict';
import test from 'node:test';
import {wrongBy} from '../support/clock.mjs';
import {Client, codeOf, good, newInvitation, newRoom, newUser, PASSWORD, setUp, signIn} from '../support/http.mjs';
import {freePort, parlour, startServer} from '../support/server.mjs';

const NEWER = 'a newer and longer passphrase';
const figure = async (server, name) => Number((await new Client({...server, port: server.metricsPort}).get('/metrics')).text.match(new RegExp(`^parlour_${name} (\\S+)$`, 'm'))[1]);

/** The same folder and port, with the clock moved by `shift` while `run` runs. */
async function meanwhile(server, shift, run) {
    server.options.env = shift ? wrongBy(shift) : {};
    await server.restart();
    try {
        await run();
    } finally {
        await server.stop();
    }
}

for (const shift of ['+365d', '-365d'])
    test(`after a clock that was ${shift} for a moment everybody is still signed in and every link works`, async () => {
        const metricsPort = await freePort();
        const server = await startServer({args: ['--metrics-listen', `127.0.0.1:${metricsPort}`]});
        server.metricsPort = metricsPort;
        const owner = await setUp(server, {email: 'owner@example.org'});
        const host = await newUser(owner, {email: 'host@example.org'});
        const room = await newRoom(owner);
        const invitation = await newInvitation(owner, room);
        const {out} = parlour(['user', 'password', 'host@example.org', '--data', server.data]);
        const keys = (await new Client(server).get('/.well-known/jwks.json')).text;
        await server.stop();
        const cookies = new Map(owner.cookies);

        await meanwhile(server, shift, async () => {
            await signIn(server, 'owner@example.org', PASSWORD); // an insert also deletes expired rows
            assert.ok(Math.abs((await figure(server, 'clock_ahead_seconds')) / 86400) > 360);
            assert.match(server.log, /clock\.not_believed/);
            const answer = await owner.get('/api/v1/session');
            if (shift.startsWith('+')) assert.equal(answer.status, 401);
            assert.deepEqual([...owner.cookies], [...cookies], 'the browser keeps its cookie');
        });

        await meanwhile(server, null, async () => {
            assert.equal((await owner.read('/session')).user.email, 'owner@example.org');
            assert.equal((await host.read('/session')).user.email, 'host@example.org');
            assert.equal(good(await new Client(server).post('/invitations/lookup', {code: invitation.code})).state, 'valid');
            const redeemed = await new Client(server).post('/password', {code: codeOf(out.match(/https?:\S+#\S+/)[0]), password: NEWER});
            assert.ok(redeemed.status < 300, redeemed.text);
            assert.equal((await new Client(server).get('/.well-known/jwks.json')).text, keys, 'the signing key stays in use');
            assert.equal(await figure(server, 'clock_ahead_seconds'), 0);
        });
    });

test('a sign-in made while the clock was a year ahead does not last for a year', async () => {
    const server = await startServer();
    await setUp(server, {email: 'owner@example.org'});
    await server.stop();
    let ahead;
    await meanwhile(server, '+365d', async () => {
        ahead = await signIn(server, 'owner@example.org', PASSWORD);
        assert.equal((await ahead.get('/api/v1/session')).status, 200);
    });
    await meanwhile(server, null, async () => assert.equal((await ahead.get('/api/v1/session')).status, 401));
});
