/* Every page by the name routes.js gives it. */
import {accountPage} from './page_account.js';
import {doctorPage} from './page_doctor.js';
import {livePage} from './page_live.js';
import {missingPage} from './page_missing.js';
import {passwordPage} from './page_password.js';
import {peoplePage} from './page_people.js';
import {roomPage} from './page_room.js';
import {roomsPage} from './page_rooms.js';
import {setupPage} from './page_setup.js';
import {signinPage} from './page_signin.js';

/** @type {Record<import('./routes.js').PageName, import('./types.js').Page>} */
export const PAGES = {
    setup: setupPage,
    signin: signinPage,
    password: passwordPage,
    live: livePage,
    rooms: roomsPage,
    room: roomPage,
    people: peoplePage,
    doctor: doctorPage,
    account: accountPage,
    missing: missingPage,
};
