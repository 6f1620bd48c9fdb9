// selftest.mjs - runs the page /check as a person does, and reads what it says.
import {Person} from './browser.mjs';

const read = () => Object.fromEntries([...document.querySelectorAll('[data-row]')].map(r => [r.dataset.row, `${r.dataset.found} ${r.dataset.why}`]));

/** What its rows say on a device where nothing is wrong. */
export const DEVICES_FINE = {browser: 'ok ok', camera: 'ok ok', mic: 'ok ok', speaker: 'ask ask', server: 'ok ok'};

/** "In less than a minute", the page says. */
const LIMIT_MS = 60_000;

/** {person, rows: {id: 'state why'}, verdict} */
export async function selfTest(browser, server, {path = '/check', ...options} = {}) {
    const person = await Person.arrive(browser, {server, viewport: {width: 390, height: 844}, ...options});
    await person.open(path);
    await person.press('start');
    await person.state('done', LIMIT_MS);
    const rows = await person.page.evaluate(read);
    const verdict = await person.page.$eval('[data-verdict]', n => n.dataset.verdict);
    return {person, rows, verdict};
}
