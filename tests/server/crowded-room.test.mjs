// An attacker who joins, disconnects and joins again by a link for many people keeps nobody else out.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'node:test';
import {Client, good, guestAt, hostIn, newInvitation, newRoom, practice} from '../support/scene.mjs';
import {Seat} from '../support/ws.mjs';

const USES = 300;
const SITE_MAX = 48;
const LINK_MAX = 96;
const {server, admin} = await practice({args: ['--rate-scale', '1000']});

/** A guest with a cookie jar of their own: has `seat`, or the answer in `refusal` when refused. */
async function come(room, invitation, from) {
    const answer = await new Client(server, {from}).post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Somebody'});
    if (answer.status !== 200) return {refusal: answer};
    return {seat: await Seat.take(server, answer.json, {from})};
}

async function cut(seat) {
    seat.cut();
    await seat.closed;
}

/** Seats of the room as the host sees them. */
const seatsOf = host => host.welcome.participants.length;

async function letIn(room) {
    const started = performance.now();
    const host = await hostIn(admin, room);
    const patient = await guestAt(room, await newInvitation(admin, room), {server, name: 'Pat Patient'});
    await host.next('participant', {event: 'waiting', participant: {id: patient.id}});
    assert.ok(performance.now() - started < 2000, 'at once');
    return {host, patient};
}

test('three hundred who joined from one address and are gone leave room for the host and for a guest by a link of their own', async () => {
    const room = await newRoom(admin);
    const invitation = await newInvitation(admin, room, {max_uses: USES});
    for (let i = 0; i < USES; i++) {
        const {seat, refusal} = await come(room, invitation, '127.0.2.1');
        assert.equal(refusal, undefined, 'the longest gone gives way');
        await cut(seat);
    }
    const {host, patient} = await letIn(room);
    assert.ok(seatsOf(host) <= SITE_MAX, `${seatsOf(host)} seats`);
    host.send({type: 'admit', participant: patient.id});
    await patient.next('state', {state: 'inside'});
});

test('while they stay connected their address is refused, by HTTP and by socket, and guests from elsewhere come in', async () => {
    const room = await newRoom(admin);
    const invitation = await newInvitation(admin, room, {max_uses: USES});
    const seats = [];
    let refusal;
    while (!refusal) {
        const came = await come(room, invitation, '127.0.2.2');
        if (came.seat) seats.push(came.seat);
        refusal = came.refusal;
    }
    assert.equal(seats.length, SITE_MAX);
    assert.deepEqual([refusal.status, refusal.json.code], [409, 'room_full']);
    const elsewhere = await come(room, invitation, '127.0.2.3');
    assert.ok(elsewhere.seat);
    const {host} = await letIn(room);
    for (const seat of [seats[3], seats[7]]) {
        await cut(seat);
        await host.next('participant', {event: 'away', participant: {id: seat.id}});
    }
    assert.ok((await come(room, invitation, '127.0.2.2')).seat, 'the longest gone gives way');
    await host.next('participant', {event: 'left', reason: 'expired', participant: {id: seats[3].id}});
    await assert.rejects(seats[3].resume({from: '127.0.2.2'}), /bad_ticket|4401/);
    assert.equal((await seats[7].resume({from: '127.0.2.2'})).welcome.state, 'waiting');
});

test('one link fills no more than its share, from however many addresses, and another link goes on working', async () => {
    const room = await newRoom(admin);
    const [invitation, other] = [await newInvitation(admin, room, {max_uses: USES}), await newInvitation(admin, room, {max_uses: 5})];
    for (let i = 0; i < LINK_MAX; i++) assert.ok((await come(room, invitation, `127.0.3.${1 + (i % 90)}`)).seat);
    assert.equal((await come(room, invitation, '127.0.3.200')).refusal?.json.code, 'room_full');
    assert.ok((await come(room, other, '127.0.3.200')).seat);
    await letIn(room);
});

test('a token that was valid when it was issued takes no place that another person has taken since', async () => {
    const room = await newRoom(admin);
    const invitation = await newInvitation(admin, room, {max_uses: USES});
    const early = good(await new Client(server, {from: '127.0.2.4'}).post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Early'}));
    for (let i = 0; i < SITE_MAX; i++) assert.ok((await come(room, invitation, '127.0.2.4')).seat);
    await assert.rejects(Seat.take(server, early, {from: '127.0.2.4'}), /room_full/);
});

test('revoking the link removes the guests who came by it from the waiting room', async () => {
    const room = await newRoom(admin);
    const invitation = await newInvitation(admin, room, {max_uses: USES});
    for (let i = 0; i < 30; i++) await cut((await come(room, invitation, '127.0.2.5')).seat);
    const {host} = await letIn(room);
    good(await admin.delete(`/invitations/${invitation.id}`));
    for (let i = 0; i < 30; i++) await host.next('participant', {event: 'left', reason: 'invitation_revoked'});
});

test('a guest who joins, leaves and joins again is asked to wait before the host has heard of it for the hundredth time', async () => {
    const strict = await practice();
    const room = await newRoom(strict.admin);
    const invitation = await newInvitation(strict.admin, room);
    const client = new Client(strict.server);
    let answer;
    for (let i = 0; i < 100; i++) {
        answer = await client.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name: 'Flo'});
        if (answer.status !== 200) break;
        const seat = await Seat.take(strict.server, answer.json);
        seat.send({type: 'leave'});
        await seat.over(1000);
    }
    assert.deepEqual([answer.status, answer.json.code], [429, 'too_many_requests']);
});

test('a guest who comes to an open room again and again with new cookie jars leaves about a thousand rows, not more each time', async () => {
    const room = await newRoom(admin, {access: 'link'});
    const sql = text => {
        const done = spawnSync('sqlite3', ['-cmd', '.timeout 5000', join(server.data, 'parlour.db'), text], {encoding: 'utf8'});
        assert.equal(done.status, 0, done.stderr);
        return done.stdout.trim();
    };
    const come = async () => {
        const seat = await Seat.take(server, good(await new Client(server).post(`/rooms/${room.slug}/join`, {name: 'Gina'})));
        seat.send({type: 'leave'});
        await seat.over(1000);
    };
    await come();
    const columns = sql('SELECT group_concat(name) FROM pragma_table_info(\'seats\')').split(',');
    const copied = columns.map(name => (name === 'id' ? '\'old\' || n' : name === 'ended_ms' ? 'ended_ms - n' : name));
    sql(`WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1100)
        INSERT INTO seats (${columns}) SELECT ${copied} FROM seats, counted WHERE room_id = '${room.id}'`);
    for (let i = 0; i < 64 * 4; i++) await come(); // every 64th newcomer of a shard tidies
    const rows = Number(sql(`SELECT count(*) FROM seats WHERE room_id = '${room.id}'`));
    assert.ok(rows <= 1100, `${rows} rows`);
});
