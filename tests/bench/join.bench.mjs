// Joining: HTTP join, socket and welcome, with the seat durable, a second of one core.
import {WebSocket} from 'ws';
import {Client, good, newRoom} from '../support/http.mjs';
import {benchServer, cpuNs, finish, report, verdict} from './lib.mjs';

const JOINS = 1500;
const AT_ONCE = 16;
const PER_ROOM = 50;

const bench = await benchServer(['--max-connections', '8000']);
const {server, admin} = bench;
const rooms = [];
for (let i = 0; i < JOINS / PER_ROOM; i++) rooms.push(await newRoom(admin, {access: 'link'}));
const agent = new Client(server).agent;
const sockets = [];

async function join(i) {
    const client = new Client(server);
    client.agent = agent;
    const seat = good(await client.post(`/rooms/${rooms[Math.floor(i / PER_ROOM)].id}/join`, {name: `Guest ${i}`}));
    const socket = new WebSocket(`ws://${server.host}:${server.port}${seat.ws}`, 'parlour.v1', {origin: server.origin, perMessageDeflate: false});
    sockets.push(socket);
    await new Promise((resolve, reject) => {
        socket.on('open', () => socket.send(JSON.stringify({type: 'join', token: seat.token})));
        socket.on('message', data => (JSON.parse(data).type === 'welcome' ? resolve() : reject(new Error(String(data)))));
        socket.on('close', code => reject(new Error(`closed ${code}`)));
    });
}

let next = 0;
const before = cpuNs(server.pid);
const started = performance.now();
await Promise.all(
    Array.from({length: AT_ONCE}, async () => {
        while (next < JOINS) await join(next++);
    }),
);
const seconds = (performance.now() - started) / 1000;
const cpuSeconds = (cpuNs(server.pid) - before) / 1e9;
report(`${JOINS} joins in ${seconds.toFixed(2)} s: ${Math.round(JOINS / seconds)}/s with the generator (Node, the other core) as the limit`);
verdict('joins a second of one core', JOINS / Math.max(cpuSeconds, 0.001), {atLeast: 300}, '/s');
verdict('joins a second by the clock', JOINS / seconds, {atLeast: 300}, '/s');
for (const socket of sockets) socket.terminate();
await server.stop();
finish();
