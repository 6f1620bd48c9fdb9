// All that only hosts see, as one object.
import {hostLeaves} from './host_dialogs.js';
import {firstWaits, insideMenu, lockSwitch, menuButton, recipient, waitingChip, waitingList} from './host_people.js';
import {nextGuests} from './next_guest.js';

/** @type {import('./ui.js').HostParts} */
export const HOST_PARTS = {
    nextGuests,
    firstWaits,
    recipient,
    waitingList,
    waitingChip,
    lockSwitch,
    menuButton,
    insideMenu,
    leaves: hostLeaves,
};
