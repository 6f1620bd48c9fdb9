/* The form for the rules of a room. If a colleague saved meanwhile, both changes are merged, and conflicts are
 * asked about, before anything is sent again. */
import {html, nothing} from 'lit/html.js';
import {ApiError} from '../core/api.js';
import {icon} from '../ui/icon.js';
import {t} from '../ui/texts.js';
import {changedFields, mergeAfterConflict} from './conflict.js';
import {checkField, formNotice, inputField, onSubmit, readForm, selectField, submitButton, textField} from './forms.js';
import {may} from './may.js';
import {pinChange, ROOM_SWITCHES, rulesFromForm, rulesOf} from './room_rules.js';

/** @typedef {import('./types.js').App} App */
/** @typedef {import('./types.js').Room} Room */
/** @typedef {import('./conflict.js').Merge} Merge */

const FORM = 'room';

/** @param {App} app  @param {Room} room  @param {string} path under which the room was loaded */
export function rulesForm(app, room, path) {
    const merge = /** @type {Merge | undefined} */ (app.state.ui['merge']);
    const v = /** @type {Record<string, any>} */ (merge?.form ?? rulesOf(room));

    return html`
        <section class="card" aria-labelledby="rules-title">
            <form class="stack" novalidate @submit=${onSubmit(app, FORM, values => save(app, room, path, values))}>
                <h2 id="rules-title">${t('room.rules')}</h2>
                ${formNotice(app, FORM)}
                ${merge ? mergeNotice(app, merge) : nothing}
                <div class="columns two">
                    ${inputField(app, FORM, {name: 'name', label: t('room.name'), required: true, maxlength: 80, value: v['name']})}
                    ${inputField(app, FORM, {name: 'slug', label: t('room.slug'), required: true, maxlength: 63, dir: 'ltr', pattern: '[a-z0-9]+(-[a-z0-9]+)*', value: v['slug']})}
                    ${selectField(app, FORM, {
                        name: 'access',
                        label: t('room.access'),
                        value: v['access'],
                        options: [
                            ['invited', t('room.access_invited')],
                            ['link', t('room.access_link')],
                        ],
                    })}
                    ${inputField(app, FORM, {name: 'max_participants', label: t('room.max'), hint: t('room.max_hint', {max: room.capacity_max}), type: 'number', required: true, min: 2, max: room.capacity_max, inputmode: 'numeric', value: String(v['max_participants'])})}
                </div>
                <fieldset class="checks">
                    <legend class="label">${t('room.how')}</legend>
                    ${ROOM_SWITCHES.map(name => checkField(FORM, {name, label: t(`room.rule.${name}`), hint: t(`room.rule.${name}_hint`), checked: !!v[name]}))}
                </fieldset>
                ${pinFields(app, room)}
                ${textField(app, FORM, {name: 'consent_text', label: t('room.consent'), hint: t('room.consent_hint'), maxlength: 2000, value: v['consent_text']})}
                ${cohostFields(app, room, v['cohosts'])}
                <div class="row">${submitButton(app, FORM, t('room.save'))}</div>
            </form>
        </section>`;
}

/** @param {App} app  @param {Room} room */
const pinFields = (app, room) => html`
    <div class="columns">
        ${inputField(app, FORM, {name: 'pin', label: room.has_pin ? t('room.pin_new') : t('room.pin'), hint: t('room.pin_hint'), maxlength: 12, inputmode: 'numeric', dir: 'ltr', pattern: '[0-9]{4,12}', value: app.state.ui['pin'] ?? ''})}
        ${room.has_pin ? checkField(FORM, {name: 'pin_off', label: t('room.pin_off'), hint: t('room.pin_off_hint'), checked: false}) : nothing}
    </div>`;

/** Only administrators see who has an account, so only they choose co-hosts. @param {App} app  @param {Room} room  @param {string[]} chosen */
function cohostFields(app, room, chosen) {
    const users = /** @type {import('./types.js').User[]} */ (app.state.data['/users']?.value ?? []);
    const others = users.filter(u => u.role !== 'desk' && u.state !== 'disabled' && u.id !== room.owner.id);

    if (!may(app.state.me, 'administer') || others.length === 0) {
        return chosen.map(id => html`<input type="checkbox" class="kept" hidden name="cohosts" value=${id} checked>`);
    }
    return html`
        <fieldset class="checks">
            <legend class="label">${t('room.cohosts')}</legend>
            <p class="muted small">${t('room.cohosts_hint')}</p>
            <div class="columns narrow">
                ${others.map(u => html`<label class="check"><input type="checkbox" name="cohosts" value=${u.id} .checked=${chosen.includes(u.id)}><span><bdi>${u.name}</bdi></span></label>`)}
            </div>
        </fieldset>`;
}

/** @param {App} app  @param {Room} room  @param {string} path  @param {Record<string, any>} values */
async function save(app, room, path, values) {
    const mine = rulesFromForm(values);
    const change = {...changedFields(rulesOf(room), mine), ...pinChange(values)};

    if (Object.keys(change).length === 0) {
        app.ui({merge: undefined});
        app.toast(t('room.unchanged'));
        return;
    }
    try {
        const saved = await app.api.patch(`/rooms/${room.id}`, change, {ifMatch: room.etag});

        app.setData(path, {status: 'ready', value: saved});
        app.putItem('/rooms', saved);
        app.ui({merge: undefined, pin: ''});
        clearSecrets();
        app.toast(t('room.saved'));
    } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'changed') throw error;
        await mergeWithTheirs(app, room, path, mine);
    }
}

/** A saved PIN must not stay in the field. */
function clearSecrets() {
    for (const name of ['pin', 'pin_off']) {
        const field = document.getElementById(`${FORM}-${name}`);
        if (!(field instanceof HTMLInputElement)) continue;
        if (field.type === 'checkbox') field.checked = false;
        else field.value = '';
    }
}

/** @param {App} app  @param {Room} room the state my changes started from  @param {string} path  @param {import('./conflict.js').Fields} mine */
async function mergeWithTheirs(app, room, path, mine) {
    const theirs = await app.api.get(`/rooms/${room.id}`);
    const merge = mergeAfterConflict(rulesOf(room), mine, rulesOf(theirs));

    app.ui({merge});
    app.setData(path, {status: 'ready', value: theirs});
    requestAnimationFrame(() => document.getElementById('merge')?.focus());
}

/** @param {App} app  @param {Merge} merge */
const mergeNotice = (app, merge) => html`
    <div class="notice warn" id="merge" role="alert" tabindex="-1">
        ${icon('users')}
        <div class="stack tight grow">
            <p><strong>${t('merge.title')}</strong> ${merge.clashes.length ? t('merge.choose') : t('merge.text')}</p>
            ${merge.taken.length ? html`<p>${t('merge.taken', {fields: merge.taken.map(n => t(`room.field.${n}`)).join(t('list.comma'))})}</p>` : nothing}
            ${merge.clashes.map(
                c => html`
                    <div class="clash">
                        <p><strong>${t(`room.field.${c.name}`)}</strong></p>
                        <p>${t('merge.theirs', {value: shown(c.theirs)})}</p>
                        <div class="row">
                            <button class="button" type="button" @click=${() => settle(app, merge, c, c.theirs)}>${t('merge.take_theirs')}</button>
                            <button class="button" type="button" @click=${() => settle(app, merge, c, c.mine)}>${t('merge.keep_mine')}</button>
                        </div>
                    </div>`,
            )}
        </div>
    </div>`;

/** @param {unknown} value */
function shown(value) {
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (Array.isArray(value)) return String(value.length);
    return value === '' ? t('merge.empty') : String(value);
}

/** Decides one conflict; text typed in the other fields meanwhile is kept. @param {App} app  @param {Merge} merge  @param {import('./conflict.js').Clash} clash  @param {unknown} value */
function settle(app, merge, clash, value) {
    const el = /** @type {HTMLFormElement} */ (document.getElementById('merge')?.closest('form'));
    const typed = rulesFromForm(readForm(el));

    app.ui({merge: {...merge, form: {...typed, [clash.name]: value}, clashes: merge.clashes.filter(c => c !== clash)}});
}
