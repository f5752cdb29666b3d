// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { tool } from '../support/fakeprovider.mjs';
import { eventually, faults, token, withScene } from '../support/signalboxd.mjs';

const { GoogleGenAI } = createRequire(`${process.env.CLIENT_MODULES}/`)('@google/genai');

const connect = (scene, apiKey = token) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: scene.url } });

const question = { model: 'gemini-test', contents: 'hi' };

const ways = {
    'generateContent, plain': async (client) => (await client.models.generateContent(question)).text,
    'generateContent, streamed': async (client) => {
        let text = '';
        let reason;
        for await (const chunk of await client.models.generateContentStream(question)) {
            text += chunk.text;
            reason = chunk.candidates[0].finishReason ?? reason;
        }
        assert.equal(reason, 'STOP', 'the stream ended without a finishReason');
        return text;
    },
};

describe('@google/genai', () => {
    for (const [name, ask] of Object.entries(ways)) {
        it(`${name}: the first provider answers`, () => withScene('gemini', 'none', async (scene) => {
            assert.equal(await ask(connect(scene)), 'alpha');
            assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
        }));
        for (const fault of faults) {
            it(`${name}: first provider ${fault}, the second answers`, () => withScene('gemini', fault, async (scene) => {
                assert.equal(await ask(connect(scene)), 'beta');
                assert.deepEqual(scene.calls, { alpha: fault === 'dead' ? 0 : 1, beta: 1 });
            }));
        }
        it(`${name}: an answer cut in the middle is an error`, () => withScene('gemini', 'cut', async (scene) => {
            if (name.endsWith('plain')) {
                const text = await ask(connect(scene)).catch(() => 'error');
                assert.ok(text === 'beta' || text === 'error', text);
            } else {
                await assert.rejects(ask(connect(scene)));
                assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
            }
        }));
    }
    it('a tool is called and its result answered', () => withScene('gemini', 'none', async (scene) => {
        const client = connect(scene);
        const config = { tools: [{ functionDeclarations: [{ name: tool.name, parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } }] }] };
        const first = await client.models.generateContent({ ...question, config });
        assert.equal(first.functionCalls[0].name, tool.name);
        assert.deepEqual(first.functionCalls[0].args, tool.input);
        const result = { functionResponse: { name: tool.name, response: { degrees: 7 } } };
        const contents = [{ role: 'user', parts: [{ text: 'hi' }] }, first.candidates[0].content, { role: 'user', parts: [result] }];
        assert.equal((await client.models.generateContent({ ...question, contents, config })).text, 'alpha');
    }));
    it('what generates nothing works too', () => withScene('gemini', 'none', async (scene) => {
        const client = connect(scene);
        assert.equal((await client.models.countTokens(question)).totalTokens, 5);
        assert.deepEqual((await client.models.embedContent(question)).embeddings[0].values, [0.25, 0.5]);
    }));
    it('giving up reaches the provider', () => withScene('gemini', 'endless', async (scene) => {
        const control = new AbortController();
        const stream = await connect(scene).models.generateContentStream({ ...question, config: { abortSignal: control.signal } });
        assert.equal((await stream.next()).value.text, 'a');
        control.abort();
        await eventually(() => scene.alpha.aborted === 1);
    }));
    it('a wrong local token is refused before any provider is asked', () => withScene('gemini', 'none', async (scene) => {
        await assert.rejects(ways['generateContent, plain'](connect(scene, 'wrong')), /401/);
        assert.deepEqual(scene.calls, { alpha: 0, beta: 0 });
    }));
});
