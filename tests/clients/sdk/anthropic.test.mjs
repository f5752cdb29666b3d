// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { tool } from '../support/fakeprovider.mjs';
import { eventually, faults, token, withScene } from '../support/signalboxd.mjs';

const { default: Anthropic } = createRequire(`${process.env.CLIENT_MODULES}/`)('@anthropic-ai/sdk');

const connect = (scene, apiKey = token) => new Anthropic({ apiKey, authToken: null, baseURL: scene.url, maxRetries: 0, timeout: 20000 });

const question = { model: 'claude-test', max_tokens: 16, messages: [{ role: 'user', content: 'hi' }] };

const ways = {
    'messages, plain': async (client) => (await client.messages.create(question)).content[0].text,
    'messages, streamed': async (client) => {
        const stream = await client.messages.create({ ...question, stream: true });
        let text = '';
        let stopped = false;
        for await (const event of stream) {
            if (event.type === 'content_block_delta')
                text += event.delta.text;
            stopped ||= event.type === 'message_stop';
        }
        assert.ok(stopped, 'the stream ended without message_stop');
        return text;
    },
    'messages, the stream helper': async (client) => (await client.messages.stream(question).finalMessage()).content[0].text,
};

describe('@anthropic-ai/sdk', () => {
    for (const [name, ask] of Object.entries(ways)) {
        it(`${name}: the first provider answers`, () => withScene('anthropic', 'none', async (scene) => {
            assert.equal(await ask(connect(scene)), 'alpha');
            assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
        }));
        for (const fault of faults) {
            it(`${name}: first provider ${fault}, the second answers`, () => withScene('anthropic', fault, async (scene) => {
                assert.equal(await ask(connect(scene)), 'beta');
                assert.deepEqual(scene.calls, { alpha: fault === 'dead' ? 0 : 1, beta: 1 });
            }));
        }
        it(`${name}: an answer cut in the middle is an error`, () => withScene('anthropic', 'cut', async (scene) => {
            if (name.endsWith('plain')) {
                const text = await ask(connect(scene)).catch(() => 'error');
                assert.ok(text === 'beta' || text === 'error', text);
            } else {
                await assert.rejects(ask(connect(scene)));
                assert.deepEqual(scene.calls, { alpha: 1, beta: 0 });
            }
        }));
    }
    it('a tool is called and its result answered', () => withScene('anthropic', 'none', async (scene) => {
        const client = connect(scene);
        const tools = [{ name: tool.name, input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];
        const ask = (messages) => client.messages.stream({ ...question, messages, tools }).finalMessage();
        const { content } = await ask(question.messages);
        assert.deepEqual(content[0].input, tool.input);
        const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: content[0].id, content: '7 degrees' }] };
        assert.equal((await ask([...question.messages, { role: 'assistant', content }, result])).content[0].text, 'alpha');
    }));
    it('counted tokens and the merged list of models', () => withScene('anthropic', 'none', async (scene) => {
        const client = connect(scene);
        assert.equal((await client.messages.countTokens({ model: question.model, messages: question.messages })).input_tokens, 5);
        const ids = (await client.models.list()).data.map((model) => model.id);
        assert.deepEqual(ids.sort(), ['alpha-model', 'beta-model']);
    }));
    it('giving up reaches the provider', () => withScene('anthropic', 'endless', async (scene) => {
        const stream = connect(scene).messages.stream(question);
        stream.once('text', () => stream.abort());
        await assert.rejects(stream.done(), Anthropic.APIUserAbortError);
        await eventually(() => scene.alpha.aborted === 1);
    }));
    it('the token is taken as a bearer token too', () => withScene('anthropic', 'none', async (scene) => {
        const client = new Anthropic({ apiKey: null, authToken: token, baseURL: scene.url, maxRetries: 0 });
        assert.equal(await ways['messages, plain'](client), 'alpha');
    }));
    it('a wrong local token is refused before any provider is asked', () => withScene('anthropic', 'none', async (scene) => {
        await assert.rejects(ways['messages, plain'](connect(scene, 'wrong')), Anthropic.AuthenticationError);
        assert.deepEqual(scene.calls, { alpha: 0, beta: 0 });
    }));
});
