// A blank page, as far as modules that draw need one to load in Node: to be imported before them.
Object.assign(globalThis, {
    document: {querySelector: () => null, createTreeWalker: () => ({}), createComment() {}, documentElement: {lang: 'en'}, cookie: ''},
    __ICON_NAMES__: '', // these three as the build writes them in
    __ICONS_FIRST__: '',
    __ICONS_LATER__: '',
    history: {state: null, replaceState() {}},
    location: {pathname: '/', reload() {}},
});
