/* Who is offered what. The server decides (domain/permission.c has the same table); this only keeps buttons away
 * that would be refused. Pure. */

/** @typedef {'admit' | 'hold' | 'deny' | 'return' | 'remove' | 'chat' | 'invite' | 'enter' | 'edit' | 'create'} Deed */

/** @type {Record<Deed, readonly ('admin' | 'host' | 'desk')[]>} */
const ALLOWED = {
    admit: ['admin', 'host'],
    hold: ['admin', 'host', 'desk'],
    deny: ['admin', 'host', 'desk'],
    return: ['admin', 'host', 'desk'],
    remove: ['admin', 'host'],
    chat: ['host', 'desk'],
    invite: ['host', 'desk'],
    enter: ['host'],
    edit: ['admin', 'host'],
    create: ['admin', 'host'],
};

/**
 * @param {import('./types.js').User | null} me
 * @param {boolean} is_host owner or co-host of the room in question
 * @param {Deed} deed
 */
export function may(me, is_host, deed) {
    if (!me) return false;
    if (me.role === 'desk') return ALLOWED[deed].includes('desk');
    return (me.role === 'admin' && ALLOWED[deed].includes('admin')) || (is_host && ALLOWED[deed].includes('host'));
}
