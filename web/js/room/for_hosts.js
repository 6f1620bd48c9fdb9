// Guests do not fetch the part that only hosts need: it is fetched as soon as it is known that this is a host.
import {part} from '../ui/page.js';

/** @typedef {{openSocket: (path: string) => WebSocket, go: (path: string) => void, today: () => void}} Ways */
/** @typedef {ReturnType<typeof import('./host.js').tendHost>} Host */

/** @param {import('../core/visit.js').Visit} visit  @param {import('../ui/ui.js').Ui} ui  @param {Ways} ways */
export function forHosts(visit, ui, ways) {
    /** @type {Promise<Host> | null} */
    let loading = null;
    /** @param {(host: Host) => void} run */
    const then = run => {
        loading ??= part(() => import('./host.js')).then(m => m.tendHost(visit, ui, ways));
        loading.then(run, () => {
            loading = null; // the next press asks again
            visit.toast('refused.other');
        });
    };
    ui.letIn = id => then(host => host.letIn(id));
    visit.on('meets', ({participant, refused}) => then(host => host.meets(participant, refused)));
    visit.on('missed', ({name}) => then(host => host.missed(name)));
    visit.on('elsewhere', ({slug}) => ways.go(`/r/${slug}`));
    visit.on('change', ({now, before}) => {
        if (now.host && (!before.host || now.phase !== before.phase)) then(host => host.moved(now));
    });
}
