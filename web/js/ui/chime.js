// A short friendly sound, made here so that nothing has to be fetched: for the speaker test and for "you are let in".

const NOTES_HZ = [523.25, 659.25, 783.99];
const NOTE_S = 0.22;

/** One for the life of the page: while a context runs, a browser keeps every way out of it. @type {ReturnType<typeof makeSound> | null} */
let sound = null;
let playing = 0;

function makeSound() {
    const context = new AudioContext();
    return {context, out: context.createMediaStreamDestination()};
}

/** Resolves when it has been played. @param {string} [speakerId] where the browser can choose */
export async function playChime(speakerId) {
    playing++;
    try {
        sound ??= makeSound();
        const {context, out} = sound;
        await context.resume();
        const player = new Audio();
        player.srcObject = out.stream;
        if (speakerId && player.setSinkId) await player.setSinkId(speakerId).catch(() => undefined);
        await player.play();
        for (const [n, hz] of NOTES_HZ.entries()) note(context, out, hz, n * NOTE_S);
        await new Promise(done => setTimeout(done, (NOTES_HZ.length + 1) * NOTE_S * 1000));
        player.srcObject = null;
    } catch {
        // no sound output, or not allowed: the question "did you hear it?" finds that out
    }
    if (--playing === 0) sound?.context.suspend().catch(() => undefined); // it would keep the machine awake
}

/** @param {AudioContext} audio  @param {AudioNode} out  @param {number} hz  @param {number} after s */
function note(audio, out, hz, after) {
    const start = audio.currentTime + 0.05 + after;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hz;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S * 1.6);
    tone.connect(gain).connect(out);
    tone.start(start);
    tone.stop(start + NOTE_S * 2);
}
