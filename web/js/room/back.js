// Back in a call: a question first, never a trap. While the call is on, an entry of our own lies on top of the page's; Back removes
// that one and not the page, and the question opens. Staying puts it there again; another Back on the open question leaves.
// Outside the call there is no such entry: a place in the waiting room outlives the page, and Forward finds it again.

/** @param {any} state of an entry; others keep things there too */
const isOurs = state => state?.inCall === true;

/**
 * @typedef {object} BackDeps
 * @property {Pick<History, 'pushState' | 'back'> & {readonly state: unknown}} history
 * @property {(run: (e: {state: unknown}) => void) => void} onPop
 * @property {() => void} ask opens the question
 * @property {() => void} close closes it
 */

export class Back {
    /** @param {BackDeps} deps */
    constructor(deps) {
        this.deps = deps;
        /** our entry is on top; after a reload it still is */
        this.over = isOurs(deps.history.state);
        this.asking = false;
        /** @type {(() => void) | null} our own step back is under way; runs after it */
        this.later = null;
        this.unwinding = false;
        deps.onPop(e => this.popped(e.state));
    }

    /** After each change. @param {'on' | 'off' | 'between'} call whether there is one; `between`: it comes or comes again
     *  @param {boolean} dialog a question is open */
    update(call, dialog) {
        this.call = call;
        if (!dialog) this.asking = false;
        if (call === 'on' && !this.over && !this.asking && !this.unwinding) {
            this.over = true;
            this.deps.history.pushState({inCall: true}, '');
        } else if (call === 'off' && this.over && !this.unwinding) {
            this.unwinding = true;
            this.deps.history.back();
        }
    }

    /** Runs as soon as our entry is gone. @param {() => void} run */
    afterwards(run) {
        if (this.unwinding) this.later = run;
        else run();
    }

    /** @param {unknown} state of the entry that is on top now */
    popped(state) {
        this.over = isOurs(state);
        if (this.unwinding) {
            this.unwinding = false;
            this.later?.();
            this.later = null;
        } else if (this.over) {
            this.deps.close(); // Forward means to stay
        } else if (this.call === 'on') {
            this.asking = true;
            this.deps.ask();
        }
    }
}
