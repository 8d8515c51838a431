// From an empty installation to a line found on a page: the seven points, in the order in which a
// school meets them, by one browser against one server. Later steps stand on earlier ones.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, DESKTOP, dialog, downloaded, login, logout, openBrowser, openPage, press, shot } from '../lib/browser.mjs';
import { cli, emptySchool, handover } from '../lib/school.mjs';

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
  page = await openPage(browser, school, DESKTOP);
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
      await shot(page, 'failed-first-light').catch(() => undefined);
      throw error;
    }
  });

const menu = (name) => page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name, exact: true }).click();
const table = (name) => page.getByRole('table', { name });
const toast = (text) => page.getByText(text).first().waitFor();

step('an empty installation asks for the code and the school', async () => {
  await page.goto('/');
  await page.getByRole('form', { name: '首次启动' }).waitFor();
  await shot(page, '01-setup');
  await accessible(page, 'the first start');
  const code = school.said().match(/[0-9a-f]{4}(?:-[0-9a-f]{4}){7}/)?.[0];
  assert.ok(code, `no one-time code in what serve printed:\n${school.said()}`);
  await page.getByLabel('一次性设置码').fill(code);
  await page.getByLabel('学校全称').fill(given.truth.school);
  await page.getByLabel('账号', { exact: true }).fill(ADMIN.login);
  await page.getByLabel('密码', { exact: true }).fill(ADMIN.password);
  await page.getByLabel('再输一次').fill(ADMIN.password);
  await page.getByRole('button', { name: '完成设置' }).click();
  await page.getByRole('heading', { name: '登录' }).waitFor();
  await login(page, ADMIN);
});

step('the first administrator opens accounts and grants roles', async () => {
  await menu('用户与权限');
  for (const [who, name, role] of [[ARCHIVIST, '档案室', '档案员'], [AUDITOR, '审计室', '安全审计员']]) {
    await page.getByRole('button', { name: '新增用户' }).click();
    await accessible(page, 'a new account');
    const box = dialog(page);
    await box.getByLabel('账号').fill(who.login);
    await box.getByLabel('姓名').fill(name);
    await box.getByLabel('初始密码').fill(who.password);
    await press(page, '保存', box);
    const grant = page.getByRole('dialog', { name: `授予“${name}”角色` });
    await grant.getByLabel('角色', { exact: true }).click();
    await page.locator('.ant-select-item-option').filter({ hasText: role }).first().click();
    await grant.getByLabel('范围', { exact: true }).click();
    await page.locator('.ant-select-tree-title').filter({ hasText: given.truth.unit }).first().click();
    await accessible(page, 'granting a role');
    await press(page, '授予角色', grant);
    await toast('已授予');
    await grant.waitFor({ state: 'hidden' });
  }
  await table('用户列表').getByRole('row').filter({ hasText: ARCHIVIST.login }).getByText('档案员').waitFor();
  await shot(page, '02-accounts');
  await accessible(page, 'the accounts');
  await logout(page);
  await login(page, ARCHIVIST);
  await page.getByText('四步建好第一本档案').waitFor();
  await shot(page, '03-first-steps');
  await accessible(page, 'the first steps');
  for (const [where, what] of [['党员名册', '还没有人员'], ['案卷', '还没有案卷'], ['待校对', '没有待校对的页面'], ['任务', '没有任务']]) {
    await menu(where);
    await page.getByText(what, { exact: true }).first().waitFor();
    await accessible(page, `an empty ${where}`);
  }
});

async function upload(kind, file) {
  await menu('表格导入');
  await page.getByRole('radio', { name: kind }).or(page.locator('.ant-segmented-item').filter({ hasText: kind })).first().click();
  await page.locator('input[type=file][aria-label="选择文件"]').setInputFiles(given.path(file));
  await page.getByRole('heading', { level: 1, name: new RegExp(file.replace('.', '\\.')) }).waitFor();
}

async function commit() {
  await press(page, '写入');
  await press(page, '写入', dialog(page));
  await toast('已写入');
}

step('1 import: the organisations', async () => {
  await upload('党组织', 'orgs.xlsx');
  await page.getByRole('tab', { name: /^工作表/ }).click();
  await page.getByText('填写说明').first().waitFor();
  await accessible(page, 'the preview of organisations');
  await commit();
  const { orgs } = await page.evaluate(() => fetch('/api/v1/orgs').then((r) => r.json()));
  assert.deepEqual(orgs.map((o) => o.full_name).sort(), [...given.truth.orgs].sort());
});

step('1 import: people with traps, each named by sheet, row, column and code', async () => {
  await upload('人员', 'members-traps.xlsx');
  await shot(page, '04-import-findings');
  await accessible(page, 'the findings');
  const found = await page.evaluate((id) => fetch(`/api/v1/imports/${id}/findings?limit=200`).then((r) => r.json()), page.url().split('/').pop());
  const errors = found.findings.filter((f) => f.severity === 'error').map(({ sheet, row, code }) => ({ sheet, row, code }));
  for (const wanted of given.truth.bad) {
    assert.ok(errors.some((e) => e.sheet === wanted.sheet && e.row === wanted.row && e.code === wanted.code), `not found: ${JSON.stringify(wanted)} in ${JSON.stringify(errors)}`);
  }
  assert.deepEqual([...new Set(errors.map((e) => e.row))].sort(), given.truth.bad.map((b) => b.row).sort(), 'only the trap rows are errors');
  const shown = table('问题');
  await page.getByLabel('代码', { exact: true }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: '日期有误' }).click();
  await shown.getByText('身份证号有误').first().waitFor({ state: 'hidden' });
  assert.deepEqual(new Set(await shown.locator('td .code').allInnerTexts()), new Set(['DATE_INVALID']));
  await page.getByLabel('代码', { exact: true }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: '全部代码' }).click();
  await shown.getByText('身份证号有误').first().waitFor();
  await shown.getByText(/位数已丢失|丢失|精度/).first().waitFor();

  await page.getByRole('tab', { name: /^工作表/ }).click();
  for (const sheet of ['填表说明', '汇总']) await page.getByText(sheet, { exact: true }).first().waitFor();
  await page.getByText('表头 2 行').first().waitFor();
  await accessible(page, 'the sheets');
  await page.getByRole('tab', { name: /^新增与变化/ }).click();
  await table('新增与变化').getByText(given.truth.people[0].name).first().waitFor();
  await accessible(page, 'the changes');

  const annotated = await downloaded(page, () => page.getByRole('button', { name: /下载标注了问题的表格/ }).click());
  assert.match(annotated.name, /\.xlsx$/);
  assert.equal(readFileSync(annotated.path).subarray(0, 2).toString(), 'PK');
});

step('1 import: one commit, one undo, and again the same file changes nothing', async () => {
  await commit();
  await menu('党员名册');
  await table('人员列表').getByRole('row').filter({ hasText: given.truth.people[0].name }).waitFor();
  await shot(page, '05-people');
  await accessible(page, 'the people');

  await page.goBack();
  await press(page, '整批撤销');
  await accessible(page, 'the question before an undo');
  await press(page, '整批撤销', dialog(page));
  await toast('已撤销');
  await menu('党员名册');
  await page.getByText('还没有人员').waitFor();

  await upload('人员', 'members.xlsx');
  await commit();
  await upload('人员', 'members.xlsx');
  await page.getByText('与系统中的数据一致，不需要写入。').waitFor();
  await menu('党员名册');
  const { total } = await page.evaluate(() =>
    fetch('/api/v1/persons/search', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Juanzong': '1' }, body: '{}' }).then((r) => r.json()));
  assert.equal(total, given.truth.people.length);
});

step('2 volumes: folders become volumes, what does not fit is listed', async () => {
  for (const [layout, name] of [['a', /^样式 A/], ['c', /^样式 C/]]) {
    await menu('案卷导入');
    await page.getByRole('radio', { name }).check();
    await accessible(page, 'choosing a layout');
    await page.locator('input[type=file][aria-label="选择文件夹"]').setInputFiles(given.path(`layout-${layout}`));
    await page.getByText(/^已选 \d+ 个文件/).waitFor();
    await page.getByRole('button', { name: '上传并预览' }).click();
    const person = given.truth.people[layout === 'a' ? 0 : 1];
    await table('案卷').getByText(person.name, { exact: true }).first().waitFor();
    if (layout === 'c') await table('对不上的文件').getByText('扫描备忘.txt').first().waitFor();
    await shot(page, layout === 'c' ? '06-volume-preview' : `volume-preview-${layout}`);
    await accessible(page, 'the preview of volumes');
    await press(page, '立卷');
    await press(page, '立卷', dialog(page));
    await toast('已开始立卷，进度见下方');
    await page.getByText('全部完成。').waitFor({ timeout: 120_000 });
  }
  await menu('案卷');
  for (const person of given.truth.people.slice(0, 2)) await table('案卷列表').getByRole('row').filter({ hasText: person.name }).waitFor();
  await shot(page, '07-volumes');
  await accessible(page, 'the volumes');
});

step('3 catalogue: edit in the grid by keyboard, move, undo, print', async () => {
  await table('案卷列表').getByRole('row').filter({ hasText: given.truth.people[0].name }).click();
  const grid = page.getByRole('grid', { name: '目录' });
  await grid.getByRole('gridcell', { name: '入党申请书', exact: true }).click();
  await shot(page, '08-catalogue');
  await accessible(page, 'the catalogue');

  const title = grid.getByRole('gridcell', { name: '入党申请书', exact: true });
  await title.click();
  await page.keyboard.press('F2');
  await page.keyboard.type('入党申请书（手写）');
  await page.keyboard.press('Enter');
  await grid.getByRole('gridcell', { name: '入党申请书（手写）' }).waitFor();

  await grid.getByRole('gridcell', { name: '入党申请书（手写）' }).click();
  await page.keyboard.press('Insert');
  await grid.getByLabel('新增材料', { exact: true }).fill('补充材料');
  await page.keyboard.press('Enter');
  const added = grid.getByRole('gridcell', { name: '补充材料', exact: true });
  await added.waitFor();
  await added.click();
  await page.keyboard.press('Alt+ArrowUp');
  await grid.getByRole('row').filter({ hasText: '补充材料' }).getByText('6-1').waitFor();

  // A born-digital PDF and a single image go into the new material.
  for (const file of ['born.pdf', 'single.jpg']) {
    await grid.getByRole('gridcell', { name: '补充材料', exact: true }).click();
    await page.getByRole('button', { name: '添加页面' }).first().click();
    await dialog(page).locator('input[type=file]').setInputFiles(given.path(file));
    await toast(/已添加 \d+ 页/);
    await dialog(page).waitFor({ state: 'hidden' });
  }
  await page.getByRole('button', { name: '目录版本' }).click();
  await page.getByRole('table', { name: '目录版本' }).getByRole('row').nth(3).waitFor();
  await accessible(page, 'the revisions');
  await page.keyboard.press('Escape');

  const pdf = await downloaded(page, () => page.getByRole('button', { name: '打印目录 PDF' }).click());
  assert.equal(readFileSync(pdf.path).subarray(0, 5).toString(), '%PDF-');
  const xlsx = await downloaded(page, () => page.getByRole('button', { name: '导出目录 Excel' }).click());
  assert.equal(readFileSync(xlsx.path).subarray(0, 2).toString(), 'PK');

  await grid.getByRole('gridcell', { name: '干部履历表', exact: true }).click();
  await page.keyboard.press('F2');
  await page.keyboard.type('写错了的名称');
  await page.keyboard.press('Enter');
  await grid.getByRole('gridcell', { name: '写错了的名称' }).waitFor();
  await page.getByRole('button', { name: '撤销上一步' }).click();
  await grid.getByRole('gridcell', { name: '干部履历表', exact: true }).waitFor();
});

step('4 recognition runs by itself; its text can be corrected', async () => {
  await menu('任务');
  await page.getByRole('status').filter({ hasText: /待处理 [1-9]/ }).waitFor({ state: 'hidden', timeout: 180_000 });
  await shot(page, '09-jobs');
  await accessible(page, 'the jobs');
  await menu('案卷');
  await table('案卷列表').getByRole('row').filter({ hasText: given.truth.people[1].name }).click();
  await page.getByRole('button', { name: /阅\s*档/ }).click();
  const line = page.getByRole('complementary', { name: '文字栏' }).getByRole('button').filter({ hasText: '松针合唱团' });
  await line.waitFor();
  await line.dblclick();
  const editor = page.getByLabel(/^第 \d+ 行$/);
  await editor.fill('担任松针合唱团指挥并组织排练（校）');
  await editor.press('Enter');
  await toast('已保存校对');
  // The machine's own text stays beside the corrected one.
  await page.getByText(/^机器识别：/).waitFor();
  await page.getByText(/校对/).first().waitFor();
});

step('5 search: people, titles, and any part of a line, from anywhere', async () => {
  await page.goto('/');
  const palette = async (words) => {
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: /^姓名、拼音/ });
    await box.fill(words);
    return page.getByRole('listbox', { name: '检索与跳转' });
  };
  const one = given.truth.people[0];
  for (const words of [one.name, one.name.slice(1, 3), one.number, one.id.slice(-6), 'ouyangshili', 'oysl']) {
    const list = await palette(words);
    await list.getByRole('option').filter({ hasText: one.name }).first().waitFor();
    if (words === one.name) {
      await shot(page, '10-palette');
      await accessible(page, 'the palette');
    }
    await page.keyboard.press('Escape');
  }
  for (const { marker } of given.truth.pages) {
    const list = await palette(marker.slice(2, 8));
    await list.locator('[data-group="档案文字"]').waitFor();
    await page.keyboard.press('Escape');
  }
  await menu('检索');
  await page.getByRole('searchbox').or(page.getByLabel(/^姓名、拼音/)).first().fill('琥珀湖');
  await page.keyboard.press('Enter');
  const results = page.getByRole('region', { name: '检索结果' });
  await results.getByRole('listitem').filter({ hasText: '琥珀湖' }).first().waitFor();
  assert.ok(!page.url().includes('%') && !page.url().includes('琥'), 'the words stay out of the address');
  await shot(page, '11-search');
  await accessible(page, 'the results');
});

step('6 read: the words are marked on the image, the keys are listed, the digests are shown', async () => {
  await page.getByRole('region', { name: '检索结果' }).getByRole('button').filter({ hasText: '琥珀湖' }).first().click();
  await page.getByRole('toolbar', { name: '阅档' }).waitFor();
  await page.getByText('命中 1 / ').first().waitFor();
  await page.locator('canvas').first().waitFor();
  await shot(page, '12-reader');
  await accessible(page, 'the reader');
  for (const name of ['放大', '旋转 90°', '文字框', '下一页', '适合宽度', '整页']) await page.getByRole('button', { name, exact: true }).click();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('下一处命中').waitFor();
  await accessible(page, 'the keys');
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: '卷内检索' }).click();
  const inside = page.getByRole('tabpanel', { name: '卷内检索' });
  await inside.getByRole('searchbox').fill('琥珀湖');
  await page.keyboard.press('Enter');
  await inside.getByRole('status').filter({ hasText: /^共 \d+ 页$/ }).waitFor();
  await inside.getByRole('listitem').filter({ hasText: '琥珀湖' }).first().waitFor();
  // A line of another person's volume is not in this one.
  await inside.getByRole('searchbox').fill('松针合唱团');
  await page.keyboard.press('Enter');
  await inside.getByText('这本案卷里没有找到。').waitFor();
  await accessible(page, 'the search in a volume');
  await page.getByRole('tab', { name: '原件' }).click();
  await page.getByText(/^[0-9a-f]{64}$/).first().waitFor();
  await accessible(page, 'the original');
});

step('7 who did what: history and looks of a person, the ledger, verify', async () => {
  await page.goto('/');
  await menu('党员名册');
  await table('人员列表').getByRole('row').filter({ hasText: given.truth.people[0].name }).click();
  await dialog(page).getByRole('tab', { name: '变更记录' }).click();
  await dialog(page).getByRole('listitem').first().waitFor();
  await accessible(page, 'the history');
  await dialog(page).getByRole('tab', { name: '谁看过' }).click();
  await dialog(page).getByRole('table', { name: '谁看过' }).getByText('档案室').first().waitFor();
  await shot(page, '13-looks');
  await accessible(page, 'the looks');
  await page.keyboard.press('Escape');
  await logout(page);

  await login(page, AUDITOR);
  await menu('审计');
  await table('审计账').getByRole('row').nth(5).waitFor();
  await page.getByRole('button', { name: '立即核验' }).click();
  await page.getByText('核验通过：全部相符。').waitFor();
  await shot(page, '14-ledger');
  await accessible(page, 'the ledger');
  const told = cli(school.data, 'verify');
  assert.ok(told.ok ?? true);
});
