// What TypeScript's browser library does not know yet, and what the build puts in.
declare const __ICONS__: string; // address of the sprite
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
