// rows.mjs - what can happen to a call, one row each: what happens, how to undo it, and how many seconds it may take until the call is
// back (95 of 100, the slower of the two pages). `act` resolves to the moment from which is counted.
import {backAfter, noted, pause, wall} from './scene.mjs';

/** Runs in the page before any script of it: the browser says nothing of a change of the network. */
function sayNothing() {
    for (const name of ['online', 'offline']) addEventListener(name, event => event.stopImmediatePropagation(), true);
    navigator.connection?.addEventListener('change', event => event.stopImmediatePropagation());
}

/** Seconds from `since` until both pictures run again. */
const pictures = (call, since) => each(call, ({frames}) => backAfter(frames, since));
/** Seconds from `since` until both pages have a socket again. */
const sockets = (call, since) => each(call, ({opened}) => after(opened, since));
/** Seconds from `since` until both pages have said that something is wrong. */
const saysSo = (call, since) => each(call, ({words}) => after(words.filter(w => /lost|reconnect|interrupted|no connection/i.test(w.said)).map(w => w.at), since));
const after = (times, since) => {
    const at = times.find(t => t >= since);
    return at === undefined ? null : (at - since) / 1000;
};
async function each(call, secondsOf) {
    const all = (await noted(call)).map(secondsOf);
    return all.includes(null) ? null : Math.max(...all);
}

/** @typedef {{title: string, wantedS: number, act: (lab: any, call: any) => Promise<number> | number, measure?: typeof pictures, relayOnly?: boolean, before?: () => void}} Row */

/** The moment at which `change` was made. */
function at(change) {
    const begun = wall();
    change();
    return begun;
}

const linkDown = (seconds, wantedS) => ({
    title: `the link is down for ${seconds} s`, wantedS,
    async act({homes}) {
        homes.b.linkDown();
        await pause(seconds * 1000);
        homes.b.linkUp();
        return wall();
    },
});
const reload = (who, wantedS) => ({
    title: `the ${who} reloads`, wantedS,
    async act(_lab, call) {
        const begun = wall();
        await call[who].page.reload({waitUntil: 'domcontentloaded'});
        return begun;
    },
});

/** @type {Row[]} */
export const ROWS = [
    {title: 'the guest gets another address and the browser says so', wantedS: 2, act: ({homes}) => at(() => homes.b.readdress())},
    {title: 'the guest gets another address and the browser says nothing', wantedS: 3, act: ({homes}) => at(() => homes.b.readdress()), before: sayNothing},
    {title: 'only the router of the guest gets another address', wantedS: 4, act: ({homes}) => at(() => homes.b.newPublicAddress())},
    {
        title: 'a new interface, and a second later the old one is gone', wantedS: 3,
        async act({homes}) {
            homes.b.secondInterface();
            await pause(1000);
            return at(() => homes.b.leaveFirstInterface());
        },
    },
    {
        title: 'coturn is killed and comes back, under a call through it', wantedS: 5, relayOnly: true,
        async act({coturn}) {
            const begun = wall();
            coturn.stop();
            await coturn.start();
            return begun;
        },
    },
    {title: 'UDP is blocked under a direct call', wantedS: 5, act: ({homes}) => at(() => homes.b.blockUdp())},
    linkDown(3, 1.5),
    linkDown(8, 1.5),
    linkDown(20, 1.5),
    linkDown(60, 2),
    reload('guest', 2),
    reload('host', 2),
    {
        title: 'the server is away for 60 s', wantedS: 2, measure: sockets,
        async act({parlour}) {
            await parlour.kill9();
            await pause(60_000);
            const begun = wall();
            await parlour.restart();
            return begun;
        },
    },
    {title: 'a dead line is shown', wantedS: 2, measure: saysSo, act: ({homes}) => at(() => homes.b.cut())},
].map(row => ({measure: pictures, ...row}));

const LIMIT_S = 40;

/** Seconds until the call of this row is back, in one fresh call of these `browsers`; infinity when it does not come back. */
export async function measure(lab, {act, measure, relayOnly, before}, browsers = {}) {
    const call = await lab.call({relayOnly, also: before, ...browsers});
    try {
        const since = await act(lab, call);
        for (;;) {
            const seconds = await measure(call, since);
            if (seconds !== null) return {seconds, words: (await noted(call)).map(({words}) => words.map(w => `${((w.at - since) / 1000).toFixed(1)} ${w.said}`))};
            if (wall() - since > LIMIT_S * 1000) return {seconds: Number.POSITIVE_INFINITY, words: []};
            await pause(200);
        }
    } finally {
        await call.end();
        for (const home of Object.values(lab.homes)) home.restore();
    }
}
