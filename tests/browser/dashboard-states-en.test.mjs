// Every state of the practice's pages, in English.
import '../support/own_network.mjs';
import {dashboardStates} from '../support/dashboard_states.mjs';

await dashboardStates('en');
