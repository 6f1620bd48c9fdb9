// Invitations: the state of a link at each moment of its life.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, codeOf, expiredInvitation, good, newInvitation, newRoom, newUser, refused} from '../support/http.mjs';
import {admit, hostIn, practice} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const stranger = await newUser(admin, {name: 'Dr Other'});
const desk = await newUser(admin, {role: 'desk'});
const room = await newRoom(host, {name: 'Consulting room', consent_text: 'Nothing is recorded.'});
const inSeconds = seconds => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');
const inMinutes = minutes => inSeconds(minutes * 60);
const lookup = async (code, client = new Client(server)) => client.post('/invitations/lookup', {code});
const join = (code, client, body = {}) => client.post(`/rooms/${room.id}/join`, {invitation: code, name: 'Gina', consent: {version: room.consent_version ?? 1}, ...body});
const stateOf = async invitation => good(await lookup(invitation.code)).state;

test('a link carries its secret in the fragment, with 128 bits', async () => {
    const made = good(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Gina Guest'}), 201);
    assert.equal(made.url, `${server.origin}/j/#${made.code}`);
    assert.match(made.code, /^[A-Za-z2-7]{26}$/);
    assert.equal(made.state, 'valid');
});

test('the landing page learns what it needs and nothing more', async () => {
    const made = await newInvitation(host, room, {guest_name: 'Gina Guest', email: 'gina@example.org'});
    const answer = await lookup(made.code);
    const said = good(answer);
    assert.equal(said.state, 'valid');
    assert.equal(said.practice, 'Hill Clinic');
    assert.equal(said.host_name, 'Dr Rivera');
    assert.equal(said.guest_name, 'Gina Guest');
    assert.equal(said.pin_required, false);
    assert.equal(said.consent.text, 'Nothing is recorded.');
    assert.deepEqual(Object.keys(said.room).sort(), ['id', 'kind', 'name']);
    assert.doesNotMatch(answer.text, /gina@example|argon|hash/);
});

test('an unknown code is not found, and one address may try only so many of them', async () => {
    const guesser = new Client(server, {from: '127.0.5.1'});
    const statuses = [];
    for (let i = 0; i < 14; i++) statuses.push((await lookup('A'.repeat(26), guesser)).status);
    assert.equal(statuses[0], 404);
    assert.equal(statuses.at(-1), 429, String(statuses));
    const {code} = await newInvitation(host, room);
    assert.equal((await lookup(code)).status, 200, 'others are not throttled with them');
    assert.equal((await lookup(code, guesser)).status, 200, 'nor is a good link from the same address, as of a whole clinic');
    good(await join(code, guesser));
});

test('wrong codes block no valid link from the same address', async () => {
    const guesser = new Client(server, {from: '127.0.5.2'});
    const statuses = [];
    for (let i = 0; i < 24; i++) statuses.push((await join('A'.repeat(26), guesser)).status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [404, 429], String(statuses));
    good(await join((await newInvitation(host, room)).code, guesser));
    const {link} = good(await admin.post('/users', {email: 'new@example.org', name: 'New', role: 'desk'}));
    for (let i = 0; i < 14; i++) await guesser.post('/password', {code: 'nobodys', password: 'another fine sentence'});
    good(await guesser.post('/password', {code: codeOf(link), password: 'another fine sentence'}));
});

test('a link is early before its time, expired after it, used after its guest came, revoked after its host has revoked it', async () => {
    const states = {
        early: await newInvitation(host, room, {not_before: inMinutes(60)}),
        valid: await newInvitation(host, room, {not_before: inMinutes(-5), expires_at: inMinutes(60)}),
        revoked: await newInvitation(host, room),
        used: await newInvitation(host, room),
        expired: await expiredInvitation(host, room),
    };
    good({...(await host.delete(`/invitations/${states.revoked.id}`)), json: {}});
    good(await join(states.used.code, new Client(server)));
    for (const [state, invitation] of Object.entries(states)) assert.equal(await stateOf(invitation), state, state);
});

test('each state of a link says what may be done with it, and the server allows exactly that', async () => {
    const used = await newInvitation(host, room);
    good(await join(used.code, new Client(server)));
    const revoked = await newInvitation(host, room);
    await host.delete(`/invitations/${revoked.id}`);
    const made = {
        valid: [await newInvitation(host, room), ['show', 'revoke', 'renew']],
        early: [await newInvitation(host, room, {not_before: inMinutes(60)}), ['show', 'revoke', 'renew']],
        used: [used, ['show', 'revoke', 'renew']],
        expired: [await expiredInvitation(host, room), ['revoke', 'renew']],
        revoked: [revoked, ['renew']],
    };
    const list = async () => good(await host.get(`/api/v1/rooms/${room.id}/invitations?limit=200`)).items;
    for (const [state, [{id, code}, may]] of Object.entries(made)) {
        const item = (await list()).find(i => i.id === id);
        assert.deepEqual([item.state, item.may], [state, may]);
        const shown = await host.post(`/invitations/${id}/link`);
        if (may.includes('show')) assert.equal(good(shown).code, code, state);
        else refused(shown, 409, `invitation_${state}`);
        assert.equal((await host.delete(`/invitations/${id}`)).status, 204, `${state}: taking back what is void already changes nothing`);
        assert.equal(await stateOf({code}), 'revoked', state);
        assert.deepEqual((await list()).find(i => i.id === id).may, ['renew'], state);
        const renewed = good(await host.post(`/invitations/${id}/renew`));
        assert.notEqual(renewed.code, code);
        assert.equal(renewed.state, state === 'early' ? 'early' : 'valid', state);
    }
});

test('a used link that is revoked is void for the guest who came by it and for the next one', async () => {
    const used = await newInvitation(host, room);
    const guest = new Client(server);
    const first = good(await join(used.code, guest));
    assert.equal((await host.delete(`/invitations/${used.id}`)).status, 204);
    assert.equal(good(await lookup(used.code, guest)).state, 'revoked');
    refused(await join(used.code, new Client(server)), 403, 'invitation_revoked');
    refused(await join(used.code, guest), 403, 'invitation_revoked');
    const socket = new Socket({server, path: first.ws});
    await socket.open();
    socket.send({type: 'join', token: first.token});
    assert.equal((await socket.next('error')).code, 'invitation_revoked');
    await socket.over(4401);
});

test('a link is shown with the host whom the guest meets and the people who can open it', async () => {
    const made = good(await desk.post(`/rooms/${room.id}/invitations`, {guest_name: 'Gina Guest'}));
    assert.deepEqual([made.host_name, made.reach], ['Dr Rivera', 'machine']);
    const again = good(await host.post(`/invitations/${made.id}/link`));
    assert.deepEqual([again.host_name, again.reach], ['Dr Rivera', 'machine']);
    const colleague = good(await admin.post('/users', {name: 'Carla', email: 'carla@example.org', role: 'host'}), 201);
    assert.equal(colleague.reach, 'machine');
    assert.equal(good(await admin.post(`/users/${colleague.id}/link`), 201).reach, 'machine');
});

test('an expired, early, used or revoked link gives no seat', async () => {
    const states = {
        expired: await expiredInvitation(host, room),
        early: await newInvitation(host, room, {not_before: inMinutes(60)}),
        used: await newInvitation(host, room, {max_uses: 2}), // a one-person link lets another device wait: guest-identity
        revoked: await newInvitation(host, room),
    };
    for (const name of ['One', 'Two']) good(await join(states.used.code, new Client(server), {name}));
    await host.delete(`/invitations/${states.revoked.id}`);
    for (const [state, invitation] of Object.entries(states)) {
        const problem = refused(await join(invitation.code, new Client(server)), 403, `invitation_${state}`);
        for (const member of ['token', 'participant', 'ice_servers']) assert.equal(problem[member], undefined, state);
    }
    refused(await host.post(`/rooms/${room.id}/invitations`, {expires_at: inMinutes(-1)}), 422);
});

test('a link is made with durations, so that a computer\'s wrong clock changes nothing', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const made = await newInvitation(host, room, {expires_in_s: 3600, not_before_in_s: 60});
    const [from, to] = [Date.parse(made.not_before) - before, Date.parse(made.expires_at) - before];
    assert.ok(from >= 60_000 && from < 70_000, `${from} ms`);
    assert.equal(to - from, 3_540_000);
    assert.equal(made.state, 'early');
    const only = await newInvitation(host, room, {not_before_in_s: 60});
    assert.equal(Date.parse(only.expires_at) - Date.parse(only.not_before), 30 * 86_400_000, 'the usual life begins when it opens');
    assert.equal((await newInvitation(host, room, {expires_at: null, not_before_in_s: 0})).expires_at, null);
});

test('a time is given in one form only, and must make sense', async () => {
    const post = body => host.post(`/rooms/${room.id}/invitations`, body);
    for (const [field, body] of [
        ['expires_in_s', {expires_at: inMinutes(5), expires_in_s: 300}],
        ['expires_in_s', {expires_at: null, expires_in_s: 300}],
        ['not_before_in_s', {not_before: inMinutes(5), not_before_in_s: 300}],
        ['expires_in_s', {expires_in_s: 0}],
        ['expires_in_s', {expires_in_s: -5}],
        ['expires_in_s', {expires_in_s: '300'}],
        ['expires_in_s', {expires_in_s: 1e15}],
        ['not_before_in_s', {not_before_in_s: -1}],
        ['expires_at', {not_before_in_s: 600, expires_in_s: 600}],
    ])
        assert.equal(refused(await post(body), 422).field, field, JSON.stringify(body));
});

test('lookup says in how many seconds a link opens, and that many seconds later it is open', async () => {
    const made = await newInvitation(host, room, {not_before_in_s: 2});
    const {state, opens_in_s} = good(await lookup(made.code));
    assert.equal(state, 'early');
    assert.ok(opens_in_s === 1 || opens_in_s === 2, `${opens_in_s}`);
    const deadline = Date.now() + opens_in_s * 1000;
    while (Date.now() < deadline) await new Promise(resolve => setTimeout(resolve, deadline - Date.now()));
    const later = good(await lookup(made.code));
    assert.deepEqual([later.state, later.opens_in_s], ['valid', 0]);
});

test('show gives the same link again, renew a new one that voids the old', async () => {
    const made = await newInvitation(host, room);
    assert.equal(codeOf(good(await host.post(`/invitations/${made.id}/link`)).url), made.code);
    const renewed = good(await host.post(`/invitations/${made.id}/renew`));
    assert.notEqual(renewed.code, made.code);
    assert.equal((await lookup(renewed.code)).json.state, 'valid');
    const old = await lookup(made.code);
    assert.ok(old.status === 404 || old.json.state === 'revoked', old.text);
});

test('renewing a link voids the tokens issued under the old one, and guests who were let in go on', async () => {
    const inside = await hostIn(host, room);
    for (const takeBackFirst of [true, false]) {
        const made = await newInvitation(host, room, {max_uses: 3});
        const [seated, late] = [good(await join(made.code, new Client(server))), good(await join(made.code, new Client(server)))];
        const seat = await Seat.take(server, seated);
        await admit(inside, seat);
        if (takeBackFirst) await host.delete(`/invitations/${made.id}`);
        const renewed = good(await host.post(`/invitations/${made.id}/renew`));
        const socket = new Socket({server, path: late.ws});
        await socket.open();
        socket.send({type: 'join', token: late.token});
        assert.equal((await socket.next('error')).code, 'invitation_revoked');
        await socket.over(4401);
        await Seat.take(server, good(await join(renewed.code, new Client(server))));
        const again = await Seat.take(server, seated); // a reload: the seat is open, and its token is valid for it
        await seat.over(4409);
        inside.send({type: 'remove', participant: again.id});
        await again.over(4403);
    }
    inside.send({type: 'leave'});
    await inside.over(1000);
});

test('revoking or renewing a link ends the seats waiting by it with the reason, and none waiting by another link', async () => {
    for (const end of [made => host.delete(`/invitations/${made.id}`), made => host.post(`/invitations/${made.id}/renew`)]) {
        const [made, other] = [await newInvitation(host, room, {max_uses: 3}), await newInvitation(host, room)];
        const [waits, away, stays] = await Promise.all([made, made, other].map(async ({code}) => Seat.take(server, good(await join(code, new Client(server))))));
        away.cut();
        await away.closed;
        good(await end(made));
        assert.equal((await waits.next('bye')).reason, 'invitation_revoked');
        await waits.over(4403);
        await assert.rejects(away.resume(), /bad_ticket|4401/);
        await stays.settled();
        stays.send({type: 'leave'});
        await stays.over(1000);
    }
});

test('a room that is no longer open to all admits nobody by an earlier token', async () => {
    const open = await newRoom(host, {access: 'link'});
    const come = async () => good(await new Client(server).post(`/rooms/${open.slug}/join`, {name: 'Gina'}));
    const [seated, late] = [await come(), await come()];
    const seat = await Seat.take(server, seated);
    good(await host.patch(`/rooms/${open.id}`, {access: 'invited'}));
    const socket = new Socket({server, path: late.ws});
    await socket.open();
    socket.send({type: 'join', token: late.token});
    assert.equal((await socket.next('error')).code, 'not_found');
    await socket.over(4401);
    await Seat.take(server, seated);
    await seat.over(4409);
});

test('a guest who comes by the address of an open room gets the consent text with the refusal', async () => {
    const open = await newRoom(host, {access: 'link', consent_text: 'Nothing is recorded.'});
    const guest = new Client(server);
    const missing = await guest.post(`/rooms/${open.slug}/join`, {name: 'Gina'});
    refused(missing, 422, 'consent_required');
    assert.deepEqual(missing.json.consent, {version: 1, text: 'Nothing is recorded.'});
    good(await host.patch(`/rooms/${open.id}`, {consent_text: 'Nothing at all is recorded.'}));
    const outdated = await guest.post(`/rooms/${open.slug}/join`, {name: 'Gina', consent: missing.json.consent});
    refused(outdated, 422, 'consent_outdated');
    assert.equal(outdated.json.consent.text, 'Nothing at all is recorded.');
    good(await guest.post(`/rooms/${open.slug}/join`, {name: 'Gina', consent: outdated.json.consent}));
    const other = await guest.post(`/rooms/${open.slug}/join`, {name: ''});
    assert.equal(other.json.consent, undefined);
});

test('a list shows invitations with state and uses, and no codes', async () => {
    const answer = await host.get(`/api/v1/rooms/${room.id}/invitations`);
    const {items} = good(answer);
    assert.ok(items.length >= 5);
    assert.ok(items.every(item => item.state && Number.isInteger(item.uses) && item.max_uses >= 1 && item.code === undefined), answer.text.slice(0, 500));
});

test('only the hosts of the room and the front desk make and see its links', async () => {
    refused(await stranger.post(`/rooms/${room.id}/invitations`, {}), 404);
    refused(await stranger.get(`/api/v1/rooms/${room.id}/invitations`), 404);
    const made = await newInvitation(host, room);
    refused(await stranger.post(`/invitations/${made.id}/link`), 404);
    refused(await stranger.delete(`/invitations/${made.id}`), 404);
    good(await desk.post(`/rooms/${room.id}/invitations`, {}));
});

test('the same Idempotency-Key makes one invitation', async () => {
    const headers = {'Idempotency-Key': 'from-a-retrying-page'};
    const a = good(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Once'}, headers));
    const b = good(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Once'}, headers));
    assert.equal(a.id, b.id);
    assert.equal(a.code, b.code);
});

test('the same Idempotency-Key with another body, or for another room, is refused and makes nothing', async () => {
    const headers = {'Idempotency-Key': 'used twice'};
    const path = `/rooms/${room.id}/invitations`;
    good(await host.post(path, {guest_name: 'One'}, headers));
    const before = (await host.read(`${path}?limit=200`)).items.length;
    refused(await host.post(path, {guest_name: 'Two'}, headers), 422, 'idempotency_mismatch');
    const other = await newRoom(host);
    refused(await host.post(`/rooms/${other.id}/invitations`, {guest_name: 'One'}, headers), 422, 'idempotency_mismatch');
    assert.equal((await host.read(`${path}?limit=200`)).items.length, before);
    good(await desk.post(path, {guest_name: 'Two'}, headers)); // another person's key
});

test('two requests at the same time with the same Idempotency-Key make one invitation', async () => {
    const headers = {'Idempotency-Key': 'at once'};
    const answers = await Promise.all(Array.from({length: 8}, () => host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Once'}, headers)));
    assert.equal(new Set(answers.map(answer => good(answer).id)).size, 1);
});

test('an Idempotency-Key is known after a restart', async () => {
    const headers = {'Idempotency-Key': 'before and after'};
    const {id} = good(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Once'}, headers));
    await server.stop();
    await server.restart();
    assert.equal(good(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Once'}, headers)).id, id);
    refused(await host.post(`/rooms/${room.id}/invitations`, {guest_name: 'Twice'}, headers), 422, 'idempotency_mismatch');
});

test('several people may come by a link made for several, and no more', async () => {
    const invitation = await newInvitation(host, room, {max_uses: 2});
    for (const name of ['One', 'Two']) good(await join(invitation.code, new Client(server), {name}));
    refused(await join(invitation.code, new Client(server), {name: 'Three'}), 403, 'invitation_used');
});

test('a guest who has not agreed to the current consent text does not join', async () => {
    const invitation = await newInvitation(host, room);
    const answer = await new Client(server).post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Gina'});
    assert.ok(answer.status >= 400, answer.text);
    assert.equal(answer.json.field, 'consent');
});

test('a wrong PIN is counted, and five of them lock', async () => {
    const locked = await newRoom(host, {pin: '4711'});
    const invitation = await newInvitation(host, locked);
    const guest = new Client(server);
    const attempt = pin => guest.post(`/rooms/${locked.id}/join`, {invitation: invitation.code, name: 'Gina', pin});
    assert.equal(good(await lookup(invitation.code)).pin_required, true);
    for (let i = 0; i < 5; i++) refused(await attempt('0000'), 403, 'wrong_pin');
    refused(await attempt('4711'), 429, 'pin_locked');
});

test("a stranger's wrong PINs lock the stranger, also without cookies, and never the right person", async () => {
    const closed = await newRoom(host, {pin: '4711'});
    const group = await newInvitation(host, closed, {max_uses: 100});
    const personal = await newInvitation(host, closed);
    const attempt = (code, pin, from) => new Client(server, {from}).post(`/rooms/${closed.id}/join`, {invitation: code, name: 'Gina', pin});
    const tries = [];
    for (let i = 0; i < 30; i++) tries.push((await attempt(group.code, '0000')).json.code);
    assert.deepEqual(tries, [...Array(5).fill('wrong_pin'), ...Array(25).fill('pin_locked')], 'a new cookie is no new try');
    good(await attempt(personal.code, '4711'));
    good(await attempt(group.code, '4711', '127.0.0.9'));
});

test('a room whose PIN is guessed from many addresses gives each one try, and lets in a guest who knows the PIN', async () => {
    const closed = await newRoom(host, {pin: '4711'});
    const group = await newInvitation(host, closed, {max_uses: 100});
    const attempt = (pin, from) => new Client(server, {from}).post(`/rooms/${closed.id}/join`, {invitation: group.code, name: 'Gina', pin});
    for (let i = 0; i < 4; i++) for (let k = 0; k < 5; k++) refused(await attempt('0000', `127.0.1.${i + 1}`), 403, 'wrong_pin');
    refused(await attempt('0000', '127.0.2.1'), 403, 'wrong_pin');
    refused(await attempt('4711', '127.0.2.1'), 429, 'pin_locked');
    good(await attempt('4711', '127.0.2.2'));
});

test('guessing the PIN of an open room from ever new addresses fails: after a while only links lead in', async () => {
    const open = await newRoom(host, {access: 'link', pin: '4711'});
    const invitation = await newInvitation(host, open);
    const attempt = (pin, from, code) => new Client(server, {from}).post(`/rooms/${open.id}/join`, {...(code && {invitation: code}), name: 'Gina', pin});
    for (let i = 1; i <= 4; i++) for (let k = 0; k < 5; k++) refused(await attempt('0000', `127.0.9.${i}`), 403, 'wrong_pin');
    for (let i = 5; i <= 84; i++) refused(await attempt('0000', `127.0.9.${i}`), 403, 'wrong_pin');
    refused(await attempt('4711', '127.0.10.1'), 429, 'pin_locked');
    good(await attempt('4711', '127.0.10.1', invitation.code));
});

test('the code never stands in a requested path: the page moves it', async () => {
    const page = await new Client(server).get('/j/SOMECODE');
    assert.equal(page.status, 200);
    assert.equal(page.text, (await new Client(server).get('/j/')).text);
});
