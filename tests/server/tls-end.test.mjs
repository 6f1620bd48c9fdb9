// A certificate that ends under an open call. Not under the thread sanitizer: the library that moves the clock waits in its stead, so it
// takes locks that are free for held.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import test, {after} from 'node:test';
import {wrongBy} from '../support/clock.mjs';
import {setUp} from '../support/http.mjs';
import {call} from '../support/scene.mjs';
import {startServer} from '../support/server.mjs';
import {Authority, openssl} from '../support/tls.mjs';

const good = new Authority().issue();

test('a certificate that ends while it is in force: said before, said afterwards with the remedy, and an open call goes on', async () => {
    const ends = Date.parse(openssl(['x509', '-in', good.cert, '-noout', '-enddate']).split('=')[1]);
    const seconds = Math.floor((ends - Date.now()) / 1000) - 12; // for the start and the call, under sanitizers
    const own = await startServer({tls: good, env: wrongBy(`+${seconds}s`)});
    after(() => own.stop());
    await own.logs(/tls\.expires days_left=0 remedy="renew it: certbot renew/);
    const scene = await call(await setUp(own));
    const from = own.err.length;
    while (!/tls\.kept/.test(own.err)) {
        const heard = once(own.child.stderr, 'data');
        process.kill(own.pid, 'SIGHUP'); // each is answered by a line: still good, or no longer
        await heard;
    }
    await own.logs(/tls\.kept code=tls_expired why="the certificate in .* expired on .*certbot renew/, from);
    scene.host.send({type: 'signal', to: scene.guest.id, data: {candidate: 'still here'}});
    assert.equal((await scene.guest.next('signal')).data.candidate, 'still here');
});
