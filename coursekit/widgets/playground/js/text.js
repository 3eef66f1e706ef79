// Names and numbers as the page shows them and screen readers read them.
import { say } from "../../base/js/words.js";

const LOW = "₀₁₂₃₄₅₆₇₈₉";

/** A number as a subscript. */
export function index(n) {
  return String(n).replace(/\d/g, (digit) => LOW[digit]);
}

/** A unit's name in words. Layer 0 holds the features, the last one the outputs. */
export function unitName(shapes, features, layer, unit) {
  if (layer === 0) return say("feature {name}", { name: features[unit] ?? `x${index(unit + 1)}` });
  if (layer < shapes.length - 1) return say("unit {n} of hidden layer {layer}", { n: unit + 1, layer });
  return shapes[layer] === 1 ? say("output") : say("output {n}", { n: unit + 1 });
}

/** A unit's name in a few letters, as in the notebooks' diagrams. */
export function shortName(shapes, features, layer, unit) {
  if (layer === 0) return features[unit] ?? `x${index(unit + 1)}`;
  if (layer < shapes.length - 1) {
    return shapes.length > 3 ? `h${index(layer)},${index(unit + 1)}` : `h${index(unit + 1)}`;
  }
  return shapes[layer] === 1 ? "y" : `y${index(unit + 1)}`;
}

/** A number in few digits, with a true minus. */
export function number(value, digits = 2) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return say("not finite");
  const text = Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 10 ** -digits / 2)
    ? value.toExponential(1)
    : value.toFixed(digits);
  return text.replace("-", "−");
}

/** A share as per cent. */
export function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(0)} %`;
}
