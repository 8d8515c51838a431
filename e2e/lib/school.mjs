// A server of its own for a test file: the real binary on a copy of a made school.
//
// JZ_BIN is the binary. JZ_TEMPLATE is a finished demo folder (made once for all files by
// `cargo xtask test e2e`) with its key beside it and `<folder>.json`, what `juanzong demo --json`
// printed. Without it a small school is made here, so that one file can be run alone.

import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BIN = process.env.JZ_BIN ?? join(process.env.HOME, '.cache/juanzong/target/debug/juanzong');

const running = new Set();
// Whatever ends this process, its servers end with it.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export const scratch = () => mkdtempSync(join(tmpdir(), 'juanzong-e2e-'));

function template(folder) {
  if (process.env.JZ_TEMPLATE) return process.env.JZ_TEMPLATE;
  const data = join(folder, 'template');
  const said = execFileSync(BIN, ['demo', '--data', data, '--people', '60', '--volumes', '2', '--pages', '8', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 26,
  });
  writeFileSync(`${data}.json`, said);
  execFileSync(BIN, ['jobs', 'run', '--until-idle', '--data', data], { stdio: ['ignore', 'ignore', 'inherit'] });
  return data;
}

/** A served copy of the demo school. */
export async function demoSchool() {
  const folder = scratch();
  const from = template(folder);
  const data = join(folder, 'data');
  cpSync(from, data, { recursive: true });
  if (existsSync(`${from}.key`)) cpSync(`${from}.key`, `${data}.key`);
  const demo = JSON.parse(readFileSync(`${from}.json`, 'utf8'));
  return serve(folder, data, demo);
}

/** A served empty installation; `code` is the one-time code it printed. */
export async function emptySchool() {
  const folder = scratch();
  const data = join(folder, 'data');
  execFileSync(BIN, ['init', '--data', data], { stdio: ['ignore', 'ignore', 'inherit'] });
  return serve(folder, data, null);
}

async function serve(folder, data, demo) {
  const port = await freePort();
  const child = spawn(BIN, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let said = '';
  const hear = (chunk) => {
    said += chunk;
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (running.delete(child)) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(late);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${said}`);
    const answer = await fetch(`${url}/api/v1/setup`).catch(() => null);
    if (answer?.ok) return { url, data, folder, demo, said: () => said, stop, login: (role) => loginOf(demo, role) };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`the server did not answer in 30 s:\n${said}`);
}

/** Login and password of the demo account with this role. */
function loginOf(demo, role) {
  const found = (demo.logins ?? []).find((one) => one.role === role);
  if (!found) throw new Error(`the demo school has no account with the role ${role}`);
  return found;
}

/** The command line on a folder. Returns what it printed as a value. */
export function cli(data, ...words) {
  const out = execFileSync(BIN, [...words, '--data', data, '--json'], { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 });
  return JSON.parse(out);
}

/** A hand-over as a school makes it (workbooks, folders of scans); `truth` says what is in it. */
export function handover(folder) {
  const out = join(folder, 'handover');
  const python = process.env.JZ_PYTHON ?? join(process.env.HOME, '.cache/juanzong/judges/bin/python');
  const script = new URL('../../tests-judges/handover.py', import.meta.url).pathname;
  execFileSync(python, ['-B', script, out], { stdio: ['ignore', 'ignore', 'inherit'] });
  return { path: (...parts) => join(out, ...parts), truth: JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) };
}
