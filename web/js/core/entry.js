// The ways into a room over HTTP: by an invitation, by the session of a host, as a guest of an open room.
import {ApiError} from './api.js';
import {readConsent, readInvitation} from './invitation.js';

/** @typedef {import('./api.js').Api} Api */
/** @typedef {import('./call.js').Problem} Problem */
/** @typedef {import('./call.js').Phase} Phase */

/**
 * @typedef {object} Seat the server's answer to a join
 * @property {string} token
 * @property {string} participant
 * @property {string} role
 * @property {string} state
 * @property {import('./protocol.js').Room} room
 * @property {string} ws path of the socket
 * @property {import('./protocol.js').IceServer[]} ice_servers
 * @property {number} ice_ttl_s
 * @property {string} [over] how our earlier seat here ended
 */

/** @param {Api} api  @param {string} code */
export const lookUp = async (api, code) => readInvitation(code, await api.post('/invitations/lookup', {code}));

/** Tells the practice that this link is dead and another is wanted. @param {Api} api  @param {string} code */
export const askForNew = (api, code) => api.post('/invitations/request-new', {code});

/**
 * @param {Api} api  @param {string} room id or slug
 * @param {{invitation?: string, name?: string, pin?: string, consent?: string}} who  @returns {Promise<Seat>}
 */
export const join = (api, room, {invitation, name, pin, consent}) =>
    api.post(`/rooms/${encodeURIComponent(room)}/join`, {
        ...(invitation && {invitation}),
        ...(name && {name}),
        ...(pin && {pin}),
        ...(consent && {consent: {version: consent}}),
    });

/** The path of a room's socket, before the join has been answered. @param {string} id */
export const socketPath = id => `/ws/${id}`;

/**
 * Our role in `/r/<slug>`: a host, if the server lets this account enter as one; or a person from outside, even with an account that may
 * see the room.
 * @param {Api} api  @param {string} slug
 * @returns {Promise<{host: boolean, name: string, room: import('./protocol.js').Room | null}>}
 */
export async function whoAmI(api, slug) {
    const stranger = {host: false, name: '', room: null};
    try {
        const {user} = await api.get('/session');
        const room = await api.get(`/rooms/${encodeURIComponent(slug)}`);
        return room.may?.includes('enter') ? {host: true, name: user?.name ?? '', room} : stranger;
    } catch (e) {
        if (e instanceof ApiError && e.status >= 400 && e.status < 500) return stranger;
        throw e;
    }
}

/** Refusals that are corrected on the check screen itself; the others have screens of their own. */
const MENDED_AT_CHECK = new Set([
    'wrong_pin',
    'pin_required',
    'name_taken',
    'name_claims_role',
    'name_required',
    'consent_required',
    'consent_outdated',
]);

/**
 * Whether this room is open to a person from outside. Asked without a name, so it lets nobody in; a refusal comes before the camera is asked for.
 * @param {Api} api  @param {string} slug
 */
export async function knock(api, slug) {
    try {
        await join(api, slug, {});
    } catch (e) {
        if (phaseAfterRefusal(toProblem(e)) === 'problem') throw e;
    }
}

/** Temporary according to the server, but caused by the person and not by the server. */
const OF_THE_PERSON = new Set(['pin_locked', 'too_soon']);

/** A refusal that passes by itself: the same request may be sent again a little later. @param {unknown} e */
export const passes = e => e instanceof ApiError && e.temporary && !OF_THE_PERSON.has(e.code);

/** @param {unknown} e  @returns {Problem} */
export function toProblem(e) {
    if (!(e instanceof ApiError)) return {code: 'unknown', detail: String(e), field: '', retryAfterS: 0, requestId: ''};
    const consent = readConsent(e.consent);
    return {
        ...(consent && {consent}),
        code: e.code,
        detail: e.detail,
        field: e.field,
        retryAfterS: e.retryAfterS,
        requestId: e.requestId,
    };
}

/** The phase to which a refused join leads. @param {Problem} problem  @returns {Phase} */
export const phaseAfterRefusal = problem =>
    MENDED_AT_CHECK.has(problem.code) || ['name', 'pin', 'consent'].includes(problem.field) ? 'check' : 'problem';
