/* Letting a guest in from the dashboard. A host goes into the call with them, in this window: the room is entered first and the
 * guest is let in from there (core/errand.js), so that nobody is ever in an empty room. A user who may let in but not enter (an
 * admin who is not a host of the room) is told that first. Nobody lets a guest in to another without being asked. */
import {html} from 'lit/html.js';
import {mustAsk, toAsk} from '../core/admitting.js';
import {makeErrands} from '../core/errand.js';
import {admitBody, admitTitle} from '../ui/admit_question.js';
import {clock, keptInTab} from '../ui/page.js';
import {t} from '../ui/texts.js';
import {amInside, reduceAsked, seatOf} from './dashboard_feed.js';
import {fromDashboard} from './dashboard_protocol.js';
import {closeDialog} from './dialog.js';
import {may} from './may.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./dashboard_feed.js').SeatInRoom} SeatInRoom */
/** @typedef {'' | 'beside' | 'instead'} How */

const errands = makeErrands({storage: keptInTab, wall: clock.wall});

/** A user at the dashboard has no errand any more. */
export const dropErrand = () => errands.done();

/** Whether this press takes the user into the call. @param {App} app  @param {SeatInRoom} seat */
const joins = (app, seat) => may(seat.room, 'enter') && !amInside(app.state.dashboard, seat.room);

/** One press: at once, or after the question. @param {App} app  @param {SeatInRoom} seat */
export function letIn(app, seat) {
    if (mustAsk(toAsk(seat, seat.room.participants))) askToLetIn(app, seat.id);
    else run(app, seat, '');
}

/** @param {App} app  @param {string} id of the guest */
export function askToLetIn(app, id) {
    const first = seatOf(app.state.dashboard, id);

    if (!first) return;
    const now = () => seatOf(app.state.dashboard, id) ?? first;
    app.openDialog(
        () => admitTitle({guest: now(), ...toAskNow(app, now())}),
        () => {
            const seat = seatOf(app.state.dashboard, id);

            if (seat?.state !== 'waiting') return html`<p>${t('error.not_found')}</p>`;
            return admitBody({
                guest: seat,
                ...toAskNow(app, seat),
                nowMs: app.state.nowMs,
                letIn: how => {
                    closeDialog();
                    run(app, seat, how);
                },
                close: closeDialog,
            });
        },
    );
}

/** @param {App} app  @param {SeatInRoom} seat */
function toAskNow(app, seat) {
    const asked = toAsk(seat, seat.room.participants);
    // The server said that they would meet another guest; only it knows whom a second device with the same link would meet.
    const known = app.state.dashboard.refusal?.participant === seat.id;

    return known ? {...toAsk({...seat, same_invitation: false}, seat.room.participants), same: asked.same} : asked;
}

/** @param {App} app  @param {SeatInRoom} seat  @param {How} how */
function run(app, seat, how) {
    const {inside, gone, same} = toAsk(seat, seat.room.participants);

    if (joins(app, seat)) {
        const met = inside.map(p => p.id);
        const {id: participant, name} = seat;

        errands.leave({
            slug: seat.room.slug,
            participant,
            name,
            how,
            met,
            gone,
            same,
            held: seat.held === true,
        });
        app.leaveFor(`/r/${seat.room.slug}`);
        return;
    }
    const left = app.ask(fromDashboard.decide(seat.room.id, 'admit', seat.id, {how}));
    if (!left) return;
    app.update(s => ({dashboard: reduceAsked(s.dashboard, {participant: seat.id, verb: 'admit'})}));
    if (amInside(app.state.dashboard, seat.room)) app.toast(t('live.in_other_window', {name: seat.name}));
}
