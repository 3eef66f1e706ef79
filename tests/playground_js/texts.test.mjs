import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldText, formula } from "../../coursekit/widgets/playground/js/card.js";
import { commonActivation, commonTrait, withCurrent } from "../../coursekit/widgets/playground/js/controls.js";
import { answer } from "../../coursekit/widgets/playground/js/output.js";
import { grouped } from "../../coursekit/widgets/playground/js/playback.js";
import { index, number, percent, shortName, unitName } from "../../coursekit/widgets/playground/js/text.js";
import { say, sayN, translate } from "../../coursekit/widgets/base/js/words.js";

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
  assert.equal(sayN(1, "{n} hidden layer", "{n} hidden layers"), "1 hidden layer");
  assert.equal(sayN(0, "{n} hidden layer", "{n} hidden layers"), "0 hidden layers");
});

test("a value that is not among the choices is shown too", () => {
  assert.deepEqual(withCurrent(["a", "b"], "mixed"), ["mixed", "a", "b"]);
  assert.deepEqual(withCurrent(["a", "b"], "a"), ["a", "b"]);
  const layers = (...names) => ({ activation: "tanh", hidden: names.map((activation) => ({ activation })) });
  assert.equal(commonActivation(layers("ReLU", "ReLU")), "ReLU");
  assert.equal(commonActivation(layers("ReLU", "ELU")), "mixed");
  assert.equal(commonActivation(layers()), "tanh");
});

test("a trait that all layers share, or null", () => {
  const layers = (...drops) => ({ hidden: drops.map((dropout) => ({ dropout })) });
  assert.equal(commonTrait(layers(0.2, 0.2), "dropout"), 0.2);
  assert.equal(commonTrait(layers(0, 0.2), "dropout"), null);
  assert.equal(commonTrait(layers(), "dropout"), 0);
});

test("a unit's formula with its numbers", () => {
  const tanh = { activation: "tanh" };
  assert.equal(formula("h₁", ["x₁", "x₂"], [0.5, -1.25], 0.1, tanh), "h₁ = tanh(0.50 x₁ − 1.25 x₂ + 0.10)");
  assert.equal(formula("h₁", ["x₁"], [-0.5], 0, { ...tanh, batch_norm: true }), "h₁ = tanh(BN(−0.50 x₁))");
  assert.equal(formula("y", ["h₁", "h₂"], [0, 2], -1), "y = 2.00 h₂ − 1.00");
  assert.equal(formula("y", ["h₁"], [0], 0), "y = 0");
});

test("what the network answers at a place", () => {
  assert.equal(answer(null, false), "output");
  assert.equal(answer([1, -2.5, 0.126], false), "output 0.13 at x₁ 1.00, x₂ −2.50");
  assert.equal(answer([1, 2, 0.1, 0.7, 0.2], true), "class 1 (70 %) at x₁ 1.00, x₂ 2.00");
  assert.equal(answer([1, 2, null], false), "output – at x₁ 1.00, x₂ 2.00");
});

test("the words that Python sends are shown, in the form that the number asks for", () => {
  const forms = ["{n} слой", "{n} слоя", "{n} слоёв"];
  translate({ language: "ru", texts: { "step {n}": "шаг {n}" }, forms: { "{n} layer": forms } });
  assert.equal(say("step {n}", { n: 3 }), "шаг 3");
  assert.equal(say("not sent {n}", { n: 3 }), "not sent 3");
  const counted = [1, 3, 11, 21].map((n) => sayN(n, "{n} layer", "{n} layers"));
  assert.deepEqual(counted, ["1 слой", "3 слоя", "11 слоёв", "21 слой"]);
  translate({});
  assert.equal(say("step {n}", { n: 3 }), "step 3");
});
