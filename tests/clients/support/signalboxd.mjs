// SPDX-License-Identifier: GPL-3.0-or-later
// The real proxy in front of two fake providers, for one test.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeProvider } from './fakeprovider.mjs';

export const token = 'local-7f3a9c51e0b24d68';
export const keys = { alpha: 'sk-alpha-0f1e2d3c4b5a69788796', beta: 'sk-beta-a1b2c3d4e5f60718293a4b' };
export const faults = ['dead', 'status529', 'hangs', 'errorFirst'];

function config(dialect, alpha, beta) {
    const base = (provider) => provider.url + (dialect === 'openai' ? '/v1' : '');
    return {
        version: 1,
        proxy: { port: 0, token },
        health: { intervalMs: 3600000 },
        timeouts: { firstByteMs: 1500, responseMs: 1500, connectMs: 1000 },
        providers: [alpha, beta].map((provider) => ({
            name: provider.name, dialect, baseUrl: base(provider), key: { env: `${provider.name.toUpperCase()}_KEY` },
        })),
    };
}

/** Waits for the condition, for as long as only a hang would take. */
export async function eventually(condition) {
    for (let waited = 0; !condition(); waited += 20) {
        if (waited > 20000)
            throw new Error(`it never came true: ${condition}`);
        await new Promise((done) => setTimeout(done, 20));
    }
}

async function firstLine(child) {
    let text = '';
    for await (const piece of child.stdout) {
        text += piece;
        if (text.includes('\n'))
            return text.split('\n')[0];
    }
    throw new Error('signalboxd ended before it listened');
}

/** alpha, with the fault, comes first; beta works. */
export class Scene {
    static async open(dialect, fault = 'none') {
        const scene = new Scene();
        scene.alpha = await new FakeProvider('alpha', fault).start();
        scene.beta = await new FakeProvider('beta').start();
        scene.directory = await mkdtemp(path.join(tmpdir(), 'signalbox-clients-'));
        const file = path.join(scene.directory, 'config.json');
        await writeFile(file, JSON.stringify(config(dialect, scene.alpha, scene.beta)), { mode: 0o600 });
        scene.child = spawn(process.env.SIGNALBOXD, ['--config', file], {
            env: { ...process.env, ...scene.homes(), ALPHA_KEY: keys.alpha, BETA_KEY: keys.beta },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        scene.log = '';
        scene.child.stderr.on('data', (piece) => { scene.log += piece; });
        scene.url = JSON.parse(await firstLine(scene.child)).url;
        return scene;
    }

    /** Where programs may write: nothing outside the test's directory. */
    homes() {
        const at = (name) => path.join(this.directory, name);
        return {
            HOME: at('home'), XDG_CONFIG_HOME: at('config'), XDG_DATA_HOME: at('data'), XDG_CACHE_HOME: at('cache'),
            XDG_STATE_HOME: at('state'), XDG_RUNTIME_DIR: this.directory,
        };
    }

    get calls() {
        return { alpha: this.alpha.calls.length, beta: this.beta.calls.length };
    }

    /** Each provider saw its own key and nobody else's credential; the log shows none. */
    crossedKeys() {
        const found = [];
        for (const [provider, own] of [[this.alpha, keys.alpha], [this.beta, keys.beta]]) {
            for (const request of provider.requests) {
                const seen = request.rawHeaders + request.url;
                if (!seen.includes(own))
                    found.push(`${provider.name} did not get its key`);
                for (const other of [token, ...Object.values(keys)].filter((key) => key !== own)) {
                    if (seen.includes(other))
                        found.push(`${provider.name} got a credential that is not its own`);
                }
            }
        }
        for (const secret of [token, ...Object.values(keys)]) {
            if (this.log.includes(secret))
                found.push('the log shows a credential');
        }
        return found;
    }

    async close() {
        const ended = new Promise((done) => this.child.once('exit', done));
        this.child.kill('SIGTERM');
        this.exitCode = await ended;
        await this.alpha.stop();
        await this.beta.stop();
        await rm(this.directory, { recursive: true, force: true });
        if (this.exitCode !== 0)
            throw new Error(`signalboxd ended with ${this.exitCode}:\n${this.log}`);
    }
}

/** Runs `body` with a scene that is closed whatever happens, and checks every credential's way. */
export async function withScene(dialect, fault, body) {
    const scene = await Scene.open(dialect, fault);
    try {
        await body(scene);
        const crossed = scene.crossedKeys();
        if (crossed.length > 0)
            throw new Error(crossed.join('; '));
    } finally {
        await scene.close();
    }
}
