// An invitation as this page knows it: the code from the address, and the server's answer about it.

/**
 * @typedef {object} Invitation
 * @property {string} code
 * @property {'valid' | 'early' | 'expired' | 'used' | 'revoked'} state
 * @property {string} practice
 * @property {string} hostName
 * @property {{id: string, name: string, kind: string}} room
 * @property {string} guestName empty: the guest types one
 * @property {string} notBefore from when one can come in: RFC 3339, or empty
 * @property {number} opensInS seconds until then at the time of the answer; 0: it is open
 * @property {boolean} pinRequired
 * @property {Consent | null} consent
 * @property {string} phone
 * @property {string[]} languages
 */

/**
 * The code in an address, and whether it must be moved out of the path, where servers and histories would keep it.
 * Accepts links as people write them: spaces, lower case, a stray dot at the end of a sentence.
 * @param {{pathname: string, hash: string}} location  @returns {{code: string, inPath: boolean}}
 */
export function codeFrom({pathname, hash}) {
    const inPath = /^\/j\/(.+)$/.exec(pathname)?.[1] ?? '';
    const raw = hash.slice(1) || inPath;
    let plain = raw;
    try {
        plain = decodeURIComponent(raw);
    } catch {
        // a broken escape: this is not a code, and the server will refuse it
    }
    return {code: plain.replace(/[^A-Za-z0-9_-]/g, ''), inPath: inPath !== ''};
}

/** The slug of `/r/<slug>`, or empty. @param {{pathname: string}} location */
export const slugFrom = ({pathname}) => /^\/r\/([^/]+)\/?$/.exec(pathname)?.[1] ?? '';

/** @typedef {{version: string, text: string}} Consent */
/** @param {any} given  @returns {Consent | null} */
export const readConsent = given => (given?.text ? {version: String(given.version), text: String(given.text)} : null);

/** @param {string} code  @param {any} answer of `POST /invitations/lookup`  @returns {Invitation} */
export function readInvitation(code, answer) {
    const room = answer.room ?? {};
    return {
        code,
        state: answer.state,
        practice: answer.practice ?? '',
        hostName: answer.host_name ?? '',
        room: {id: room.id ?? '', name: room.name ?? '', kind: room.kind ?? 'meeting'},
        guestName: answer.guest_name ?? '',
        notBefore: answer.not_before ?? '',
        opensInS: Number(answer.opens_in_s) || 0,
        pinRequired: answer.pin_required === true,
        consent: readConsent(answer.consent),
        phone: answer.phone ?? '',
        languages: Array.isArray(answer.languages) ? answer.languages : [],
    };
}
