// Each source of the server has its test: tests/unit mirrors server/, and the exceptions are listed here.
import assert from 'node:assert/strict';
import test from 'node:test';
import {FILES, filesIn} from './tree.mjs';

/** Module -> the test that covers it, for modules without a test of their name: they are reached through a neighbour's interface. */
const COVERED_BY = {
    'access/access_cookie': 'tests/unit/access/test_access.c',
    'access/access_device_cookie': 'tests/unit/api/test_api_auth.c',
    'access/access_limit': 'tests/unit/access/test_access.c',
    'access/access_repeat': 'tests/unit/api/test_api_rooms.c',
    'access/access_session': 'tests/unit/access/test_access.c',
    'api/api': 'tests/unit/api/test_api_openapi.c',
    'api/api_call': 'tests/unit/api/test_api_invitations.c',
    'api/api_asked': 'tests/unit/api/test_api_invitations.c',
    'api/api_audit': 'tests/unit/api/test_api_settings.c',
    'api/api_desk': 'tests/unit/api/test_api_join.c',
    'api/api_doctor': 'tests/server/doctor.test.mjs',
    'api/api_json': 'tests/unit/api/test_api_join.c',
    'api/api_lookup': 'tests/unit/api/test_api_invitations.c',
    'api/api_password': 'tests/unit/api/test_api_auth.c',
    'api/api_selftest': 'tests/server/selftest.test.mjs',
    'api/api_quality': 'tests/server/call-quality.test.mjs',
    'api/api_routes': 'tests/unit/api/test_api_openapi.c',
    'api/guest': 'tests/unit/api/test_api_join.c',
    'api/practice': 'tests/unit/api/test_api_settings.c',
    'api/room_make': 'tests/unit/api/test_api_rooms.c',
    'app/app': 'tests/server/restart.test.mjs',
    'app/app_pages': 'tests/server/observability.test.mjs',
    'app/app_tls': 'tests/server/tls.test.mjs',
    'app/watchdog': 'tests/server/watchdog.test.mjs',
    'cli/cli': 'tests/server/command-line.test.mjs',
    'cli/cmd_audit': 'tests/unit/cli/test_remote.c',
    'cli/cmd_backup': 'tests/server/command-line.test.mjs',
    'cli/cmd_config': 'tests/server/command-line.test.mjs',
    'cli/cmd_room': 'tests/unit/cli/test_remote.c',
    'cli/cmd_serve': 'tests/server/command-line.test.mjs',
    'cli/cmd_user': 'tests/unit/cli/test_remote.c',
    'cli/command': 'tests/unit/cli/test_remote.c',
    'cli/commands': 'tests/unit/cli/test_cli_help.c',
    'cli/cmd_doctor': 'tests/server/doctor.test.mjs',
    'config/config_check': 'tests/unit/config/test_config.c',
    'config/config_options': 'tests/unit/config/test_config.c',
    'config/config_read': 'tests/unit/config/test_config.c',
    'config/config_sample': 'tests/unit/config/test_config.c',
    'config/config_set': 'tests/unit/config/test_config.c',
    'tls/tls': 'tests/server/tls-certificates.test.mjs',
    'tls/tls_certificate': 'tests/server/tls-certificates.test.mjs',
    'tls/tls_context': 'tests/server/tls.test.mjs',
    'tls/tls_link': 'tests/server/tls.test.mjs',
    'tls/tls_pump': 'tests/server/tls.test.mjs',
    'store/restore_report': 'tests/unit/store/test_restore_void.c',
    'store/store_db': 'tests/unit/store/test_store.c',
    'store/store_handle': 'tests/unit/store/test_store.c',
    'store/store_state': 'tests/unit/store/test_store.c',
    'store/store_restore': 'tests/unit/store/test_store_backup.c',
    'domain/password_policy': 'tests/unit/domain/test_password.c',
    'doctor/check_clock': 'tests/server/doctor.test.mjs',
    'doctor/check_options': 'tests/server/doctor.test.mjs',
    'doctor/check_ports': 'tests/server/doctor.test.mjs',
    'doctor/check_public': 'tests/server/doctor-public.test.mjs',
    'doctor/check_secrets': 'tests/server/doctor.test.mjs',
    'doctor/check_storage': 'tests/server/doctor.test.mjs',
    'doctor/check_turn': 'tests/server/doctor-turn.test.mjs',
    'doctor/doctor_finding': 'tests/unit/doctor/test_doctor.c',
    'doctor/doctor_job': 'tests/server/doctor.test.mjs',
    'doctor/doctor_json': 'tests/server/doctor.test.mjs',
    'doctor/doctor_round': 'tests/unit/doctor/test_doctor.c',
    'doctor/doctor_tls': 'tests/server/doctor-public.test.mjs',
    'doctor/turn_client': 'tests/server/doctor-turn.test.mjs',
    'http/http_answer': 'tests/unit/http/test_http_link.c',
    'http/http_call': 'tests/unit/http/test_http_link.c',
    'http/http_events': 'tests/unit/http/test_http_link.c',
    'http/http_exchange': 'tests/unit/http/test_http_request.c',
    'http/http_page': 'tests/server/pages.test.mjs',
    'http/http_reply': 'tests/unit/http/test_http_link.c',
    'http/http_redirect': 'tests/server/tls.test.mjs',
    'http/http_small': 'tests/unit/http/test_http_server.c',
    'live/chat': 'tests/server/chat.test.mjs',
    'live/dashboard_load': 'tests/unit/live/test_dashboard.c',
    'live/dashboard_watch': 'tests/unit/live/test_dashboard.c',
    'live/dispatch': 'tests/unit/live/test_limits.c',
    'live/hub_ask': 'tests/server/crowded-room.test.mjs',
    'live/hub_shard': 'tests/unit/live/test_threads.c',
    'live/join': 'tests/unit/live/test_hub_rights.c',
    'live/last_word': 'tests/server/call-quality.test.mjs',
    'live/live_rules': 'tests/unit/live/test_hub_rights.c',
    'live/live_shard': 'tests/unit/live/test_live.c',
    'live/picture': 'tests/unit/live/test_hub.c',
    'live/live_tell': 'tests/unit/live/test_hub.c',
    'live/presence': 'tests/unit/live/test_hub.c',
    'live/quality': 'tests/server/call-quality.test.mjs',
    'live/relay': 'tests/unit/live/test_hub.c',
    'live/room_time': 'tests/unit/live/test_live.c',
    'live/room_work': 'tests/unit/live/test_room_queue.c',
    'live/seat_session': 'tests/unit/live/test_hub.c',
    'live/speaker': 'tests/unit/live/test_limits.c',
    'live/work_decide': 'tests/unit/live/test_hub.c',
    'live/work_join': 'tests/unit/live/test_hub_rights.c',
    'live/work_lock': 'tests/unit/live/test_hub_rights.c',
    'store/store_rows': 'tests/unit/store/test_store_users.c',
    'store/store_upkeep': 'tests/unit/store/test_store.c',
    'ws/payload': 'tests/unit/ws/test_resume.c',
    'ws/sockets': 'tests/unit/live/test_limits.c',
};

/** Unit tests that are named after what several modules do together. */
const OF_SEVERAL = [
    'domain/room_join', 'live/hub_rights', 'live/limits', 'live/threads', 'store/store_crash', 'store/store_power', 'store/store_torture',
];

const present = new Set(FILES);
const modules = filesIn('server', '.c', '.h').map(file => file.replace(/^server\/|\.[ch]$/g, ''));
const sources = modules.filter(module => present.has(`server/${module}.c`) && module !== 'main');
const ownTest = module => `tests/unit/${module.replace('/', '/test_')}.c`;

test('each source has a unit test of its own name, or is named with the test that covers it', () => {
    const untested = sources.filter(module => !present.has(ownTest(module)) && !(module in COVERED_BY));
    assert.deepEqual([...new Set(untested)], []);
});

test('each source and test listed here exists, and each entry is needed', () => {
    const gone = Object.entries(COVERED_BY).flat().filter(name => !sources.includes(name) && !present.has(name));
    assert.deepEqual(gone, []);
    assert.deepEqual(Object.keys(COVERED_BY).filter(module => present.has(ownTest(module))), [], 'they have a test of their own by now');
});

test('each unit test is named after a module, or after what several do together', () => {
    const tested = filesIn('tests/unit', '.c').map(file => file.replace(/^tests\/unit\/|\.c$/g, '').replace('/test_', '/'));
    assert.deepEqual(tested.filter(module => !modules.includes(module) && !OF_SEVERAL.includes(module)), []);
    assert.deepEqual(OF_SEVERAL.filter(name => modules.includes(name) || !tested.includes(name)), []);
});
