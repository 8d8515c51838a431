// The catalogue as a value: what the grid shows before the server has answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyOps, stepMove } from '../src/features/catalogue/ops.ts';

const material = (id, class_code, title, pages = []) => ({
  id, class_code, seq: 0, title, pages: pages.map((p, i) => ({ id: p, no: i + 1, w: 10, h: 14, state: 'ok', low: false })), copies: 1, remark: '', state: 'ok',
});
const cls = (code, leaf, materials = [], parent) => ({ code, parent, name: code, label: code, leaf, materials });
const volume = () => ({
  id: '1', rev: 3, classes: [
    cls('1', true, [material('a', '1', 'A', ['p1', 'p2']), material('b', '1', 'B')]),
    cls('4', false),
    cls('4-1', true, [material('c', '4-1', 'C', ['p3'])], '4'),
    cls('5', true),
  ],
});
const titles = (v) => v.classes.map((c) => c.materials.map((m) => `${m.seq}${m.title}`).join(' '));

test('numbers run from one in every class after any edit', () => {
  const { volume: v, lost } = applyOps(volume(), [
    { op: 'add', class_code: '1', title: 'N', at: 2 },
    { op: 'move', material: 'a', class_code: '4-1', at: 2 },
    { op: 'remove', material: 'b', reason: 'r' },
  ]);
  assert.deepEqual(titles(v), ['1N', '', '1C 2A', '']);
  assert.deepEqual(lost, []);
});

test('an edit of a material that is gone is reported, the others still apply', () => {
  const edit = { op: 'edit', material: 'zzz', field: 'title', value: 'X' };
  const { volume: v, lost } = applyOps(volume(), [edit, { op: 'edit', material: 'b', field: 'formed', value: '2020-05' }]);
  assert.deepEqual(lost, [edit]);
  assert.equal(v.classes[0].materials[1].formed, '2020-05');
});

test('a page that moves is numbered in both materials', () => {
  const { volume: v } = applyOps(volume(), [{ op: 'page_move', page: 'p1', material: 'c', at: 1 }]);
  assert.deepEqual(v.classes[0].materials[0].pages.map((p) => [p.id, p.no]), [['p2', 1]]);
  assert.deepEqual(v.classes[2].materials[0].pages.map((p) => [p.id, p.no]), [['p1', 1], ['p3', 2]]);
});

test('a page moved inside its material lands where it was put', () => {
  const { volume: v } = applyOps(volume(), [{ op: 'page_move', page: 'p1', material: 'a', at: 2 }]);
  assert.deepEqual(v.classes[0].materials[0].pages.map((p) => p.id), ['p2', 'p1']);
});

test('moving past the end of a class goes to the next class that holds materials', () => {
  const { classes } = volume();
  assert.deepEqual(stepMove(classes, 'a', 1), { class_code: '1', at: 2 });
  assert.deepEqual(stepMove(classes, 'b', 1), { class_code: '4-1', at: 1 });
  assert.deepEqual(stepMove(classes, 'c', -1), { class_code: '1', at: 3 });
  assert.equal(stepMove(classes, 'a', -1), undefined);
});
