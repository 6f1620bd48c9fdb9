// A walk over the route table, as openapi.json prints it: each route refuses the wrong caller,
// and each changing route refuses what another site's page could send.
import assert from 'node:assert/strict';
import test from 'node:test';
import {Client, good, newInvitation, newRoom, newUser, refused} from '../support/http.mjs';
import {practice} from '../support/scene.mjs';

const {server, admin} = await practice();
const desk = await newUser(admin, {role: 'desk'});
const host = await newUser(admin, {role: 'host'});
const anyone = new Client(server);

const api = (await anyone.get('/api/v1/openapi.json')).json;
const routes = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
        .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
        .map(([method, operation]) => ({method: method.toUpperCase(), path: path.startsWith('/api') ? path : `/api/v1${path}`, access: operation['x-access'], operation})),
);
const fill = (path, id) => path.replace(/\{[^}]+\}/g, id);
const ask = (client, route, headers, id = 'someone-elses-id') => client.request(route.method, fill(route.path, id), route.method === 'GET' ? undefined : {}, headers);

/** The objects of a host, by the path segment before their id. */
const room = await newRoom(host);
const invitation = await newInvitation(host, room);
const [session] = (await host.read('/sessions')).items;
const OWNED = {rooms: [room.id, room.slug], invitations: [invitation.id], sessions: [session.id]};
const stranger = await newUser(admin, {role: 'host'});

test('openapi.json lists the routes with the callers they allow', () => {
    assert.match(api.openapi, /^3\./);
    assert.ok(routes.length >= 30, `${routes.length} routes`);
    const unknown = routes.filter(route => !['admin', 'host', 'user', 'anyone'].includes(route.access));
    assert.deepEqual(unknown.map(route => `${route.method} ${route.path} ${route.access}`), []);
});

test('the routes of the contract are there', () => {
    const there = new Set(routes.map(route => `${route.method} ${route.path.replace(/\{[^}]+\}/g, '*')}`));
    const wanted = [
        'GET /public', 'POST /setup', 'POST /session', 'GET /session', 'DELETE /session', 'POST /password', 'PUT /me/password', 'PATCH /me',
        'GET /sessions', 'DELETE /sessions/*', 'GET /users', 'POST /users', 'GET /users/*', 'PATCH /users/*', 'DELETE /users/*', 'POST /users/*/link',
        'GET /rooms', 'POST /rooms', 'GET /rooms/*', 'PATCH /rooms/*', 'DELETE /rooms/*', 'GET /rooms/*/invitations', 'POST /rooms/*/invitations',
        'DELETE /invitations/*', 'POST /invitations/*/link', 'POST /invitations/*/renew', 'POST /invitations/lookup', 'POST /invitations/request-new', 'POST /rooms/*/join', 'POST /desk/join',
        'GET /openapi.json',
    ];
    assert.deepEqual(wanted.filter(line => !there.has(line.replace(' ', ' /api/v1'))), []);
});

for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    const own = route.path.endsWith('/session') && route.method === 'DELETE';

    if (route.access !== 'anyone')
        test(`${name} is closed to a caller who is not signed in`, async () => {
            refused(await ask(anyone, route), 401);
        });
    if (route.access === 'admin')
        test(`${name} is closed to a host and to the front desk`, async () => {
            refused(await ask(host, route), 403);
            refused(await ask(desk, route), 403);
        });
    if (route.access === 'host')
        test(`${name} is closed to the front desk`, async () => {
            refused(await ask(desk, route), 403);
        });
    if (route.access === 'user' && route.path.includes('{'))
        test(`${name} is closed to another host`, async () => {
            for (const id of OWNED[route.path.split('/')[3]]) refused(await ask(stranger, route, {}, id), 404, 'not_found');
        });
    if (route.method !== 'GET' && !own)
        test(`${name} is closed to another site's page`, async () => {
            refused(await ask(admin, route, {'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example'}), 403);
            refused(await ask(admin, route, {'Sec-Fetch-Site': undefined, Origin: 'https://evil.example'}), 403, 'origin_mismatch');
            refused(await ask(admin, route, {'X-Parlour': undefined}), 403);
        });
    if (route.method === 'POST')
        test(`${name} takes JSON only`, async () => {
            const answer = await ask(admin, route, {'Content-Type': 'text/plain'});
            assert.ok([400, 403, 415].includes(answer.status), `${answer.status} ${answer.text}`);
        });
}

test('the host\'s objects are unchanged after all the refusals', async () => {
    assert.equal((await host.read(`/rooms/${room.id}`)).etag, room.etag);
    assert.equal(good(await host.post(`/invitations/${invitation.id}/link`)).code, invitation.code);
    assert.equal((await host.read('/session')).session.id, session.id);
});

test('a method that a path does not have is 405 with Allow, a path that is not there 404', async () => {
    const answer = await admin.put('/rooms', {});
    refused(answer, 405);
    assert.match(answer.headers.allow, /GET/);
    refused(await admin.get('/api/v1/nothing-here'), 404);
});
