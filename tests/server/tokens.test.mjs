// Room tokens, read as another program would: with the published keys and nothing else. RFC 7519, RFC 8037.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createPublicKey, verify} from 'node:crypto';
import {join} from 'node:path';
import test from 'node:test';
import {Client, good, newInvitation, newRoom, newUser} from '../support/http.mjs';
import {joinAsHost, practice} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const room = await newRoom(host);
const part = (token, index) => JSON.parse(Buffer.from(token.split('.')[index], 'base64url'));

async function keyOf(token) {
    const {keys} = JSON.parse((await new Client(server).get('/.well-known/jwks.json')).text);
    const jwk = keys.find(key => key.kid === part(token, 0).kid);
    assert.ok(jwk, 'the kid of the token is published');
    assert.deepEqual([jwk.kty, jwk.crv, jwk.d], ['OKP', 'Ed25519', undefined]);
    return createPublicKey({key: jwk, format: 'jwk'});
}

test('a token is signed by a published Ed25519 key', async () => {
    const {token} = await joinAsHost(host, room);
    const [head, body, signature] = token.split('.');
    assert.deepEqual({...part(token, 0), kid: ''}, {alg: 'EdDSA', typ: 'room+jwt', kid: ''});
    assert.ok(verify(null, Buffer.from(`${head}.${body}`), await keyOf(token), Buffer.from(signature, 'base64url')));
});

test('its claims name the person, the seat and the expiry', async () => {
    const joined = await joinAsHost(host, room);
    const claims = part(joined.token, 1);
    assert.equal(claims.iss, server.origin);
    assert.equal(claims.aud, server.origin);
    assert.equal(claims.sub, joined.participant);
    assert.equal(claims.room, room.id);
    assert.equal(claims.role, 'host');
    assert.equal(claims.name, 'Dr Rivera');
    assert.ok(claims.grants.includes('moderate'));
    assert.ok(claims.exp - claims.iat <= 600 && claims.exp > Date.now() / 1000 && claims.nbf <= claims.iat);
    assert.equal(new Date(joined.expires_at).getTime(), claims.exp * 1000);
    assert.ok(claims.jti);
});

test('a guest\'s token carries no right to decide', async () => {
    const invitation = await newInvitation(host, room);
    const {token} = good(await new Client(server).post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Gina'}));
    assert.equal(part(token, 1).role, 'guest');
    assert.ok(!part(token, 1).grants.includes('moderate'));
});

/** Opens the room's socket with a token that must be refused. */
async function refusedToken(token, path = `/ws/${room.id}`) {
    const socket = new Socket({server, path});
    await socket.open();
    socket.send({type: 'join', token});
    await socket.over(4401);
}

test('a token that was changed in any part is refused', async () => {
    const {token} = await joinAsHost(host, room);
    const [head, body, signature] = token.split('.');
    const encode = object => Buffer.from(JSON.stringify(object)).toString('base64url');
    const claims = part(token, 1);
    const forged = {
        'another role': `${head}.${encode({...claims, role: 'guest'})}.${signature}`,
        'another time': `${head}.${encode({...claims, exp: claims.exp + 1})}.${signature}`,
        'alg none': `${encode({...part(token, 0), alg: 'none'})}.${body}.`,
        'alg HS256': `${encode({...part(token, 0), alg: 'HS256'})}.${body}.${signature}`,
        'another typ': `${encode({...part(token, 0), typ: 'JWT'})}.${body}.${signature}`,
        'a key in the head': `${encode({...part(token, 0), jwk: {kty: 'OKP'}})}.${body}.${signature}`,
        'a key by address': `${encode({...part(token, 0), jku: 'https://evil.example'})}.${body}.${signature}`,
        'an unknown kid': `${encode({...part(token, 0), kid: 'nobody'})}.${body}.${signature}`,
        'no signature': `${head}.${body}.`,
        'two parts': `${head}.${body}`,
        'four parts': `${token}.x`,
        'padding': `${token}==`,
        'nothing': '',
        'far too much': 'a'.repeat(5000),
    };
    for (const [what, bad] of Object.entries(forged)) await refusedToken(bad).catch(error => assert.fail(`${what}: ${error.message}`));
    await refusedToken(7);
});

test('a token for one room opens no other', async () => {
    const other = await newRoom(host);
    await refusedToken((await joinAsHost(host, other)).token);
});

const kids = async () => JSON.parse((await new Client(server).get('/.well-known/jwks.json')).text).keys.map(({kid}) => kid);

test('a key of ninety days is followed by a new one while the server runs, and tokens signed by the old one stay valid', async () => {
    const [old] = await kids();
    await server.stop();
    const born = Date.now() - 90 * 24 * 3600 * 1000 + 5000; // its time is over in five seconds
    const aged = spawnSync('sqlite3', [join(server.data, 'parlour.db'), `UPDATE signing_keys SET created_ms = ${born}`], {encoding: 'utf8'});
    assert.equal(aged.status, 0, aged.stderr);
    await server.restart();
    const before = await joinAsHost(host, room);
    assert.equal(part(before.token, 0).kid, old);
    for (let published = [old], end = Date.now() + 20_000; published.length < 2; published = await kids()) {
        assert.ok(Date.now() < end, 'no second key is published');
        process.kill(server.pid, 'SIGHUP'); // looks at the keys at once, not only once a day
        await new Promise(resolve => setTimeout(resolve, 100));
    }
    const [newest, previous] = await kids();
    assert.equal(previous, old);
    const after = await joinAsHost(host, room);
    assert.equal(part(after.token, 0).kid, newest);
    assert.equal((await Seat.take(server, before)).welcome.role, 'host');
    assert.equal((await Seat.take(server, after)).welcome.role, 'host');
    const {items} = await admin.read('/audit?action=keys.rotate');
    assert.deepEqual(items.map(({actor, object}) => [actor, object]), [['system', newest]]);
});
