// The seven points on a telephone, with the hand-over of a school: from an empty list to a line found
// on a page and the check of the ledger. Later steps stand on earlier ones.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, dialog, downloaded, login, openBrowser, openPage, PHONE, press, shot } from '../lib/browser.mjs';
import { BIN, cli, emptySchool, handover } from '../lib/school.mjs';

const ADMIN = { login: 'first.admin', password: 'a first light for the archive' };
const ARCHIVIST = { login: 'archive.one', password: 'keeper of forty thousand pages' };
const AUDITOR = { login: 'audit.one', password: 'who looked and when and why' };

let school;
let browser;
let page;
let given;
before(async () => {
  [school, browser] = await Promise.all([emptySchool(), openBrowser()]);
  given = handover(school.folder);
  // The first start and the accounts are work for a desk.
  const code = school.said().match(/[0-9a-f]{4}(?:-[0-9a-f]{4}){7}/)?.[0];
  const answer = await fetch(`${school.url}/api/v1/setup`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Juanzong': '1' }, body: JSON.stringify({ code, school: given.truth.school, ...ADMIN }),
  });
  assert.ok(answer.ok, await answer.text());
  for (const [who, role] of [[ARCHIVIST, 'archivist'], [AUDITOR, 'auditor']]) {
    execFileSync(BIN, ['user', 'add', who.login, '--role', role, '--org', given.truth.unit, '--data', school.data, '--json'], {
      input: `${who.password}\n`, stdio: ['pipe', 'ignore', 'inherit'],
    });
  }
  page = await openPage(browser, school, PHONE);
});
after(async () => {
  await browser?.close();
  await school?.stop();
});

/** A step of the journey. After the first that failed, the others say so at once. */
let broken = null;
const step = (name, work) =>
  test(name, async () => {
    assert.equal(broken, null, `not tried: “${broken}” failed before`);
    try {
      await work();
    } catch (error) {
      broken = name;
      await shot(page, 'failed').catch(() => undefined);
      throw error;
    }
  });

const python = (words, ...args) =>
  execFileSync(process.env.JZ_PYTHON ?? join(process.env.HOME, '.cache/juanzong/judges/bin/python'), ['-c', words, ...args]);
const tab = (name) => page.getByRole('navigation', { name: '底部导航' }).getByRole('button', { name, exact: true }).click();
const said = (text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();
const heading = (name) => page.getByRole('heading', { level: 1, name });
async function work(name) {
  await tab('办理');
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).first().click();
  await heading(name).waitFor();
}
/** The screen as it is now: a picture, no violation, and nothing that is pressed smaller than a finger. */
async function judged(name) {
  await shot(page, `phone-7-${name}`);
  await accessible(page, name);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, a[href]')]
      .map((e) => ({ words: e.innerText || e.getAttribute('aria-label'), box: e.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44)).map(({ words, box }) => `${words} ${box.width}×${box.height}`));
  assert.deepEqual(small, [], `too small for a finger on ${name}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, `${name} is wider than the telephone`);
}

async function upload(kind, file) {
  await work('表格导入');
  await page.getByRole('radio', { name: kind }).check();
  await page.locator('input[type=file][aria-label="选择 Excel 文件"]').setInputFiles(given.path(file));
  await heading(file).waitFor();
  await page.getByRole('heading', { name: '工作表' }).waitFor();
}
/** Presses a button of the screen and gives the same answer to the question that follows. */
async function sure(name, then) {
  await press(page, name);
  await dialog(page).waitFor();
  await then?.();
  await press(page, name, dialog(page));
  await dialog(page).waitFor({ state: 'hidden' });
}

step('1 import: workbooks are checked, written once, undone, and written again', async () => {
  await login(page, ARCHIVIST);
  await tab('办理');
  await judged('work');
  await work('表格导入');
  await page.getByText('还没有导入记录').waitFor();
  await judged('imports-empty');
  await upload('党组织', 'orgs.xlsx');
  await sure('写入');
  await said('已写入');

  await upload('人员', 'members-traps.xlsx');
  const findings = page.locator('section').filter({ has: page.getByRole('heading', { name: '问题', exact: true }) });
  for (const bad of given.truth.bad) {
    const card = findings.getByRole('listitem').filter({ has: page.getByText(`${bad.sheet} · 第 ${bad.row} 行`, { exact: true }) });
    await card.getByText(bad.code, { exact: true }).first().waitFor();
  }
  await judged('import-findings');
  const annotated = await downloaded(page, () => page.getByRole('button', { name: '下载标注了问题的表格' }).click());
  assert.equal(readFileSync(annotated.path).subarray(0, 2).toString(), 'PK');
  await sure('写入', () => judged('import-question'));
  await said('已写入');
  await sure('整批撤销', () => judged('import-undo'));
  await said('已撤销');
  await judged('import-undone');

  await upload('人员', 'members.xlsx');
  await sure('写入');
  await said('已写入');
  await work('表格导入');
  await page.getByRole('listitem').filter({ hasText: 'members-traps.xlsx' }).getByText('已撤销').waitFor();
  await judged('imports');
  const { total } = await page.evaluate(() =>
    fetch('/api/v1/persons/search', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Juanzong': '1' }, body: '{}' }).then((r) => r.json()));
  assert.equal(total, given.truth.people.length);
});

step('2 volumes: a zip of a folder becomes a volume; a folder is work for a desk, and the screen says so', async () => {
  const zip = join(school.folder, 'one.zip');
  python('import shutil, sys; shutil.make_archive(sys.argv[1][:-4], "zip", sys.argv[2])', zip, given.path('layout-a'));
  await work('案卷导入');
  await page.getByText(/手机不能选择文件夹/).waitFor();
  await judged('volume-imports-empty');
  await page.locator('input[type=file][aria-label="选择 zip 压缩包"]').setInputFiles(zip);
  await page.getByText(given.truth.people[0].name, { exact: true }).waitFor();
  await judged('volume-preview');
  await sure('立卷', () => judged('volume-question'));
  await said('已开始立卷');
  await page.getByRole('link', { name: /^[A-Z]\d+-/ }).waitFor();
  await judged('volume-filed');
  await work('案卷导入');
  await page.getByRole('listitem').getByText('已立卷').waitFor();
  await judged('volume-imports');
});

step('3 catalogue: a row is edited and undone; a photograph and a PDF go into a material', async () => {
  await work('案卷');
  await page.getByRole('link').filter({ hasText: given.truth.people[0].name }).waitFor();
  await judged('volumes');
  await page.getByRole('link').filter({ hasText: given.truth.people[0].name }).click();
  await page.getByRole('button', { name: '编辑“干部履历表”' }).click();
  const sheet = dialog(page);
  await sheet.getByLabel('材料名称').fill('写错了的名称');
  await sheet.getByLabel('材料形成时间').fill('2021年13月');
  await press(page, '保存', sheet);
  await sheet.getByRole('alert').waitFor();
  await judged('catalogue-edit');
  await sheet.getByLabel('材料形成时间').fill('2021.3.11');
  await sheet.getByLabel('备注').fill('原件有折痕');
  await press(page, '保存', sheet);
  await said('已保存');
  await page.getByText('2021.03.11 · 原件有折痕').waitFor();
  await judged('catalogue');
  await page.getByRole('button', { name: '撤销上一步' }).click();
  await said('已撤销上一步');
  await page.getByRole('button', { name: '编辑“干部履历表”' }).waitFor();
  await page.getByText('2021.03.10').waitFor();

  // The second photograph is so poor that the machine cannot be sure of it.
  python(
    'import sys; from PIL import Image; Image.open(sys.argv[1]).resize((170, 240)).resize((1240, 1754)).save(sys.argv[2], quality=20)',
    given.path('single.jpg'), given.path('poor.jpg'),
  );
  for (const [from, file] of [['拍照', 'single.jpg'], ['选择图像或 PDF', 'born.pdf'], ['拍照', 'poor.jpg']]) {
    await page.getByRole('button', { name: '编辑“干部履历表”' }).click();
    await dialog(page).locator(`input[type=file][aria-label="${from}"]`).setInputFiles(given.path(file));
    await said('已添加 1 页');
  }
  await page.getByText('目录记 1 页，图像 4 页').waitFor();
});

step('4 recognition: its progress, and a line corrected', async () => {
  await work('任务');
  await said('待处理');
  await judged('jobs');
  await page.getByRole('status').filter({ hasText: /待处理 [1-9]/ }).waitFor({ state: 'hidden', timeout: 180_000 });
  await tab('待办');
  await heading('待办').waitFor();
  const low = page.getByRole('link').filter({ hasText: '干部履历表' });
  await low.waitFor();
  await judged('todo');
  await low.click();
  await page.getByRole('region', { name: '文字' }).getByRole('button').first().waitFor();
  await judged('low');
  await press(page, '返回');
  await work('案卷');
  await page.getByRole('link').filter({ hasText: given.truth.people[0].name }).click();
  await page.getByRole('link').filter({ hasText: '入党申请书' }).click();
  await press(page, '文字', page.getByRole('toolbar', { name: '阅档' }));
  const line = page.getByRole('region', { name: '文字' }).getByRole('button').filter({ hasText: '琥珀湖' });
  await line.click();
  await dialog(page).getByRole('textbox').fill('暑期在琥珀湖畔参加义务植树活动（校）');
  await judged('line');
  await press(page, '保存', dialog(page));
  await said('已保存校对');
  await page.getByRole('button').filter({ hasText: '活动（校）' }).getByText(/^机器识别：/).waitFor();
  await judged('text');
});

step('5 search: a person by number, a title, and a line of a page', async () => {
  await page.goto('/m/search');
  const results = page.getByRole('region', { name: '检索结果' });
  const one = given.truth.people[0];
  for (const [words, found] of [[one.number, one.name], ['干部履历', '干部履历表'], ['植树活动（校', '植树活动'], ['蒲公英志愿', '蒲公英志愿']]) {
    await page.getByRole('searchbox').fill(words);
    await page.getByRole('searchbox').press('Enter');
    await results.getByRole('button').filter({ hasText: found }).first().waitFor();
  }
  assert.ok(!page.url().includes('%'), 'the words stay out of the address');
  await judged('results');
});

step('6 read: from a hit to the page', async () => {
  await page.getByRole('region', { name: '检索结果' }).getByRole('button').filter({ hasText: '蒲公英志愿' }).first().click();
  await page.getByRole('toolbar', { name: '阅档' }).waitFor();
  await page.locator('canvas').first().waitFor();
  await judged('read');
  await press(page, '上一页');
  await page.getByRole('status').filter({ hasText: /^\d+ \/ 6$/ }).waitFor();
});

step('7 who did what: history and looks of a person, the ledger, verify', async () => {
  await page.goto('/m/search');
  await page.getByRole('searchbox').fill(given.truth.people[0].name);
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('region', { name: '检索结果' }).getByRole('button').filter({ hasText: '人员' }).first().click();
  const card = (name) => page.locator('section').filter({ has: page.getByRole('heading', { level: 2, name, exact: true }) });
  await card('变更记录').getByRole('listitem').first().waitFor();
  await card('谁看过').getByText('阅档').first().waitFor();
  await judged('person');
  await page.goto('/m/');
  await press(page, '退出登录');
  await page.getByLabel('密码', { exact: true }).waitFor();

  await login(page, AUDITOR);
  await work('审计');
  await page.getByRole('heading', { name: '审计账' }).waitFor();
  await press(page, '立即核验');
  await page.getByText('核验通过：全部相符。').waitFor();
  await judged('ledger');
  await page.getByRole('button', { name: '继续加载' }).click();
  await page.locator('section').filter({ has: page.getByRole('heading', { name: '审计账' }) }).getByRole('listitem').nth(30).waitFor();
  cli(school.data, 'verify');
});
