// lab.mjs - imported first by a test file, it runs that file on the public side of a small internet: two homes behind
// routers that translate addresses, with a server and coturn outside. Each home is a network namespace:
//
//   home a 10.1.0.2 ── router a 198.51.100.1 ──┐
//                                              ├── this process: 198.51.100.10, the server and coturn
//   home b 10.2.0.2 ── router b 198.51.100.2 ──┘
//
// Every change of the network is a method of a Home. The namespaces and their names vanish with the process.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, readlinkSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {join} from 'node:path';
import {compiled} from './compiled.mjs';

export const PUBLIC_ADDRESS = '198.51.100.10';
export const PUBLIC_ADDRESS_6 = '2001:db8:ff::10';
/** Of coturn, so that it can have port 443 as well as the server. */
export const TURN_ADDRESS = '198.51.100.11';
export const TURN_ADDRESS_6 = '2001:db8:ff::11';
/** The relay's name. Chromium asks name servers alone for it. */
export const TURN_NAME = 'turn.example.org';
/** The server has the name of the samples in deploy/proxy. */
const NAMES = {'visits.example.org': [PUBLIC_ADDRESS, PUBLIC_ADDRESS_6], [TURN_NAME]: [TURN_ADDRESS, TURN_ADDRESS_6]};
const HOSTS = Object.entries(NAMES).flatMap(([name, addresses]) => addresses.map(address => `${address} ${name}`)).join('\n');
/** The name server of every home. */
const RESOLVER = '127.0.0.53';
const here = readlinkSync('/proc/self/ns/net');

// coturn needs a route to every candidate that it is asked to reach, also to private ones.
const SETUP = `
set -e
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
mount -t tmpfs none /run/netns 2>/dev/null || { mkdir -p /run/netns && mount -t tmpfs none /run/netns; }
mount --make-private /run/netns
hosts=$(mktemp)
echo "${HOSTS}" | cat /etc/hosts - >"$hosts"
mount --bind "$hosts" /etc/hosts
rm "$hosts"
resolver=$(mktemp)
echo "nameserver ${RESOLVER}" >"$resolver"
mount --bind "$resolver" /etc/resolv.conf
rm "$resolver"
ip link set lo up
ip link add br0 address 02:00:00:00:00:01 type bridge
ip addr add ${PUBLIC_ADDRESS}/24 dev br0
ip addr add ${TURN_ADDRESS}/24 dev br0
ip addr add ${PUBLIC_ADDRESS_6}/64 dev br0 nodad
ip addr add ${TURN_ADDRESS_6}/64 dev br0 nodad
ip link set br0 up
ip route add default dev br0
exec "$@"`;

if ((process.env.PARLOUR_OUTER_NETWORK ?? here) === here) {
    const unshare = process.getuid() === 0 ? ['--net', '--mount'] : ['--net', '--mount', '--map-root-user'];
    const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    const inner = spawnSync('unshare', [...unshare, '--', 'sh', '-c', SETUP, 'sh', ...again], {
        stdio: 'inherit',
        env: {...process.env, PARLOUR_OUTER_NETWORK: here},
    });
    process.exit(inner.status ?? 1);
}

/** Runs a line of shell, in a namespace or here; throws when it fails. */
function sh(script, netns = '') {
    const command = ['sh', '-ec', script];
    const [program, ...args] = netns ? ['ip', 'netns', 'exec', netns, ...command] : command;
    const done = spawnSync(program, args, {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`${netns || 'here'}: ${script}\n${done.stderr}`);
    return done.stdout;
}

/** An address is whole at once: one that comes a second or two later is another change of the network to a browser. Not inherited. */
const DAD_OFF = 'net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0';

/** Chromium waits for two seconds without another change. */
const NOTICED_MS = 2_500;

/** How a router maps the ports of its home: the same for every peer (`cone`), or another for each (`symmetric`). */
const NAT = {cone: 'masquerade', symmetric: 'masquerade fully-random'};

/* Early packets of the peer must not take the router's own port: the mapping of the home would get another one. */
const rules = nat => `
flush ruleset
table ip nat {
  chain post { type nat hook postrouting priority 100; oifname "wan" ${NAT[nat]}; }
}
table inet filter {
  chain input { type filter hook input priority 0; ct state established,related accept; iifname "wan" udp dport 1024-65535 drop; }
  chain forw { type filter hook forward priority 0; policy accept; iifname "wan" meta nfproto ipv6 ct state new drop; }
  chain block { type filter hook forward priority 1; policy accept; }
}`;

/** A program that keeps this process only while an answer is waited for; it ends with its input. */
async function answered(stream) {
    stream.ref();
    await once(stream, 'data');
    stream.unref();
}

export class Home {
    /** @param {'a' | 'b'} name  @param {'cone' | 'symmetric'} nat */
    constructor(name, nat = 'cone') {
        this.name = name;
        this.net = name === 'a' ? 1 : 2;
        this.netns = `home-${name}`;
        this.router = `router-${name}`;
        this.wan = this.net;
        /** the machine has the link and the address that it began with */
        this.addressed = true;
        const [home, router, net] = [this.netns, this.router, this.net];
        sh(`
for netns in ${router} ${home}; do
    ip netns add $netns
    ip netns exec $netns sysctl -qw ${DAD_OFF}
done
ip link add wan netns ${router} type veth peer name port-${name}
ip link set port-${name} master br0 up
ip link add lan netns ${router} type veth peer name eth0 netns ${home}
ip route add 2001:db8:${net}::/64 via 2001:db8:ff::${net} dev br0`);
        sh(
            `
ip link set lo up
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip addr add 198.51.100.${net}/24 dev wan
ip addr add 2001:db8:ff::${net}/64 dev wan nodad
ip link set wan up
ip addr add 10.${net}.0.1/24 dev lan
ip addr add 2001:db8:${net}::1/64 dev lan nodad
ip link set lan up
ip route add default via ${PUBLIC_ADDRESS}
ip -6 route add default via ${PUBLIC_ADDRESS_6}`,
            router,
        );
        this.setNat(nat);
        sh(`ip link set lo up; ip link set eth0 up`, home);
        this.address(`10.${net}.0.2`);
    }

    setNat(nat) {
        const done = spawnSync('ip', ['netns', 'exec', this.router, 'nft', '-f', '-'], {input: rules(nat), encoding: 'utf8'});
        if (done.status !== 0) throw new Error(done.stderr);
        this.forgetConnections();
    }

    /** The router restarts its table of connections, as one that got a new address does. */
    forgetConnections() {
        spawnSync('ip', ['netns', 'exec', this.router, 'conntrack', '-F']);
    }

    /** Changes addresses or links of the machine itself, which its browsers notice. */
    change(script) {
        sh(script, this.netns);
        this.changedAt = performance.now();
    }

    /** Resolves when its browsers have taken in the last change, of which they tell nobody. Until then they may break off a page that is being
     *  loaded. */
    settled() {
        return new Promise(resolve => setTimeout(resolve, this.changedAt + NOTICED_MS - performance.now()));
    }

    address(address, device = 'eth0') {
        this.change(`ip addr add ${address}/24 dev ${device}; ip route replace default via ${address.replace(/\d+$/, '1')} dev ${device}`);
    }

    /** A path that starts this program of /usr/bin in this home. */
    program(name, folder) {
        const path = join(folder, `${name}-${this.name}`);
        writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${this.netns} /usr/bin/${name} "$@"\n`);
        chmodSync(path, 0o755);
        return path;
    }

    /** What listens on this loopback port at home can be reached on the same port here: a socket with a path knows no networks. */
    async bringOut(port, folder) {
        const path = join(folder, `port-${this.name}-${port}`);
        const inside = `const net = require('node:net');
net.createServer(c => { const u = net.connect(${port}, '127.0.0.1'); c.on('error', () => u.destroy()); u.on('error', () => c.destroy()); c.pipe(u).pipe(c); }).listen(${JSON.stringify(path)});`;
        const child = spawn('ip', ['netns', 'exec', this.netns, process.execPath, '-e', inside], {stdio: 'inherit'});
        process.on('exit', () => child.kill('SIGKILL'));
        while (!existsSync(path)) await new Promise(resolve => setTimeout(resolve, 10));
        const outside = createServer(c => {
            const u = connect(path);
            c.on('error', () => u.destroy());
            u.on('error', () => c.destroy());
            c.pipe(u).pipe(c);
        });
        await new Promise(resolve => outside.listen(port, '127.0.0.1', resolve));
        outside.unref();
        child.unref();
    }

    /** Programs of this home get answers to the lab's names. */
    async answerNames() {
        const names = Object.entries(NAMES).map(([name, addresses]) => `--host-record=${name},${addresses}`);
        const options = ['--no-daemon', '--conf-file=/dev/null', '--pid-file=', '--user=root', '--no-resolv', '--no-hosts', '--local=/#/', '--bind-interfaces', `--listen-address=${RESOLVER}`];
        const child = spawn('ip', ['netns', 'exec', this.netns, 'dnsmasq', ...options, ...names], {stdio: ['ignore', 'ignore', 'pipe']});
        process.on('exit', () => child.kill('SIGKILL'));
        for (const part of [child, child.stderr]) part.unref();
        await answered(child.stderr); // "started"
        child.stderr.resume();
    }

    /** The home has IPv6 and nothing else; its address is known outside, and its router lets nobody in. */
    onlyIpv6() {
        const {net} = this;
        this.addressed = false;
        this.change(`ip addr flush dev eth0; ip addr add 2001:db8:${net}::2/64 dev eth0 nodad; ip -6 route replace default via 2001:db8:${net}::1 dev eth0`);
    }

    // ---- what happens to a home ----

    /** The cable: nothing gets through, and the machine sees that its link is down. */
    linkDown() {
        this.change('ip link set eth0 down');
    }

    linkUp() {
        this.change(`ip link set eth0 up; ip route replace default via 10.${this.net}.0.1 dev eth0`);
    }

    /** Nothing gets through and the machine does not notice, as when a mobile signal is lost, or the router's line. */
    cut() {
        sh('nft add rule inet filter block drop', this.router);
    }

    /** UDP no longer gets through, known connections included. */
    blockUdp() {
        sh('nft add rule inet filter block meta l4proto udp drop', this.router);
    }

    /** Only this TCP port of the outside can be reached. */
    onlyPort(port) {
        sh(`nft add rule inet filter block oifname wan tcp dport != ${port} drop; nft add rule inet filter block meta l4proto udp drop`, this.router);
    }

    unblock() {
        sh('nft flush chain inet filter block', this.router);
    }

    /** The router gets another public address; the machine at home notices nothing. */
    newPublicAddress() {
        this.wan += 20;
        sh(`ip addr flush dev wan; ip addr add 198.51.100.${this.wan}/24 dev wan; ip route replace default via ${PUBLIC_ADDRESS}`, this.router);
        this.forgetConnections();
    }

    /** The machine changes from one network to another: new addresses at home and outside, at once. */
    readdress() {
        this.newPublicAddress();
        this.addressed = false;
        this.change('ip addr flush dev eth0');
        this.address(`10.${this.net}.0.${50 + this.wan}`);
    }

    /** A second interface, of another network with a way out through the same router, as when Wi-Fi joins the mobile network. */
    secondInterface() {
        const {net, router, netns} = this;
        this.addressed = false;
        sh(`ip link add lan1 netns ${router} type veth peer name eth1 netns ${netns}`);
        sh(`ip addr add 10.${net}.1.1/24 dev lan1; ip link set lan1 up`, router);
        this.change(`ip addr add 10.${net}.1.2/24 dev eth1; ip link set eth1 up`);
    }

    /** The first network is left: the machine sends over the second interface from now on. */
    leaveFirstInterface() {
        this.change(`ip link set eth0 down; ip route replace default via 10.${this.net}.1.1 dev eth1`);
    }

    /**
     * From now on the line of the router has these limits, both ways; those that are not named are none. The first call changes the
     * line itself (wire.c), so it belongs before the call that is measured.
     * @param {{delayMs?: number, jitterMs?: number, lossPercent?: number, kbit?: number, queueMs?: number}} limits
     */
    async line({delayMs = 0, jitterMs = 0, lossPercent = 0, kbit = 0, queueMs = 200} = {}) {
        this.wire ??= await this.layWire();
        this.wire.stdin.write(`${[delayMs, jitterMs, lossPercent, kbit, queueMs].join(' ')}\n`);
        await answered(this.wire.stdout);
    }

    /** A TAP device takes the place of each end of the router's line. */
    async layWire() {
        const {name, router, wan, net} = this;
        sh('ip link del wan', router);
        const wire = spawn(compiled('wire'), [`port-${name}`, router, 'wan'], {stdio: ['pipe', 'pipe', 'inherit']});
        for (const part of [wire, wire.stdin, wire.stdout]) part.unref();
        await answered(wire.stdout);
        sh(`ip link set port-${name} master br0 up; ip route replace 2001:db8:${net}::/64 via 2001:db8:ff::${net} dev br0`);
        sh(
            `
ip addr add 198.51.100.${wan}/24 dev wan
ip addr add 2001:db8:ff::${net}/64 dev wan nodad
ip link set wan up
ip route add default via ${PUBLIC_ADDRESS}
ip -6 route add default via ${PUBLIC_ADDRESS_6}`,
            router,
        );
        return wire;
    }

    /** As it was in the beginning, but for the wire, which has no limits then. */
    restore() {
        const {net, router} = this;
        this.unblock();
        this.wire?.stdin.write('0 0 0 0 0\n');
        if (this.wan !== net) {
            this.wan = net - 20;
            this.newPublicAddress();
        }
        if (!this.addressed) {
            spawnSync('ip', ['netns', 'exec', router, 'ip', 'link', 'del', 'lan1']);
            this.change('ip link set eth0 up; ip addr flush dev eth0');
            this.address(`10.${net}.0.2`);
            this.addressed = true;
        }
        this.forgetConnections();
    }
}
