import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestPlace, neighbour, parsed } from "../../coursekit/widgets/base/js/rate.js";
import { fate } from "../../coursekit/widgets/race/js/lanes.js";
import { depthOf, topOf } from "../../coursekit/widgets/race/js/loss_curve.js";
import { bandOf, between, head, nearestStep } from "../../coursekit/widgets/race/js/map.js";
import { Verdict, readout, shortLoss } from "../../coursekit/widgets/race/js/verdict.js";

test("the next rate of the list, from any rate", () => {
  const rates = [0.001, 0.01, 0.1, 1];
  assert.equal(neighbour(rates, 0.01, true), 0.1);
  assert.equal(neighbour(rates, 0.01, false), 0.001);
  assert.equal(neighbour(rates, 0.05, true), 0.1);
  assert.equal(neighbour(rates, 0.05, false), 0.01);
  assert.equal(neighbour(rates, 1, true), 1);
  assert.equal(neighbour([0, 0.1], 0, true), 0.1);
});

test("a rate's place on the slider is that of the nearest by ratio", () => {
  assert.equal(nearestPlace([0.001, 0.01, 0.1], 0.04), 2);
  assert.equal(nearestPlace([0.001, 0.01, 0.1], 0.02), 1);
  assert.equal(nearestPlace([0, 0.001, 0.01], 0), 0);
  assert.equal(nearestPlace([0.001, 10], 99), 1);
});

test("a number may be typed with a comma; a text that is none is null", () => {
  assert.equal(parsed(" 0,003 "), 0.003);
  assert.equal(parsed("1e-3"), 0.001);
  assert.equal(parsed("−2"), -2);
  for (const text of ["", "  ", "fast", "0.1.2", "NaN", "Infinity"]) assert.equal(parsed(text), null);
});

test("nothing is said of an arrival or of a divergence before it happens", () => {
  const outcome = {
    names: ["SGD", "Adam", "Momentum"], surface: "saddle", text: "Arrived: SGD at step 30.", goal_step: 30,
    arrivals: { SGD: 30, Adam: null, Momentum: null }, diverged: { Adam: 20 },
  };
  const said = (step) => ["SGD", "Adam", "Momentum"].map((name) => fate(outcome, name, step, 200));
  assert.deepEqual(said(0), ["…", "…", "…"]);
  assert.deepEqual(said(29), ["…", "diverged", "…"]);
  assert.deepEqual(said(30), ["step 30", "diverged", "…"]);
  assert.deepEqual(said(200), ["step 30", "diverged", "not yet"]);
  const { words } = Verdict.prototype, verdict = { options: { steps: 200 } };
  for (const step of [0, 1, 100, 199]) assert.ok(!words.call(verdict, outcome, step).includes("Arrived"));
  assert.equal(words.call(verdict, outcome, 200), outcome.text);
});

test("the bands: below a ten-thousandth the lowest, at the top the highest", () => {
  assert.equal(bandOf(0), 0);
  assert.equal(bandOf(0.0099), 0); // its square is below 1e-4
  assert.equal(bandOf(0.0101), 1);
  assert.equal(bandOf(1), 14);
  const bands = Array.from({ length: 101 }, (_, k) => bandOf(k / 100));
  assert.ok(bands.every((band, k) => !k || band >= bands[k - 1]));
});

test("a grid between its points", () => {
  const grid = [0, 1, 2, 10, 11, 12]; // 3 columns, 2 rows
  assert.equal(between(grid, 3, 2, 1, 0), 1);
  assert.equal(between(grid, 3, 2, 0.5, 0.5), 5.5);
  assert.equal(between(grid, 3, 2, 2, 1), 12);
});

const PATH = { name: "SGD", end: 2, points: Float32Array.of(0, 0, 4, 1, 2, 2, 2, 4, 1e-5, NaN, NaN, NaN) };

test("a path between two steps, and after its end", () => {
  assert.deepEqual(head(PATH, 0.5), [0.5, 1]);
  assert.deepEqual(head(PATH, 7), [2, 4]);
});

test("the step under the pointer, but none that has not happened", () => {
  const place = (x, y) => [100 * x, 100 * y];
  assert.equal(nearestStep([PATH], place, 103, 204, 200).step, 1);
  assert.equal(nearestStep([PATH], place, 203, 404, 1), null);
  assert.equal(nearestStep([PATH], place, 150, 300, 200), null);
});

test("losses at a step", () => {
  assert.equal(readout([PATH], 2, 2), "step 2: SGD 1.0e−5");
  assert.equal(readout([PATH], 3, 3), "step 3: SGD diverged");
  assert.equal(readout([PATH], 2, 0), "step 0: SGD 4");
  assert.equal(shortLoss(0.12345), "0.123");
  assert.equal(shortLoss(Infinity), "∞");
});

test("the loss's axis, and what lies outside of it", () => {
  assert.equal(topOf([4, 0.2]), 1);
  assert.equal(topOf([100, NaN]), 2);
  assert.equal(depthOf(1, 0), 0);
  assert.equal(depthOf(1e-6, 0), 1);
  assert.ok(depthOf(1e-9, 0) > 1 && depthOf(0, 0) > 1);
  assert.ok(depthOf(100, 0) < 0);
});
