// The rows of rows.mjs that differ most from browser to browser, with Firefox as the guest and as the host.
import '../support/lab.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import {measure, ROWS} from './rows.mjs';
import {Lab} from './scene.mjs';

const TITLES = ['only the router of the guest gets another address', 'UDP is blocked under a direct call', 'the link is down for 3 s'];
const ROLES = [{host: 'chromium', guest: 'firefox'}, {host: 'firefox', guest: 'chromium'}];
const lab = await Lab.start(['chromium', 'firefox']);

for (const {host, guest} of ROLES)
    for (const row of ROWS.filter(({title}) => TITLES.includes(title)))
        test(`${row.title}, host in ${host}, guest in ${guest}: the call is back`, async () => {
            const {seconds, words} = await measure(lab, row, {host, guest});
            console.log(`${row.title}, host in ${host}, guest in ${guest}: ${seconds.toFixed(1)} s, wanted ${row.wantedS}`);
            assert.ok(seconds <= 2 * row.wantedS, `${seconds} s\n${words.map(w => w.join('\n')).join('\n--\n')}`);
        });
