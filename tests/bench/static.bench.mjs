// Static files of 10 kB and 100 kB, 64 connections: requests a second and CPU a request against nginx (nginx.mjs).
import {benchServer, finish, pinServer, report} from './lib.mjs';
import {compareFiles, startNginx, webFolder} from './nginx.mjs';

const folder = webFolder();
const {server} = await benchServer(['--web-dir', folder, '--http-threads', '1']);
const nginx = await startNginx(`root ${folder};`);
pinServer(server.pid);
report('nothing compressed; one worker each');
await compareFiles({pid: server.pid, port: server.port}, nginx, folder, {10000: {rate: 1, cpu: 1}, 100000: {rate: 1, cpu: 1}});
await server.stop();
await nginx.stop();
finish();
