// A short friendly sound, made here so that nothing has to be fetched: for the speaker test and for "you are let in".

const NOTES_HZ = [523.25, 659.25, 783.99];
const NOTE_S = 0.22;

/** @type {AudioContext | null} */
let context = null;

/** Resolves when it has been played. @param {string} [speakerId] where the browser can choose */
export async function playChime(speakerId) {
    try {
        context ??= new AudioContext();
        await context.resume();
        const out = context.createMediaStreamDestination();
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
