// The page of the self test, drawn from its rows.

import {repeat} from 'lit/directives/repeat.js';
import {html, nothing} from 'lit/html.js';
import {isolate} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {verdict} from './judge.js';

/** @typedef {import('./judge.js').Row} Row */
/** @typedef {import('./selftest.js').SelfTest} SelfTest */

const PICTURES = {
    ok: 'circle-check',
    warn: 'triangle-alert',
    bad: 'circle-alert',
    skip: 'info',
    ask: 'circle-help',
    wait: 'clock',
    run: 'clock',
};
/** Findings that need nothing of the person. */
const FINE = new Set(['ok', 'ask']);

/** @param {SelfTest} test */
export const testCard = test => html`
    <section class="card selftest" aria-labelledby="selftest-title">
        <h1 id="selftest-title" tabindex="-1">${t('selftest.title')}</h1>
        <p>${t('selftest.text')}</p>
        ${
            test.phase === 'ready'
                ? nothing
                : html`<ol class="selftest-rows">${repeat(
                      test.rows,
                      r => r.id,
                      r => rowView(test, r),
                  )}</ol>`
        }
        <div role="status" class="stack">${test.phase === 'done' ? result(test) : nothing}</div>
        ${test.phase === 'running' ? nothing : startButton(test)}
        ${test.phase === 'done' && test.deps.code ? visitLink(test.deps.code) : nothing}
    </section>`;

/** @param {SelfTest} test */
const startButton =
    test => html`<button class="button ${test.phase === 'ready' ? 'primary' : ''} large wide" data-do="start" @click=${() => test.start()}>
        ${icon(test.phase === 'ready' ? 'check' : 'refresh-cw')}<span>${t(test.phase === 'ready' ? 'selftest.start' : 'selftest.again')}</span>
    </button>`;

/** Digits in pairs, as people read them out. @param {string} code */
const readOut = code => isolate(code.replace(/(..)(?=.)/g, '$1 '));

/** @param {string} code */
const visitLink = code =>
    html`<a class="button primary large wide" href="/j/#${code}" data-do="to-visit">${icon('video')}<span>${t('selftest.to_visit')}</span></a>`;

/** @param {SelfTest} test */
function result(test) {
    const found = verdict(test.rows);
    const look = {good: 'ok', limited: 'warn', bad: 'danger'}[found];
    return html`<div class="notice ${look}" data-verdict=${found}>
        ${icon(found === 'good' ? 'circle-check' : 'triangle-alert')}<p>${t(`selftest.verdict.${found}`)}</p>
    </div>
    ${test.support ? html`<p data-support=${test.support}>${t('selftest.support', {code: readOut(test.support)})}</p>` : nothing}`;
}

/** @param {SelfTest} test  @param {Row} r */
const rowView = (
    test,
    r,
) => html`<li class="selftest-row ${r.state}" data-row=${r.id} data-found=${r.state} data-why=${r.why}>
        ${r.state === 'run' ? html`<span class="spinner" aria-hidden="true"></span>` : icon(PICTURES[r.state])}
        <div class="grow stack tight">
            <strong>${t(`selftest.name.${r.kind}`)}</strong>
            <p class="small">${words(r)}</p>
            ${r.why && !FINE.has(r.state) ? html`<p class="small selftest-way">${t(wayOf(r))}</p>` : nothing}
            ${extra(test, r)}
        </div>
    </li>`;

/** @param {Row} r */
function words(r) {
    if (r.state === 'wait' || r.state === 'run') return t(`selftest.state.${r.state}`);
    const number = new Intl.NumberFormat(currentLanguage());
    const shown = {...r.facts};
    if (r.kind === 'speed' && r.why === 'ok') shown['speed'] = Math.floor(Number(shown['speed']) / 100) / 10; // Mbit/s
    const facts = Object.entries(shown).map(([k, v]) => [k, isolate(number.format(Number(v)))]);
    return t(`selftest.${groupOf(r)}.${r.why}`, Object.fromEntries(facts));
}

/** The rows of a report, for those who read it. @param {Row[]} rows */
export const reportRows = rows =>
    html`<ul class="findings">${rows.map(
        r =>
            html`<li class="finding ${r.state}">${icon(PICTURES[r.state])}<span><strong>${t(`selftest.name.${r.kind}`)}</strong> ${words(r)}</span></li>`,
    )}</ul>`;

/** All addresses of the relay have the same words. @param {Row} r */
const groupOf = r => (r.id.startsWith('relay') ? 'relay' : r.kind);

/** @param {Row} r */
const wayOf = r => `selftest.way.${groupOf(r)}.${r.why}`;

/** @param {SelfTest} test  @param {Row} r */
function extra(test, r) {
    if (r.id === 'camera' && test.stream)
        return html`<video class="selftest-picture" .srcObject=${test.stream} autoplay muted playsinline aria-hidden="true"></video>`;
    if (r.id === 'mic' && r.state === 'run')
        return html`<p class="small">${t('selftest.speak')}</p><div class="selftest-bar" aria-hidden="true"></div>`;
    return r.id === 'speaker' && r.state !== 'run' && r.state !== 'wait' ? speaker(test, r) : nothing;
}

/** @param {SelfTest} test  @param {Row} r */
const speaker = (test, r) => html`<div class="row">
        ${
            r.state === 'ask'
                ? html`<button class="button" data-do="heard" @click=${() => test.heardSound(true)}>${t('selftest.yes')}</button>
            <button class="button" data-do="not-heard" @click=${() => test.heardSound(false)}>${t('selftest.no')}</button>`
                : nothing
        }
        <button class="button quiet" data-do="play-sound" @click=${() => test.playSound()}>${icon('volume-2')}<span>${t('selftest.play')}</span></button>
    </div>`;
