// Rooms: fields, the people who may see and change them, and clear refusals of features that are not there yet.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, codeOf, good, newInvitation, newRoom, newUser, refused} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const other = await newUser(admin, {name: 'Dr Osei'});
const desk = await newUser(admin, {role: 'desk'});

test('a room has the rules it was given, and the defaults for the rest', async () => {
    const room = good(await host.post('/rooms', {name: 'Hill Clinic – Dr Rivera', consent_text: 'We talk.'}), 201);
    assert.equal(room.slug, 'hill-clinic-dr-rivera');
    const expected = {kind: 'meeting', topology: 'auto', waiting_room: true, access: 'invited', max_participants: 12, locked: false, relay_only: false, guests_may_stay: false, recording: 'off', e2ee: false, consent_text: 'We talk.', cohosts: []};
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(room[field], value, field);
    assert.deepEqual(await host.read(`/rooms/${room.slug}`), await host.read(`/rooms/${room.id}`));
});

test('each field can be changed and reads back', async () => {
    const room = await newRoom(host);
    const changes = {name: 'Other name', slug: 'other-slug', topology: 'p2p', waiting_room: false, access: 'link', max_participants: 3, locked: true, relay_only: true, guests_may_stay: true, cohosts: [other.user.id]};
    for (const [field, value] of Object.entries(changes)) {
        good(await host.patch(`/rooms/${room.id}`, {[field]: value}));
        assert.deepEqual((await host.read(`/rooms/${room.id}`))[field], value, field);
    }
});

test('a PIN is never shown again', async () => {
    const answer = await host.post('/rooms', {name: 'With PIN', pin: '4711'});
    good(answer);
    assert.doesNotMatch(answer.text, /4711/);
    assert.doesNotMatch((await host.get(`/api/v1/rooms/${answer.json.id}`)).text, /4711/);
    assert.equal(answer.json.has_pin ?? answer.json.pin_set ?? answer.json.pin, true);
});

test('features of later versions are refused as not available, never silently accepted', async () => {
    for (const fields of [{recording: 'local'}, {e2ee: true}, {topology: 'sfu'}, {topology: 'mixed'}, {kind: 'reception'}]) {
        const problem = refused(await host.post('/rooms', {name: 'Later', ...fields}), 422, 'not_available');
        assert.equal(problem.field, Object.keys(fields)[0]);
    }
});

test('wrong fields are named and nothing is made', async () => {
    const before = (await host.read('/rooms?limit=200')).items.length;
    const cases = [
        [{name: ''}, 'name'], [{name: 'a'.repeat(81)}, 'name'], [{slug: 'Not A Slug!'}, 'slug'], [{slug: '-x-'}, 'slug'], [{kind: 'party'}, 'kind'],
        [{max_participants: 0}, 'max_participants'], [{max_participants: 100000}, 'max_participants'], [{waiting_room: 'yes'}, 'waiting_room'],
        [{access: 'everyone'}, 'access'], [{topology: 'ring'}, 'topology'], [{consent_text: 'a'.repeat(5000)}, 'consent_text'], [{cohosts: ['nobody']}, 'cohosts'],
        [{unknown_field: 1}, 'unknown_field'], [{pin: '1'}, 'pin'],
    ];
    for (const [wrong, field] of cases) assert.equal(refused(await host.post('/rooms', {name: 'Wrong', ...wrong}), 422).field, field, JSON.stringify(wrong));
    assert.equal((await host.read('/rooms?limit=200')).items.length, before);
});

test('a slug belongs to one room', async () => {
    await newRoom(host, {slug: 'only-one'});
    assert.equal(refused(await other.post('/rooms', {name: 'Second', slug: 'only-one'}), 409).field, 'slug');
});

test('a host sees the rooms they own or co-host, an admin all, and nobody learns that others exist', async () => {
    const mine = await newRoom(host, {name: 'Mine'});
    const shared = await newRoom(host, {name: 'Shared', cohosts: [other.user.id]});
    const seen = (await other.read('/rooms?limit=200')).items.map(room => room.id);
    assert.ok(seen.includes(shared.id) && !seen.includes(mine.id));
    refused(await other.get(`/api/v1/rooms/${mine.id}`), 404);
    refused(await other.patch(`/rooms/${mine.id}`, {name: 'Stolen'}), 404);
    refused(await other.delete(`/rooms/${mine.id}`), 404);
    const all = (await admin.read('/rooms?limit=200')).items.map(room => room.id);
    assert.ok(all.includes(mine.id) && all.includes(shared.id));
});

test('an admin gets no way into a room by being admin', async () => {
    const room = await newRoom(host);
    const answer = await admin.post(`/rooms/${room.id}/join`, {});
    assert.ok([403, 404].includes(answer.status), answer.text);
});

test('the front desk may neither make nor change rooms', async () => {
    const room = await newRoom(host);
    refused(await desk.post('/rooms', {name: 'Desk'}), 403);
    const answer = await desk.patch(`/rooms/${room.id}`, {name: 'Desk'});
    assert.ok([403, 404].includes(answer.status), answer.text);
});

test('changes and deletions honour If-Match', async () => {
    const room = await newRoom(host);
    const seen = await host.get(`/api/v1/rooms/${room.id}`);
    assert.equal(seen.headers.etag, seen.json.etag);
    good(await host.patch(`/rooms/${room.id}`, {name: 'Two'}));
    refused(await host.patch(`/rooms/${room.id}`, {name: 'Three'}, {'If-Match': seen.headers.etag}), 412, 'changed');
    refused(await host.delete(`/rooms/${room.id}`, undefined, {'If-Match': seen.headers.etag}), 412, 'changed');
    const now = await host.read(`/rooms/${room.id}`);
    good({...(await host.delete(`/rooms/${room.id}`, undefined, {'If-Match': now.etag})), json: {}});
    refused(await host.get(`/api/v1/rooms/${room.id}`), 404);
});

test('text stays text: markup in a name comes back as it was', async () => {
    const name = '<img src=x onerror=alert(1)> & "quotes"';
    assert.equal((await newRoom(host, {name})).name, name);
});

test('thirty rooms at once, then thirty an hour: the next one says when to come back', async () => {
    const busy = await newUser(admin, {name: 'Dr Import'});
    for (let i = 0; i < 30; i++) await newRoom(busy);
    const answer = await busy.post('/rooms', {name: 'One too many'});
    refused(answer, 429, 'too_many_requests');
    const seconds = Number(answer.headers['retry-after']);
    assert.ok(seconds > 60 && seconds <= 120, `retry after ${seconds} s`);
    assert.equal((await busy.read('/rooms')).items.length, 30);
    await newRoom(other);
});

test('one address brings sixty newcomers into an open room, then one a minute; nobody else has to wait for that', async () => {
    const open = await newRoom(host, {access: 'link'});
    const another = await newRoom(host, {access: 'link'});
    const newcomer = (room, from) => new Client(server, {from}).post(`/rooms/${room.slug}/join`, {name: 'Gina'});
    const first = new Client(server, {from: '127.0.6.1'});
    good(await first.post(`/rooms/${open.slug}/join`, {name: 'Gina'}));
    for (let i = 1; i < 60; i++) good(await newcomer(open, '127.0.6.1'));
    const refusal = await newcomer(open, '127.0.6.1');
    refused(refusal, 429, 'too_many_requests');
    assert.ok(Number(refusal.headers['retry-after']) <= 60);
    good(await newcomer(another, '127.0.6.1'));
    good(await newcomer(open, '127.0.6.2'));
    const invitation = await newInvitation(host, open);
    good(await new Client(server, {from: '127.0.6.1'}).post(`/rooms/${open.id}/join`, {invitation: codeOf(invitation.url), name: 'Gina'}));
});
