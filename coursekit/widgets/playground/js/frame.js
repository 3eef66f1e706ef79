// A frame: what the kernel sends for one picture, arrays in one buffer and a header with their places.
const NUMBERS = { uint8: Uint8Array, float32: Float32Array };

/** The sections of a frame by name, each with its numbers and shape; unknown types are left out. */
export function sectionsOf(header, view) {
  const found = {};
  for (const [name, type, shape, offset] of header.sections ?? []) {
    const Numbers = NUMBERS[type];
    if (!Numbers || !view) continue;
    const count = shape.reduce((product, n) => product * n, 1);
    const begin = view.byteOffset + offset;
    const bytes = count * Numbers.BYTES_PER_ELEMENT;
    if (offset + bytes > view.byteLength) continue;
    // A view of numbers must begin at a multiple of their size; Jupyter's buffers may begin anywhere.
    const data = begin % Numbers.BYTES_PER_ELEMENT
      ? new Numbers(view.buffer.slice(begin, begin + bytes))
      : new Numbers(view.buffer, begin, count);
    found[name] = { data, shape };
  }
  return found;
}

/** What is drawn: the newest of each section, and the curves so far. */
export class Picture {
  constructor() {
    this.header = null;
    this.sections = {};
    this.curves = []; // rows [epoch, training loss, test loss, accuracies]
  }

  /** Add a frame. Frames may arrive faster than pictures are drawn: nothing of them is lost. */
  absorb(header, view) {
    const sections = sectionsOf(header, view);
    if (String(header.shapes) !== String(this.header?.shapes)) {
      // weights and maps of another network would be drawn at the wrong places
      const { points } = this.sections;
      this.sections = points ? { points } : {};
    }
    // These arrive rarely: a copy does not keep a whole frame's buffer in memory.
    for (const name of ["points", "hidden_points"]) {
      if (sections[name]) sections[name].data = sections[name].data.slice();
    }
    if (sections.curves) {
      if (header.curves === "all") this.curves = [];
      const { data, shape: [count, columns] } = sections.curves;
      for (let k = 0; k < count; k++) this.curves.push(Array.from(data.subarray(k * columns, (k + 1) * columns)));
      delete sections.curves;
    }
    if (!sections.hover) delete this.sections.hover;
    this.header = header;
    Object.assign(this.sections, sections);
  }

  /** A section's numbers, null if they have not arrived. */
  get(name) {
    return this.sections[name]?.data ?? null;
  }

  shape(name) {
    return this.sections[name]?.shape ?? null;
  }
}
