// Places of the network's units and links, in CSS pixels. Nothing here draws.

export const HEAD = 48; // room above the units: the layer's buttons and its activation
const MARGIN = 8;
const LABEL = 44; // room for the features' names
const BOX = 36;
const PITCH = 46;
const LEAST_GAP = 20; // between columns: the links' room

/** The narrowest drawing in which the links can be told apart. */
export function leastWidth(columns) {
  return LABEL + 2 * MARGIN + columns * BOX + (columns - 1) * LEAST_GAP;
}

/**
 * Boxes of all units.
 *
 * counts: units drawn in each column; the first column holds all features, including those switched off.
 */
export function place(counts, width) {
  const most = Math.max(...counts);
  const pitch = most <= 8 ? PITCH : Math.max(12, (8 * PITCH) / most);
  const box = Math.min(BOX, pitch - 3);
  const height = HEAD + Math.max(most, 5) * pitch + MARGIN;
  const wide = Math.max(width, leastWidth(counts.length));
  const left = MARGIN + LABEL;
  const step = counts.length > 1 ? (wide - MARGIN - left - BOX) / (counts.length - 1) : 0;
  const columns = counts.map((count, layer) => {
    const x = left + layer * step + (BOX - box) / 2;
    const top = HEAD + (height - HEAD - MARGIN - count * pitch) / 2;
    return Array.from({ length: count }, (_, unit) => ({
      layer, unit, x, y: top + unit * pitch + (pitch - box) / 2, size: box,
    }));
  });
  return { width: wide, height, columns, centres: columns.map((_, k) => left + k * step + BOX / 2) };
}

/** The curve of a link: from the right of one box to the left of another, as four points. */
export function curve(from, to, fromIndex, fromCount) {
  const x0 = from.x + from.size + 1, y0 = from.y + from.size / 2;
  // The ends are spread so that the links into one unit can be told apart.
  const spread = ((fromIndex - (fromCount - 1) / 2) / fromCount) * to.size * 0.5;
  const x1 = to.x - 1, y1 = to.y + to.size / 2 + spread;
  const middle = (x0 + x1) / 2;
  return [x0, y0, middle, y0, middle, y1, x1, y1];
}

/** A point on such a curve, t from 0 to 1. */
export function along([x0, y0, xa, ya, xb, yb, x1, y1], t) {
  const s = 1 - t;
  const [a, b, c, d] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
  return [a * x0 + b * xa + c * xb + d * x1, a * y0 + b * ya + c * yb + d * y1];
}

/** The link nearest to a place, null if none lies within reach. */
export function nearest(links, x, y, reach = 6) {
  let best = null, least = reach * reach;
  for (const link of links) {
    const [x0, , , , , , x1] = link.curve;
    if (x < x0 - reach || x > x1 + reach) continue;
    for (let k = 0; k <= 24; k++) {
      const [px, py] = along(link.curve, k / 24);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [link, distance];
    }
  }
  return best;
}
