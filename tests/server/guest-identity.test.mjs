// The identity of a guest: the cookie jar that came with an invitation, and nobody else who has the link.
import assert from 'node:assert/strict';
import test from 'node:test';
import {readCatalogue} from '../../web/build_texts.mjs';
import {Client, good, newInvitation, newRoom, newUser, refused} from '../support/http.mjs';
import {admit, call, guestAt, hostIn, practice} from '../support/scene.mjs';
import {Seat, Socket} from '../support/ws.mjs';

const {server, admin} = await practice();
const host = await newUser(admin, {name: 'Dr Rivera'});
const join = (room, invitation, client, name = 'Gina') => client.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name});

async function roomWithLink(fields) {
    const room = await newRoom(host);
    return {room, invitation: await newInvitation(host, room, fields)};
}

test('the same jar gets the same seat in the same state, and no use is counted again', async () => {
    const {room, invitation} = await roomWithLink();
    const guest = new Client(server);
    const first = good(await join(room, invitation, guest));
    const again = good(await join(room, invitation, guest));
    assert.equal(again.participant, first.participant);
    const [listed] = (await host.read(`/rooms/${room.id}/invitations`)).items;
    assert.equal(listed.uses, 1);
});

test('the guest cookie is HttpOnly and set by a refused join as well', async () => {
    const {room, invitation} = await roomWithLink();
    good(await host.patch(`/rooms/${room.id}`, {locked: true}));
    const guest = new Client(server);
    const answer = await join(room, invitation, guest);
    refused(answer, 423, 'room_locked');
    assert.match(answer.headers['set-cookie'].join(), /guest=[A-Za-z0-9_-]{43}.*HttpOnly/i);
});

test('another jar with a one-person link waits, marked as the same invitation', async () => {
    const {room, invitation} = await roomWithLink();
    const hostSeat = await hostIn(host, room);
    const first = await guestAt(room, invitation, {server});
    await hostSeat.next('participant', {event: 'waiting'});
    const second = await guestAt(room, invitation, {server, name: 'Gina on her phone'});
    const {participant} = await hostSeat.next('participant', {event: 'waiting', participant: {id: second.id}});
    assert.equal(participant.same_invitation, true);
    assert.equal(second.welcome.state, 'waiting');
    assert.notEqual(first.id, second.id);
});

test('admitting the other jar ends the first seat as replaced', async () => {
    const {room, invitation} = await roomWithLink();
    const hostSeat = await hostIn(host, room);
    const first = await guestAt(room, invitation, {server});
    await admit(hostSeat, first);
    const second = await guestAt(room, invitation, {server, name: 'Phone'});
    assert.equal(second.welcome.state, 'waiting', 'it never inherits inside');
    await admit(hostSeat, second);
    assert.equal((await first.next('bye')).reason, 'replaced');
    await first.over(4409);
});

test('all guests of a link for several people are inside together, and none is marked', async () => {
    const {room, invitation} = await roomWithLink({max_uses: 3});
    const hostSeat = await hostIn(host, room);
    const guests = [];
    for (const name of ['Ada', 'Ben', 'Cleo']) {
        const guest = await guestAt(room, invitation, {server, name});
        const {participant} = await hostSeat.next('participant', {event: 'waiting', participant: {id: guest.id}});
        assert.equal(participant.same_invitation, undefined, name);
        await admit(hostSeat, guest, {beside: true});
        guests.push(guest);
    }
    assert.equal(guests[2].inside.participants.length, 3, 'the host and the two before');
    for (const guest of guests) await guest.nothing('bye');
});

test('without a waiting room everybody enters by a link for several people, and only the first by a one-person link', async () => {
    for (const [maxUses, state, marked] of [[2, 'inside', undefined], [1, 'waiting', true]]) {
        const room = await newRoom(host, {waiting_room: false});
        const invitation = await newInvitation(host, room, {max_uses: maxUses});
        const hostSeat = await hostIn(host, room);
        assert.equal((await guestAt(room, invitation, {server})).welcome.state, 'inside');
        const second = await guestAt(room, invitation, {server, name: 'Second'});
        assert.equal(second.welcome.state, state);
        const {participant} = await hostSeat.next('participant', {participant: {id: second.id}});
        assert.equal(participant.same_invitation, marked);
    }
});

test('a one-person link still belongs to its first guest after they have left', async () => {
    const room = await newRoom(host, {waiting_room: false});
    const invitation = await newInvitation(host, room);
    const hostSeat = await hostIn(host, room);
    const first = await guestAt(room, invitation, {server});
    first.send({type: 'leave'});
    await first.over(1000);
    const other = await guestAt(room, invitation, {server, name: 'Other'});
    assert.equal(other.welcome.state, 'waiting');
    const {participant} = await hostSeat.next('participant', {event: 'waiting', participant: {id: other.id}});
    assert.equal(participant.same_invitation, true);
    const again = await guestAt(room, invitation, {server, client: first.client});
    assert.equal(again.welcome.state, 'inside');
    await admit(hostSeat, other);
    assert.equal((await again.next('bye')).reason, 'replaced');
});

test('lookup answers used to another jar and valid to the jar that has the seat', async () => {
    const {room, invitation} = await roomWithLink();
    const guest = new Client(server);
    good(await join(room, invitation, guest));
    assert.equal(good(await guest.post('/invitations/lookup', {code: invitation.code})).state, 'valid');
    assert.equal(good(await new Client(server).post('/invitations/lookup', {code: invitation.code})).state, 'used');
});

test('names: empty, too long, deceptive, or a host\'s own are refused', async () => {
    const {room, invitation} = await roomWithLink();
    for (const name of ['', ' ', '\u200B\u200E', 'a'.repeat(65), 'bell\u0007', 'box\uE000', 'broken\uFFFD'])
        assert.equal(refused(await join(room, invitation, new Client(server), name), 422).field, 'name', JSON.stringify(name));
    refused(await join(room, invitation, new Client(server), 'zero\u0000'), 400, 'invalid_json');
    const taken = refused(await join(room, invitation, new Client(server), 'dr rivera'), 422, 'name_taken');
    assert.equal(taken.field, 'name');
});

test('a guest whose name reads like a host\'s is refused, however it is written', async () => {
    const {room, invitation} = await roomWithLink();
    const cohost = await newUser(admin, {name: 'Olivia Sobol'});
    good(await host.patch(`/rooms/${room.id}`, {cohosts: [cohost.user.id]}));
    for (const name of ['Dr R\u0456v\u0435ra', 'DR R1VERA', 'Ｄｒ Ｒｉｖｅｒａ', '𝐃𝐫 𝐑𝐢𝐯𝐞𝐫𝐚', 'Dr. Rivera ✓', 'Doctor Rivera', 'Dr Rivera host', '0livia 5obol', 'Dr Olivia Sobol'])
        assert.equal(refused(await join(room, invitation, new Client(server), name), 422, 'name_taken').field, 'name', name);
});

test('a guest who shares only a part of a host\'s name comes in: Anna visits Ana', async () => {
    const ana = await newUser(admin, {name: 'Ana'});
    const room = await newRoom(ana);
    const invitation = await newInvitation(ana, room, {max_uses: 5});
    for (const name of ['Anna', 'Anastasia', 'Ana Novak', 'Anna Host']) good(await join(room, invitation, new Client(server), name));
});

test('a guest whose name is a role of the practice is refused with an explanation, in every language of the pages', async () => {
    const {room, invitation} = await roomWithLink();
    const words = ['en', 'ar'].flatMap(language => {
        const common = readCatalogue(language, 'common');
        return [...['admin', 'host', 'desk'].map(role => common[`role.${role}`]), readCatalogue(language, 'later')['chat.host']];
    });
    assert.ok(words.every(Boolean), `${words}`);
    for (const word of [...words, 'h0st', 'admin'])
        for (const name of [`Gina (${word})`, `Gina - ${word}`, word]) {
            const {field, detail} = refused(await join(room, invitation, new Client(server), name), 422, 'name_claims_role');
            assert.deepEqual([field, detail], ['name', 'Only hosts and the front desk may use that name here; please enter your own.'], name);
        }
});

test('invisible characters are removed from every name, number and address that is pasted', async () => {
    const pasted = text => `\uFEFF\u200E${text.slice(0, 2)}\u00AD\u200B${text.slice(2)}\u202C\u00A0`;
    const {room, invitation} = await roomWithLink({guest_name: pasted('Ana Novak')});
    assert.equal((await host.read(`/rooms/${room.id}/invitations`)).items[0].guest_name, 'Ana Novak');
    const hostSeat = await hostIn(host, room);
    await guestAt(room, invitation, {server, name: pasted('Gina')});
    assert.equal((await hostSeat.next('participant', {event: 'waiting'})).participant.name, 'Gina');
    const person = good(await admin.post('/users', {email: pasted('ana@example.org'), name: pasted('Dr Ana'), role: 'host'}));
    assert.deepEqual([person.email, person.name], ['ana@example.org', 'Dr Ana']);
    const own = await newRoom(host, {name: pasted('Consulting room'), slug: pasted('pasted-slug'), pin: pasted('4711')});
    assert.deepEqual([own.name, own.slug], ['Consulting room', 'pasted-slug']);
    const {code} = await newInvitation(host, own);
    good(await new Client(server).post(`/rooms/${own.id}/join`, {invitation: code, name: 'Gina', pin: pasted('4711')}));
    const saved = good(await admin.patch('/settings', {practice: pasted('Hill Clinic'), phone: pasted('+1 555\u20110100')}));
    assert.deepEqual([saved.practice, saved.phone], ['Hill Clinic', '+1 555-0100']);
});

test('a joiner that shapes a Persian name stays in it', async () => {
    const {room, invitation} = await roomWithLink();
    const hostSeat = await hostIn(host, room);
    await guestAt(room, invitation, {server, name: 'علی\u200Cرضا\u200C'});
    assert.equal((await hostSeat.next('participant', {event: 'waiting'})).participant.name, 'علی\u200Cرضا');
});

test('a name of 64 letters of any script is fine and travels unharmed', async () => {
    const {room, invitation} = await roomWithLink();
    const name = 'مريم '.repeat(12).trim();
    const hostSeat = await hostIn(host, room);
    await guestAt(room, invitation, {server, name});
    assert.equal((await hostSeat.next('participant', {event: 'waiting'})).participant.name, name.normalize('NFC'));
});

test('a name from the invitation and a typed name are each marked as such', async () => {
    const {room, invitation} = await roomWithLink({guest_name: 'Ana Novak'});
    const hostSeat = await hostIn(host, room);
    const named = await guestAt(room, invitation, {server, name: null});
    const {participant} = await hostSeat.next('participant', {participant: {id: named.id}});
    assert.equal(participant.name_from, 'invitation');
    assert.equal(participant.name, 'Ana Novak');
    const typed = await guestAt(room, await newInvitation(host, room), {server, name: 'Somebody'});
    assert.equal((await hostSeat.next('participant', {participant: {id: typed.id}})).participant.name_from, 'self');
});

test('a host with a guest link is a guest there, even when signed in', async () => {
    const {room, invitation} = await roomWithLink();
    const joined = good(await join(room, invitation, host, 'Just Visiting'));
    assert.equal(joined.role, 'guest');
});

test('a room that is open by its link needs no invitation, a room by invitation does', async () => {
    const open = await newRoom(host, {access: 'link'});
    const closed = await newRoom(host);
    const joined = good(await new Client(server).post(`/rooms/${open.id}/join`, {name: 'Walk In'}));
    assert.equal(joined.role, 'guest');
    const answer = await new Client(server).post(`/rooms/${closed.id}/join`, {name: 'Walk In'});
    assert.ok([401, 403, 404].includes(answer.status), answer.text);
});

test('a guest by the address of a room keeps the seat over a reload after the room was closed to others', async () => {
    const open = await newRoom(host, {access: 'link'});
    const clients = [new Client(server), await newUser(admin, {name: 'Dr Osei'})];
    const seats = [];
    for (const client of clients) seats.push(await Seat.take(server, good(await client.post(`/rooms/${open.id}/join`, {name: 'Gina'}))));
    good(await host.patch(`/rooms/${open.id}`, {access: 'invited'}));
    for (const [i, client] of clients.entries()) {
        const again = await Seat.take(server, good(await client.post(`/rooms/${open.id}/join`, {})));
        assert.equal(again.id, seats[i].id);
        await seats[i].over(4409);
        again.send({type: 'leave'});
        await again.over(1000);
        refused(await client.post(`/rooms/${open.id}/join`, {}), 404, 'not_found');
    }
});

test('a room that does not exist refuses in the same way as one that may not be entered', async () => {
    const closed = await newRoom(host);
    const there = await new Client(server).post(`/rooms/${closed.slug}/join`, {name: 'Walk In'});
    const nowhere = await new Client(server).post('/rooms/no-such-room/join', {name: 'Walk In'});
    assert.deepEqual({...there.json, request_id: ''}, {...nowhere.json, request_id: ''});
    assert.equal((await new Client(server).get(`/r/${closed.slug}`)).text, (await new Client(server).get('/r/no-such-room')).text);
});

test('a block keeps out the jar and the link for a day', async () => {
    const {room, invitation} = await roomWithLink();
    const hostSeat = await hostIn(host, room);
    const guest = await guestAt(room, invitation, {server});
    hostSeat.send({type: 'deny', participant: guest.id, block: true});
    assert.equal((await guest.next('bye')).reason, 'denied');
    await guest.over(4403);
    const samePerson = await join(room, invitation, guest.client);
    const sameLink = await join(room, invitation, new Client(server));
    assert.ok(samePerson.status >= 400 && sameLink.status >= 400, `${samePerson.text} ${sameLink.text}`);
});

test('a block follows the jar to another link and to the address of the room', async () => {
    const room = await newRoom(host, {access: 'link'});
    const [invitation, another] = [await newInvitation(host, room), await newInvitation(host, room)];
    const hostSeat = await hostIn(host, room);
    const guest = await guestAt(room, invitation, {server});
    hostSeat.send({type: 'deny', participant: guest.id, block: true});
    await guest.over(4403);
    refused(await join(room, another, guest.client), 403, 'blocked');
    refused(await guest.client.post(`/rooms/${room.slug}/join`, {name: 'Gina'}), 403, 'blocked');
    await guestAt(room, another, {server, name: 'Somebody else'});
});

test('a block holds against a token that the same jar fetched before, by another link or by the address', async () => {
    const room = await newRoom(host, {access: 'link'});
    const [invitation, another] = [await newInvitation(host, room), await newInvitation(host, room)];
    const hostSeat = await hostIn(host, room);
    const guest = await guestAt(room, invitation, {server});
    const kept = [good(await join(room, another, guest.client)), good(await guest.client.post(`/rooms/${room.slug}/join`, {name: 'Gina'}))];
    const stranger = good(await join(room, await newInvitation(host, room), new Client(server), 'Somebody else'));
    hostSeat.send({type: 'deny', participant: guest.id, block: true});
    await guest.over(4403);
    for (const joined of kept) {
        const socket = await new Socket({server, path: joined.ws}).open();
        socket.send({type: 'join', token: joined.token});
        assert.equal((await socket.next('error', {of: 'join'})).code, 'blocked');
        await socket.over(4403);
    }
    await Seat.take(server, stranger);
});

test('blocking a guest closes their link to newcomers, and ends no seat of others who came by it', async () => {
    const {room, invitation} = await roomWithLink({max_uses: 3});
    const hostSeat = await hostIn(host, room);
    const [bad, good_] = [await guestAt(room, invitation, {server, name: 'Bad'}), await guestAt(room, invitation, {server, name: 'Good'})];
    for (const guest of [bad, good_]) await admit(hostSeat, guest, {beside: true});
    hostSeat.send({type: 'remove', participant: bad.id, block: true});
    await bad.over(4403);
    const again = await guestAt(room, invitation, {server, name: 'Good', client: good_.client});
    assert.equal(again.id, good_.id);
    assert.equal(again.welcome.state, 'inside');
    refused(await join(room, invitation, bad.client), 403, 'blocked');
    refused(await join(room, invitation, new Client(server)), 403, 'blocked');
});

test('a person who was removed with a block and comes again is refused at the front door, by any way in, for a day', async () => {
    const room = await newRoom(host, {access: 'link'});
    const [invitation, another] = [await newInvitation(host, room), await newInvitation(host, room)];
    const hostSeat = await hostIn(host, room);
    const guest = await guestAt(room, invitation, {server});
    await admit(hostSeat, guest);
    hostSeat.send({type: 'remove', participant: guest.id, block: true});
    assert.equal((await guest.next('bye')).reason, 'removed');
    await guest.over(4403);
    for (const link of [invitation, another]) {
        const problem = refused(await join(room, link, guest.client), 403, 'blocked');
        assert.equal(problem.token, undefined);
    }
    refused(await guest.client.post(`/rooms/${room.slug}/join`, {name: 'Gina'}), 403, 'blocked');
    const unblocked = await guestAt(room, await newInvitation(host, room), {server, name: 'Removed without a block'});
    await admit(hostSeat, unblocked);
    hostSeat.send({type: 'remove', participant: unblocked.id});
    await unblocked.over(4403);
    good(await unblocked.client.post(`/rooms/${room.slug}/join`, {name: 'Removed without a block'}));
});

test('a join tells the guest how their earlier seat here ended', async () => {
    const scene = await call(host);
    const again = async () => good(await scene.guest.client.post(`/rooms/${scene.room.id}/join`, {invitation: scene.invitation.code, name: 'Gina Guest'}));
    assert.equal((await again()).over, undefined, 'an open seat has not ended');
    await scene.guest.close();
    await scene.host.next('participant', {event: 'away'});
    scene.host.send({type: 'end'});
    await scene.host.over(4404);
    assert.equal((await again()).over, 'ended');
});
