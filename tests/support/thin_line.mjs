// thin_line.mjs - a line with a bandwidth limit between a client and the server, as a proxy on a port of its own.
// Excess data waits at the server's end, as on a real line; the upstream is unlimited.
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {after} from 'node:test';

const PIECE_BYTES = 1024;

/** Waits until there is something to read, or the stream has ended. */
function more(up) {
    return new Promise(resolve => {
        const done = () => {
            up.off('readable', done).off('end', done).off('close', done);
            resolve();
        };
        up.on('readable', done).on('end', done).on('close', done);
    });
}

/** Passes on the data from `up` no faster than `bytesPerS`. */
async function drip(up, down, bytesPerS) {
    let freeAt = performance.now();
    for (;;) {
        const piece = up.read(Math.min(PIECE_BYTES, up.readableLength || 1));
        if (piece === null) {
            if (up.readableEnded || up.destroyed) break;
            await more(up);
            continue;
        }
        down.write(piece);
        freeAt = Math.max(freeAt, performance.now()) + (piece.length * 1000) / bytesPerS;
        const early = freeAt - performance.now();
        if (early > 1) await new Promise(resolve => setTimeout(resolve, early));
    }
    down.destroy();
}

/** Stands in for the server for a client that comes over the thin line. */
export async function thinLine(server, bitsPerS) {
    const sockets = new Set();
    const proxy = createServer({pauseOnConnect: false}, down => {
        const up = connect({host: server.host, port: server.port, highWaterMark: 4 * PIECE_BYTES});
        for (const socket of [up, down]) {
            sockets.add(socket);
            socket.on('error', () => {}).on('close', () => sockets.delete(socket));
        }
        down.pipe(up);
        down.on('close', () => up.destroy());
        drip(up, down, bitsPerS / 8).catch(() => down.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    after(() => {
        for (const socket of sockets) socket.destroy();
        proxy.close();
    });
    return {host: '127.0.0.1', port: proxy.address().port, origin: server.origin};
}
