// scene.mjs - the people most tests begin with: a practice that is set up, hosts and guests on their seats.
import {after} from 'node:test';
import {Client, codeOf, good, newInvitation, newRoom, newUser, setUp} from './http.mjs';
import {startServer} from './server.mjs';
import {Seat, Socket} from './ws.mjs';

/** A server of this test file, set up: {server, admin}. It is stopped, and its end checked, after the file's tests. */
export async function practice(options) {
    const server = await startServer(options);
    after(() => server.stop());
    return {server, admin: await setUp(server)};
}

/** The answer of POST /rooms/{room}/join to a host. */
export const joinAsHost = async (client, room) => good(await client.post(`/rooms/${room.id}/join`, {}));

export const hostIn = async (client, room, options) => Seat.take(client.server, await joinAsHost(client, room), options);

/** A guest with a jar of their own (or `client`'s) takes the seat of an invitation. */
export async function guestAt(room, invitation, {server = room.server, client = new Client(server), name = 'Gina Guest', ...options} = {}) {
    const joined = good(await client.post(`/rooms/${room.id}/join`, {invitation: invitation.code, name}));
    const seat = await Seat.take(client.server, joined, options);
    seat.client = client;
    return seat;
}

/** A room of `owner` with the host inside and one guest who waits; the guest has been announced to the host. */
export async function waitingRoom(owner, {room: fields, name, seat} = {}) {
    const room = await newRoom(owner, fields);
    const invitation = await newInvitation(owner, room);
    const host = await hostIn(owner, room, seat);
    const guest = await guestAt(room, invitation, {server: owner.server, name, ...seat});
    await host.next('participant', {event: 'waiting', participant: {id: guest.id}});
    return {room, invitation, host, guest};
}

/** `how`: {beside: true} or {instead: true} while another guest is inside. */
export async function admit(host, guest, how) {
    host.send({type: 'admit', participant: guest.id, ...how});
    guest.inside = await guest.next('state', {state: 'inside'});
    await host.next('participant', {event: 'admitted', participant: {id: guest.id}});
    return guest.inside;
}

/** The same with the guest admitted: two people who may signal. */
export async function call(owner, options) {
    const scene = await waitingRoom(owner, options);
    await admit(scene.host, scene.guest);
    return scene;
}

/** One more guest in the room of a scene, inside. */
export async function anotherGuest(owner, {room, host}, name = 'Second Guest') {
    const guest = await guestAt(room, await newInvitation(owner, room), {server: owner.server, name});
    await host.next('participant', {event: 'waiting', participant: {id: guest.id}});
    await admit(host, guest, {beside: true});
    return guest;
}

/** The live feed of the dashboard: {socket, snapshot}. */
export async function deskOf(client) {
    const joined = good(await client.post('/desk/join', {}));
    const socket = new Socket({server: client.server, path: joined.ws});
    await socket.open();
    socket.send({type: 'join', token: joined.token});
    socket.welcome = await socket.next('welcome');
    return socket;
}

export {Client, codeOf, good, newInvitation, newRoom, newUser};
