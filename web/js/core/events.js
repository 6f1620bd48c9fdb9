// A small typed event source. Listeners run in the order they were added; one that throws does not stop the others.

/**
 * @template {Record<string, any>} Map  what each event carries, by name
 */
export class Events {
    constructor() {
        /** @type {{[K in keyof Map]?: Set<(data: Map[K]) => void>}} */
        this.listeners = {};
    }

    /**
     * @template {keyof Map} K
     * @param {K} name  @param {(data: Map[K]) => void} run  @returns {() => void} stops listening
     */
    on(name, run) {
        let set = this.listeners[name];
        if (!set) {
            set = new Set();
            this.listeners[name] = set;
        }
        set.add(run);
        return () => set.delete(run);
    }

    /**
     * @template {keyof Map} K
     * @param {K} name  @param {Map[K]} data
     */
    emit(name, data) {
        for (const run of [...(this.listeners[name] ?? [])]) {
            try {
                run(data);
            } catch (e) {
                reportError(e); // to the page's error handler, not to the emitter
            }
        }
    }
}
