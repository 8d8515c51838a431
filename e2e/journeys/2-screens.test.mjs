// Every screen, as those who see it, without a violation: the desk and the phone. Nothing is changed here.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, DESKTOP, login, openBrowser, openPage, PHONE, shot } from '../lib/browser.mjs';
import { demoSchool } from '../lib/school.mjs';

let school;
let browser;
before(async () => {
  [school, browser] = await Promise.all([demoSchool(), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await school?.stop();
});

/** A page that somebody is signed in on, and questions to the API in the same session. */
async function as(role, size) {
  const page = await openPage(browser, school, size);
  await login(page, school.login(role));
  const ask = (path, body) =>
    page.evaluate(
      async ([url, sent]) => {
        const options = sent === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Juanzong': '1' }, body: JSON.stringify(sent) };
        const answer = await fetch(`/api/v1${url}`, options);
        return answer.json();
      },
      [path, body],
    );
  return { page, ask };
}

async function open(page, path, name) {
  await page.goto(path);
  await page.getByRole('main').or(page.getByRole('toolbar')).first().waitFor();
  await page.getByRole('status', { name: '正在加载' }).first().waitFor({ state: 'hidden' });
  assert.equal(await page.getByText('页面出错了').count(), 0, `${path} crashed`);
  assert.equal(await page.getByText('操作没有完成').count(), 0, `${path} says that it did not work`);
  await shot(page, name);
  await accessible(page, path);
}

test('the desk of the archivist', async () => {
  const { page, ask } = await as('archivist', DESKTOP);
  const person = (await ask('/persons/search', { limit: 1 })).rows[0];
  const volume = (await ask('/volumes/search', { limit: 1 })).rows[0];
  const screens = {
    home: '/', people: '/people', person: `/people/${person.id}`, 'person-history': `/people/${person.id}?tab=history`,
    'person-looks': `/people/${person.id}?tab=looks`, 'person-volumes': `/people/${person.id}?tab=volumes`, imports: '/imports',
    volumes: '/volumes', 'volume-import': '/volumes/import', catalogue: `/volumes/${volume.id}`, read: `/read/${volume.id}`,
    search: '/search', jobs: '/jobs', proof: '/proof', daily: '/ledger/daily', doctor: '/doctor', nowhere: '/no-such-page',
  };
  for (const [name, path] of Object.entries(screens)) await open(page, path, `screen-${name}`);
  await page.context().close();
});

for (const [role, screens] of Object.entries({
  sysadmin: { home: '/', accounts: '/accounts', jobs: '/jobs', doctor: '/doctor' },
  secadmin: { home: '/', accounts: '/accounts' },
  auditor: { home: '/', ledger: '/ledger', accounts: '/accounts', doctor: '/doctor' },
  org_officer: { home: '/', people: '/people', imports: '/imports', volumes: '/volumes' },
  committee_secretary: { home: '/', people: '/people', volumes: '/volumes' },
  branch_secretary: { home: '/', people: '/people', imports: '/imports', volumes: '/volumes' },
  member: { home: '/' },
})) {
  test(`the desk of the ${role}`, async () => {
    const { page } = await as(role, DESKTOP);
    for (const [name, path] of Object.entries(screens)) await open(page, path, `screen-${role}-${name}`);
    await page.context().close();
  });
}

test('the phone of the archivist', async () => {
  const { page, ask } = await as('archivist', PHONE);
  const person = (await ask('/persons/search', { limit: 1 })).rows[0];
  const volume = (await ask('/volumes/search', { limit: 1 })).rows[0];
  for (const [name, path] of Object.entries({
    mine: '/m/', search: '/m/search', todo: '/m/todo', person: `/m/people/${person.id}`, catalogue: `/m/volumes/${volume.id}`, read: `/m/read/${volume.id}`,
    work: '/m/work', imports: '/m/imports', volumes: '/m/volumes', 'volume-imports': '/m/volumes/import', jobs: '/m/jobs',
  })) {
    await open(page, path, `phone-${name}`);
  }
  // A page the machine was not sure of opens with its text, ready to be corrected.
  const [low] = (await ask('/low-confidence')).rows;
  if (low) {
    await page.goto('/m/todo');
    await page.getByRole('link').filter({ hasText: low.material_title }).first().click();
    await page.getByRole('region', { name: '文字' }).getByRole('button').first().waitFor();
    await shot(page, 'phone-low');
    await accessible(page, 'a page to be corrected on the phone');
  }
  // Search on the phone, from the words to the marked page.
  await page.goto('/m/search');
  await page.getByRole('searchbox').fill(person.name);
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('region', { name: '检索结果' }).getByRole('button').filter({ hasText: person.name }).first().waitFor();
  await shot(page, 'phone-results');
  await accessible(page, 'the results on the phone');
  await page.context().close();
});

test('the phone of the auditor', async () => {
  const { page } = await as('auditor', PHONE);
  for (const [name, path] of Object.entries({ work: '/m/work', ledger: '/m/ledger' })) await open(page, path, `phone-auditor-${name}`);
  await page.context().close();
});

test('the phone of a member: the own record, and who looked at it', async () => {
  const { page, ask } = await as('member', PHONE);
  const own = (await ask('/me')).person;
  const keeper = await as('archivist', DESKTOP);
  await keeper.ask(`/persons/${own}`);
  await keeper.ask(`/persons/${own}/history`);
  await keeper.page.context().close();
  await open(page, '/m/', '15-member');
  await page.getByRole('heading', { name: '谁看过我的档案' }).waitFor();
  await open(page, '/m/search', 'phone-member-search');
  await open(page, '/m/todo', 'phone-member-todo');
  await page.context().close();
});

test('a branch secretary finds only the own branch', async () => {
  const { page, ask } = await as('branch_secretary', DESKTOP);
  const me = await ask('/me');
  const places = new Set(me.roles.map((r) => r.org));
  const { orgs } = await ask('/orgs');
  const below = new Set(places);
  for (const org of orgs) if (below.has(org.parent)) below.add(org.id);
  const found = await ask('/persons/search', { limit: 200 });
  assert.ok(found.rows.length > 0);
  assert.deepEqual(found.rows.filter((r) => !below.has(r.org)), []);
  await page.context().close();
});

test('the line of the day is typed back in, and a look is taken along as a receipt', async () => {
  const { page, ask } = await as('archivist', DESKTOP);
  await page.goto('/ledger/daily');
  const line = await ask('/ledger/daily');
  await page.getByText(line.groups[7]).waitFor();
  await page.getByLabel('纸上的一行').fill(line.line.replaceAll('-', ''));
  await page.getByRole('button', { name: '核对' }).click();
  await page.getByText('没有被改动、删除或重排').waitFor();
  await accessible(page, 'a line that fits');
  const wrong = line.groups[3].replace(/^./, (d) => String((Number(d) + 1) % 10));
  await page.getByLabel('纸上的一行').fill(line.line.replace(line.groups[3], wrong));
  await page.getByRole('button', { name: '核对' }).click();
  await page.getByText('第 4 组的校验位不符').waitFor();

  const person = (await ask('/persons/search', { limit: 1 })).rows[0];
  await ask(`/persons/${person.id}`);
  await page.goto(`/people/${person.id}?tab=looks`);
  const [receipt] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('table', { name: '谁看过' }).getByRole('button', { name: '凭证' }).first().click(),
  ]);
  assert.match(receipt.suggestedFilename(), /^receipt-\d+\.tlog-proof$/);
  const [offline] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载离线核对页' }).click()]);
  assert.equal(offline.suggestedFilename(), 'juanzong-verify.html');
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
