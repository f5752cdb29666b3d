// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { tool } from '../support/fakeprovider.mjs';
import { eventually, faults, token, withScene } from '../support/signalboxd.mjs';

const require = createRequire(`${process.env.CLIENT_MODULES}/`);
const { embed, generateText, jsonSchema, stepCountIs, streamText } = require('ai');
const { createOpenAICompatible } = require('@ai-sdk/openai-compatible');
const { createAnthropic } = require('@ai-sdk/anthropic');

const openai = (scene, apiKey = token) => createOpenAICompatible({ name: 'signalbox', apiKey, baseURL: `${scene.url}/v1` });

const models = {
    openai: (scene, apiKey) => openai(scene, apiKey)('gpt-test'),
    anthropic: (scene, apiKey = token) => createAnthropic({ apiKey, baseURL: `${scene.url}/v1` })('claude-test'),
};

const ways = {
    plain: async (model, more = {}) => (await generateText({ model, prompt: 'hi', maxRetries: 0, ...more })).text,
    streamed: async (model, more = {}) => {
        let text = '';
        for await (const part of streamText({ model, prompt: 'hi', maxRetries: 0, onError: () => {}, ...more }).fullStream) {
            if (part.type === 'error')
                throw part.error;
            if (part.type === 'text-delta')
                text += part.text;
        }
        return text;
    },
};

const weather = {
    stopWhen: stepCountIs(3),
    tools: {
        [tool.name]: {
            description: 'The weather of a city',
            inputSchema: jsonSchema({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
            execute: ({ city }) => ({ city, degrees: 7 }),
        },
    },
};

for (const [dialect, connect] of Object.entries(models)) {
    describe(`AI SDK, ${dialect}`, () => {
        for (const [name, ask] of Object.entries(ways)) {
            it(`${name}: the first provider answers`, () => withScene(dialect, 'none', async (scene) => {
                assert.equal(await ask(connect(scene)), 'alpha');
                assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
            }));
            for (const fault of faults) {
                it(`${name}: first provider ${fault}, the second answers`, () => withScene(dialect, fault, async (scene) => {
                    assert.equal(await ask(connect(scene)), 'beta');
                    assert.deepEqual(scene.calls, { alpha: fault === 'dead' ? 0 : 1, beta: 1 });
                }));
            }
            it(`${name}: an answer cut in the middle is an error`, () => withScene(dialect, 'cut', async (scene) => {
                if (name === 'plain') {
                    const text = await ask(connect(scene)).catch(() => 'error');
                    assert.ok(text === 'beta' || text === 'error', text);
                } else {
                    await assert.rejects(ask(connect(scene)));
                    assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
                }
            }));
            it(`${name}: a tool is called and its result answered`, () => withScene(dialect, 'none', async (scene) => {
                assert.equal(await ask(connect(scene), weather), 'alpha');
                assert.equal(scene.calls.alpha, 2);
                assert.match(JSON.stringify(scene.alpha.calls[1].body), /degrees/);
            }));
        }
        it('giving up reaches the provider', () => withScene(dialect, 'endless', async (scene) => {
            const control = new AbortController();
            const { textStream } = streamText({ model: connect(scene), prompt: 'hi', abortSignal: control.signal, maxRetries: 0, onError: () => {} });
            const reader = textStream.getReader();
            assert.equal((await reader.read()).value, 'a');
            control.abort();
            await eventually(() => scene.alpha.aborted === 1);
        }));
        it('a wrong local token is refused before any provider is asked', () => withScene(dialect, 'none', async (scene) => {
            await assert.rejects(ways.plain(connect(scene, 'wrong')), { statusCode: 401 });
            assert.deepEqual(scene.calls, { alpha: 0, beta: 0 });
        }));
    });
}

it('AI SDK: an embedding', () => withScene('openai', 'none', async (scene) => {
    const { embedding } = await embed({ model: openai(scene).textEmbeddingModel('embed-test'), value: 'hi', maxRetries: 0 });
    assert.deepEqual(embedding, [0.25, 0.5]);
}));
