/* The result of somebody's self test (/check), by the number that they read out. */
import {html, nothing} from 'lit/html.js';
import {formatWhen} from '../core/i18n.js';
import {SELFTEST_TEXTS} from '../selftest/selftest_texts.js';
import {reportRows} from '../selftest/view.js';
import {addTexts, currentLanguage, t} from '../ui/texts.js';
import {formNotice, inputField, onSubmit, submitButton} from './forms.js';

/** @typedef {import('./types.js').App} App */

const REPORT = 'report';

/** @param {App} app */
export const reportCard = app => html`
    <section class="card stack" aria-labelledby="report-title">
        <form class="stack" novalidate @submit=${onSubmit(app, REPORT, values => find(app, values['number'] ?? ''))}>
            <h2 id="report-title">${t('report.title')}</h2>
            <p class="muted">${t('report.text')} <a href="/check" target="_blank">${t('live.check_device')}</a></p>
            ${formNotice(app, REPORT)}
            ${inputField(app, REPORT, {name: 'number', label: t('report.number'), required: true, maxlength: 12})}
            <div>${submitButton(app, REPORT, t('report.show'))}</div>
        </form>
        <div role="status">${found(app)}</div>
    </section>`;

/** @param {App} app */
function found(app) {
    const report = app.state.ui['report'];

    if (!report) return nothing;
    const when = formatWhen(currentLanguage(), new Date(report.at), new Date(app.state.nowMs));
    return html`<div class="stack"><p class="muted small">${t('report.seen', {when})}</p>${reportRows(report.rows.map((/** @type {any} */ r) => ({...r, facts: r})))}</div>`;
}

/** @param {App} app  @param {string} number */
async function find(app, number) {
    app.ui({report: null});
    const report = await app.api.get(`/check/reports/${encodeURIComponent(number.replace(/\D/g, '') || '-')}`);

    await addTexts([SELFTEST_TEXTS]);
    app.ui({report});
}
