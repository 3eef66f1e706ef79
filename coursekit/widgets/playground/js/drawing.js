// Draws the network onto its canvas: links, maps of the units, biases.
import { fit } from "../../base/js/elements.js";
import { biasIndex, largest, look } from "./links.js";

const BIAS = 11; // side of a bias's square
const stillness = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)") ?? { matches: false };

/** Draw all parts of the picture that have arrived, at the places that the stage has planned. */
export function drawNetwork(stage, picture, settings) {
  const { width, height } = stage.plan;
  const pen = fit(stage.canvas, width, height);
  pen.clearRect(0, 0, width, height);
  const weights = picture.get("weights"), biases = picture.get("biases");
  const gradients = settings.gradients ? picture.get("gradients") : null;
  if (weights && gradients) drawGradients(pen, stage, gradients);
  if (weights) drawLinks(pen, stage, weights, picture.header?.playing && !stillness.matches);
  drawUnits(pen, stage, picture, settings.gradients ? picture.get("dead") : null);
  if (biases) drawBiases(pen, stage, biases);
}

function trace(pen, [x0, y0, ...rest]) {
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(...rest);
}

/** Halos: the size of each weight's gradient in the last update, relative to the largest. */
function drawGradients(pen, { links, colors }, gradients) {
  const most = largest(gradients);
  pen.strokeStyle = colors.gradient;
  pen.globalAlpha = 0.4;
  for (const link of links) {
    const share = Math.abs(gradients[link.n]) / most;
    if (!(share > 0.005)) continue; // all gradients are 0: the share is NaN
    trace(pen, link.curve);
    pen.lineWidth = 1 + 9 * share;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawLinks(pen, stage, weights, flowing) {
  for (const link of stage.links) {
    const pointed = link === stage.pointed;
    trace(pen, link.curve);
    if (stage.cuts.has(link.n)) {
      drawCut(pen, stage.colors, pointed);
      continue;
    }
    const { width, color, dash, alpha } = look(weights[link.n], stage.colors);
    pen.setLineDash(dash);
    pen.globalAlpha = pointed ? 1 : alpha;
    pen.strokeStyle = color;
    pen.lineWidth = pointed ? width + 2 : width;
    pen.stroke();
    if (flowing && width > 1.2) drawFlow(pen, width);
  }
  pen.setLineDash([]);
  pen.lineDashOffset = 0;
  pen.globalAlpha = 1;
}

/** A link that is cut leaves a trace, so that it can be found again. */
function drawCut(pen, { muted }, pointed) {
  pen.setLineDash([1, 5]);
  pen.globalAlpha = pointed ? 1 : 0.6;
  pen.strokeStyle = muted;
  pen.lineWidth = pointed ? 3 : 1;
  pen.stroke();
}

/** Drops that run along the link just traced, from the input to the output. */
function drawFlow(pen, width) {
  pen.setLineDash([3, 15]);
  pen.lineDashOffset = -((performance.now() / 25) % 18);
  pen.globalAlpha = 0.9;
  pen.strokeStyle = "white";
  pen.lineWidth = Math.max(1, width - 1.5);
  pen.stroke();
  pen.lineDashOffset = 0;
}

function drawUnits(pen, stage, picture, dead) {
  const maps = picture.get("unit_maps"), output = picture.get("output_map");
  const { columns, shapes, active, featureMaps, small, large, colors } = stage;
  const last = shapes.length - 1;
  let hidden = 0, n = active.length;
  columns.forEach((column, layer) => {
    const single = layer === last && column.length === 1; // its map comes as the output's
    for (const { unit, x, y, size } of column) {
      const on = layer > 0 || active.includes(unit);
      pen.globalAlpha = on ? 1 : 0.3;
      if (!on) small.paint(pen, featureMaps, unit, x, y, size);
      if (single) {
        if (output) large.paint(pen, output, 0, x, y, size);
      } else if (maps && on) {
        small.paint(pen, maps, layer > 0 ? n++ : active.indexOf(unit), x, y, size);
      }
      pen.strokeStyle = colors.frame;
      pen.lineWidth = 1;
      pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
      pen.globalAlpha = 1;
      if (layer > 0 && layer < last && dead?.[hidden++]) drawCross(pen, x, y, size, colors.ink);
    }
  });
}

/** A unit's bias: a square at its lower left with the sign in it. */
function drawBiases(pen, { columns, shapes, colors }, biases) {
  for (let layer = 1; layer < columns.length; layer++) {
    columns[layer].forEach(({ x, y, size }, unit) => {
      const bias = biases[biasIndex(shapes, layer - 1, unit)];
      const side = Math.min(BIAS, size / 2);
      const [left, top] = [x - side / 2, y + size - side / 2];
      pen.fillStyle = "white";
      pen.fillRect(left, top, side, side);
      pen.strokeStyle = colors.frame;
      pen.lineWidth = 1;
      pen.strokeRect(left, top, side, side);
      if (bias === 0) { // neither plus nor minus
        pen.fillStyle = colors.muted;
        pen.fillRect(left + side / 2 - 1, top + side / 2 - 1, 2, 2);
      }
      if (!bias) return;
      pen.globalAlpha = 0.15 + 0.85 * Math.min(1, Math.abs(bias));
      pen.fillStyle = bias < 0 ? colors.negative : colors.positive;
      pen.fillRect(left, top, side, side);
      pen.globalAlpha = 1;
      pen.fillStyle = Math.abs(bias) > 0.5 ? "white" : colors.ink;
      pen.fillRect(left + 2, top + side / 2 - 0.75, side - 4, 1.5);
      if (bias > 0) pen.fillRect(left + side / 2 - 0.75, top + 2, 1.5, side - 4);
    });
  }
}

function drawCross(pen, x, y, size, ink) {
  for (const [color, width] of [["white", 4], [ink, 2]]) {
    pen.strokeStyle = color;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(x + 4, y + 4);
    pen.lineTo(x + size - 4, y + size - 4);
    pen.moveTo(x + size - 4, y + 4);
    pen.lineTo(x + 4, y + size - 4);
    pen.stroke();
  }
}
