// How much of the window can be seen during a call. A keyboard on the screen shrinks the view, in Safari without telling the
// page's layout: the call then takes only what is left, so that picture, buttons and field stay in it.
import {isTyping} from './dom.js';

/** Below this height, parts not needed while writing are hidden. */
const SHORT_PX = 420;

/** Follows the view from now on: as --view and data-short on the root. @param {() => boolean} inCall */
export function followView(inCall) {
    const view = window.visualViewport;
    const root = document.documentElement;
    const look = () => {
        if (!view || view.scale > 1.01) return; // pinch zoom, not a keyboard
        root.style.setProperty('--view', `${Math.round(view.height)}px`);
        root.toggleAttribute('data-short', view.height < SHORT_PX && isTyping(document.activeElement));
        if (inCall() && view.offsetTop > 0) scrollTo(0, 0); // Safari moves the page to show the field, which is in view anyway
    };
    view?.addEventListener('resize', look);
    view?.addEventListener('scroll', look);
}
