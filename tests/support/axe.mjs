// axe.mjs - accessibility of the page as it is now: WCAG 2.2 A and AA by axe-core, and checks that axe does not make.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Ends fading and sliding animations, so that no colour is judged half way; endless ones go on. */
function settle() {
    for (const animation of document.getAnimations()) if (animation.effect?.getTiming().iterations !== Infinity) animation.finish();
}

/** Throws with each violation, its place and the reason. The script comes over the debugger, so the page's policy stays as it is. */
export async function accessible(person, what) {
    await person.page.evaluate(settle);
    if (!(await person.page.evaluate(() => 'axe' in window))) await person.page.evaluate(SOURCE);
    const {violations} = await person.page.evaluate(tags => window.axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}), TAGS);
    const found = violations.map(v => `${v.id} (${v.impact}): ${v.help}\n${v.nodes.slice(0, 4).map(n => `    ${n.target.join(' ')}: ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`).join('\n')}`);
    assert.equal(found.join('\n'), '', `${what}: not accessible`);
}

/** Nothing sticks out sideways: no text is lost at 320 px, which is what 400 % zoom comes to. */
export async function fitsIntoWidth(person, what) {
    const wide = await person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 1, `${what}: ${wide} px wider than the window`);
}

/** Runs in the page: words of buttons, headings and the navigation that are broken in two. */
function brokenWords() {
    const broken = [];
    for (const element of document.querySelectorAll('button, .button, nav a, h1, h2, h3')) {
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            for (const word of node.data.matchAll(/[\p{L}\p{M}]+/gu)) {
                const range = document.createRange();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].filter(r => r.width > 1).map(r => Math.round(r.top)));
                if (lines.size > 1) broken.push(word[0]);
            }
        }
    }
    return broken;
}

export async function wordsStayWhole(person, what) {
    assert.deepEqual(await person.page.evaluate(brokenWords), [], `${what}: words are broken`);
}
