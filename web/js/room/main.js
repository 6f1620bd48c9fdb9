// Starts the room page.
import {COMMON} from '../ui/common_texts.js';
import {loadTexts, preferredLanguage} from '../ui/texts.js';

await loadTexts(preferredLanguage(), [COMMON]);
