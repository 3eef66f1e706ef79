import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, rowAt, rowText, strokes } from "../../coursekit/widgets/playground/js/curves.js";

test("a value that is no number interrupts a curve and doesn't stretch its axis", () => {
  const rows = [[0, 1], [1, NaN], [2, 0.5], [3, Infinity], [4, 0.25]];
  const box = { left: 0, top: 0, width: 4, height: 1 };
  assert.deepEqual(strokes(rows, 1, box, 0, 4, 1), [[[0, 0]], [[2, 0.5]], [[4, 0.75]]]);
  assert.equal(ceiling(rows, [1], 0.1), 1);
});

test("the crosshair takes the nearest epoch, and says its numbers", () => {
  const rows = [[0, 1, 2, 0.5, 0.4], [4, 0.5, NaN, 0.9, 0.8], [10, 0.25, 0.5, 1, 0.9]];
  assert.equal(rowAt(rows, 0), rows[0]);
  assert.equal(rowAt(rows, 0.5), rows[1]);
  assert.equal(rowAt(rows, 1), rows[2]);
  assert.equal(rowAt([rows[0]], 0.7), rows[0]);
  assert.equal(rowText(rows[2]), "epoch 10: loss 0.250 in training, 0.500 in test; right 100 % and 90 %");
  assert.equal(rowText([3, 0.5, 0.6]), "epoch 3: loss 0.500 in training, 0.600 in test");
});
