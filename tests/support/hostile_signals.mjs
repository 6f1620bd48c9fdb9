// hostile_signals.mjs - what a page that was let in may send as `data` of a signal and no honest one would: malformed, out of turn, too much.

const PLAN = ['audio', 'video', 'video', 'application'];
const UFRAG = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n';
const FINGERPRINT = `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}\r\n`;
const KINDS = {
    audio: i => `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:${i}\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n`,
    video: i => `m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:${i}\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n`,
    application: i => `m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:${i}\r\na=sctp-port:5000\r\n`,
};

/** A description by hand. @param {string[]} kinds of its m-lines  @param {(section: string, i: number) => string} [edit]  @param {(i: number) => string} [mid] */
export function sdpOf(kinds = PLAN, edit = section => section, mid = String) {
    const mids = kinds.map((_, i) => mid(i));
    const session = `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ${mids.join(' ')}\r\n${FINGERPRINT}a=setup:actpass\r\n${UFRAG}`;
    return session + kinds.map((kind, i) => edit(KINDS[kind](mids[i]), i)).join('');
}

const offer = (sdp, more) => ({pc: 'main', description: {type: 'offer', sdp}, ...more});
const candidate = value => ({pc: 'main', candidate: value});
const lines = (kind, n) => Array(n).fill(kind);
const VALID = sdpOf();

/** Each is sent once, in this order; [what it is, data]. */
export const MALFORMED = [
    ['nothing', {}],
    ['another connection', {pc: ['main'], description: {}}],
    ['a description that is a text', {pc: 'main', description: 'v=0'}],
    ['a description that is a number', {pc: 'main', description: 7}],
    ['a description that is a list', {pc: 'main', description: [VALID]}],
    ['a description without sdp', {pc: 'main', description: {type: 'offer'}}],
    ['sdp that is a number', offer(5)],
    ['sdp that is an object which cannot become a text', offer({toString: 5, valueOf: 5, match: 5, length: 5})],
    ['sdp that is null', offer(null)],
    ['an empty offer', offer('')],
    ['words', offer('half {"json')],
    ['half an offer', offer(VALID.slice(0, VALID.length / 2))],
    ['an offer whose lines are cut', offer(VALID.replaceAll('UDP/TLS/RTP/SAVPF', ''))],
    ['an offer without a fingerprint', offer(VALID.replace(FINGERPRINT, ''))],
    ['an offer without credentials of ICE', offer(VALID.replace(UFRAG, ''))],
    ['the m-lines of the plan and nothing else', offer(PLAN.map(kind => `m=${kind} `).join('\r\n'))],
    ['a type that does not exist', {pc: 'main', description: {type: 'proposal', sdp: VALID}}],
    ['a type that is an object', {pc: 'main', description: {type: {toString: 1}, sdp: VALID}}],
    ['an answer to nothing', {pc: 'main', description: {type: 'answer', sdp: VALID}}],
    ['an early answer to nothing', {pc: 'main', description: {type: 'pranswer', sdp: VALID}}],
    ['a step back from nothing', {pc: 'main', description: {type: 'rollback', sdp: VALID}}],
    ['no m-lines', offer(sdpOf([]))],
    ['one m-line', offer(sdpOf(['audio']))],
    ['the plan in another order', offer(sdpOf([...PLAN].reverse()))],
    ['400 m-lines of sound', offer(sdpOf(lines('audio', 400)))],
    ['200 m-lines of pictures', offer(sdpOf(lines('video', 200)))],
    ['300 m-lines for data', offer(sdpOf(lines('application', 300)))],
    ['1,000 m-lines', offer('v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n' + 'm=audio 0 A/V 0\r\n'.repeat(1_000))],
    ['an offer as long as a message may be', offer(VALID + 'a=x:'.padEnd(45_000, 'y') + '\r\n')],
    ['names of m-lines of 9,000 letters', offer(sdpOf(PLAN, s => s, i => (i ? String(i) : 'x'.repeat(9_000))))],
    ['codecs that do not exist', offer(VALID.replaceAll('opus', 'quartz').replaceAll('VP8', 'slate'))],
    ['a thousand formats in one m-line', offer(sdpOf(PLAN, (s, i) => (i ? s : s.replace(' 111\r', ` ${[...Array(1_000).keys()].join(' ')}\r`))))],
    ['a channel for 65,536 streams and messages without end', offer(`${VALID}a=max-message-size:99999999999999999999\r\na=sctpmap:5000 webrtc-datachannel 65536\r\n`)],
    ['sources without end', offer(sdpOf(PLAN, (s, i) => (i === 1 ? s + Array.from({length: 300}, (_, n) => `a=ssrc:${n + 1} cname:c${n}\r\n`).join('') : s)))],
    ['layers without end', offer(sdpOf(PLAN, (s, i) => (i === 1 ? `${s}${Array.from({length: 300}, (_, n) => `a=rid:r${n} send\r\n`).join('')}a=simulcast:send ${Array.from({length: 300}, (_, n) => `r${n}`).join(';')}\r\n` : s)))],
    ['a candidate that is a text', candidate('candidate:1')],
    ['a candidate that is a number', candidate(3)],
    ['a candidate that is a list', candidate([])],
    ['a candidate without anything', candidate({})],
    ['words as a candidate', candidate({candidate: 'half a candidate', sdpMid: '0', sdpMLineIndex: 0})],
    ['a candidate for an m-line that does not exist', candidate({candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMid: '99', sdpMLineIndex: 99})],
    ['a candidate for a negative m-line', candidate({candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMLineIndex: -1})],
    ['a candidate for 40,000 letters', candidate({candidate: `candidate:1 1 udp 1 ${'x'.repeat(40_000)} 9 typ host`, sdpMid: '0'})],
    ['a candidate of fields of other types', candidate({candidate: {}, sdpMid: [], sdpMLineIndex: 'x', usernameFragment: {toString: 1}})],
    ['a candidate at port 99999', candidate({candidate: 'candidate:1 1 udp 1 10.0.0.1 99999 typ host', sdpMid: '0'})],
    ['a candidate of nobody', candidate({candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMid: '0', usernameFragment: 'nobody'})],
    ['a request to begin anew', {pc: 'main', again: {yes: 'please'}}],
    ['a connection by the number -1', offer(VALID, {gen: -1})],
    ['a connection by the number 1.5', offer('words', {gen: 1.5})],
    ['a connection by a text', offer('words', {gen: '2'})],
    ['a candidate for a connection to come', {...candidate(null), gen: 5}],
    ['a connection by the largest number', offer('words', {gen: Number.MAX_SAFE_INTEGER})],
];

/** Each is sent as often as it says, `n` counts; [what it is, times, data]. */
export const FLOODS = [
    ['offers', 200, n => offer(VALID.replaceAll('ufrag:abcd', `ufrag:u${1_000 + n}`))],
    ['connections', 200, n => offer(VALID, {gen: 10 + n})],
    ['connections without an offer', 100, n => ({...candidate(null), gen: 1_000 + n})],
    ['requests to begin anew', 100, () => ({pc: 'main', gen: Number.MAX_SAFE_INTEGER, again: true})],
    ['answers', 100, () => ({pc: 'main', description: {type: 'answer', sdp: VALID}})],
    ['the last candidate', 250, () => candidate(null)],
    ['candidates', 400, n => candidate({candidate: `candidate:${n} 1 udp ${n} 10.99.${n >> 8}.${n & 255} ${1_024 + n} typ host`, sdpMid: '0', sdpMLineIndex: 0})],
];
