// SPDX-License-Identifier: GPL-3.0-or-later
// A circuit breaker around each forwarded request, as people build it by hand.
import http from 'node:http';
import CircuitBreaker from 'opossum';
import { agent, port, transport, upstream } from './common.mjs';

function forward(request, response) {
  return new Promise((resolve, reject) => {
    const out = transport.request(
      { agent, host: upstream.hostname, port: upstream.port, method: request.method, path: request.url,
        headers: { ...request.headers, host: upstream.host } },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        answer.on('end', resolve);
        answer.on('error', reject);
      });
    out.on('error', reject);
    request.pipe(out);
  });
}

const breaker = new CircuitBreaker(forward, { timeout: false, errorThresholdPercentage: 50, resetTimeout: 5000 });
http.createServer((request, response) => {
  breaker.fire(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
}).listen(port, '127.0.0.1', 4096);
