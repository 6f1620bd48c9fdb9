/**
 * Pressing again after a lost answer sends the very same request, so that one object is made; a changed form is a new
 * request with a key of its own.
 * @template V, B
 * @param {(values: V) => B} makeBody
 * @returns {(values: V) => {body: B, idempotencyKey: string}}
 */
export function sameWhenRepeated(makeBody) {
    /** @type {{said: string, body: B, idempotencyKey: string} | undefined} */
    let last;

    return values => {
        const said = JSON.stringify(values);
        if (last?.said !== said) last = {said, body: makeBody(values), idempotencyKey: crypto.randomUUID()};
        return last;
    };
}
