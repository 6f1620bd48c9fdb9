/* The checks of the installation, for administrators: what works, what does not, and what to do about it. */
import {html, nothing} from 'lit/html.js';
import {formatWhen} from '../core/i18n.js';
import {icon} from '../ui/icon.js';
import {currentLanguage, t} from '../ui/texts.js';
import {may} from './may.js';
import {emptyState, loaded, pageHead} from './pieces.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {'ok' | 'warn' | 'fail'} Status */
/** @typedef {{check: string, status: Status, code: string, text: string, remedy: string, blanks: Record<string, string>}} Finding */
/** @typedef {{state: 'never' | 'running' | 'done', status: Status, began_at: string, ended_at: string, checks: Finding[]}} Report */

const PATH = '/doctor';
const LOOK_MS = 700;
const ICONS = {ok: 'circle-check', warn: 'triangle-alert', fail: 'circle-alert'};
const WORST_FIRST = /** @type {const} */ (['fail', 'warn', 'ok']);

/** @type {import('./types.js').Page} */
export const doctorPage = {
    title: 'doctor.title',
    enter: app => {
        if (may(app.state.me, 'administer')) void look(app);
    },
    view: app =>
        may(app.state.me, 'administer')
            ? html`
                ${pageHead(t('doctor.title'), t('doctor.about'), startButton(app))}
                ${loaded(
                    app,
                    app.state.data[PATH],
                    () => look(app),
                    report => reportView(app, report),
                )}`
            : html`${pageHead(t('doctor.title'))}${emptyState('lock', t('people.admins_only'), t('people.admins_only_text'))}`,
};

/** @param {App} app  @returns {Report | undefined} */
const reportOf = app => app.state.data[PATH]?.value;

/** Fetches the report, again and again while a round runs and the page is open. @param {App} app */
async function look(app) {
    await app.load(PATH);
    if (reportOf(app)?.state === 'running' && app.state.route.page === 'doctor')
        app.clock.after(() => void look(app), LOOK_MS);
}

/** @param {App} app */
async function start(app) {
    const value = await app.attempt(() => app.api.post(PATH, {}));

    if (value) {
        app.setData(PATH, {status: 'ready', value});
        app.say(t('doctor.running'));
    }
    await look(app);
}

/** @param {App} app */
function startButton(app) {
    const running = reportOf(app)?.state === 'running';

    return html`
        <button class="button primary" type="button" data-do="run-checks" ?disabled=${running} aria-busy=${running ? 'true' : 'false'} @click=${() => start(app)}>
            ${icon('refresh-cw')}${t(running ? 'doctor.running' : 'doctor.run')}
        </button>`;
}

/** @param {App} app  @param {Report} report */
function reportView(app, report) {
    if (report.state === 'never') return emptyState('shield-check', t('doctor.never'), t('doctor.never_text'));
    const all = report.checks;
    const worst = WORST_FIRST.find(s => all.some(f => f.status === s)) ?? 'ok';

    return html`
        <div class="stack" data-state=${report.state} data-status=${worst}>
            ${report.state === 'done' ? summary(app, worst, report) : html`<p class="muted" role="status">${t('doctor.running_text')}</p>`}
            ${WORST_FIRST.map(status =>
                group(
                    all.filter(f => f.status === status),
                    status,
                ),
            )}
        </div>`;
}

/** @param {App} app  @param {Status} worst  @param {Report} report */
const summary = (app, worst, report) => html`
    <div class="notice ${worst === 'ok' ? 'ok' : 'warn'}" role="status">
        ${icon(ICONS[worst])}<span class="grow">${t(`doctor.all.${worst}`)} <span class="muted small">${t('doctor.when', {when: formatWhen(currentLanguage(), new Date(report.ended_at), app.clock.date())})}</span></span>
    </div>`;

/** @param {Finding[]} findings  @param {Status} status */
const group = (findings, status) =>
    findings.length === 0
        ? nothing
        : html`
        <section class="card stack" aria-labelledby="doctor-${status}">
            <h2 id="doctor-${status}">${t(`doctor.group.${status}`)}</h2>
            <ul class="findings">${findings.map(findingRow)}</ul>
        </section>`;

/** The page's own words; the server's where it knows more than this page. @param {string} key  @param {Finding} f  @param {string} otherwise */
function words(key, f, otherwise) {
    const text = t(key, f.blanks);

    return ordered(text === key ? otherwise : text);
}

/** Commands, paths and addresses, in a text that runs from right to left. */
const LATIN = /(\([A-Za-z][ -~]*?\)(?:[ -~]*[\w/>])?|[\w/~-](?:[ -~]*[\w/=>])?)/;

/** They keep their order there; as elements and not by invisible characters, so that what is copied is what is to be typed. @param {string} text */
const ordered = text =>
    document.documentElement.dir === 'rtl'
        ? text.split(LATIN).map((part, i) => (i % 2 ? html`<bdi dir="ltr">${part}</bdi>` : part))
        : text;

/** @param {Finding} f */
function findingRow(f) {
    const remedy = f.status === 'ok' ? '' : words(`doctor.fix.${f.code}`, f, f.remedy);

    return html`<li class="finding ${f.status}" data-code=${f.code}>
        ${icon(ICONS[f.status])}
        <div class="stack tight grow">
            <p><span class="visually-hidden">${t(`doctor.mark.${f.status}`)}</span>${words(`doctor.found.${f.code}`, f, f.text)}</p>
            ${remedy ? html`<p class="remedy">${remedy}</p>` : nothing}
        </div>
    </li>`;
}
