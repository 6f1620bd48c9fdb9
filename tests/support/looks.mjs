// Pages as they look: the client built with its examples (?demo=name), and each example in light and dark, wide and at 320 px.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {accessible, fitsIntoWidth, wordsStayWhole} from './axe.mjs';
import {ROOT, startServer, temporaryFolder} from './server.mjs';

const DESKTOP = {width: 1280, height: 800};
const PHONE = {width: 320, height: 640};

/** By language: each has both schemes and both sizes, paired differently from the other language. */
export const LOOKS = {
    en: [['light', DESKTOP], ['dark', PHONE]],
    ar: [['dark', PHONE], ['light', DESKTOP]],
};

/** A server whose client shows examples. */
export function demoServer() {
    const folder = temporaryFolder('parlour-demo');
    execFileSync(process.execPath, [join(ROOT, 'web/build.mjs'), '--out', folder, '--demo'], {stdio: 'inherit'});
    return startServer({args: ['--web-dir', join(folder, 'dist')]});
}

/** Opens an example, runs `check` on it, then checks it in each of `looks`. */
export async function lookAtDemo(person, address, name, looks, check) {
    await person.page.setViewport(looks[0][1]);
    await person.open(address);
    await person.sees('[data-demo="shown"]');
    await check();
    for (const [scheme, viewport] of looks) {
        const what = `${name}-${scheme}-${viewport.width}`;
        await person.page.setViewport(viewport);
        await person.page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}, {name: 'prefers-reduced-motion', value: 'reduce'}]);
        await person.shot(what);
        await accessible(person, what);
        await fitsIntoWidth(person, what);
        await wordsStayWhole(person, what);
    }
}
