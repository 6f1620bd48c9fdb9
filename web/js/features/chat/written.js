// The lines that we write: sent, sent again, and the fate of each.
import {isVisit} from '../../core/call.js';
import {say} from '../../core/protocol.js';
import {fateOf, isMeantFor, reduceChat, toSayAgain, toSayNow} from './slice.js';

/** @typedef {import('./slice.js').ChatLine} ChatLine */

/** A line that was too fast is sent again this often, each time a little later. */
const TRIES = 5;
const AGAIN_MS = 1_000;

export class Written {
    reduce = reduceChat;

    /** @param {import('../../core/visit.js').Visit} visit */
    constructor(visit) {
        this.visit = visit;
        visit.written = this;
        /** how often each of our lines was refused for its pace  @type {Map<string, number>} */
        this.tries = new Map();
        visit.deps.signaling.stillMeant = (message, {participants}) => {
            const line = this.own(String(message['id']));
            return !line || isMeantFor(participants, line);
        };
        visit.deps.signaling.on('answer', ({message, answer}) => this.onAnswer(message, answer));
    }

    /** @param {string} text  @returns {boolean} false: nothing to send */
    say(text) {
        const {call, deps} = this.visit;
        const words = text.trim();
        if (!words) return false;
        const to = call.host ? call.chatTo : '';
        const key = crypto.randomUUID();
        deps.signaling.send(say.chat(words, to, key));
        this.visit.dispatch({type: 'said', text: words, to, key, at: deps.clock.wall()});
        return true;
    }

    /** Sends it again under its id: people who have it do not see it twice. Not when another guest would hear it now.
     *  @param {ChatLine} line */
    again(line) {
        const {text, to, key} = line;
        if (isMeantFor(this.visit.call.people, line)) {
            this.visit.dispatch({type: 'line', key, status: 'sending'});
            this.visit.deps.signaling.send(say.chat(text, to, key));
        } else if (line.status) this.visit.dispatch({type: 'line', key, status: 'failed'});
    }

    /** @param {import('../../core/protocol.js').ServerMessage} m  @param {import('../../core/call.js').Call} before  @param {boolean} forgotten */
    heard(m, before, forgotten) {
        if (m.type === 'welcome' && forgotten && (m.state === 'inside' || before.phase === 'waiting'))
            for (const line of toSayAgain(before, this.visit.deps.clock.wall())) this.again(line);
        if (['welcome', 'state', 'participant'].includes(m.type)) this.look();
    }

    /** The reader of our unread lines may be there now. */
    look() {
        for (const line of toSayNow(this.visit.call)) this.again(line);
    }

    /** @param {string} key */
    retry(key) {
        const line = this.own(key);
        if (line?.status === 'sending' && isVisit(this.visit.call)) this.again(line);
    }

    /** @param {string} key */
    own(key) {
        return this.visit.call.chat.find(l => l.key === key && l.mine);
    }

    /** @param {import('../../core/protocol.js').ClientMessage} message
     *  @param {import('../../core/protocol.js').AckMessage | import('../../core/protocol.js').ErrorMessage} answer */
    onAnswer(message, answer) {
        const {visit} = this;
        const {clock} = visit.deps;
        const key = String(message['id']);
        if (!this.own(key)) return;
        const tries = this.tries.get(key) ?? 0;
        if (answer.type === 'error' && (answer.code === 'too_fast' || answer.code === 'busy') && tries < TRIES) {
            this.tries.set(key, tries + 1);
            clock.after(() => this.retry(key), AGAIN_MS * (tries + 1));
            return;
        }
        this.tries.delete(key);
        if (answer.type === 'ack') return visit.dispatch({type: 'line', key, ...fateOf(visit.call, answer)});
        visit.dispatch({type: 'line', key, status: 'failed'});
        if (answer.code !== 'unanswered')
            visit.dispatch({type: 'server', message: answer, at: clock.now(), wall: clock.wall()});
    }

    /** The visit is over, and so are its lines. */
    stop() {
        this.tries.clear();
    }
}
