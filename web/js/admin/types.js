/* The shapes that the dashboard's modules share. Types only. */

/** @typedef {import('./routes.js').Route} Route */
/** @typedef {import('./dashboard_feed.js').Dashboard} Dashboard */
/** @typedef {import('lit/html.js').TemplateResult} View */
/** @typedef {'admin' | 'host' | 'desk'} Role */
/**
 * @typedef {{id: string, name: string, email: string, role: Role, state?: 'invited' | 'active' | 'disabled',
 *   language?: string, timezone?: string, etag?: string, created_at?: string, may?: string[]}} User may: rights in the practice, of the signed-in user
 */
/** @typedef {{practice: string, phone?: string, languages?: string[], set_up?: boolean}} PracticeFacts */
/**
 * @typedef {Record<typeof import('./room_rules.js').ROOM_SWITCHES[number], boolean>} Switches
 * @typedef {Switches & {id: string, name: string, slug: string, kind: string, host: boolean, may: string[], owner: {id: string, name: string}, cohosts: string[],
 *   access: 'invited' | 'link', max_participants: number, capacity_max: number, has_pin?: boolean, consent_text?: string, etag: string}} Room
 */
/**
 * @typedef {{id: string, room?: string, url?: string, code?: string, state: string, guest_name?: string, max_uses: number,
 *   uses?: number, expires_at?: string, asked_at?: string, not_before?: string, created_at?: string, may?: ('show' | 'revoke' | 'renew')[],
 *   host_name?: string, reach?: string}} Invitation
 */
/** @typedef {{id: string, created_at: string, seen_at?: string, expires_at?: string, agent?: string, current?: boolean}} SignIn */
/** @typedef {{status: 'loading' | 'ready' | 'failed', value?: any, error?: import('../core/api.js').ApiError}} Load */
/** @typedef {{id: number, text: string, kind: 'ok' | 'danger', undo?: () => void}} Toast */
/** @typedef {{id: number, view: (close: () => void) => View, label: string | (() => string), onClose?: () => void}} DialogSpec */
/** @typedef {{busy: boolean, errors: import('./form_errors.js').FormError[]}} FormState */
/**
 * @typedef {object} State
 * @property {Route} route
 * @property {boolean} ready whether the session and the practice are known
 * @property {import('../core/api.js').ApiError | null} trouble why they are not
 * @property {User | null} me
 * @property {PracticeFacts} practice
 * @property {Record<string, Load>} data answers of the server, by path
 * @property {Record<string, any>} ui values that this page remembers until the next one
 * @property {Record<string, FormState>} forms
 * @property {DialogSpec | null} dialog
 * @property {Toast[]} toasts
 * @property {boolean} online
 * @property {Dashboard} dashboard
 * @property {number} nowMs
 * @property {{sound: boolean, blocked: boolean, notify: 'default' | 'granted' | 'denied' | 'unsupported'}} alerts `blocked`: the browser plays nothing before a press
 * @property {string} said the last text for the live region
 */
/**
 * @typedef {object} Page
 * @property {string} title key of the catalogue
 * @property {(app: App, params: Record<string, string>) => void} [enter] fetches the data of the page
 * @property {(app: App, params: Record<string, string>) => View} view
 */
/** @typedef {import('./app.js').App} App */

export {};
