// The comparison server of the relay benchmark: Express and socket.io relaying `signal` to one socket, as tutorials write it.
import http from 'node:http';
import express from 'express';
import {Server} from 'socket.io';

const server = http.createServer(express());
const io = new Server(server, {perMessageDeflate: false});

io.on('connection', socket => {
    socket.on('signal', ({to, data}) => io.to(to).emit('signal', {from: socket.id, data}));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
