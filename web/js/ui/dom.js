// Page elements, safely: a look-up that finds nothing is our mistake and throws at once.

/**
 * @template {typeof Element} T
 * @param {string} selector  @param {T} type  @param {ParentNode} [root]  @returns {InstanceType<T>}
 */
export function find(selector, type, root = document) {
    const el = root.querySelector(selector);
    if (!(el instanceof type)) throw new Error(`no ${type.name} at ${selector}`);
    return /** @type {InstanceType<T>} */ (el);
}

/**
 * A new element with properties and children; texts become text nodes, never markup.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag  @param {Record<string, string | boolean>} [attributes]  @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === true) el.setAttribute(name, '');
        else if (value !== false) el.setAttribute(name, value);
    }
    el.append(...children);
    return el;
}

/** Sets language and writing direction of the whole page. @param {string} lang  @param {string} dir */
export function setPageLanguage(lang, dir) {
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
}

/** True while the person types, so that letters are not shortcuts. @param {EventTarget | null} target */
export function isTyping(target) {
    return (
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input:not([type=checkbox],[type=range]), textarea, select'))
    );
}
