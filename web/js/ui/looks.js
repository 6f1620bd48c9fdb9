// Styles and pictures that come with a part of the page.

/** @param {string} css */
export function addLooks(css) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Loads them into the browser's cache, so that nothing is drawn with gaps. Without them the texts are enough. @param {string} sprite address */
export const loadPictures = sprite =>
    fetch(sprite)
        .then(answer => answer.blob())
        .catch(() => undefined);
