// own_network.mjs - imported first by a test file, it runs that file in a network namespace of its own:
// fixed ports, no stray traffic, nothing outside can be reached. The namespace has no name: the kernel
// removes it with its last process, so nothing is left behind, however the test ends.
// 10.99.0.1 is this machine there; Firefox gathers no candidates without such an address and a default route.
import {spawnSync} from 'node:child_process';
import {readlinkSync} from 'node:fs';

export const LAB_ADDRESS = '10.99.0.1';
const here = readlinkSync('/proc/self/ns/net');

const SETUP = `
set -e
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad # an address that comes seconds later is a change of the network to a browser
ip link set lo up
ip link add v0 type veth peer name v1
ip addr add ${LAB_ADDRESS}/24 dev v0
ip link set v0 up
ip link set v1 up
ip route add default dev v0
exec "$@"`;

if ((process.env.PARLOUR_OUTER_NETWORK ?? here) === here) {
    const unshare = process.getuid() === 0 ? ['--net'] : ['--net', '--map-root-user'];
    const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    const inner = spawnSync('unshare', [...unshare, '--', 'sh', '-c', SETUP, 'sh', ...again], {
        stdio: 'inherit',
        env: {...process.env, PARLOUR_OUTER_NETWORK: here},
    });
    process.exit(inner.status ?? 1);
}
