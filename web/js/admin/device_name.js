/* From the user agent text to a name by which a person knows their device. A guess, for display only. Pure. */

/** The first that matches wins: most browsers also claim to be the ones below them. */
const BROWSERS = /** @type {const} */ ([
    [/Edg(A|iOS)?\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/SamsungBrowser\//, 'Samsung Internet'],
    [/Firefox\/|FxiOS\//, 'Firefox'],
    [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
    [/Safari\//, 'Safari'],
]);

const SYSTEMS = /** @type {const} */ ([
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/CrOS/, 'ChromeOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X|Macintosh/, 'macOS'],
    [/Linux/, 'Linux'],
]);

/**
 * @param {string} agent  @returns {{browser: string, system: string, phone: boolean}} '' where nothing is known
 */
export function deviceName(agent) {
    return {
        browser: BROWSERS.find(([sign]) => sign.test(agent))?.[1] ?? '',
        system: SYSTEMS.find(([sign]) => sign.test(agent))?.[1] ?? '',
        phone: /iPhone|Android.*Mobile/.test(agent),
    };
}
