import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, strokes } from "../../coursekit/widgets/playground/js/curves.js";
import { Series } from "../../coursekit/widgets/playground/js/series.js";

function filled(count, most) {
  const series = new Series(most);
  for (let k = 0; k < count; k++) series.append(new Float32Array([k, 1 / (k + 1), 2]), 1, 3);
  return series;
}

test("a long training's curve stays short, evenly spaced, with both ends", () => {
  const series = filled(10_001, 100);
  const epochs = series.all().map((row) => row[0]);
  assert.ok(epochs.length <= 102, String(epochs.length));
  assert.equal(epochs[0], 0);
  assert.equal(epochs.at(-1), 10_000);
  const gaps = new Set(epochs.slice(1, -1).map((epoch, k) => epoch - epochs[k]));
  assert.equal(gaps.size, 1);
});

test("a short one is kept as it is", () => {
  assert.deepEqual(filled(7, 100).all().map((row) => row[0]), [0, 1, 2, 3, 4, 5, 6]);
});

test("a value that is no number interrupts a curve and doesn't stretch its axis", () => {
  const rows = [[0, 1], [1, NaN], [2, 0.5], [3, Infinity], [4, 0.25]];
  const box = { left: 0, top: 0, width: 4, height: 1 };
  assert.deepEqual(strokes(rows, 1, box, 0, 4, 1), [[[0, 0]], [[2, 0.5]], [[4, 0.75]]]);
  assert.equal(ceiling(rows, [1], 0.1), 1);
});
