// A certificate is replaced under 1,000 open sockets, and nobody notices; and a stop ends them all in order.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import test, {after} from 'node:test';
import {connect as connectSecure} from 'node:tls';
import {Client, good, newRoom, setUp} from '../support/http.mjs';
import {startServer, temporaryFolder} from '../support/server.mjs';
import {Authority, fingerprint, replace} from '../support/tls.mjs';
import {Seat} from '../support/ws.mjs';

const SEATS = 1000;
const AT_ONCE = 10;
const ROOM_SEATS = 40; // of one room, so that arrivals are told to few
const authority = new Authority();
const kept = temporaryFolder();
const issued = authority.issue();
const files = {...issued, cert: `${kept}/fullchain.pem`, key: `${kept}/privkey.pem`};
replace(files, issued);
const server = await startServer({tls: files, args: ['--rate-scale', '100000', '--signal-rate', '10000']});
after(() => server.stop());
const admin = await setUp(server);

async function shown() {
    const socket = connectSecure({host: server.host, port: server.port, ...server.tls});
    await once(socket, 'secureConnect');
    const {fingerprint256} = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
}

/** A guest who waits in the room. */
async function guest(room, i) {
    const client = new Client(server);
    client.agent = admin.agent;
    return Seat.take(server, good(await client.post(`/rooms/${room.id}/join`, {name: `Guest ${i}`})));
}

async function crowd() {
    const seats = [];
    for (let room; seats.length < SEATS; ) {
        if (seats.length % ROOM_SEATS === 0) room = await newRoom(admin, {access: 'link'});
        const count = Math.min(AT_ONCE, ROOM_SEATS - (seats.length % ROOM_SEATS));
        seats.push(...(await Promise.all(Array.from({length: count}, (_, i) => guest(room, seats.length + i)))));
    }
    return seats;
}

/** Each sends a ping and gets its answer. */
async function allAnswer(seats) {
    const answered = seats.map(seat => once(seat.ws, 'pong'));
    for (const seat of seats) seat.ws.ping('still here');
    await Promise.all(answered);
}

test('a certificate is replaced under 1,000 open sockets, none is dropped, and a stop says goodbye to each', async () => {
    const seats = await crowd();
    await allAnswer(seats);
    const next = authority.issue();
    replace(files, next);
    process.kill(server.pid, 'SIGHUP');
    await server.logs(new RegExp(`tls\\.certificate .*sha256=${fingerprint(next.cert)}`));
    assert.equal(await shown(), fingerprint(next.cert));
    await allAnswer(seats);
    assert.equal(seats.filter(seat => seat.end).length, 0);
    await server.stop();
    const ends = await Promise.all(seats.map(seat => seat.closed));
    assert.deepEqual([...new Set(ends.map(end => end.code))], [1012]);
});
