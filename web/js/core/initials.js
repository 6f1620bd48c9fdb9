/* The one or two letters that stand for a person without a picture. Pure. */

/** Titles before a name, in small letters and without dots. */
const TITLES = new Set(
    (
        'dr dra prof professor doctor med dipl mag ing mr mrs ms miss mx sir dame rev mme mlle herr frau hr fr sr sra srta don doña dott dottssa ' +
        'د أد أ م دكتور دكتورة الدكتور الدكتورة أستاذ أستاذة الأستاذ الأستاذة بروفيسور سيد سيدة السيد السيدة آنسة الآنسة مهندس المهندس'
    ).split(' '),
);

/** Titles after a name. */
const DEGREES = new Set('md phd do dds rn np pa esq jr ii iii ba ma msc bsc'.split(' '));

/** @param {string | undefined} word */
const bare = word => (word ?? '').replace(/[^\p{L}\p{M}]/gu, '').toLowerCase();

/** The words of a name that name the person. @param {string} name */
function nameWords(name) {
    const words = name
        .replace(/\([^)]*\)/g, ' ')
        .split(/[\s,]+/)
        .filter(w => /\p{L}/u.test(w));

    while (words.length > 1 && TITLES.has(bare(words[0]))) words.shift();
    while (words.length > 1 && DEGREES.has(bare(words.at(-1)))) words.pop();
    return words;
}

/** First and last name's letter: "Dr Ana Rivera" gives AR, "Dr Rivera" R; '' for a name without letters. @param {string} name */
export function initialsOf(name) {
    const words = nameWords(name);
    const wanted = words.length > 1 ? [words[0], words.at(-1)] : words;

    return wanted
        .map(w => /\p{L}/u.exec(w ?? '')?.[0] ?? '')
        .join(/\p{Script=Arabic}/u.test(name) ? '\u200c' : '') // keeps the two Arabic letters from joining
        .toLocaleUpperCase();
}
