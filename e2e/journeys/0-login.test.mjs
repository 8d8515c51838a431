// The first thing anybody sees: the login, in both sizes, without a violation.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, login, openBrowser, openPage, shot, SIZES } from '../lib/browser.mjs';
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

for (const size of SIZES) {
  test(`login, ${size.name}`, async () => {
    const page = await openPage(browser, school, size);
    await page.goto(size.name === 'phone' ? '/m/' : '/');
    await page.getByRole('heading', { name: '登录' }).waitFor();
    await shot(page, 'login');
    await accessible(page, 'the login');

    // A wrong password is refused with a sentence and without a hint which half was wrong.
    const right = school.login('archivist');
    await page.getByLabel('账号').fill(right.login);
    await page.getByLabel('密码').fill('not the password');
    await page.getByRole('button', { name: /登\s*录/ }).click();
    await page.getByRole('alert').waitFor();
    await accessible(page, 'a refused login');

    await login(page, right);
    const me = await page.evaluate(() => fetch('/api/v1/me').then((r) => r.json()));
    assert.equal(me.login, right.login);
    await page.context().close();
  });
}
