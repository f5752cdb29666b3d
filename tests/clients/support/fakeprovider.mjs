// SPDX-License-Identifier: GPL-3.0-or-later
// A provider on loopback that speaks OpenAI, Anthropic and Gemini, and misbehaves on request.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const event = (data, name) => `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** What it calls when it is offered that tool and has no result of it yet. */
export const tool = { name: 'get_weather', input: { city: 'Oslo' } };

const halves = (text) => [text.slice(0, text.length / 2), text.slice(text.length / 2)];

function chat(text, model, callsTool) {
    const chunk = (delta, finish = null) => event({
        id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model,
        choices: [{ index: 0, delta, finish_reason: finish }],
    });
    const called = { name: tool.name, arguments: JSON.stringify(tool.input) };
    const message = callsTool ? { content: null, tool_calls: [{ id: 'call_1', type: 'function', function: called }] } : { content: text };
    const deltas = callsTool
        ? [{ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: tool.name, arguments: '' } }] },
            ...halves(called.arguments).map((half) => ({ tool_calls: [{ index: 0, function: { arguments: half } }] }))]
        : [...text].map((c) => ({ content: c }));
    const finish = callsTool ? 'tool_calls' : 'stop';
    return {
        plain: {
            id: 'chatcmpl-1', object: 'chat.completion', created: 1, model,
            choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }],
            usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        },
        stream: [chunk({ role: 'assistant', content: '' }), ...deltas.map((delta) => chunk(delta)), chunk({}, finish), event('[DONE]')],
        error: { error: { message: 'scripted overload', type: 'server_error', code: 'overloaded' } },
        errorEvent: event({ error: { message: 'scripted overload', type: 'server_error', code: 'overloaded' } }),
    };
}

function responses(text, model) {
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] };
    const response = (status, output) => ({
        id: 'resp_1', object: 'response', created_at: 1, status, model, output, error: null, incomplete_details: null,
        parallel_tool_calls: true, tool_choice: 'auto', tools: [], metadata: {}, instructions: null,
        usage: status === 'completed'
            ? { input_tokens: 5, input_tokens_details: { cached_tokens: 0 }, output_tokens: 2, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 7 }
            : null,
    });
    let sequence = 0;
    const send = (type, more) => event({ type, sequence_number: sequence++, ...more }, type);
    return {
        plain: response('completed', [item]),
        stream: [
            send('response.created', { response: response('in_progress', []) }),
            send('response.in_progress', { response: response('in_progress', []) }),
            send('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
            send('response.content_part.added', { item_id: 'msg_1', output_index: 0, content_index: 0, part: { type: 'output_text', text: '', annotations: [] } }),
            ...[...text].map((c) => send('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta: c, logprobs: [] })),
            send('response.output_text.done', { item_id: 'msg_1', output_index: 0, content_index: 0, text, logprobs: [] }),
            send('response.content_part.done', { item_id: 'msg_1', output_index: 0, content_index: 0, part: item.content[0] }),
            send('response.output_item.done', { output_index: 0, item }),
            send('response.completed', { response: response('completed', [item]) }),
        ],
        error: { error: { message: 'scripted overload', type: 'server_error', code: 'overloaded' } },
        errorEvent: event({ type: 'error', sequence_number: 0, code: 'server_error', message: 'scripted overload', param: null }, 'error'),
    };
}

function messages(text, model, callsTool) {
    const called = { type: 'tool_use', id: 'toolu_1', name: tool.name, input: tool.input };
    const block = callsTool ? called : { type: 'text', text };
    const deltas = callsTool
        ? halves(JSON.stringify(tool.input)).map((half) => ({ type: 'input_json_delta', partial_json: half }))
        : [...text].map((c) => ({ type: 'text_delta', text: c }));
    const reason = callsTool ? 'tool_use' : 'end_turn';
    const message = {
        id: 'msg_1', type: 'message', role: 'assistant', model, content: [block], stop_reason: reason,
        stop_sequence: null, usage: { input_tokens: 5, output_tokens: 2 },
    };
    const send = (type, more) => event({ type, ...more }, type);
    return {
        plain: message,
        stream: [
            send('message_start', { message: { ...message, content: [], stop_reason: null } }),
            send('content_block_start', { index: 0, content_block: callsTool ? { ...called, input: {} } : { type: 'text', text: '' } }),
            send('ping', {}),
            ...deltas.map((delta) => send('content_block_delta', { index: 0, delta })),
            send('content_block_stop', { index: 0 }),
            send('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 2 } }),
            send('message_stop', {}),
        ],
        error: { type: 'error', error: { type: 'overloaded_error', message: 'scripted overload' } },
        errorEvent: event({ type: 'error', error: { type: 'overloaded_error', message: 'scripted overload' } }, 'error'),
    };
}

function gemini(text, model, callsTool) {
    const answer = (part, finish) => ({
        candidates: [{ index: 0, content: { role: 'model', parts: [part] }, ...(finish ? { finishReason: 'STOP' } : {}) }],
        usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 }, modelVersion: model,
    });
    const call = { functionCall: { name: tool.name, args: tool.input } };
    const chunk = (data) => `data: ${JSON.stringify(data)}\r\n\r\n`;
    const error = { error: { code: 503, message: 'scripted overload', status: 'UNAVAILABLE' } };
    return {
        plain: answer(callsTool ? call : { text }, true),
        stream: callsTool ? [chunk(answer(call, true))]
            : [...text].map((c, i) => chunk(answer({ text: c }, i + 1 === text.length))),
        error,
        errorEvent: chunk(error),
    };
}

/** It offers our tool, and no result of it is there yet. */
function wantsTool(body) {
    const text = JSON.stringify(body);
    return text.includes(`"name":"${tool.name}"`) && !/"(role":"tool"|tool_use_id"|functionResponse")/.test(text);
}

function wordsFor(path, text, body) {
    if (path.endsWith('/responses'))
        return responses(text, body.model);
    if (path.endsWith('/messages'))
        return messages(text, body.model, wantsTool(body));
    return path.includes(':') ? gemini(text, 'gemini-test', wantsTool(body)) : chat(text, body.model, wantsTool(body));
}

/** Answers to what is asked beside the generation. */
function besides(path, name, body) {
    const id = `${name}-model`;
    if (path.endsWith('/count_tokens'))
        return { input_tokens: 5 };
    if (path.endsWith(':countTokens'))
        return { totalTokens: 5 };
    if (/:(batchE|e)mbedContents?$/.test(path))
        return { embeddings: [{ values: [0.25, 0.5] }] };
    if (path.endsWith('/embeddings')) {
        const base64 = Buffer.from(new Float32Array([0.25, 0.5]).buffer).toString('base64');
        const embedding = body.encoding_format === 'base64' ? base64 : [0.25, 0.5];
        return { object: 'list', model: body.model, data: [{ object: 'embedding', index: 0, embedding }], usage: { prompt_tokens: 1, total_tokens: 1 } };
    }
    if (path === '/v1beta/models')
        return { models: [{ name: `models/${id}`, displayName: id, supportedGenerationMethods: ['generateContent'] }] };
    if (path === '/v1/models')
        return { object: 'list', has_more: false, data: [{ id, object: 'model', type: 'model', created: 1, created_at: '2026-01-01T00:00:00Z', display_name: id, owned_by: name }] };
    return { object: 'list', data: [], models: [] };
}

/** `fault`: none, dead, status529, hangs, errorFirst, cut, or endless for a stream without end. It answers with its own name. */
export class FakeProvider {
    constructor(name, fault = 'none') {
        this.name = name;
        this.fault = fault;
        /** Of generation calls only: path, headers, body. */
        this.calls = [];
        /** Every request, also those beside the generation. */
        this.requests = [];
        /** Generations whose answer the other side gave up. */
        this.aborted = 0;
        this.server = http.createServer((request, response) => this.#serve(request, response));
    }

    async start() {
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.port = this.server.address().port;
        if (this.fault === 'dead')
            await this.#die();
        return this;
    }

    /** Nobody listens at its port any more, and nobody else can get it: it is the near end of a connection. */
    async #die() {
        this.holder = net.connect(this.port, '127.0.0.1');
        this.holder.on('error', () => {});
        await once(this.holder, 'connect');
        this.port = this.holder.localPort;
    }

    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    async stop() {
        this.holder?.destroy();
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    async #serve(request, response) {
        const pieces = [];
        for await (const piece of request)
            pieces.push(piece);
        const path = request.url.split('?')[0];
        const call = { method: request.method, path, url: request.url, headers: request.headers, rawHeaders: request.rawHeaders.join('\n') };
        this.requests.push(call);
        call.body = JSON.parse(Buffer.concat(pieces).toString() || '{}');
        if (request.method !== 'POST' || !/(\/(chat\/completions|responses|messages)|:(g|streamG)enerateContent)$/.test(path))
            return this.#json(response, 200, besides(path, this.name, call.body));
        this.calls.push(call);
        const words = wordsFor(path, this.name, call.body);
        response.on('error', () => {});
        response.once('close', () => { this.aborted += response.writableEnded ? 0 : 1; });
        return call.body.stream || path.includes(':stream') ? this.#stream(response, words) : this.#plain(response, words);
    }

    #json(response, status, body) {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    }

    #plain(response, words) {
        switch (this.fault) {
        case 'status529': return this.#json(response, 529, words.error);
        case 'hangs': return undefined;
        case 'errorFirst': return this.#json(response, 200, words.error);
        case 'cut': {
            const body = JSON.stringify(words.plain);
            response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
            response.write(body.slice(0, body.length / 2));
            return setTimeout(() => response.destroy(), 400);
        }
        default: return this.#json(response, 200, words.plain);
        }
    }

    async #stream(response, words) {
        if (this.fault === 'status529')
            return this.#json(response, 529, words.error);
        if (this.fault === 'hangs')
            return;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        if (this.fault === 'errorFirst')
            return response.end(words.errorEvent);
        const unfinished = this.fault === 'cut' || this.fault === 'endless';
        for (const piece of unfinished ? words.stream.slice(0, -3) : words.stream) {
            response.write(piece);
            await pause(2);
        }
        if (this.fault === 'endless')
            return;
        if (this.fault !== 'cut')
            return response.end();
        await pause(100);
        response.destroy();
    }
}
