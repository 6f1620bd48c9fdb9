// The screens of a visit from the link to the call, in Arabic.
import '../support/own_network.mjs';
import {visitScreens} from '../support/visit_screens.mjs';

await visitScreens('ar', 'course');
