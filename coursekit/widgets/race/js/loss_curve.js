// The loss of each method over the steps, on a logarithmic axis, as far as the race has come.
import { element, fit } from "../../base/js/elements.js";
import { drawMarker } from "./markers.js";
import { say } from "../../base/js/words.js";

const HEIGHT = 118;
const LOWEST = -6; // the axis begins at 10^-6 above the minimum
const BOX = { left: 40, top: 6, right: 8, bottom: 18 };

/** The power of ten at the top of the axis: the first that no path begins above. */
export function topOf(losses) {
  const most = Math.max(1e-3, ...losses.filter(Number.isFinite));
  return Math.ceil(Math.log10(most) - 1e-9);
}

/** Where a loss lies: 0 at the top of the axis, 1 at its bottom; outside of 0 to 1 beyond them. */
export function depthOf(loss, top) {
  return (top - Math.log10(Math.max(loss, 1e-30))) / (top - LOWEST);
}

export class LossCurve {
  /** actions: point(step or null), go(step). */
  constructor(options, actions) {
    this.steps = options.steps;
    this.canvas = element("canvas", { role: "img", class: "ck-loss" });
    this.canvas.setAttribute("aria-label", say("Loss of each method over the steps"));
    this.width = 520;
    const step = (event) => {
      const { left } = this.canvas.getBoundingClientRect();
      const share = (event.clientX - left - BOX.left) / (this.width - BOX.left - BOX.right);
      return Math.round(Math.max(0, Math.min(1, share)) * this.steps);
    };
    this.canvas.addEventListener("pointermove", (event) => actions.point(step(event)));
    this.canvas.addEventListener("pointerleave", () => actions.point(null));
    this.canvas.addEventListener("click", (event) => actions.go(step(event)));
  }

  x(step) {
    return BOX.left + (step / this.steps) * (this.width - BOX.left - BOX.right);
  }

  y(loss) {
    return BOX.top + depthOf(loss, this.top) * (HEIGHT - BOX.top - BOX.bottom);
  }

  draw({ paths, position, pointed }, width, colors) {
    this.width = width;
    this.top = topOf(paths.map(({ points }) => points[2]));
    const pen = fit(this.canvas, width, HEIGHT);
    pen.clearRect(0, 0, width, HEIGHT);
    this.drawAxes(pen, colors);
    pen.save();
    pen.beginPath();
    pen.rect(BOX.left, BOX.top, width - BOX.left - BOX.right, HEIGHT - BOX.top - BOX.bottom);
    pen.clip();
    for (const path of paths) {
      pen.beginPath();
      for (let t = 0; t <= Math.min(path.end, position); t++) pen.lineTo(this.x(t), this.y(path.points[3 * t + 2]));
      pen.setLineDash(path.method.dash);
      pen.strokeStyle = path.color;
      pen.lineWidth = 1.8;
      pen.stroke();
    }
    pen.restore();
    for (const path of paths) this.drawExits(pen, path, position);
    if (pointed === null) return;
    pen.strokeStyle = colors.muted;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(this.x(pointed), BOX.top);
    pen.lineTo(this.x(pointed), HEIGHT - BOX.bottom);
    pen.stroke();
    for (const path of paths) {
      const loss = path.points[3 * pointed + 2], depth = depthOf(loss, this.top);
      if (pointed <= Math.min(path.end, position) && depth >= 0 && depth <= 1) {
        drawMarker(pen, path.shape, this.x(pointed), this.y(loss), 4, path.color, colors.paper);
      }
    }
  }

  drawAxes(pen, { ink, muted }) {
    const bottom = HEIGHT - BOX.bottom;
    pen.setLineDash([]);
    pen.strokeStyle = muted;
    pen.lineWidth = 1;
    pen.strokeRect(BOX.left + 0.5, BOX.top + 0.5, this.width - BOX.left - BOX.right - 1, bottom - BOX.top - 1);
    pen.fillStyle = ink;
    pen.font = "11px sans-serif";
    pen.textAlign = "right";
    const middle = Math.round((this.top + LOWEST) / 2);
    for (const power of [this.top, middle, LOWEST]) {
      const y = this.y(10 ** power);
      pen.fillText(power < -2 || power > 3 ? `1e${power}`.replace("-", "−") : String(10 ** power), BOX.left - 4, y + 4);
    }
    for (let step = 0; step <= this.steps; step += this.steps / 4) {
      pen.textAlign = step === 0 ? "left" : step === this.steps ? "right" : "center";
      pen.fillText(step === 0 ? say("step {n}", { n: 0 }) : String(step), this.x(step), HEIGHT - 4);
    }
    pen.textAlign = "right";
    pen.fillText(say("loss above the minimum"), this.width - BOX.right - 5, BOX.top + 12);
  }

  /** An arrow where a curve leaves the frame, upwards or downwards. */
  drawExits(pen, { points, end, color }, position) {
    let side = 0;
    for (let t = 0; t <= Math.min(end, position); t++) {
      const depth = depthOf(points[3 * t + 2], this.top);
      const now = depth < 0 ? -1 : depth > 1 ? 1 : 0;
      if (now && now !== side) {
        const y = now < 0 ? BOX.top : HEIGHT - BOX.bottom;
        pen.fillStyle = color;
        pen.beginPath();
        pen.moveTo(this.x(t), y + 6 * now);
        pen.lineTo(this.x(t) - 5, y - 2 * now);
        pen.lineTo(this.x(t) + 5, y - 2 * now);
        pen.fill();
      }
      side = now;
    }
  }
}
