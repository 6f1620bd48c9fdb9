// names.mjs - a program: the name server of a home in the lab. Its arguments are its address and the names that it knows, as JSON
// {name: [addresses of IPv4 and IPv6]}; it prints a line when it answers. RFC 1035, as much as browsers ask.
import {createSocket} from 'node:dgram';
import {isIPv6} from 'node:net';

const TYPE = {a: 1, aaaa: 28};
const NO_SUCH_NAME = 3;
const [address, json] = process.argv.slice(2);
const names = JSON.parse(json);

/** The name asked for, and the place behind it. */
function readName(message) {
    const labels = [];
    let at = 12;
    while (message[at] > 0) {
        labels.push(message.toString('latin1', at + 1, at + 1 + message[at]));
        at += 1 + message[at];
    }
    return {name: labels.join('.').toLowerCase(), end: at + 1};
}

function bytesOf(ip) {
    if (!isIPv6(ip)) return Buffer.from(ip.split('.').map(Number));
    const [left, right = []] = ip.split('::').map(half => half.split(':').filter(Boolean));
    const words = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
    return Buffer.from(words.map(word => word.padStart(4, '0')).join(''), 'hex');
}

function record(type, ip) {
    const bytes = bytesOf(ip);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0); // the name in the question
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
}

function answer(message) {
    const {name, end} = readName(message);
    const type = message.readUInt16BE(end);
    const known = names[name];
    const found = (known ?? []).filter(ip => type === (isIPv6(ip) ? TYPE.aaaa : TYPE.a));
    const head = Buffer.from(message.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (known ? 0 : NO_SUCH_NAME), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    head.writeUInt32BE(0, 8);
    return Buffer.concat([head, message.subarray(12, end + 4), ...found.map(ip => record(type, ip))]);
}

const socket = createSocket('udp4');
socket.on('message', (message, from) => socket.send(answer(message), from.port, from.address));
socket.bind(53, address, () => console.log('ready'));
