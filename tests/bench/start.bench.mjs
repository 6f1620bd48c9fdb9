// Start to /readyz with an existing database, and memory when idle.
import {get} from 'node:http';
import {benchServer, finish, median, report, rssKb, verdict} from './lib.mjs';

const {server} = await benchServer();
const times = [];

function answers() {
    return new Promise(resolve => {
        const request = get(`${server.url}/readyz`, {agent: false}, response => {
            response.resume();
            resolve(response.statusCode === 200);
        });
        request.on('error', () => resolve(false));
    });
}

for (let i = 0; i < 9; i++) {
    await server.stop();
    const started = performance.now();
    await server.spawn();
    while (!(await answers())) await new Promise(resolve => setTimeout(resolve, 2));
    times.push(performance.now() - started);
}
report(`start to /readyz: ${times.map(ms => ms.toFixed(0)).join(', ')} ms`);
verdict('start to /readyz, median', median(times), 100, 'ms');
verdict('memory when idle', rssKb(server.pid) / 1024, 20, 'MB');
await server.stop();
finish();
