// All that only hosts see, as one.
import {hostLeaves} from './host_dialogs.js';
import {insideMenu, lockSwitch, menuButton, waitingList} from './host_people.js';
import {nextGuests} from './next_guest.js';

/** @type {import('./ui.js').HostParts} */
export const HOST_PARTS = {nextGuests, waitingList, lockSwitch, menuButton, insideMenu, leaves: hostLeaves};
