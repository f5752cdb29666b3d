// SPDX-License-Identifier: GPL-3.0-or-later
// What the Node contenders share: PORT and UPSTREAM from the environment, a keep-alive agent.
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';

export const port = Number(process.env.PORT);
export const upstream = new URL(process.env.UPSTREAM);
const secure = upstream.protocol === 'https:';
const ca = process.env.CA_FILE ? fs.readFileSync(process.env.CA_FILE) : undefined;
export const transport = secure ? https : http;
export const agent = new transport.Agent({ keepAlive: true, maxSockets: 1024, maxFreeSockets: 256, ca });
export { ca };
