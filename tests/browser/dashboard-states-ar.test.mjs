// Every state of the practice's pages, in Arabic.
import '../support/own_network.mjs';
import {dashboardStates} from '../support/dashboard_states.mjs';

await dashboardStates('ar');
