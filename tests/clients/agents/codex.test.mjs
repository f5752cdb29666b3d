// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { runAgent } from '../support/agent.mjs';
import { faults, token, withScene } from '../support/signalboxd.mjs';

const ownProvider = (url) => `
model = "gpt-test"
model_provider = "signalbox"
[model_providers.signalbox]
name = "Signalbox"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "SIGNALBOX_TOKEN"
request_max_retries = 0
stream_max_retries = 0
`;

// The provider that is built in: it tries a WebSocket first and falls back when it is refused.
const builtIn = (url) => `
model = "gpt-test"
model_provider = "openai"
openai_base_url = "${url}/v1"
`;

async function ask(scene, config) {
    const home = path.join(scene.directory, 'codex');
    await mkdir(home, { recursive: true });
    await writeFile(path.join(home, 'config.toml'), config(scene.url));
    await writeFile(path.join(home, 'auth.json'), JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: token }), { mode: 0o600 });
    return runAgent(scene, 'codex', ['exec', '--skip-git-repo-check', '--sandbox', 'read-only', '--json', 'Say your name.'], {
        CODEX_HOME: home, SIGNALBOX_TOKEN: token,
    });
}

const answers = (output) => output.split('\n').filter(Boolean).map((line) => JSON.parse(line))
    .filter((event) => event.item?.type === 'agent_message').map((event) => event.item.text);

describe('Codex', () => {
    it('prints the first provider\'s answer', () => withScene('openai', 'none', async (scene) => {
        const { code, output, errors } = await ask(scene, ownProvider);
        assert.equal(code, 0, output + errors);
        assert.deepEqual(answers(output), ['alpha']);
        assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
    }));
    for (const fault of faults) {
        it(`first provider ${fault}: prints the second one's answer`, () => withScene('openai', fault, async (scene) => {
            const { code, output, errors } = await ask(scene, ownProvider);
            assert.equal(code, 0, output + errors);
            assert.deepEqual(answers(output), ['beta']);
        }));
    }
    it('an answer cut in the middle is an error', () => withScene('openai', 'cut', async (scene) => {
        const { code, output } = await ask(scene, ownProvider);
        assert.notEqual(code, 0, output);
        assert.match(output, /turn\.failed|"type":"error"/);
    }));
    it('the built-in provider falls back from the WebSocket', () => withScene('openai', 'none', async (scene) => {
        const { code, output, errors } = await ask(scene, builtIn);
        assert.equal(code, 0, output + errors);
        assert.deepEqual(answers(output), ['alpha']);
    }));
});
