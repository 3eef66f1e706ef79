// The optimizer race's page: plays paths that the kernel has computed, and asks for others when a setting changes.
import { button, element, freshId, labelled, write } from "../../base/js/elements.js";
import { parsed } from "../../base/js/rate.js";
import { Lanes } from "./lanes.js";
import { LossCurve } from "./loss_curve.js";
import { RaceMap, nearestStep } from "./map.js";
import { isDark } from "./markers.js";
import { Verdict, readout } from "./verdict.js";
import { mark, say, translate } from "../../base/js/words.js";

const SPEEDS = [[mark("slow"), 8], [mark("normal"), 20], [mark("fast"), 60]]; // steps a second

/** A buffer of the kernel's as numbers; it may begin anywhere. */
function floats({ buffer, byteOffset, byteLength }) {
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function render({ model, el }) {
  const options = model.get("options");
  translate(options.words);
  let outcome = model.get("outcome"), paths = [], start = model.get("settings").start;
  let position = 0, playing = false, last = 0, frame = 0;
  let pointed = null; // the step under the pointer
  let waiting = 0; // the number of the request that the kernel has not answered yet
  let again = false; // whether a setting has been changed since
  let begin = false; // whether the race begins when its answer comes
  let built = ""; // what the map was drawn for

  const map = new RaceMap(options, { drag, release: draw, begin: from, over: overMap });
  const curve = new LossCurve(options, { point: overCurve, go: to });
  const verdict = new Verdict(options);
  const lanes = new Lanes(options, ask);
  const names = Object.keys(options.surfaces);
  const surface = element("select", {}, ...names.map((name) => element("option", { value: name }, say(name))));
  const places = ["x₁", "x₂"].map((name) => {
    const input = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", class: "ck-number" });
    input.setAttribute("aria-label", say("start {name}", { name }));
    input.addEventListener("change", ask);
    return input;
  });
  const play = button(say("▶ Play"), () => (playing ? pause() : resume()), { class: "ck-run" });
  const scrub = element("input", { type: "range", min: 0, max: options.steps, step: 1, value: 0, id: freshId() });
  const shown = element("span", { class: "ck-step" }, "0");
  const speed = element("select", {}, ...SPEEDS.map(([name, value]) => element("option", { value }, say(name))));
  speed.value = "20";
  const losses = element("div", { class: "ck-losses" });
  const root = element("div", { class: "ck-race", role: "group", "aria-label": say("The optimizer race") },
    element("div", { class: "ck-sides" },
      element("div", { class: "ck-controls" },
        element("div", { class: "ck-row" }, labelled(say("surface"), surface)),
        element("div", { class: "ck-row" },
          labelled(say("start {name}", { name: "x₁" }), places[0]), labelled("x₂", places[1])),
        lanes.node, verdict.node),
      element("div", { class: "ck-stage" },
        element("div", { class: "ck-row" }, play,
          button("◀", () => to(Math.ceil(position) - 1), { "aria-label": say("one step back") }),
          button("▶", () => to(Math.floor(position) + 1), { "aria-label": say("one step forward") }),
          element("label", { htmlFor: scrub.id }, say("step {n}", { n: "" }).trim()), scrub, shown,
          labelled(say("speed"), speed)),
        map.node, curve.canvas, losses)));
  for (const [name, color] of Object.entries(options.colors)) root.style.setProperty(`--ck-${name}`, color);
  el.append(root);

  /** The colours of the theme, with each method's. */
  function colors() {
    return options.themes[isDark() ? "dark" : "light"];
  }

  /** Draw all at the present step; the map's bands again if the surface, the width or the theme has changed. */
  function draw() {
    const theme = colors(), width = Math.max(200, map.node.clientWidth || 520);
    const key = [outcome.surface, width, isDark(), window.devicePixelRatio].join();
    if (key !== built) {
      built = key;
      map.build(outcome.surface, floats(model.get("relief")), width, theme);
      lanes.paint(theme);
    }
    for (const path of paths) path.color = theme.methods[path.shape];
    map.start = start;
    const state = { paths, position, start, downhill: outcome.downhill, pointed };
    map.draw(state);
    curve.draw(state, width, theme);
    const whole = Math.floor(position);
    write(shown, String(whole));
    scrub.value = whole;
    lanes.showFates(outcome, whole);
    write(losses, readout(paths, pointed ?? whole, whole));
    if (!outcome.error) verdict.show(outcome, whole);
    map.canvas.setAttribute("aria-label", verdict.describe(outcome, whole));
    const here = { a: start[0], b: start[1] };
    map.handle.setAttribute("aria-label", say("start at x₁ {a}, x₂ {b}: drag it, or move it by arrow keys", here));
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
    if (outcome.error || !paths.length) return;
    if (position >= options.steps) position = 0;
    playing = true;
    write(play, say("❚❚ Pause"));
    last = performance.now();
    frame ||= requestAnimationFrame(tick);
  }

  function pause() {
    playing = false;
    write(play, say("▶ Play"));
  }

  function to(step) {
    pause();
    position = Math.max(0, Math.min(options.steps, step));
    draw();
  }

  function drag(there) {
    start = there;
    places.forEach((input, k) => { input.value = there[k]; });
    ask();
    draw();
  }

  /** A click on the map: a race from there. */
  function from(there) {
    begin = true;
    drag(there);
  }

  function point(step) {
    if (step === pointed) return;
    pointed = step;
    draw();
  }

  function overMap(place) {
    point(place && (nearestStep(paths, (x, y) => map.place(x, y), ...place, Math.floor(position))?.step ?? null));
  }

  function overCurve(step) {
    point(step !== null && step <= position ? step : null);
  }

  /** Ask the kernel for the race of the settings that are shown; while it computes, only for the newest. */
  function ask() {
    root.classList.add("ck-waiting"); // greyed by the style sheet if the answer is late
    if (waiting) {
      again = true;
      return;
    }
    again = false;
    waiting = (model.get("settings").asked ?? 0) + 1;
    model.set("settings", {
      surface: surface.value, start: places.map((input) => parsed(input.value)), lanes: lanes.values, asked: waiting,
    });
    model.save_changes();
  }

  /** A race has come from the kernel. */
  function take() {
    outcome = model.get("outcome");
    if (outcome.asked >= waiting) waiting = 0;
    root.classList.toggle("ck-refused", Boolean(outcome.error));
    if (!waiting && again) ask();
    if (!waiting) root.classList.remove("ck-waiting");
    if (outcome.error) {
      begin = false;
      pause();
      verdict.refuse(outcome.error);
      return;
    }
    if (paths.surface !== outcome.surface) {
      pause();
      position = 0;
      pointed = null;
    }
    const numbers = floats(model.get("paths")), length = 3 * (options.steps + 1);
    paths = outcome.names.map((name, k) => {
      const { method, shape } = lanes.rows.get(name);
      const end = outcome.diverged[name] ?? options.steps;
      return { name, method, shape, end, points: numbers.subarray(k * length, (k + 1) * length) };
    });
    paths.surface = outcome.surface;
    if (!map.dragging && !waiting) start = outcome.start;
    if (begin && !waiting) {
      begin = false;
      position = 0;
      resume();
    }
    draw();
  }

  /** The controls show what the model holds. */
  function fill() {
    const settings = model.get("settings");
    surface.value = settings.surface;
    places.forEach((input, k) => {
      if (settings.start[k] !== null && document.activeElement !== input) input.value = settings.start[k];
    });
    lanes.show(settings.lanes);
  }

  surface.addEventListener("change", () => {
    options.surfaces[surface.value].start.forEach((v, k) => { places[k].value = v; });
    ask();
  });
  scrub.addEventListener("input", () => to(Number(scrub.value)));
  root.addEventListener("keydown", (event) => {
    event.stopPropagation(); // JupyterLab's own shortcuts
    if (event.key === " " && event.target === scrub) {
      event.preventDefault();
      play.click();
    }
  });
  model.on("change:race", take);
  model.on("change:settings", fill);
  fill();
  take();
  const resized = new ResizeObserver(draw);
  resized.observe(root);
  const themed = new MutationObserver(draw);
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => {
    pause();
    cancelAnimationFrame(frame);
    resized.disconnect();
    themed.disconnect();
    model.off("change:race", take);
    model.off("change:settings", fill);
  };
}

export default { render };
