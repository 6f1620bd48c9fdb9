// The message that goes with a link: complete, in both languages, with all known facts and without the unknown ones.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {linkMessage, timeInZone} from '../../web/js/admin/link_message.js';
import {makeTranslate} from '../../web/js/core/i18n.js';

const texts = lang =>
    makeTranslate(
        lang,
        JSON.parse(readFileSync(new URL(`../../web/lang/${lang}/message.json`, import.meta.url), 'utf8')),
    );
const URL_TEXT = 'https://visits.example.org/j/#kq3vx7n2d5h8m4tq9wz6ysb1ra';
const visit = {
    kind: 'visit',
    url: URL_TEXT,
    name: 'Ana Novak',
    from: 'Dr Rivera',
    practice: 'Hill Clinic',
    phone: '+351 555 0100',
    opensAt: '2026-12-01T14:00:00Z',
    until: '2026-12-02T14:30:00Z',
    zone: 'Europe/Lisbon',
};

test('a guest reads a greeting, the host, the time with its zone, what to expect, a number to call, and the link on a line of its own', () => {
    const {subject, text} = linkMessage(texts('en'), 'en', visit);
    const lines = text.split('\n');
    assert.equal(lines[0], 'Hello Ana Novak,');
    assert.ok(lines.includes(URL_TEXT));
    for (const part of [
        'Dr Rivera (Hill Clinic)',
        'December 1 at 2:00 PM Western European Time',
        'December 2 at 2:30 PM',
        'camera and a microphone',
        'no app',
        '\nhttps://visits.example.org/check#kq3vx7n2d5h8m4tq9wz6ysb1ra\n',
        '+351 555 0100',
    ])
        assert.ok(text.includes(part), `${part} in\n${text}`);
    assert.equal(lines.at(-1), 'Hill Clinic');
    assert.match(subject, /Dr Rivera/);
    assert.doesNotMatch(text, /\{\w+\}|undefined|null|message\./);
});

test('an unknown fact leaves no gap', () => {
    for (const lang of ['en', 'ar']) {
        const {subject, text} = linkMessage(texts(lang), lang, {kind: 'visit', url: URL_TEXT, from: 'Dr Rivera'});
        assert.doesNotMatch(text + subject, /\{\w+\}|undefined|null|message\.|\n{3}|\(\)/);
        assert.ok(text.includes(`\n${URL_TEXT}\n`));
    }
});

test('a link for several is not called one for you alone', () => {
    const alone = /for you alone/;
    assert.match(linkMessage(texts('en'), 'en', visit).text, alone);
    assert.doesNotMatch(linkMessage(texts('en'), 'en', {...visit, several: true}).text, alone);
});

test('a message in Arabic keeps the phone number in its order', () => {
    const {text} = linkMessage(texts('ar'), 'ar', visit);
    assert.ok(text.includes('\u2066+351\u00a0555\u00a00100\u2069'), text);
    assert.match(text, /Ana Novak/);
});

test('a colleague reads the purpose of the link, that it works once, and where to sign in afterwards', () => {
    const account = {
        kind: 'account',
        url: 'https://visits.example.org/password#f7k2',
        name: 'Carla',
        practice: 'Hill Clinic',
        email: 'carla@example.org',
        until: visit.until,
        zone: 'Europe/Lisbon',
    };
    const {text} = linkMessage(texts('en'), 'en', account);
    for (const part of ['Hello Carla,', 'Hill Clinic', 'once', 'https://visits.example.org/signin', 'carla@example.org'])
        assert.ok(text.includes(part), `${part} in\n${text}`);
    assert.notEqual(linkMessage(texts('en'), 'en', {...account, kind: 'password'}).text, text);
});

test('a time zone that this browser does not know is replaced by its own', () => {
    assert.match(timeInZone('en', visit.until, 'Mars/Olympus'), /December 2/);
});
