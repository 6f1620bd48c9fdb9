/* Shown at an unknown address of the dashboard. */
import {html} from 'lit/html.js';
import {t} from '../ui/texts.js';
import {emptyState, follow} from './pieces.js';

/** @type {import('./types.js').Page} */
export const missingPage = {
    title: 'missing.title',
    view: app => html`
        <h1 id="page-title" tabindex="-1" class="visually-hidden">${t('missing.title')}</h1>
        ${emptyState(
            'circle-help',
            t('missing.title'),
            t('missing.text'),
            html`<a class="button primary" href="/app" @click=${follow(app, '/app')}>${t('missing.back')}</a>`,
        )}`,
};
