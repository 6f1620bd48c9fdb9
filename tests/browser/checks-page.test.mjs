// The dashboard's page of checks: an administrator presses once, sees what works and what does not, and what to do about it.
import '../support/own_network.mjs';
import assert from 'node:assert/strict';
import {chmodSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {chromium, Person} from '../support/browser.mjs';
import {setUp} from '../support/http.mjs';
import {startServer} from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const admin = await setUp(server);
const browser = await chromium();

for (const language of ['en', 'ar'])
    test(`a fault made by hand is found, shown first, and gone when it is mended, ${language}`, async () => {
        const person = await Person.arrive(browser, {server, name: `checks-${language}`, client: admin, language});
        const key = join(server.data, 'master.key');
        const codes = () => person.page.$$eval('.finding', all => all.map(x => x.dataset.code));
        const round = async () => {
            await person.press('run-checks');
            await person.sees('[data-state="done"]');
        };
        chmodSync(key, 0o644);
        await person.open('/app/doctor');
        await round();
        assert.equal((await codes())[0], 'secret_open');
        await person.hasText('chmod 600');
        await person.sees('[data-status="fail"]');
        await person.shot(`fault-${language}`);
        chmodSync(key, 0o600);
        await round();
        await person.sees('[data-code="secrets_ok"]');
        assert.ok(!(await codes()).includes('secret_open'));
        await person.sees('[data-status="warn"]');
        await person.shot(`mended-${language}`);
        await person.leave();
    });
