import assert from "node:assert/strict";
import { test } from "node:test";
import { WantedLayers, changed, traits } from "../../coursekit/widgets/playground/js/layers.js";
import { along, leastWidth, nearest, place } from "../../coursekit/widgets/playground/js/layout.js";
import { biasIndex, incoming, largest, linksOf, look as drawnAs, weightIndex } from "../../coursekit/widgets/playground/js/links.js";
import { mapIndex } from "../../coursekit/widgets/playground/js/output.js";

const SHAPES = [2, 4, 3, 1];

test("weights are found row by row, layer after layer", () => {
  assert.equal(weightIndex(SHAPES, 0, 1, 2), 6);
  assert.equal(weightIndex(SHAPES, 1, 0, 0), 8);
  assert.equal(weightIndex(SHAPES, 1, 3, 2), 19);
  assert.equal(weightIndex(SHAPES, 2, 2, 0), 22);
  assert.equal(biasIndex(SHAPES, 0, 3), 3);
  assert.equal(biasIndex(SHAPES, 2, 0), 7);
});

test("the weights into a unit, with its bias", () => {
  const sections = { weights: Float32Array.from({ length: 23 }, (_, k) => k), biases: new Float32Array([0, 1, 2, 3, 4, 5, 6, 7]) };
  const picture = { get: (name) => sections[name] ?? null };
  assert.deepEqual(incoming(SHAPES, 2, 1, picture), { weights: [9, 12, 15, 18], bias: 5 });
  assert.deepEqual(incoming(SHAPES, 3, 0, { get: () => null }), { weights: [undefined, undefined, undefined], bias: undefined });
});

const COLORS = { negative: "orange", positive: "blue" };
const look = (weight) => drawnAs(weight, COLORS);

test("a sign is shown by dashes and colour, a size by width", () => {
  assert.equal(look(-1).color, "orange");
  assert.equal(look(1).color, "blue");
  assert.deepEqual(look(1).dash, []);
  assert.notDeepEqual(look(-1).dash, []);
  assert.equal(look(-1).width, look(1).width);
  assert.ok(look(2).width > look(0.5).width);
  assert.equal(look(50).width, look(5).width);
  assert.equal(largest([1, -3, 2, NaN]), 3);
});

test("units don't overlap and stay inside, up to six layers of eight", () => {
  for (const counts of [[7, 1], [7, 4, 2, 1], [7, 8, 8, 8, 8, 8, 8, 1], [7, 20, 3]]) {
    const { width, height, columns } = place(counts, 560);
    assert.ok(width >= 560 && width >= leastWidth(counts.length));
    columns.forEach((column, k) => {
      column.forEach((box, unit) => {
        assert.ok(box.y >= 0 && box.y + box.size <= height);
        assert.ok(box.x >= 0 && box.x + box.size <= width);
        if (unit) assert.ok(box.y >= column[unit - 1].y + box.size);
      });
      if (k) assert.ok(column[0].x > columns[k - 1][0].x + columns[k - 1][0].size);
    });
  }
});

test("six layers of eight fit beside the map in a window of 1024 pixels", () => {
  assert.ok(leastWidth(8) <= 600, String(leastWidth(8)));
});

test("a link leads from its feature's box, switched-off ones left out", () => {
  const { columns } = place([7, 2, 1], 560);
  const links = linksOf([2, 2, 1], columns, [0, 4]);
  assert.equal(links.length, 6);
  assert.deepEqual(links.map(({ n }) => n), [0, 1, 2, 3, 4, 5]);
  assert.equal(links[2].curve[1], columns[0][4].y + columns[0][4].size / 2);
  // settings and frame may disagree for a moment: links without a place are not drawn
  assert.equal(linksOf([3, 2, 1], columns, [0, 4]).length, 6);
});

test("the link under the mouse", () => {
  const { columns } = place([7, 2, 1], 560);
  const links = linksOf([2, 2, 1], columns, [0, 1]);
  for (const link of links) {
    const [x, y] = along(link.curve, 0.9);
    assert.equal(nearest(links, x, y + 1), link);
  }
  assert.equal(nearest(links, 300, 5), null);
});

test("layers and units are added and removed within the limits", () => {
  const limits = { units: [1, 8, 1], hidden_layers: [0, 6, 1] };
  const layer = (units) => ({ units, activation: "tanh", batch_norm: true, dropout: 0.2 });
  const fresh = { units: 2, activation: "ReLU", batch_norm: false, dropout: 0 };
  const hidden = [layer(8), layer(1)];
  assert.deepEqual(changed(hidden, { layers: 1 }, limits, fresh), [...hidden, fresh]);
  assert.deepEqual(changed(hidden, { layers: -1 }, limits, fresh), [layer(8)]);
  assert.deepEqual(changed(hidden, { layer: 0, units: -1 }, limits, fresh), [layer(7), layer(1)]);
  assert.equal(changed(hidden, { layer: 0, units: 1 }, limits, fresh), null);
  assert.equal(changed(hidden, { layer: 1, units: -1 }, limits, fresh), null);
  assert.equal(changed([], { layers: -1 }, limits, fresh), null);
  assert.equal(changed(Array(6).fill(layer(2)), { layers: 1 }, limits, fresh), null);
  assert.equal(traits(layer(1)), "BN, drop 0.2");
  assert.equal(traits(fresh), "");
});

test("a unit's small map stands after those of the layers before", () => {
  assert.equal(mapIndex(SHAPES, [0, 1]), 1);
  assert.equal(mapIndex(SHAPES, [2, 2]), 8);
});

test("of several requests made before an answer none is lost", () => {
  const sent = [];
  const wanted = new WantedLayers(({ hidden }) => sent.push(hidden));
  wanted.update([1]);
  wanted.request([...wanted.hidden, 2]);
  wanted.request([...wanted.hidden, 3]);
  wanted.update([1]); // the answer to something else
  wanted.update([1, 2]); // the answer to the first
  wanted.request([...wanted.hidden, 4]);
  assert.deepEqual(sent, [[1, 2], [1, 2, 3], [1, 2, 3, 4]]);
  wanted.update([1, 2, 3]);
  wanted.update([1, 2, 3], true); // the last was refused
  assert.deepEqual(wanted.hidden, [1, 2, 3]);
  wanted.update([9]); // changed in a cell
  assert.deepEqual(wanted.hidden, [9]);
});
