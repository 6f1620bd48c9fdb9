// That microphone and camera worked in this browser today: the day and what was open, nothing about a person.

const KEY = 'parlour.checked';

/** In the person's own time zone. @param {number} wallMs */
function dayOf(wallMs) {
    const d = new Date(wallMs);
    return `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`;
}

/** @param {{storage: Pick<import('./storage.js').SafeStorage, 'getItem' | 'setItem'>, wall: () => number}} deps */
export const makeChecks = ({storage, wall}) => ({
    /** @param {{mic: boolean, cam: boolean}} open */
    remember({mic, cam}) {
        storage.setItem(KEY, JSON.stringify({day: dayOf(wall()), mic, cam}));
    },
    /** The devices open at today's check; null without one in which the microphone worked.
     *  @returns {{mic: true, cam: boolean} | null} */
    today() {
        try {
            const kept = JSON.parse(storage.getItem(KEY) ?? 'null');
            return kept?.day === dayOf(wall()) && kept.mic === true ? {mic: true, cam: kept.cam === true} : null;
        } catch {
            return null;
        }
    },
});
/** @typedef {ReturnType<typeof makeChecks>} Checks */
