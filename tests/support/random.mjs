// random.mjs - repeatable random numbers: the seed is printed, PARLOUR_SEED repeats a run.
export const SEED = Number(process.env.PARLOUR_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** mulberry32: small, and good enough to choose moments. */
export function random(seed = SEED) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    return {next, below: limit => Math.floor(next() * limit), chance: share => next() < share};
}
