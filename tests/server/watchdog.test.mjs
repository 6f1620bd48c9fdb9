// The messages to systemd: ready, alive as long as the loops turn, stopping. The other end of NOTIFY_SOCKET is perl's, which every Debian has.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {after} from 'node:test';
import {startServer, temporaryFolder} from '../support/server.mjs';
import {Authority} from '../support/tls.mjs';

const LISTEN = `use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die; $| = 1; print "bound\\n";
while (defined recv($s, my $m, 4096, 0)) { print "$m\\n" }`;
// PTRACE_SEIZE and PTRACE_INTERRUPT stop one thread; it goes on when perl ends.
const FREEZE = `use Config; my $ptrace = $Config{archname} =~ /x86_64/ ? 101 : 117; $| = 1;
for my $t (@ARGV) { (syscall($ptrace, 0x4206, $t + 0, 0, 0) == 0 && syscall($ptrace, 0x4207, $t + 0, 0, 0) == 0) or do { print "refused\\n"; exit } }
print "frozen\\n"; <STDIN>;`;

class Words {
    constructor(command, args) {
        this.child = spawn(command, args, {stdio: ['pipe', 'pipe', 'inherit']});
        after(() => this.child.kill());
        this.lines = [];
        this.rest = '';
        this.child.stdout.on('data', chunk => {
            const parts = (this.rest + chunk).split('\n');
            this.rest = parts.pop();
            this.lines.push(...parts);
            this.child.emit('line');
        });
    }

    async next(wanted, limitMs = 10_000) {
        const signal = AbortSignal.timeout(limitMs);
        while (!this.lines.includes(wanted)) await once(this.child, 'line', {signal});
        this.lines.splice(0, this.lines.indexOf(wanted) + 1);
    }
}

/** A server under a watchdog that expects a message every 1.5 s, and the server's messages. */
async function watched(options = {}) {
    const socket = join(temporaryFolder(), 'notify');
    const systemd = new Words('perl', ['-e', LISTEN, socket]);
    await systemd.next('bound');
    const server = await startServer({...options, env: {NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000'}});
    await systemd.next('READY=1');
    return {server, systemd};
}

test('it says ready, alive while its loops turn, and stopping', async () => {
    const {server, systemd} = await watched();
    for (let i = 0; i < 3; i++) await systemd.next('WATCHDOG=1');
    await server.stop();
    await systemd.next('STOPPING=1');
});

test('under TLS it is alive as well, and leaves no connection behind', async () => {
    const {server, systemd} = await watched({tls: new Authority().issue()});
    await systemd.next('WATCHDOG=1');
    const open = readdirSync(`/proc/${server.pid}/fd`).length;
    for (let i = 0; i < 4; i++) await systemd.next('WATCHDOG=1');
    assert.ok(readdirSync(`/proc/${server.pid}/fd`).length <= open + 2);
    await server.stop();
    assert.doesNotMatch(server.err, /app\.stuck/);
});

test('it says nothing while its loops stand still, and is alive again when they turn', async t => {
    const {server, systemd} = await watched();
    await systemd.next('WATCHDOG=1');
    const threads = readdirSync(`/proc/${server.pid}/task`).filter(id => id !== String(server.pid));
    const freezer = new Words('perl', ['-e', FREEZE, ...threads]);
    await once(freezer.child, 'line');
    if (freezer.lines.includes('refused')) t.skip('not tried: nobody may use ptrace here');
    else {
        while (!/app\.stuck part=signaling/.test(server.err)) await once(server.child.stderr, 'data'); // the first beat that is left out
        await once(server.child.stderr, 'data'); // by the second, the earlier messages have come
        systemd.lines.length = 0;
        await once(server.child.stderr, 'data'); // and another
        assert.deepEqual(systemd.lines, []);
        const gone = once(freezer.child, 'close');
        freezer.child.stdin.end('\n');
        await gone;
        await systemd.next('WATCHDOG=1');
    }
    await server.stop();
});

test('without a watchdog, or with that of another process, it only says ready', async () => {
    for (const env of [{}, {WATCHDOG_USEC: '300000', WATCHDOG_PID: '1'}, {WATCHDOG_USEC: 'nonsense'}]) {
        const socket = join(temporaryFolder(), 'notify');
        const systemd = new Words('perl', ['-e', LISTEN, socket]);
        await systemd.next('bound');
        const server = await startServer({env: {NOTIFY_SOCKET: socket, ...env}});
        await systemd.next('READY=1');
        await server.stop();
        while (!systemd.lines.includes('STOPPING=1')) await once(systemd.child, 'line');
        assert.deepEqual(systemd.lines, ['STOPPING=1']);
    }
});
