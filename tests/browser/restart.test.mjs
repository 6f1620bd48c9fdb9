// The server dies in the middle of a call: the picture goes on without a gap, and the connection comes back by itself.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {chromium, inCall} from '../support/browser.mjs';
import {newUser} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const browser = await chromium();

/** Samples the decoded frames while something happens; returns the longest time without a new one, in ms. */
function watchFrames(person) {
    return person.page.evaluate(() => {
        const watch = {longest: 0, last: performance.now(), frames: -1, connections: window.testConnections.length};
        watch.timer = setInterval(async () => {
            let frames = 0;
            for (const pc of window.testConnections) (await pc.getStats()).forEach(s => s.type === 'inbound-rtp' && s.kind === 'video' && (frames += s.framesDecoded ?? 0));
            const now = performance.now();
            if (frames > watch.frames) [watch.frames, watch.last] = [frames, now];
            watch.longest = Math.max(watch.longest, now - watch.last);
        }, 50);
        window.testWatch = watch;
    });
}

const watched = person =>
    person.page.evaluate(() => {
        clearInterval(window.testWatch.timer);
        return {longest: window.testWatch.longest, made: window.testConnections.length - window.testWatch.connections};
    });

for (const [how, stop] of [['killed with -9', () => server.kill9()], ['stopped with SIGTERM', () => server.stop()]])
    test(`the server is ${how} in a call: media goes on, signaling comes back`, async t => {
        const {host, guest} = await inCall(browser, server, owner);
        for (const person of [host, guest]) await watchFrames(person);
        await stop();
        const before = await guest.stats();
        await guest.statsWhen(s => s.frames > before.frames + 20, 'waiting for frames while the server is away');
        await guest.shot('server-away');
        await server.restart();
        await guest.page.waitForFunction(() => window.testSockets.at(-1).socket.readyState === 1 && window.testSockets.length > 1, {polling: 50});
        await host.page.waitForFunction(() => window.testSockets.at(-1).socket.readyState === 1 && window.testSockets.length > 1, {polling: 50});
        await guest.press('chat');
        await guest.type('#chat-text', 'Are you still there?');
        await guest.press('send-chat');
        await host.press('chat');
        await host.hasText('Are you still there?');
        for (const person of [host, guest]) {
            await person.state('incall live');
            const {longest, made} = await watched(person);
            t.diagnostic(`${person.name}: longest time without a frame ${Math.round(longest)} ms`);
            assert.equal(made, 0, 'no new peer connection');
            assert.ok(longest < 1500, `${longest} ms without a frame`);
        }
        for (const person of [host, guest]) await person.leave();
    });

test('the connection to the server is lost for a while: the page says that in the call and recovers', async () => {
    const {host, guest} = await inCall(browser, server, owner);
    await guest.page.evaluate(() => {
        const Native = window.WebSocket;
        window.testBlocked = true;
        window.WebSocket = class extends Native {
            constructor(url, ...rest) {
                super(window.testBlocked ? 'ws://127.0.0.1:1/' : url, ...(window.testBlocked ? [] : rest));
            }
        };
        window.testSockets.at(-1).socket.close(4000);
    });
    await guest.sees('[data-bar="reconnecting"]');
    await guest.shot('reconnecting');
    await guest.receives();
    await guest.page.evaluate(() => (window.testBlocked = false));
    await guest.gone('[data-bar="reconnecting"]');
    await guest.state('incall live');
    await host.leave();
    await guest.leave();
});

test('a guest whose page dies is shown as lost, and is back after opening the link again', async () => {
    const {host, guest} = await inCall(browser, server, owner);
    const url = guest.page.url();
    await guest.page.goto('about:blank');
    await host.sees('.tile.away');
    await host.shot('guest-lost');
    await guest.page.goto(url);
    await guest.page.waitForFunction(() => document.body.dataset.state.startsWith('incall') || document.querySelector('#l-go:not([disabled])'), {polling: 50});
    if (await guest.page.evaluate(() => document.body.dataset.state === 'landing')) {
        await guest.press('#l-go');
    }
    await guest.state('incall live');
    await host.receives();
    await host.leave();
    await guest.leave();
});
