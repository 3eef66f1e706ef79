import assert from "node:assert/strict";
import { test } from "node:test";
import { Picture, sectionsOf } from "../../coursekit/widgets/playground/js/frame.js";

const TYPES = { float32: Float32Array, uint8: Uint8Array };

/** A frame as the kernel sends it, its buffer beginning anywhere, as Jupyter's do. */
function frame(header, sections, shift = 0) {
  const list = [], parts = [];
  let offset = 0;
  for (const [name, type, shape, values] of sections) {
    const bytes = new Uint8Array(TYPES[type].from(values).buffer);
    list.push([name, type, shape, offset]);
    parts.push([offset, bytes]);
    offset += 4 * Math.ceil(bytes.length / 4);
  }
  const all = new Uint8Array(offset + shift);
  for (const [begin, bytes] of parts) all.set(bytes, begin + shift);
  return [{ shapes: [2, 1], ...header, sections: list }, new DataView(all.buffer, shift)];
}

for (const shift of [0, 1, 3]) {
  test(`numbers are read from a buffer that begins at ${shift}`, () => {
    const [header, view] = frame({}, [["dead", "uint8", [3], [1, 0, 1]], ["weights", "float32", [2], [0.5, -2]]], shift);
    const found = sectionsOf(header, view);
    assert.deepEqual([...found.dead.data], [1, 0, 1]);
    assert.deepEqual([...found.weights.data], [0.5, -2]);
    assert.deepEqual(found.weights.shape, [2]);
  });
}

test("what hasn't come, isn't known or is cut off is left out", () => {
  const header = { sections: [["a", "int64", [1], 0], ["b", "float32", [9], 0]] };
  assert.deepEqual(sectionsOf(header, new DataView(new ArrayBuffer(8))), {});
  assert.deepEqual(sectionsOf({}, undefined), {});
  assert.equal(new Picture().get("weights"), null);
  assert.equal(new Picture().shape("weights"), null);
});

test("a section stays until a newer one comes", () => {
  const picture = new Picture();
  picture.absorb(...frame({}, [["points", "float32", [1, 4], [1, 2, 1, 0]], ["weights", "float32", [2], [1, 1]]]));
  picture.absorb(...frame({}, [["weights", "float32", [2], [3, 4]]]));
  assert.deepEqual([...picture.get("points")], [1, 2, 1, 0]);
  assert.deepEqual([...picture.get("weights")], [3, 4]);
});

test("of another network nothing but the points is kept", () => {
  const picture = new Picture();
  picture.absorb(...frame({}, [["points", "float32", [1, 4], [1, 2, 1, 0]], ["weights", "float32", [2], [1, 1]]]));
  picture.absorb(...frame({ shapes: [2, 3, 1] }, []));
  assert.equal(picture.get("weights"), null);
  assert.equal(picture.get("points").length, 4);
});

test("an enlarged map goes with its frame", () => {
  const picture = new Picture();
  picture.absorb(...frame({}, [["hover", "uint8", [1], [7]]]));
  assert.equal(picture.get("hover")[0], 7);
  picture.absorb(...frame({}, []));
  assert.equal(picture.get("hover"), null);
});

test("curves grow by what is appended and begin anew with all", () => {
  const picture = new Picture();
  picture.absorb(...frame({ curves: "all" }, [["curves", "float32", [1, 3], [0, 1, 2]]]));
  picture.absorb(...frame({ curves: "append" }, [["curves", "float32", [2, 3], [1, 0.5, 1, 2, 0.25, 0.5]]]));
  assert.deepEqual(picture.curves, [[0, 1, 2], [1, 0.5, 1], [2, 0.25, 0.5]]);
  picture.absorb(...frame({ curves: "all" }, [["curves", "float32", [1, 3], [0, 4, 4]]]));
  assert.deepEqual(picture.curves, [[0, 4, 4]]);
});
