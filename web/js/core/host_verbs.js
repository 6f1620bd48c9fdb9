// What a host, or the front desk, may do with a person, one line each: the buttons in the call (ui/host_people.js) and on the dashboard
// (admin/live_rows.js), in this order, and their questions. Offered is what `may` lists. Words, in each lang/*/admit.json, by `name`:
// `verb.name` on the button; `ask.name`, `ask.name_then` (what happens) and `ask.name_text` (an example of the message) in the question.

/**
 * @typedef {object} HostVerb
 * @property {string} name of the line
 * @property {string} type of the message
 * @property {string} icon
 * @property {'waiting' | 'inside'} of the people concerned
 * @property {boolean} [guests] not of hosts
 * @property {boolean} [text] the question has a field for a message to the person
 * @property {boolean} [block] the question offers to keep the person out
 * @property {boolean} [danger]
 * @property {boolean} [quick] in the call it is done without a question: it can be undone there
 * @property {{kind: import('./protocol.js').Kind}} [more] members of the message
 */

/** @type {readonly HostVerb[]} */
export const HOST_VERBS = [
    {name: 'admit', type: 'admit', icon: 'user-check', of: 'waiting'},
    {name: 'chat', type: 'chat', icon: 'message-square', of: 'waiting'},
    {name: 'hold', type: 'hold', icon: 'hourglass', of: 'waiting', text: true},
    {name: 'deny', type: 'deny', icon: 'ban', of: 'waiting', text: true, block: true, danger: true},
    {name: 'mute', type: 'mute', icon: 'mic-off', of: 'inside', quick: true, more: {kind: 'audio'}},
    {name: 'mute-video', type: 'mute', icon: 'video-off', of: 'inside', quick: true, more: {kind: 'video'}},
    {name: 'return', type: 'return', icon: 'undo-2', of: 'inside', guests: true, text: true, quick: true},
    {name: 'remove', type: 'remove', icon: 'user-x', of: 'inside', guests: true, text: true, block: true, danger: true},
];

/** The lines for a person. @param {'waiting' | 'inside'} of  @param {string} role  @param {readonly string[]} may  @returns {HostVerb[]} */
export const verbsFor = (of, role, may) =>
    HOST_VERBS.filter(v => v.of === of && may.includes(v.type) && !(v.guests && role === 'host'));
