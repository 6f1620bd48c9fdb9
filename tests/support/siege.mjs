// siege.mjs - many connections that send as fast as they are answered, to measure the effect on others.
import {Client} from './http.mjs';

export function percentile(values, share) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * `connections` clients, each of which calls `send(client, i)` again and again until stop(). `from(i)` is the address of each.
 * `statuses` counts the answers; answered(n) waits for n of them.
 */
export function pressOn(server, connections, send, from = () => undefined) {
    const press = {statuses: {}, stopping: false};
    let count = 0;
    const waiters = new Set();
    const note = status => {
        press.statuses[status] = (press.statuses[status] ?? 0) + 1;
        count++;
        for (const waiter of waiters) waiter();
    };
    const one = async i => {
        const client = new Client(server, {from: from(i)});
        while (!press.stopping) {
            try {
                note((await send(client, i)).status);
            } catch (error) {
                note(error.code ?? 'error');
                await new Promise(resolve => setTimeout(resolve, 20)); // the server has gone
            }
            client.cookies.clear();
        }
        client.agent.destroy();
    };
    const all = Array.from({length: connections}, (_, i) => one(i));
    press.answered = n =>
        new Promise(resolve => {
            const look = () => {
                if (count < n) return;
                waiters.delete(look);
                resolve();
            };
            waiters.add(look);
            look();
        });
    press.stop = async () => {
        press.stopping = true;
        await Promise.all(all);
    };
    return press;
}
