// SPDX-License-Identifier: GPL-3.0-or-later
import Fastify from 'fastify';
import proxy from '@fastify/http-proxy';
import { ca, port, upstream } from './common.mjs';

const server = Fastify({ logger: false, bodyLimit: 64 << 20 });
await server.register(proxy, {
  upstream: upstream.origin,
  undici: { connections: 256, pipelining: 1, ...(ca ? { connect: { ca } } : {}) },
});
await server.listen({ port, host: '127.0.0.1', backlog: 4096 });
