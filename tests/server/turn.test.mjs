// Relay credentials: as coturn wants them, for those inside, for ten minutes, with two secrets while rotating.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import test from 'node:test';
import {newUser} from '../support/http.mjs';
import {admit, call, practice, waitingRoom} from '../support/scene.mjs';
import {parlour, temporaryFolder} from '../support/server.mjs';

const SECRETS = ['first-secret-of-32-characters-abc', 'second-secret-of-32-characters-x'];
const URLS = ['turn:turn.example.org:3478?transport=udp', 'turn:turn.example.org:3478?transport=tcp', 'turns:turn.example.org:5349?transport=tcp'];
const {admin} = await practice({args: URLS.flatMap(url => ['--turn-url', url]), env: {PARLOUR_TURN_SECRET: SECRETS.join(',')}});
const host = await newUser(admin, {name: 'Dr Rivera'});

function checkServers({ice_servers, ice_ttl_s}, participant) {
    assert.equal(ice_ttl_s, 600);
    const relay = ice_servers.find(server => server.credential);
    assert.deepEqual([relay.urls].flat().sort(), [...URLS].sort());
    const [expiry, id] = relay.username.split(/:(.*)/);
    assert.equal(id, participant);
    const left = Number(expiry) - Date.now() / 1000;
    assert.ok(left > 590 && left <= 601, `${left} s`);
    assert.equal(relay.credential, createHmac('sha1', SECRETS[0]).update(relay.username).digest('base64'));
    for (const server of ice_servers) for (const url of [server.urls].flat()) assert.match(url, /^(stun|turns?):turn\.example\.org:/);
}

test('a host gets relay credentials with the welcome', async () => {
    const {host: seat} = await waitingRoom(host);
    checkServers(seat.welcome, seat.id);
});

test('a guest gets none until inside', async () => {
    const {host: seat, guest} = await waitingRoom(host);
    assert.doesNotMatch(JSON.stringify(guest.joined), /credential|turn:/);
    assert.doesNotMatch(JSON.stringify(guest.all), /credential|turn:/);
    guest.send({type: 'ice'});
    assert.equal((await guest.next('error')).of, 'ice');
    checkServers(await admit(seat, guest), guest.id);
});

test('fresh ones are given on demand, over the socket', async () => {
    const {guest} = await call(host);
    guest.send({type: 'ice'});
    checkServers(await guest.next('ice'), guest.id);
});

test('a guest who was sent back gets no more', async () => {
    const {host: seat, guest} = await call(host);
    seat.send({type: 'return', participant: guest.id});
    await guest.next('state', {state: 'waiting'});
    guest.send({type: 'ice'});
    assert.equal((await guest.next('error')).of, 'ice');
});

test('a relay-only room tells its clients that it is relay-only', async () => {
    const {guest} = await call(host, {room: {relay_only: true}});
    assert.match(JSON.stringify([guest.joined, guest.welcome, guest.inside]), /"relay_only":true|"iceTransportPolicy":"relay"/);
});

test('the printed configuration of coturn holds both secrets and the whole list of denied addresses', () => {
    const {code, out} = parlour(['config', 'coturn', '--data', temporaryFolder(), ...URLS.flatMap(url => ['--turn-url', url])], {env: {PARLOUR_TURN_SECRET: SECRETS.join(',')}});
    assert.equal(code, 0);
    for (const secret of SECRETS) assert.ok(out.includes(`static-auth-secret=${secret}`), out);
    for (const word of ['use-auth-secret', 'fingerprint', 'no-multicast-peers', 'no-tcp-relay', 'no-cli', 'no-rfc5780', 'stale-nonce=600', 'user-quota=12'])
        assert.match(out, new RegExp(`^${word}$`, 'm'));
    assert.doesNotMatch(out, /^denied-peer-ip=::-/m, 'a range that starts at :: denies all of IPv4');
    assert.doesNotMatch(out, /^allowed-peer-ip/m);
});
