import assert from "node:assert/strict";
import { test } from "node:test";
import { ceiling, strokes } from "../../coursekit/widgets/playground/js/curves.js";

test("a value that is no number interrupts a curve and doesn't stretch its axis", () => {
  const rows = [[0, 1], [1, NaN], [2, 0.5], [3, Infinity], [4, 0.25]];
  const box = { left: 0, top: 0, width: 4, height: 1 };
  assert.deepEqual(strokes(rows, 1, box, 0, 4, 1), [[[0, 0]], [[2, 0.5]], [[4, 0.75]]]);
  assert.equal(ceiling(rows, [1], 0.1), 1);
});
