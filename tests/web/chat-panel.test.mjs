// The buttons beside a message that was not delivered.
import assert from 'node:assert/strict';
import test from 'node:test';
import './blank_page.mjs';
import {chatPanel} from '../../web/js/features/chat/panel.js';
import {participant} from './fakes.mjs';
import {enter, hostWith, setUp} from './visit_scene.mjs';

const sentChat = t => t.sockets[0].sent.filter(m => m.type === 'chat');
/** The last message is refused: too many wait already. */
const notDelivered = (t, seq, who) =>
    t.sockets[0].say({type: 'ack', seq, of: 'chat', n: sentChat(t).at(-1).n, heard: 0, never: [who]});

/** The name of every button that is drawn. */
function buttons(drawn) {
    if (Array.isArray(drawn)) return drawn.flatMap(buttons);
    if (!drawn?.values) return [];
    const own = [...(drawn.strings ?? []).join('').matchAll(/data-do="?([\w-]+)/g)].map(m => m[1]);
    const [first, ...more] = drawn.values;
    const each = typeof more.at(-1) === 'function' && Array.isArray(first) ? first.map(more.at(-1)) : []; // repeat()
    return [...own, ...each.flatMap(buttons), ...drawn.values.flatMap(buttons)];
}
const offersAgain = ({call}) => buttons(chatPanel(call, {visit: {}}, '')).includes('say-again');

test('an undelivered message is not sent to another guest: there is no button for that, and no press does it', async () => {
    for (const [who, offered] of [
        ['a', true],
        ['b', false],
    ]) {
        const t = await hostWith([participant('a')]);
        t.visit.written.say('for Ana');
        notDelivered(t, 1, 'a');
        t.sockets[0].say({type: 'participant', seq: 2, event: 'left', reason: 'left', participant: participant('a')});
        t.sockets[0].say({type: 'participant', seq: 3, event: 'admitted', participant: participant(who)});
        assert.equal(offersAgain(t.visit), offered, who);
        t.visit.written.again(t.visit.call.chat[0]);
        assert.equal(sentChat(t).length, offered ? 2 : 1, who);
        assert.equal(t.visit.call.chat[0].status, offered ? 'sending' : 'failed');
    }
});

test("a guest's undelivered message is not offered to another guest who was let in beside them", async () => {
    const t = await enter(setUp());
    t.visit.written.say('for the host');
    notDelivered(t, 2, 'h');
    assert.equal(offersAgain(t.visit), true);
    t.sockets[0].say({type: 'participant', seq: 3, event: 'admitted', participant: participant('b')});
    assert.equal(offersAgain(t.visit), false);
    t.visit.written.again(t.visit.call.chat[0]);
    assert.equal(sentChat(t).length, 1);
});
