import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePartialDate, showPartialDate } from '../src/shared/partial-date.ts';

const cases = [
  ['2025', '2025'],
  ['2025.12', '2025-12'],
  ['2025-1-3', '2025-01-03'],
  ['2025/12/30', '2025-12-30'],
  ['20251230', '2025-12-30'],
  ['202512', '2025-12'],
  ['2024.2.29', '2024-02-29'],
  ['2023.2.29', null],
  ['2025.13', null],
  ['25.12', null],
  ['', null],
  ['2025.1.2.3', null],
];

for (const [typed, want] of cases) {
  test(`reads ${JSON.stringify(typed)}`, () => assert.equal(parsePartialDate(typed), want));
}

test('writes with dots, as catalogues do', () => {
  assert.equal(showPartialDate('2025-12-30'), '2025.12.30');
  assert.equal(showPartialDate(undefined), '');
});
