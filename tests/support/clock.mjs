// clock.mjs - the server's clock as a test wants it, through the environment of its start (`env` of startServer).
import {readdirSync} from 'node:fs';
import {join} from 'node:path';

const libraries = '/usr/lib';
const faketime = readdirSync(libraries)
    .map(name => join(libraries, name, 'faketime/libfaketime.so.1'))
    .find(path => {
        try {
            return readdirSync(join(path, '..')).length > 0;
        } catch {
            return false;
        }
    });

const shifted = (shift, keepMonotonic) => ({
    LD_PRELOAD: faketime,
    FAKETIME: shift,
    FAKETIME_DONT_FAKE_MONOTONIC: keepMonotonic,
    DONT_FAKE_MONOTONIC: keepMonotonic,
    ASAN_OPTIONS: `verify_asan_link_order=0:${process.env.ASAN_OPTIONS ?? ''}`,
});

/** The machine's clock is wrong by `shift`, `+365d`; time itself passes as it does. */
export const wrongBy = shift => shifted(shift, '1');

/** Time passes this many times as fast for the server. */
export const faster = times => shifted(`+0 x${times}`, '0');
