// All that is drawn only after the first picture, or when something is wrong, as one object.
import {chatPanel, followChat, lastWords} from '../features/chat/panel.js';
import {quality} from '../features/quality/panel.js';
import {toasts} from './call_toasts.js';
import {deviceNotes, deviceTrouble} from './device_notes.js';
import {devicePickers, playSound, soundAnswers} from './device_pickers.js';
import {endedScreen} from './ended.js';
import {moreMenu} from './more_menu.js';
import {peoplePanel} from './people.js';
import {problemScreen} from './problem.js';
import {dragSelf, nudgeSelf, settleSelf} from './self_position.js';
import {onKey} from './shortcuts.js';

/** @type {import('./ui.js').LaterParts} */
export const LATER_PARTS = {
    chatPanel,
    followChat,
    lastWords,
    deviceNotes,
    deviceTrouble,
    devicePickers,
    playSound,
    soundAnswers,
    endedScreen,
    moreMenu,
    peoplePanel,
    problemScreen,
    quality,
    dragSelf,
    nudgeSelf,
    settleSelf,
    onKey,
    toasts,
};
