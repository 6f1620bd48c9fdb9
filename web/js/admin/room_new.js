/* The dialog for a new room: a name is enough, the rest has sensible values and can be changed afterwards. */
import {html} from 'lit/html.js';
import {t} from '../ui/texts.js';
import {closeDialog} from './dialog.js';
import {formNotice, inputField, onSubmit, submitButton} from './forms.js';

/** @typedef {import('./types.js').App} App */

const FORM = 'room-new';

/** @param {App} app */
export function openNewRoom(app) {
    const first = !app.state.data['/rooms']?.value?.length;

    app.openDialog(
        t('rooms.new'),
        close => html`
            <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => create(app, values))}>
                ${formNotice(app, FORM)}
                ${inputField(app, FORM, {name: 'name', label: t('room.name'), hint: t('room.name_hint'), required: true, maxlength: 80, value: first ? (app.state.me?.name ?? '') : '', suggested: true})}
                ${inputField(app, FORM, {name: 'slug', label: t('room.slug'), hint: t('room.slug_hint'), maxlength: 63, dir: 'ltr', pattern: '[a-z0-9]+(-[a-z0-9]+)*'})}
                <p class="muted small">${t('rooms.new_text')}</p>
                <div class="dialog-actions">
                    <button class="button" type="button" @click=${close}>${t('cancel')}</button>
                    ${submitButton(app, FORM, t('rooms.create'))}
                </div>
            </form>`,
    );
}

/** @param {App} app  @param {Record<string, string>} values */
async function create(app, values) {
    const {name, slug} = values;
    const room = await app.api.post('/rooms', {name, ...(slug && {slug})});

    app.putItem('/rooms', room);
    closeDialog();
    app.go(`/app/rooms/${room.id}`);
    app.toast(t('rooms.created', {name: room.name}));
}
