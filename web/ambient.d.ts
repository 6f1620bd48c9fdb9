// What TypeScript's browser library does not know yet, and what the build puts in.
declare const __ICONS_FIRST__: string; // address of the sprite with what is shown before the first picture
declare const __ICONS_LATER__: string; // address of the sprite with all others
declare const __ICON_NAMES__: string; // what is in the first
declare const __DEMO__: boolean; // built with --demo
declare module '*.css?text' {
    const text: string;
    export default text;
}
interface DocumentPictureInPicture extends EventTarget {
    requestWindow(options?: {width?: number; height?: number}): Promise<Window>;
    readonly window: Window | null;
}
interface Window {
    documentPictureInPicture?: DocumentPictureInPicture;
}
interface Navigator {
    connection?: EventTarget & {effectiveType?: string};
}
interface RTCRtpEncodingParameters {
    scalabilityMode?: string;
}
