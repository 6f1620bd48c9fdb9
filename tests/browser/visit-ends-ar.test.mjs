// The screens with which a visit ends or cannot begin, also those that a real server shows only on a bad day, in Arabic.
import '../support/own_network.mjs';
import {visitScreens} from '../support/visit_screens.mjs';

await visitScreens('ar', 'ends');
