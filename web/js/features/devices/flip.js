// The other camera of a phone.

/** Those without a known side are taken in turn. @param {import('../../core/media.js').LocalMedia} media  @param {import('../../core/call.js').Device[]} cameras */
export async function flip(media, cameras) {
    const was = media.tracks.video?.getSettings() ?? {};
    const wish = was.facingMode === 'environment' ? 'user' : 'environment';
    if (was.facingMode) await open(media, {cameraId: '', facing: wish});
    const is = media.tracks.video?.getSettings().deviceId;
    if (is && is !== was.deviceId) return;
    const others = cameras.filter(c => c.id !== was.deviceId);
    const next = cameras[cameras.findIndex(c => c.id === was.deviceId) + 1] ?? others[0];
    if (next) await open(media, {cameraId: next.id});
    // Better the camera from before than none.
    if (!media.tracks.video && was.deviceId) await open(media, {cameraId: was.deviceId});
}

/** The old camera is closed first: phones open one at a time. Not kept: the next visit begins with the face.
 *  @param {import('../../core/media.js').LocalMedia} media  @param {{cameraId: string, facing?: 'user' | 'environment'}} choice */
function open(media, choice) {
    media.chosen = {...media.chosen, ...choice};
    media.take('video', null);
    return media.start(['video']);
}
