import assert from "node:assert/strict";
import { test } from "node:test";
import { borderEnds, scaler } from "../../coursekit/widgets/playground/js/hidden_space.js";
import { packed, pixels, toPixel, toPlane } from "../../coursekit/widgets/playground/js/maps.js";
import { moved } from "../../coursekit/widgets/playground/js/own_points.js";
import { appearance } from "../../coursekit/widgets/playground/js/points.js";

test("the plane's corners lie at the picture's, the largest x2 on top", () => {
  assert.deepEqual(toPixel(-6, 6, 240), [0, 0]);
  assert.deepEqual(toPixel(6, -6, 240), [240, 240]);
  assert.deepEqual(toPlane(120, 60, 240), [0, 3]);
});

test("a map's numbers become the palette's colours; colours stay", () => {
  const palette = packed([[1, 2, 3, 255], [9, 8, 7, 255]]);
  assert.deepEqual([...pixels(Uint8Array.of(1, 0), 2, palette)], [9, 8, 7, 255, 1, 2, 3, 255]);
  assert.deepEqual([...pixels(Uint8Array.of(5, 6, 7, 255), 1, palette)], [5, 6, 7, 255]);
});

test("a label's look: the class's colour and shape, or a number's colour", () => {
  const options = {
    classes: [{ color: "orange", marker: "s" }, { color: "blue", marker: "o" }],
    palette: Array.from({ length: 256 }, (_, k) => [k, 0, 0]),
  };
  assert.deepEqual(appearance(1, false, options), { color: "blue", marker: "o" });
  assert.equal(appearance(-1, true, options).color, "rgb(1, 0, 0)");
  assert.equal(appearance(7, true, options).color, "rgb(255, 0, 0)");
});

test("the cross goes by halves, with Shift by tenths, and stays on the map", () => {
  assert.deepEqual(moved([0, 0], "ArrowUp", false), [0, 0.5]);
  assert.deepEqual(moved([0.5, 0.2], "ArrowLeft", true), [0.4, 0.2]);
  assert.deepEqual(moved([6, -6], "ArrowRight", false), [6, -6]);
  assert.equal(moved([0, 0], "a", false), null);
});

test("the border in the hidden space runs from edge to edge, or isn't there", () => {
  assert.deepEqual(borderEnds([1, 0, -0.5], [-1, 1, -1, 1]), [[0.5, -1], [0.5, 1]]);
  assert.deepEqual(borderEnds([0, 2, 0], [-1, 1, -1, 1]).map(([u]) => u), [-1, 1]);
  const diagonal = borderEnds([1, -1, 0], [-1, 1, -1, 1]);
  assert.deepEqual(diagonal.flat().map(Math.abs), [1, 1, 1, 1]);
  assert.notDeepEqual(diagonal[0], diagonal[1]);
  assert.equal(borderEnds([1, 0, 5], [-1, 1, -1, 1]), null);
  assert.equal(borderEnds([0, 0, 1], [-1, 1, -1, 1]), null);
  assert.deepEqual(scaler([0, 1, 0, 2], 100, 10)(1, 2), [90, 10]);
  assert.deepEqual(scaler([3, 3, 0, 1], 100, 10)(3, 0), [10, 90]);
});
