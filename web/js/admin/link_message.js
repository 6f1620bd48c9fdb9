/* The message that goes with a link, ready to send, in the language of its reader. Pure: the texts come in. */
import {isolate, LANGUAGES} from '../core/i18n.js';

/** @typedef {import('../core/i18n.js').Translate} Translate */
/** @typedef {import('../core/i18n.js').Language} Language */
/**
 * @typedef {object} LinkFacts
 * @property {'visit' | 'account' | 'password'} kind what the link is for: a guest's visit, a first password, another one
 * @property {string} url
 * @property {string} [name] of the person who gets it
 * @property {string} [from] the host whom the guest will meet
 * @property {string} [practice]
 * @property {string | null} [phone] to call when something does not work
 * @property {string | null} [opensAt] not before
 * @property {string | null} [until]
 * @property {boolean} [several] a link for several people
 * @property {string} [email] of the account
 * @property {string} [zone] time zone of those who invite
 */

/**
 * @param {Translate} t  @param {Language} lang  @param {LinkFacts} facts
 * @returns {{subject: string, text: string}}
 */
export const linkMessage = (t, lang, facts) => (facts.kind === 'visit' ? forVisit : forAccount)(t, lang, facts);

/** Paragraphs; those with nothing to say fall away. @param {(string | false | null | undefined)[]} parts */
const paragraphs = parts => parts.filter(Boolean).join('\n\n');

/** @param {Translate} t  @param {LinkFacts} f */
const greeting = (t, f) => (f.name ? t('message.hello', {name: f.name}) : t('message.hello_anyone'));

/** Numbers keep their order in scripts written from the right. @param {Language} lang  @param {string} text */
const ordered = (lang, text) => (LANGUAGES[lang].dir === 'rtl' ? isolate(text) : text);

/** @param {Translate} t  @param {Language} lang  @param {LinkFacts} f */
function forVisit(t, lang, f) {
    const until = f.until ? timeInZone(lang, f.until, f.zone) : '';
    const from = f.from || f.practice || '';
    const named = f.practice && f.practice !== from;

    return {
        subject: t('message.visit_subject', {from}),
        text: paragraphs([
            greeting(t, f),
            named ? t('message.visit', {from, practice: f.practice ?? ''}) : t('message.visit_from', {from}),
            f.opensAt && t('message.opens', {time: timeInZone(lang, f.opensAt, f.zone)}),
            `${t('message.open_link')}\n${f.url}`,
            t('message.expect'),
            `${t('message.check')}\n${new URL(`/check${new URL(f.url).hash}`, f.url).href}`,
            [until && t('message.until', {time: until}), !f.several && t('message.one')].filter(Boolean).join(' '),
            f.phone && t('message.phone', {phone: ordered(lang, f.phone)}),
            named && f.practice,
        ]),
    };
}

/** @param {Translate} t  @param {Language} lang  @param {LinkFacts} f */
function forAccount(t, lang, f) {
    const practice = f.practice ?? '';

    return {
        subject: t('message.account_subject', {practice}),
        text: paragraphs([
            greeting(t, f),
            t(f.kind === 'account' ? 'message.account' : 'message.password', {practice}),
            `${t('message.choose')}\n${f.url}`,
            [f.until && t('message.until', {time: timeInZone(lang, f.until, f.zone)}), t('message.once')]
                .filter(Boolean)
                .join(' '),
            `${t('message.then', {email: ordered(lang, f.email ?? '')})}\n${new URL('/signin', f.url).href}`,
        ]),
    };
}

/**
 * A time that is clear in every place: with the day, and the zone by its name.
 * @param {string} lang  @param {string} at  @param {string} [zone] unknown or absent: that of this device
 */
export function timeInZone(lang, at, zone) {
    const parts = /** @type {const} */ ({
        weekday: 'long',
        day: 'numeric',
        month: 'long',
        hour: 'numeric',
        minute: '2-digit',
        timeZoneName: 'longGeneric',
    });

    try {
        return new Intl.DateTimeFormat(lang, {...parts, timeZone: zone || undefined}).format(new Date(at));
    } catch {
        return new Intl.DateTimeFormat(lang, parts).format(new Date(at));
    }
}
