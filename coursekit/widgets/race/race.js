// The optimizer race's player: draws paths that the kernel has computed, and never asks it to.

const SPEEDS = [["slow", 8], ["normal", 20], ["fast", 60]];

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** The shape at a walker's place: the second cue beside its colour. */
function marker(context, shape, x, y, r) {
  context.beginPath();
  if (shape === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (shape === 1) context.rect(x - r, y - r, 2 * r, 2 * r);
  else {
    const corners = [
      [[0, -1.3], [1.2, 0.9], [-1.2, 0.9]],
      [[0, -1.4], [1.2, 0], [0, 1.4], [-1.2, 0]],
      [[0, 1.3], [1.2, -0.9], [-1.2, -0.9]],
      [[-1.3, 0], [0.9, -1.2], [0.9, 1.2]],
    ][shape - 2];
    corners.forEach(([dx, dy], k) => context[k ? "lineTo" : "moveTo"](x + r * dx, y + r * dy));
    context.closePath();
  }
}

function render({ model, el }) {
  const options = model.get("options"), colors = options.colors;
  const chosen = structuredClone(model.get("settings"));
  const prefix = `ck-race-${Math.random().toString(36).slice(2, 8)}`;

  // Controls: all native, all with a label.
  const surface = element("select", { id: `${prefix}-surface` });
  for (const name of Object.keys(options.surfaces)) surface.append(element("option", { value: name }, name));
  const start = [1, 2].map((k) => element("input", { type: "number", step: "any", id: `${prefix}-start${k}` }));
  const lanes = {};
  const body = element("tbody");
  options.methods.forEach((method, k) => {
    const on = element("input", { type: "checkbox", id: `${prefix}-on${k}` });
    const lr = element("input", { type: "number", min: 0, step: "any", "aria-label": `${method.name}: rate α` });
    const memory = element("input", { type: "number", min: 0, max: 0.999, step: 0.01, "aria-label": `${method.name}: ${method.memory}` });
    const sample = element("canvas", { width: 64, height: 24, "aria-hidden": "true" });
    sample.style.cssText = "width:32px;height:12px;border:0;display:inline-block;vertical-align:middle";
    const pen = sample.getContext("2d");
    pen.strokeStyle = pen.fillStyle = method.color;
    pen.lineWidth = 4;
    pen.setLineDash(method.dash.map((d) => 1.4 * d));
    pen.beginPath(); pen.moveTo(0, 12); pen.lineTo(64, 12); pen.stroke();
    pen.setLineDash([]);
    marker(pen, k, 48, 12, 8); pen.fill();
    const name = element("label", { htmlFor: on.id }, ` ${method.name} `, sample);
    const arrived = element("td");
    lanes[method.name] = { on, lr, memory, arrived };
    body.append(element("tr", {}, element("td", {}, on, name), element("td", {}, lr),
      element("td", {}, ...(method.memory ? [`${method.memory} `, memory] : ["–"])), arrived));
  });
  const head = element("thead", {}, element("tr", {}, ...["method", "rate α", "memory", "arrives"].map((t) => element("th", { scope: "col" }, t))));
  const run = element("button", { type: "button", class: "ck-run" }, "Run");
  const result = element("div", { class: "ck-result", role: "status", "aria-live": "polite" });
  const controls = element("div", { class: "ck-controls" },
    element("div", { class: "ck-row" }, element("label", { htmlFor: surface.id }, "surface"), surface),
    element("div", { class: "ck-row" },
      element("label", { htmlFor: start[0].id }, "start x₁"), start[0],
      element("label", { htmlFor: start[1].id }, "x₂"), start[1]),
    element("table", {}, head, body), run, result);

  // The stage.
  const canvas = element("canvas", { role: "img" });
  const play = element("button", { type: "button" }, "Play");
  const back = element("button", { type: "button", "aria-label": "one step back" }, "◀");
  const forward = element("button", { type: "button", "aria-label": "one step forward" }, "▶");
  const scrub = element("input", { type: "range", min: 0, max: options.steps, step: 1, value: 0, id: `${prefix}-step` });
  const shown = element("span", { class: "ck-step" }, "0");
  const speed = element("select", { id: `${prefix}-speed` });
  for (const [name, value] of SPEEDS) speed.append(element("option", { value }, name));
  speed.value = "20";
  const stage = element("div", { class: "ck-stage" }, canvas,
    element("div", { class: "ck-row" }, play, back, forward,
      element("label", { htmlFor: scrub.id }, "step"), scrub, shown),
    element("div", { class: "ck-row" }, element("label", { htmlFor: speed.id }, "speed"), speed));
  const root = element("div", { class: "ck-race", role: "group", "aria-label": "The optimizer race" },
    element("div", { class: "ck-sides" }, controls, stage));
  for (const [name, color] of Object.entries(colors)) root.style.setProperty(`--ck-${name}`, color);
  el.append(root);

  // State of the player.
  const context = canvas.getContext("2d");
  let outcome, limits, paths, map, position = 0, playing = false, last = 0, frame = 0;

  function size() {
    const width = canvas.clientWidth || 520;
    const ratio = window.devicePixelRatio || 1;
    const height = Math.round((width * options.map[1]) / options.map[0]);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    background();
  }

  /** What stays the same through a race: the relief and the star, in device pixels. */
  function background() {
    if (!outcome || !outcome.surface) return;
    const [w, h] = options.map;
    const view = model.get("relief");
    const bytes = new Uint8ClampedArray(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    const raster = new OffscreenCanvas(w, h);
    raster.getContext("2d").putImageData(new ImageData(bytes, w, h), 0, 0);
    map = new OffscreenCanvas(canvas.width, canvas.height);
    const pen = map.getContext("2d");
    pen.drawImage(raster, 0, 0, map.width, map.height);
    const scale = canvas.width / 520;
    pen.fillStyle = colors.paper; pen.strokeStyle = colors.ink; pen.lineWidth = 1.2 * scale;
    for (const [x, y] of options.surfaces[outcome.surface].minima) {
      const [px, py] = pixel(x, y);
      pen.beginPath();
      for (let k = 0; k < 10; k++) {
        const r = (k % 2 ? 4 : 10) * scale, a = (k * Math.PI) / 5 - Math.PI / 2;
        pen.lineTo(px + r * Math.cos(a), py + r * Math.sin(a));
      }
      pen.closePath(); pen.fill(); pen.stroke();
    }
    pen.fillStyle = colors.ink;
    pen.font = `${12 * scale}px sans-serif`;
    const [left, right, bottom, top] = limits;
    pen.textAlign = "left"; pen.fillText(`x₁ = ${left}`, 5 * scale, map.height - 6 * scale);
    pen.textAlign = "right"; pen.fillText(`${right}`, map.width - 5 * scale, map.height - 6 * scale);
    pen.textAlign = "left"; pen.fillText(`x₂ = ${top}`, 5 * scale, 15 * scale);
    pen.fillText(`x₂ = ${bottom}`, 5 * scale, map.height - 22 * scale);
  }

  function pixel(x, y) {
    const [left, right, bottom, top] = limits;
    const clip = (v) => Math.max(-3, Math.min(4, v));
    return [clip((x - left) / (right - left)) * canvas.width, clip((top - y) / (top - bottom)) * canvas.height];
  }

  function draw() {
    if (!paths) return;
    const scale = canvas.width / 520;
    context.drawImage(map, 0, 0);
    context.lineJoin = "round";
    const whole = Math.floor(position), part = position - whole;
    paths.forEach(({ method, shape, points, end }) => {
      const stop = Math.min(whole, end);
      context.beginPath();
      context.moveTo(...pixel(points[0], points[1]));
      for (let t = 1; t <= stop; t++) context.lineTo(...pixel(points[2 * t], points[2 * t + 1]));
      let x = points[2 * stop], y = points[2 * stop + 1];
      if (stop < end) {
        x += part * (points[2 * stop + 2] - x);
        y += part * (points[2 * stop + 3] - y);
        context.lineTo(...pixel(x, y));
      }
      context.setLineDash([]);
      context.globalAlpha = 0.85;
      context.strokeStyle = colors.paper; context.lineWidth = 4.4 * scale; context.stroke();
      context.globalAlpha = 1;
      context.setLineDash(method.dash.map((d) => d * scale));
      context.strokeStyle = method.color; context.lineWidth = 2.2 * scale; context.stroke();
      context.setLineDash([]);
      marker(context, shape, ...pixel(x, y), 5.5 * scale);
      context.fillStyle = method.color; context.fill();
      context.strokeStyle = colors.ink; context.lineWidth = scale; context.stroke();
    });
    const [sx, sy] = pixel(paths.length ? paths[0].points[0] : 0, paths.length ? paths[0].points[1] : 0);
    if (paths.length) {
      const r = 5 * scale;
      context.strokeStyle = colors.ink; context.lineWidth = 2 * scale;
      context.beginPath(); context.moveTo(sx - r, sy - r); context.lineTo(sx + r, sy + r);
      context.moveTo(sx - r, sy + r); context.lineTo(sx + r, sy - r); context.stroke();
    }
    const step = String(whole);
    if (shown.textContent !== step) {
      shown.textContent = step;
      scrub.value = step;
      for (const name of outcome.names) lanes[name].arrived.textContent = fate(name, whole);
    }
  }

  function fate(name, step) {
    const arrival = outcome.arrivals[name], end = outcome.diverged[name];
    if (end !== undefined && step >= end) return "diverged";
    if (arrival !== null && step >= arrival) return `step ${arrival}`;
    return step >= options.steps ? "not yet" : "…";
  }

  function tick(now) {
    frame = 0;
    if (!playing) return;
    position = Math.min(options.steps, position + (Math.min(now - last, 100) / 1000) * Number(speed.value));
    last = now;
    draw();
    if (position >= options.steps) pause();
    else frame = requestAnimationFrame(tick);
  }

  function resume() {
    if (!paths || !paths.length) return;
    if (position >= options.steps) position = 0;
    playing = true;
    play.textContent = "Pause";
    last = performance.now();
    if (!frame) frame = requestAnimationFrame(tick);
  }

  function pause() {
    playing = false;
    play.textContent = "Play";
  }

  function to(step) {
    pause();
    position = Math.max(0, Math.min(options.steps, step));
    draw();
  }

  function say() {
    result.replaceChildren();
    if (outcome.error) {
      result.append(element("p", { class: "ck-error" }, outcome.error));
      return;
    }
    result.append(element("p", {}, outcome.text), element("p", {}, `Goal: ${options.goal}.`));
    if (outcome.goal) result.append(element("p", { class: "ck-reached" }, `✓ ${options.reached}`));
    canvas.setAttribute("aria-label", `Paths of ${outcome.names.join(", ")} on the surface ${outcome.surface}. ${outcome.text}`);
  }

  /** A new race has come from the kernel. */
  function take(begin) {
    outcome = model.get("outcome");
    say();
    if (outcome.error) return;
    limits = options.surfaces[outcome.surface].limits;
    const view = model.get("paths");
    const numbers = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    const length = 2 * (options.steps + 1);
    paths = outcome.names.map((name, k) => {
      const shape = options.methods.findIndex((method) => method.name === name);
      const end = outcome.diverged[name] ?? options.steps;
      return { method: options.methods[shape], shape, end, points: numbers.subarray(k * length, (k + 1) * length) };
    });
    for (const [name, lane] of Object.entries(lanes)) if (!outcome.names.includes(name)) lane.arrived.textContent = "";
    shown.textContent = "";
    size();
    if (begin) { position = 0; draw(); resume(); } else to(options.steps);
  }

  /** The controls show what the model holds. */
  function fill() {
    const settings = model.get("settings");
    surface.value = settings.surface;
    start.forEach((input, k) => { input.value = settings.start[k]; });
    for (const [name, lane] of Object.entries(settings.lanes)) {
      lanes[name].on.checked = lane.on;
      lanes[name].lr.value = lane.lr;
      lanes[name].memory.value = lane.memory;
    }
  }

  function ask() {
    chosen.surface = surface.value;
    chosen.start = start.map((input) => (input.value === "" ? null : Number(input.value)));
    chosen.lanes = {};
    for (const [name, { on, lr, memory }] of Object.entries(lanes)) {
      chosen.lanes[name] = { on: on.checked, lr: Number(lr.value), memory: Number(memory.value) };
    }
    chosen.asked = (model.get("settings").asked ?? 0) + 1;
    pause();
    model.set("settings", structuredClone(chosen));
    model.save_changes();
  }

  surface.addEventListener("change", () => {
    options.surfaces[surface.value].start.forEach((v, k) => { start[k].value = v; });
  });
  run.addEventListener("click", ask);
  play.addEventListener("click", () => (playing ? pause() : resume()));
  back.addEventListener("click", () => to(Math.ceil(position) - 1));
  forward.addEventListener("click", () => to(Math.floor(position) + 1));
  scrub.addEventListener("input", () => to(Number(scrub.value)));
  root.addEventListener("keydown", (event) => {
    event.stopPropagation(); // JupyterLab's own shortcuts
    if (event.key === "Enter" && event.target.matches("input")) ask();
    if (event.key === " " && event.target === scrub) { event.preventDefault(); playing ? pause() : resume(); }
  });

  const taken = () => take(true);
  model.on("change:race", taken);
  model.on("change:settings", fill);
  fill();
  take(false);
  const resized = new ResizeObserver(() => { if (paths && canvas.clientWidth) { size(); draw(); } });
  resized.observe(root);
  return () => {
    pause();
    cancelAnimationFrame(frame);
    resized.disconnect();
    model.off("change:race", taken);
    model.off("change:settings", fill);
  };
}

export default { render };
