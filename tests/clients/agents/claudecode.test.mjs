// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runAgent } from '../support/agent.mjs';
import { faults, token, withScene } from '../support/signalboxd.mjs';

const ask = (scene, more = []) => runAgent(scene, 'claude', ['-p', 'Say your name.', ...more], {
    ANTHROPIC_BASE_URL: scene.url,
    ANTHROPIC_AUTH_TOKEN: token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '0',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
});

describe('Claude Code', () => {
    it('prints the first provider\'s answer', () => withScene('anthropic', 'none', async (scene) => {
        const { code, output, errors } = await ask(scene);
        assert.equal(code, 0, output + errors);
        assert.equal(output.trim(), 'alpha');
        assert.equal(scene.calls.beta, 0);
    }));
    it('streams it', () => withScene('anthropic', 'none', async (scene) => {
        const { code, output, errors } = await ask(scene, ['--output-format', 'stream-json', '--verbose', '--include-partial-messages']);
        assert.equal(code, 0, output + errors);
        assert.match(output, /"text_delta","text":"a"/);
    }));
    for (const fault of faults) {
        it(`first provider ${fault}: prints the second one's answer`, () => withScene('anthropic', fault, async (scene) => {
            const { code, output, errors } = await ask(scene);
            assert.equal(code, 0, output + errors);
            assert.equal(output.trim(), 'beta');
        }));
    }
    it('an answer cut in the middle is not taken for a whole one', () => withScene('anthropic', 'cut', async (scene) => {
        const { code, output } = await ask(scene);
        // It says that it failed, or asks again and gets a whole answer.
        assert.ok(code !== 0 || scene.calls.alpha + scene.calls.beta > 1, output);
        assert.doesNotMatch(output, /^alp/);
    }));
});
