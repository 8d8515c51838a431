// Debian's Chromium, two sizes of screen, and the judge of accessibility.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const root = join(here, '..', '..');
const shots = join(root, 'e2e', 'shots');
// JZ_SHOTS=docs/guide/images takes the pictures of the guide anew: those whose names begin with two digits.
const guide = process.env.JZ_SHOTS && resolve(root, process.env.JZ_SHOTS);

export const DESKTOP = { name: 'desktop', viewport: { width: 1440, height: 900 } };
export const PHONE = { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** A browser that talks to this machine only. */
export async function openBrowser() {
  const candidates = [process.env.JZ_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];
  const executablePath = candidates.find((path) => path && existsSync(path));
  assert.ok(executablePath, 'no Chromium; run cargo xtask setup');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--lang=zh-CN',
    ],
  });
}

/** A fresh context and page. Errors of the page's own code fail the test through `page.problems`. */
export async function openPage(browser, school, size = DESKTOP) {
  const { name, ...options } = size;
  const context = await browser.newContext({ ...options, baseURL: school.url, locale: 'zh-CN', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.sizeName = name;
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    // A refused request (401 before login, 404 of a search) is the server's word, not a fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      page.problems.push(message.text());
    }
  });
  return page;
}

/** Writes e2e/shots/NAME-SIZE.png, for people to look at, as a reader would see it who waits a moment. */
export async function shot(page, name) {
  await drawn(page);
  const folder = guide && /^\d\d-/.test(name) ? guide : shots;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${page.sizeName}.png`), animations: 'disabled' });
}

/** Waits until the screen says something: no skeleton, no picture on its way, nothing that moves. */
async function drawn(page) {
  await page.waitForFunction(() => {
    // Short words at the top of the screen go away by themselves.
    const waits = document.querySelector('[role=status][aria-label="正在加载"], .ant-skeleton, .ant-spin-spinning, .ant-message-notice');
    const pictures = [...document.images].every((image) => image.complete || image.loading === 'lazy');
    return document.body.innerText.trim() !== '' && !waits && pictures;
  });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // What the tiles of a page are painted on looks the same twice, and is not blank.
  await page.waitForFunction(() => {
    const canvas = document.querySelector('.openseadragon-canvas canvas');
    if (!canvas) return true;
    const now = canvas.toDataURL('image/jpeg', 0.3);
    const same = globalThis.paintedBefore === now;
    globalThis.paintedBefore = now;
    return same && now.length > 8000;
  }, undefined, { polling: 400 });
  await settle(page);
}

/** No violation of WCAG 2.2 A and AA on what is shown now, and no error in the page's console. */
export async function accessible(page, what) {
  await settle(page);
  // Inject through the protocol: the page's own content policy forbids inline scripts, as it should.
  await page.evaluate(axeSource + '\n;undefined');
  const found = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.map((v) => `${v.id}: ${v.help}\n` + v.nodes.slice(0, 3).map((n) => `    ${n.target.join(' ')} ${n.html.slice(0, 160)}`).join('\n'));
  });
  assert.deepEqual(found, [], `axe on ${what} (${page.sizeName}):\n${found.join('\n')}`);
  assert.deepEqual(page.problems, [], `the page complained on ${what} (${page.sizeName})`);
}

/** Waits until nothing moves for a while: a half-faded colour is no colour to judge. */
export async function settle(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const moving = () => document.getAnimations().some((a) => a.playState === 'running' && a.effect?.getComputedTiming().iterations !== Infinity);
    const end = performance.now() + 3000;
    for (let still = 0; still < 8 && performance.now() < end; still = moving() ? 0 : still + 1) await frame();
  });
}

/** Logs in through the form. */
export async function login(page, { login, password }) {
  await page.goto(page.sizeName === 'phone' ? '/m/' : '/');
  await page.getByLabel('账号', { exact: true }).fill(login);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: /登\s*录/ }).click();
  await page.getByLabel('密码', { exact: true }).waitFor({ state: 'hidden' });
}

/** Presses a button of the open dialog. antd puts a space between two Chinese characters. */
export async function press(page, name, within = page) {
  const spaced = typeof name === 'string' && [...name].length === 2 ? new RegExp(`^${[...name].join('\\s*')}$`) : name;
  await within.getByRole('button', { name: spaced, exact: typeof spaced === 'string' }).click();
}

/** The dialog that is open now. */
export const dialog = (page) => page.getByRole('dialog').last();

/** Leaves the session through the menu of the account. */
export async function logout(page) {
  await page.getByRole('button', { name: /^账户菜单/ }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await press(page, '退出登录', dialog(page));
  await page.getByLabel('密码', { exact: true }).waitFor();
}

/** What a click downloads: the path of the file. */
export async function downloaded(page, click) {
  const [file] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

/** Both sizes, one after the other. */
export const SIZES = [DESKTOP, PHONE];
