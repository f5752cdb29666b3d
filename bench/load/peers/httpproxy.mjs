// SPDX-License-Identifier: GPL-3.0-or-later
import http from 'node:http';
import httpProxy from 'http-proxy';
import { agent, port, upstream } from './common.mjs';

const proxy = httpProxy.createProxyServer({ target: upstream.href, agent, xfwd: false });
proxy.on('error', (error, request, response) => {
  if (response.writeHead && !response.headersSent) response.writeHead(502);
  response.end?.();
});
http.createServer((request, response) => proxy.web(request, response)).listen(port, '127.0.0.1', 4096);
