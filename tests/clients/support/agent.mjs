// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an agent's command line once, with everything it writes inside the scene's directory.
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Ends it after `limit` milliseconds. Resolves to its exit code and output. */
export async function runAgent(scene, name, args, environment = {}, limit = 90000) {
    const homes = scene.homes();
    for (const directory of Object.values(homes))
        await mkdir(directory, { recursive: true, mode: 0o700 });
    const work = path.join(scene.directory, 'work');
    await mkdir(work, { recursive: true });
    const child = spawn(path.join(process.env.CLIENT_MODULES, 'node_modules', '.bin', name), args, {
        cwd: work,
        env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...homes, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (piece) => { output += piece; });
    child.stderr.on('data', (piece) => { errors += piece; });
    const clock = setTimeout(() => child.kill('SIGKILL'), limit);
    const code = await new Promise((done) => child.once('close', done));
    clearTimeout(clock);
    return { code, output, errors };
}
