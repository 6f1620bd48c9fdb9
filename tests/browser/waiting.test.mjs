// The waiting room as the guest sees it: the name of the writer, earlier messages, and notes that a host's page no longer shows.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {admitFirst, chromium, guestArrives, hostArrives} from '../support/browser.mjs';
import {newInvitation, newRoom, newUser} from '../support/http.mjs';
import {deskOf, practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const owner = await newUser(admin, {name: 'Dr Rivera'});
const clerk = await newUser(admin, {name: 'Maria Lopez', role: 'desk'});
const browser = await chromium();

/** A host inside, a guest who waits, and the room they are in. */
async function scene() {
    const room = await newRoom(owner);
    const host = await hostArrives(browser, {server, client: owner, room});
    const guest = await guestArrives(browser, {server, invitation: await newInvitation(owner, room), devices: 'listen-only'});
    await guest.state('waiting');
    return {room, host, guest};
}

/** The waiting guest, as the dashboard knows them. */
const whoWaits = (desk, room) => desk.welcome.rooms.find(r => r.id === room.id).participants.find(p => p.state === 'waiting');

test('the note that a guest waits goes from the host\'s page when the guest is admitted', async () => {
    const {host, guest} = await scene();
    await host.sees('.toast');
    await admitFirst(host);
    await guest.state('incall');
    await host.sees('[data-tile]');
    assert.equal(await host.page.$('.toast'), null, 'gone at once, not by its own clock');
    await guest.leave();
    await host.leave();
});

test('a waiting guest reads whether the host or the front desk writes', async () => {
    const {room, host, guest} = await scene();
    const desk = await deskOf(clerk);
    const {id} = whoWaits(desk, room);
    desk.send({type: 'chat', room: room.id, to: id, text: 'Please have your card at hand.'});
    await guest.hasText('Please have your card at hand.');
    await guest.sees('.chat-line [data-role="desk"]');
    await guest.hasText('Front desk');
    await host.press('people');
    await host.press('.waiting-person [data-do="person-menu"]');
    await host.press('message');
    await host.type('#chat-text', 'I shall be with you soon.');
    await host.press('send-chat');
    await guest.sees('.chat-line [data-role="host"]');
    await guest.shot('who-writes');
    await guest.page.setViewport({width: 360, height: 720});
    await guest.press('to-chat');
    await guest.until(() => document.activeElement?.id === 'chat-text', null, 'waiting for the cursor in the message');
    await guest.shot('who-writes-on-a-phone');
    desk.close();
    await guest.leave();
    await host.leave();
});

test('a guest sent back or put on hold is told why, also after a reload and a restart of the server', async () => {
    const {host, guest} = await scene();
    await admitFirst(host);
    await guest.state('incall');
    await host.press('people');
    await host.press('[data-person-row]:last-child [data-do="person-menu"]');
    await host.press('return');
    await guest.state('waiting');
    const sentBack = 'The host has sent you back here for now.';
    await guest.hasText(sentBack);
    await guest.shot('sent-back');
    await guest.page.reload();
    await guest.state('waiting');
    await guest.hasText(sentBack);
    await host.press('.waiting-person [data-do="person-menu"]');
    await host.press('hold');
    await host.type('#dialog-text', 'Ten more minutes, please.');
    await host.press('confirm-hold');
    await guest.hasText('Ten more minutes, please.');
    await server.kill9();
    await guest.sees('.link-bar');
    await server.restart();
    await guest.page.waitForSelector('.link-bar', {hidden: true});
    await guest.hasText('Ten more minutes, please.');
    await guest.page.reload();
    await guest.state('waiting');
    await guest.hasText('Ten more minutes, please.');
    await guest.shot('held-after-restart');
    await guest.leave();
    await host.leave();
});

test('a guest who was away when the visit ended is told that it is over when they come back', async () => {
    const {host, guest} = await scene();
    await admitFirst(host);
    await guest.state('incall live');
    await guest.page.goto('about:blank');
    await host.state('incall peerlost');
    await host.press('leave');
    await host.press('confirm-end');
    await host.state('ended');
    await guest.page.goBack();
    await guest.sees('[data-ended="ended"]');
    await guest.shot('ended-while-away');
    await guest.leave();
    await host.leave();
});

test('a message that is being written is not lost: not when the guest is let in, nor when the chat is closed', async () => {
    const {host, guest} = await scene();
    await guest.type('#chat-text', 'I would like to ask');
    await admitFirst(host);
    await guest.state('incall');
    const isThere = text => guest.until(wanted => document.querySelector('#chat-text')?.value === wanted, text, `waiting for ${text} in the field`);
    await guest.press('chat');
    await isThere('I would like to ask');
    await guest.page.focus('#chat-text');
    await guest.page.keyboard.press('End');
    await guest.page.keyboard.type(' something');
    await guest.page.keyboard.press('Escape');
    await guest.gone('#chat-text');
    await guest.press('chat');
    await isThere('I would like to ask something');
    await guest.press('send-chat');
    await isThere('');
    await guest.press('close-panel');
    await guest.press('chat');
    await isThere('');
    await host.press('chat');
    await host.hasText('I would like to ask something');
    await guest.leave();
    await host.leave();
});
