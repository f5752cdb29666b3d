// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { tool } from '../support/fakeprovider.mjs';
import { eventually, faults, token, withScene } from '../support/signalboxd.mjs';

const { default: OpenAI } = createRequire(`${process.env.CLIENT_MODULES}/`)('openai');

const connect = (scene, apiKey = token) => new OpenAI({ apiKey, baseURL: `${scene.url}/v1`, maxRetries: 0, timeout: 20000 });

const ways = {
    'chat, plain': async (client) => {
        const answer = await client.chat.completions.create({ model: 'gpt-test', messages: [{ role: 'user', content: 'hi' }] });
        return answer.choices[0].message.content;
    },
    'chat, streamed': async (client) => {
        const stream = await client.chat.completions.create({ model: 'gpt-test', stream: true, messages: [{ role: 'user', content: 'hi' }] });
        let text = '';
        let finished = false;
        for await (const chunk of stream) {
            text += chunk.choices[0]?.delta?.content ?? '';
            finished ||= chunk.choices[0]?.finish_reason === 'stop';
        }
        assert.ok(finished, 'the stream ended without a finish_reason');
        return text;
    },
    'responses, plain': async (client) => (await client.responses.create({ model: 'gpt-test', input: 'hi' })).output_text,
    'responses, streamed': async (client) => {
        const stream = await client.responses.create({ model: 'gpt-test', input: 'hi', stream: true });
        let text = '';
        let completed = false;
        for await (const event of stream) {
            if (event.type === 'response.output_text.delta')
                text += event.delta;
            completed ||= event.type === 'response.completed';
        }
        assert.ok(completed, 'the stream ended without response.completed');
        return text;
    },
};

describe('openai SDK', () => {
    for (const [name, ask] of Object.entries(ways)) {
        it(`${name}: the first provider answers`, () => withScene('openai', 'none', async (scene) => {
            assert.equal(await ask(connect(scene)), 'alpha');
            assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
        }));
        for (const fault of faults) {
            it(`${name}: first provider ${fault}, the second answers`, () => withScene('openai', fault, async (scene) => {
                assert.equal(await ask(connect(scene)), 'beta');
                assert.deepEqual(scene.calls, { alpha: fault === 'dead' ? 0 : 1, beta: 1 });
            }));
        }
        it(`${name}: an answer cut in the middle is an error`, () => withScene('openai', 'cut', async (scene) => {
            if (name.endsWith('plain')) {
                // Nothing of it had reached the client, or the client sees the cut: never half an answer.
                const text = await ask(connect(scene)).catch(() => 'error');
                assert.ok(text === 'beta' || text === 'error', text);
            } else {
                await assert.rejects(ask(connect(scene)));
                assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
            }
        }));
    }
    it('a tool is called and its result answered', () => withScene('openai', 'none', async (scene) => {
        const client = connect(scene);
        const tools = [{ type: 'function', function: { name: tool.name, parameters: { type: 'object', properties: { city: { type: 'string' } } } } }];
        const ask = (messages) => client.chat.completions.create({ model: 'gpt-test', messages, tools });
        const user = { role: 'user', content: 'hi' };
        const { message } = (await ask([user])).choices[0];
        assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), tool.input);
        const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: '7 degrees' };
        assert.equal((await ask([user, message, result])).choices[0].message.content, 'alpha');
    }));
    it('embeddings and the merged list of models', () => withScene('openai', 'none', async (scene) => {
        const client = connect(scene);
        assert.deepEqual((await client.embeddings.create({ model: 'embed-test', input: 'hi' })).data[0].embedding, [0.25, 0.5]);
        const ids = (await client.models.list()).data.map((model) => model.id);
        assert.deepEqual(ids.sort(), ['alpha-model', 'beta-model']);
    }));
    it('giving up reaches the provider', () => withScene('openai', 'endless', async (scene) => {
        const stream = await connect(scene).chat.completions.create({ model: 'gpt-test', stream: true, messages: [{ role: 'user', content: 'hi' }] });
        for await (const chunk of stream) {
            if (chunk.choices[0].delta.content)
                stream.controller.abort();
        }
        await eventually(() => scene.alpha.aborted === 1);
    }));
    it('a wrong local token is refused before any provider is asked', () => withScene('openai', 'none', async (scene) => {
        await assert.rejects(ways['chat, plain'](connect(scene, 'wrong')), OpenAI.AuthenticationError);
        assert.deepEqual(scene.calls, { alpha: 0, beta: 0 });
    }));
});
