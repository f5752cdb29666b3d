// SPDX-License-Identifier: GPL-3.0-or-later
// A provider on loopback that speaks OpenAI chat and responses and Anthropic messages, and misbehaves on request.
import http from 'node:http';

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const event = (data, name) => `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

function chat(text, model) {
    const chunk = (delta, finish = null) => event({
        id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model,
        choices: [{ index: 0, delta, finish_reason: finish }],
    });
    return {
        plain: {
            id: 'chatcmpl-1', object: 'chat.completion', created: 1, model,
            choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        },
        stream: [chunk({ role: 'assistant', content: '' }), ...[...text].map((c) => chunk({ content: c })), chunk({}, 'stop'), event('[DONE]')],
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

function messages(text, model) {
    const message = {
        id: 'msg_1', type: 'message', role: 'assistant', model, content: [{ type: 'text', text }], stop_reason: 'end_turn',
        stop_sequence: null, usage: { input_tokens: 5, output_tokens: 2 },
    };
    const send = (type, more) => event({ type, ...more }, type);
    return {
        plain: message,
        stream: [
            send('message_start', { message: { ...message, content: [], stop_reason: null } }),
            send('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
            send('ping', {}),
            ...[...text].map((c) => send('content_block_delta', { index: 0, delta: { type: 'text_delta', text: c } })),
            send('content_block_stop', { index: 0 }),
            send('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }),
            send('message_stop', {}),
        ],
        error: { type: 'error', error: { type: 'overloaded_error', message: 'scripted overload' } },
        errorEvent: event({ type: 'error', error: { type: 'overloaded_error', message: 'scripted overload' } }, 'error'),
    };
}

function wordsFor(path, text, model) {
    if (path.endsWith('/responses'))
        return responses(text, model);
    return path.endsWith('/messages') ? messages(text, model) : chat(text, model);
}

/** `fault`: none, dead, status529, hangs, errorFirst or cut. It answers with its own name. */
export class FakeProvider {
    constructor(name, fault = 'none') {
        this.name = name;
        this.fault = fault;
        /** Of generation calls only: path, headers, body. */
        this.calls = [];
        /** Every request, also those beside the generation. */
        this.requests = [];
        this.server = http.createServer((request, response) => this.#serve(request, response));
    }

    async start() {
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.port = this.server.address().port;
        if (this.fault === 'dead')
            await this.stop();
        return this;
    }

    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    async stop() {
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
        if (request.method !== 'POST' || !/\/(chat\/completions|responses|messages)$/.test(path))
            return this.#beside(path, response);
        call.body = JSON.parse(Buffer.concat(pieces).toString() || '{}');
        this.calls.push(call);
        const words = wordsFor(path, this.name, call.body.model);
        response.on('error', () => {});
        return call.body.stream ? this.#stream(response, words) : this.#plain(response, words);
    }

    #beside(path, response) {
        const body = path.endsWith('/count_tokens') ? { input_tokens: 5 } : { object: 'list', data: [], models: [] };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
        const events = this.fault === 'cut' ? words.stream.slice(0, -3) : words.stream;
        for (const piece of events) {
            response.write(piece);
            await pause(2);
        }
        if (this.fault !== 'cut')
            return response.end();
        await pause(100);
        response.destroy();
    }
}
