/* The frame of every page: navigation beside (below on a phone), the bar that reports problems with the
 * connection, the page itself, toasts and live regions. Doors (setup, sign-in, password) get a quieter frame. */
import {html, nothing} from 'lit/html.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {countWaiting} from './dashboard_feed.js';
import {linkWords} from './dashboard_words.js';
import {dialogHost} from './dialog.js';
import {doorBrand} from './door_brand.js';
import {languageButtons} from './language_buttons.js';
import {may} from './may.js';
import {phoneLine} from './phone_line.js';
import {avatar, follow, skeleton} from './pieces.js';
import {languageChanged} from './session.js';
import {toastList} from './toasts.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').View} View */

const NAV = /** @type {const} */ ([
    {page: 'live', path: '/app', icon: 'armchair', label: 'nav.live'},
    {page: 'rooms', path: '/app/rooms', icon: 'door-open', label: 'nav.rooms'},
    {page: 'people', path: '/app/people', icon: 'users', label: 'nav.people', deed: 'administer'},
    {page: 'doctor', path: '/app/doctor', icon: 'shield-check', label: 'nav.doctor', deed: 'administer'},
    {page: 'account', path: '/app/account', icon: 'user', label: 'nav.account'},
]);

/** Which entry is lit for a page that has none of its own. */
const PARENT = /** @type {Record<string, string>} */ ({room: 'rooms'});

/** @param {App} app  @param {View} page */
export const appFrame = (app, page) => html`
    <a class="skip-link" href="#main">${t('skip')}</a>
    <div class="frame">
        ${sideBar(app)}
        <div class="frame-body">
            ${troubleBar(app)}
            <main id="main" tabindex="-1">${page}</main>
        </div>
    </div>
    ${overlays(app)}`;

/** @param {App} app */
function sideBar(app) {
    const {me, practice} = app.state;

    return html`
        <header class="side">
            <a class="brand" href="/app" @click=${follow(app, '/app')}>
                <img src="/favicon.svg" alt="" width="32" height="32">
                <span class="brand-name">${practice.practice || t('app.name')}</span>
            </a>
            <nav class="side-nav" aria-label=${t('nav.label')}>
                <ul>${NAV.filter(n => !('deed' in n) || may(me, n.deed)).map(n => navItem(app, n))}</ul>
            </nav>
            <div class="side-me">
                ${me ? html`${avatar(me.name, 'small')}<span class="side-name grow">${me.name}<span class="muted small">${t(`role.${me.role}`)}</span></span>` : nothing}
                <button class="button quiet sign-out" type="button" data-do="sign-out" @click=${() => app.signOut()}>
                    ${icon('log-out', 'mirrored')}<span>${t('signout')}</span>
                </button>
            </div>
        </header>`;
}

/** @param {App} app  @param {typeof NAV[number]} n */
function navItem(app, n) {
    const here = (PARENT[app.state.route.page] ?? app.state.route.page) === n.page;
    const waiting = n.page === 'live' ? countWaiting(app.state.dashboard) : 0;

    return html`<li>
        <a href=${n.path} aria-current=${here ? 'page' : 'false'} @click=${follow(app, n.path)}>
            ${icon(n.icon)}<span>${t(n.label)}</span>
            ${waiting ? html`<span class="badge"><span aria-hidden="true">${waiting}</span><span class="visually-hidden">${t('live.waiting_count', {n: waiting})}</span></span>` : nothing}
        </a>
    </li>`;
}

/** A message about the connection, only when something is wrong with it. @param {App} app */
function troubleBar(app) {
    const {online, dashboard, nowMs} = app.state;

    if (!online)
        return html`<div class="trouble" role="status">${icon('wifi-off')}<span class="grow">${t('offline')}</span></div>`;
    if (dashboard.link === 'refused' || dashboard.link === 'too_many') {
        return html`<div class="trouble" role="status">${icon('triangle-alert')}<span class="grow">${t(linkWords(dashboard))}</span>
            <button class="button" type="button" @click=${() => location.reload()}>${t('reload')}</button></div>`;
    }
    if (dashboard.link !== 'lost') return nothing;
    const seconds = Math.ceil((dashboard.retryAtMs - nowMs) / 1000);

    return html`<div class="trouble" role="status">
        ${icon('wifi-off')}<span class="grow">${t(linkWords(dashboard))} ${seconds > 1 ? html`<span aria-hidden="true">${t('live.retry_in', {n: seconds})}</span>` : nothing}</span>
        <button class="button" type="button" @click=${() => app.retryDashboard()}>${t('retry')}</button>
    </div>`;
}

/** Dialog, toasts, and the region a screen reader listens to. @param {App} app */
const overlays = app => html`
    ${dialogHost(app)}
    ${app.state.dialog ? nothing : toastList(app)}
    <div class="visually-hidden" role="status" aria-live="polite">${app.state.said}</div>`;

/** The frame of setup and sign-in pages: a card in the middle, the practice above, the languages below. @param {App} app  @param {View} page */
export const doorFrame = (app, page) => html`
    <div class="door">
        ${doorBrand(app.state.practice.practice)}
        ${app.state.online ? nothing : html`<div class="notice warn" role="status">${icon('wifi-off')}<span>${t('offline')}</span></div>`}
        <main id="main" class="card door-card" tabindex="-1">${page}</main>
        <footer class="door-foot">${languageButtons(trouble => languageChanged(app, trouble))}${helpLine(app)}</footer>
    </div>
    ${overlays(app)}`;

/** Help stands at the same place on every door. @param {App} app */
const helpLine = app => phoneLine(app.state.practice.phone);

/** Shown while session and practice are not known yet. */
export const bootFrame = () =>
    html`<div class="door"><main id="main" class="card door-card">${skeleton(2)}</main></div>`;
