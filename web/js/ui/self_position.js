// The self-view in the call is dragged with a finger or mouse, or moved with the arrow keys, never out of the stage.

const STEP_PX = 32;
const MARGIN_PX = 12;

/** Where it stands, as an offset from its corner; kept while the page lives. */
const position = {x: 0, y: 0};

/** After a drawing: a new element stands where the old one stood, and the stage may be smaller now. @param {ParentNode} root */
export function settleSelf(root) {
    const el = root.querySelector('.self-view');
    if (el instanceof HTMLElement) moveTo(el, position.x, position.y);
}

/** @param {HTMLElement} el  @param {number} x  @param {number} y  px from its corner */
function moveTo(el, x, y) {
    const stage = el.parentElement?.getBoundingClientRect();
    const own = el.getBoundingClientRect();
    if (!stage || !own.width) return;
    // Its corner is the one at the end of the line and the bottom, so it moves back towards the start and up.
    const rtl = document.documentElement.dir === 'rtl';
    const maxX = Math.max(0, stage.width - own.width - 2 * MARGIN_PX);
    const maxY = Math.max(0, stage.height - own.height - 2 * MARGIN_PX);
    position.x = rtl ? clamp(x, 0, maxX) : clamp(x, -maxX, 0);
    position.y = clamp(y, -maxY, 0);
    el.style.setProperty('--x', `${position.x}px`);
    el.style.setProperty('--y', `${position.y}px`);
}

/** @param {number} v  @param {number} low  @param {number} high */
const clamp = (v, low, high) => Math.max(low, Math.min(high, v));

/** @type {Record<string, [number, number]>} */
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** @param {KeyboardEvent} e */
export function nudgeSelf(e) {
    const arrow = ARROWS[e.key];
    if (!arrow) return;
    e.preventDefault();
    moveTo(
        /** @type {HTMLElement} */ (e.currentTarget),
        position.x + arrow[0] * STEP_PX,
        position.y + arrow[1] * STEP_PX,
    );
}

/** @param {PointerEvent} e */
export function dragSelf(e) {
    const el = /** @type {HTMLElement} */ (e.currentTarget);
    const from = {x: e.clientX - position.x, y: e.clientY - position.y};
    const moved = (/** @type {PointerEvent} */ m) => moveTo(el, m.clientX - from.x, m.clientY - from.y);
    el.setPointerCapture(e.pointerId);
    el.addEventListener('pointermove', moved);
    const done = () => el.removeEventListener('pointermove', moved);
    el.addEventListener('pointerup', done, {once: true});
    el.addEventListener('pointercancel', done, {once: true});
}
