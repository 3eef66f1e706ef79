// Weights in the flat array that the kernel sends, and how a weight is drawn.
import { curve } from "./layout.js";

export const DASH = [6, 4]; // of negative weights: the second cue beside the colour

/** Where layer l's weights begin: row-major (n_in, n_out), layer after layer. */
export function weightOffset(shapes, layer) {
  let offset = 0;
  for (let l = 0; l < layer; l++) offset += shapes[l] * shapes[l + 1];
  return offset;
}

/** The number of the weight from unit i to unit j of affine layer l. */
export function weightIndex(shapes, layer, i, j) {
  return weightOffset(shapes, layer) + i * shapes[layer + 1] + j;
}

/** The number of the bias of unit j of affine layer l: units of the first hidden layer first. */
export function biasIndex(shapes, layer, j) {
  let offset = 0;
  for (let l = 0; l < layer; l++) offset += shapes[l + 1];
  return offset + j;
}

/** The values on the links into a unit, and its bias. */
export function incoming(shapes, layer, unit, picture) {
  const weights = picture.get("weights"), biases = picture.get("biases");
  return {
    weights: Array.from({ length: shapes[layer - 1] }, (_, i) => weights?.[weightIndex(shapes, layer - 1, i, unit)]),
    bias: biases?.[biasIndex(shapes, layer - 1, unit)],
  };
}

/** All links, with their curves between the boxes. active: the features that are switched on. */
export function linksOf(shapes, columns, active) {
  const links = [];
  for (let layer = 0; layer + 1 < shapes.length; layer++) {
    const [n, m] = [shapes[layer], shapes[layer + 1]];
    const begin = weightOffset(shapes, layer);
    for (let i = 0; i < n; i++) {
      const from = columns[layer][layer === 0 ? active[i] : i];
      for (let j = 0; j < m; j++) {
        const to = columns[layer + 1][j];
        if (!from || !to) continue;
        links.push({ layer, i, j, n: begin + i * m + j, curve: curve(from, to, i, n) });
      }
    }
  }
  return links;
}

/** Line width, colour, dashes and opacity of a weight's link. */
export function look(weight, colors) {
  const size = Math.min(Math.abs(weight), 5);
  return {
    width: 0.75 + 1.5 * size,
    color: weight < 0 ? colors.negative : colors.positive,
    dash: weight < 0 ? DASH : [],
    alpha: 0.25 + 0.75 * Math.min(1, size),
  };
}

/** The largest size of a list's numbers, 0 if there is none. */
export function largest(numbers) {
  let most = 0;
  for (const value of numbers) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}
