import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldText } from "../../coursekit/widgets/playground/js/card.js";
import { commonActivation, neighbour, withCurrent } from "../../coursekit/widgets/playground/js/controls.js";
import { grouped } from "../../coursekit/widgets/playground/js/playback.js";
import { counted, index, number, percent, shortName, unitName } from "../../coursekit/widgets/playground/js/text.js";

test("numbers are short, with a true minus", () => {
  assert.equal(number(-0.126), "−0.13");
  assert.equal(number(0), "0.00");
  assert.equal(number(0.0001), "1.0e−4");
  assert.equal(number(123456), "1.2e+5");
  assert.equal(number(null), "–");
  assert.equal(number(NaN), "not finite");
  assert.equal(percent(0.975), "98 %");
  assert.equal(percent(null), "–");
  assert.equal(fieldText(Math.fround(0.1)), "0.1");
  assert.equal(fieldText(undefined), "");
});

test("thousands are set apart", () => {
  assert.equal(grouped(0), "0");
  assert.equal(grouped(999), "999");
  assert.equal(grouped(1234567), "1,234,567");
  assert.equal(grouped(null), "0");
});

test("units are named as in the notebooks", () => {
  const shapes = [2, 4, 2, 3], features = ["x₁", "x₂²"];
  assert.equal(unitName(shapes, features, 0, 1), "feature x₂²");
  assert.equal(unitName(shapes, features, 2, 0), "unit 1 of hidden layer 2");
  assert.equal(unitName(shapes, features, 3, 1), "output 2");
  assert.equal(unitName([2, 1], features, 1, 0), "output");
  assert.equal(shortName(shapes, features, 1, 3), "h₁,₄");
  assert.equal(shortName([2, 4, 1], features, 1, 3), "h₄");
  assert.equal(shortName(shapes, features, 3, 0), "y₁");
  assert.equal(index(12), "₁₂");
  assert.equal(counted(1, "hidden layer"), "1 hidden layer");
  assert.equal(counted(0, "hidden layer"), "0 hidden layers");
});

test("the next rate of the list, from any rate", () => {
  const rates = [0.001, 0.01, 0.1, 1];
  assert.equal(neighbour(rates, 0.01, true), 0.1);
  assert.equal(neighbour(rates, 0.01, false), 0.001);
  assert.equal(neighbour(rates, 0.05, true), 0.1);
  assert.equal(neighbour(rates, 0.05, false), 0.01);
  assert.equal(neighbour(rates, 1, true), 1);
  assert.equal(neighbour([0, 0.1], 0, true), 0.1);
});

test("a value that is not among the choices is shown too", () => {
  assert.deepEqual(withCurrent(["a", "b"], "mixed"), ["mixed", "a", "b"]);
  assert.deepEqual(withCurrent(["a", "b"], "a"), ["a", "b"]);
  const layers = (...names) => ({ activation: "tanh", hidden: names.map((activation) => ({ activation })) });
  assert.equal(commonActivation(layers("ReLU", "ReLU")), "ReLU");
  assert.equal(commonActivation(layers("ReLU", "ELU")), "mixed");
  assert.equal(commonActivation(layers()), "tanh");
});
