// Handles over an explorer's picture. A handle follows the pointer or the keys at once, along its
// track or freely; what its place means is worked out in Python, which sends all places anew.

const KEYS = {  // which of two controls, and how many steps
  ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowUp: [1, 1], ArrowDown: [1, -1],
  PageUp: [1, 10], PageDown: [1, -10], Home: [0, -Infinity], End: [0, Infinity],
};
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function make(parent, name, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return parent.appendChild(node);
}

/** The point of a track at a share of its length in steps, from 0 to 1. */
function along(track, share) {
  const k = share * (track.length - 1), i = Math.min(Math.floor(k), track.length - 2);
  return [0, 1].map(c => track[i][c] + (k - i) * (track[i + 1][c] - track[i][c]));
}

/** The share at which a track comes nearest to a point; undefined if it does not move. */
function nearest(track, [x, y]) {
  let best = Infinity, share;
  for (let i = 0; i + 1 < track.length; i++) {
    const [[ax, ay], [bx, by]] = [track[i], track[i + 1]], [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    if (length < 1e-6) continue;
    const t = clamp(((x - ax) * dx + (y - ay) * dy) / length, 0, 1);
    const away = Math.hypot(ax + t * dx - x, ay + t * dy - y);
    if (away < best) [best, share] = [away, (i + t) / (track.length - 1)];
  }
  return share;
}

function render({ model, el }) {
  const [width, height] = model.get("size"), stopped = new AbortController();
  const options = { signal: stopped.signal };
  el.classList.add("ck-overlay");
  const svg = make(el, "svg", { class: "ck-handles", viewBox: `0 0 ${width} ${height}`,
    role: "group", "aria-label": model.get("title") });
  const handles = [], open = {};  // open: the moves that Python has not answered yet, by handle
  let number = 0;  // of the last move

  function send(handle, move) {
    number = 1 + Math.max(number, model.get("answered"), model.get("moved").n ?? 0);
    handle.sent = number;
    open[handle.k] = move;
    model.set("moved", { n: number, moves: { ...open } });
    model.save_changes();
  }

  function place(handle, [x, y]) {
    handle.place = [x, y];
    handle.node.setAttribute("transform", `translate(${x} ${y})`);
    if (!handle.low) return;
    handle.note.setAttribute("x", width / 2 - x);
    handle.note.setAttribute("y", height - 5 - y);
  }

  /** Mark the controls whose values the handle shows. */
  function light(handle, on) {
    for (const label of el.closest(".ck-explorer")?.querySelectorAll("label") ?? []) {
      const lit = on && handle.lit.includes(label.textContent.trim());
      label.parentElement.classList.toggle("ck-lit", lit);
    }
  }

  function create(k, shown) {
    const link = "ends" in shown, role = link ? "switch" : "slider";
    const node = make(svg, "g", { class: `ck-handle${link ? " ck-link" : ""}`, tabindex: 0, role });
    const handle = { k, node, sent: 0, held: false, lit: shown.lit, low: shown.low,
      turned: new Set() };  // of its controls, those moved by keys and not answered yet
    handle.parts = link
      ? ["ring", "hit"].map(name => make(node, "line", { class: `ck-${name}` }))
      : Object.entries({ hit: 16, ring: 9, knob: 6 }).map(
        ([name, r]) => make(node, "circle", { class: `ck-${name}`, r }));
    handle.note = make(node, "text",
      { class: "ck-note", "aria-hidden": true, "text-anchor": "middle" });
    for (const [event, on] of [["pointerenter", true], ["pointerleave", false],
      ["focus", true], ["blur", false]]) {
      node.addEventListener(event, () => light(handle, on), options);
    }
    if (link) {
      const toggle = () => {
        const on = node.getAttribute("aria-checked") !== "true";
        node.setAttribute("aria-checked", on);
        send(handle, { on });
      };
      node.addEventListener("click", toggle, options);
      node.addEventListener("keydown", event => {
        if (event.key !== " " && event.key !== "Enter") return;
        event.preventDefault();
        if (!event.repeat) toggle();
      }, options);
    } else {
      draggable(handle);
    }
    return handle;
  }

  function draggable(handle) {
    const { node } = handle;
    let grip;  // from the handle's middle to the pointer
    const pointer = event => {
      const box = svg.getBoundingClientRect(), scale = width / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    };
    const drop = () => {
      handle.held = false;
      node.classList.remove("ck-held");
      update();
    };
    // A finger on the handle does not scroll the page; touch-action does not reach inside an SVG.
    node.addEventListener("touchstart", event => event.preventDefault(),
      { passive: false, ...options });
    node.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      event.preventDefault();
      node.focus({ preventScroll: true });
      node.setPointerCapture(event.pointerId);
      node.classList.add("ck-held");
      handle.held = true;
      grip = pointer(event).map((value, c) => value - handle.place[c]);
    }, options);
    node.addEventListener("pointermove", event => {
      if (!handle.held) return;
      const to = pointer(event).map((value, c) => value - grip[c]);
      const [track, second] = handle.tracks;
      if (second) {
        const [[left, top], [right, bottom]] = handle.frame;
        place(handle, [clamp(to[0], left, right), clamp(to[1], top, bottom)]);
        send(handle, { to: handle.place });
        return;
      }
      const share = nearest(track, to);
      if (share === undefined) return;
      place(handle, along(track, share));
      const tick = Math.round(share * handle.ticks[0][1]);
      if (tick === handle.ticks[0][0]) return;
      handle.ticks[0][0] = tick;
      send(handle, { ticks: [tick] });
    }, options);
    for (const end of ["pointerup", "pointercancel"]) node.addEventListener(end, drop, options);
    node.addEventListener("keydown", event => {
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      const [which, by] = KEYS[event.key], j = Math.min(which, handle.tracks.length - 1);
      const [tick, last] = handle.ticks[j], track = handle.tracks[j];
      const next = clamp(tick + by, 0, last);
      const [from, to] = [tick, next].map(step => along(track, step / last));
      handle.ticks[j][0] = next;
      handle.turned.add(j);
      place(handle, handle.place.map((value, c) => value + to[c] - from[c]));
      // only what the keys have moved: the other control may have been moved by its slider
      send(handle, { ticks: handle.ticks.map(([step], i) => handle.turned.has(i) ? step : null) });
    }, options);
  }

  /** Take over what Python has sent, except for a handle that has been moved since. */
  function update() {
    model.get("handles").forEach((shown, k) => {
      const handle = handles[k] ??= create(k, shown), { node } = handle;
      if (handle.sent > model.get("answered")) return;
      delete open[k];
      handle.turned.clear();
      handle.lit = shown.lit;
      const label = { "aria-label": shown.name };
      if ("ends" in shown) {
        const [[x1, y1], [x2, y2]] = shown.ends;
        for (const part of handle.parts) {
          for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) part.setAttribute(key, value);
        }
        Object.assign(label, { "aria-checked": shown.on });
        write(handle, shown.note, [(x1 + x2) / 2, (y1 + y2) / 2]);
      } else {
        node.style.display = shown.at ? "" : "none";
        if (!shown.at) return;
        const [now, last] = shown.ticks[0];
        Object.assign(label, { "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": now,
          "aria-valuetext": shown.text });
        if (!handle.held) {
          Object.assign(handle, { tracks: shown.tracks, ticks: structuredClone(shown.ticks),
            frame: shown.frame });
          place(handle, shown.at);
        }
        write(handle, shown.note, [0, 0], shown.at);
      }
      for (const [key, value] of Object.entries(label)) node.setAttribute(key, value);
    });
  }

  /** Move the handles in the frame in which the picture that came before them is seen. */
  async function follow() {
    const picture = el.closest(".ck-explorer")?.querySelector("img.ck-figure");
    await Promise.allSettled([picture?.decode()]);  // or the next one has taken its place
    update();
  }

  /** Write the note; beside the handle, to the side on which there is room. */
  function write(handle, note, [x, y], [left, top] = [x, y]) {
    handle.note.textContent = note;
    if (handle.low) return;  // `place` has put it at the foot of the picture
    const anchor = left < width / 3 ? "start" : left > width * 2 / 3 ? "end" : "middle";
    for (const [key, value] of Object.entries({ x, y: top < 40 ? y + 28 : y - 18,
      "text-anchor": anchor })) handle.note.setAttribute(key, value);
  }

  function watch() {
    if (model.get("ratio") !== devicePixelRatio) {
      model.set("ratio", devicePixelRatio);
      model.save_changes();
    }
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
      .addEventListener("change", watch, { once: true, ...options });
  }

  /** JupyterLab would take arrow keys to go to another cell, and letters as its commands. */
  const keep = event => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) event.stopPropagation();
  };

  const names = model.get("names");
  let frame = requestAnimationFrame(function name() {
    const root = el.closest(".ck-explorer");
    root?.addEventListener("keydown", keep, options);
    for (const play of root?.querySelectorAll(".ck-play") ?? []) play.ariaLabel = play.title;
    const sliders = root?.querySelectorAll(".noUi-handle") ?? [];
    sliders.forEach((slider, k) => slider.setAttribute("aria-label", names[k]));
    if (sliders.length < names.length) frame = requestAnimationFrame(name);  // not yet there
  });
  model.on("change:handles change:answered", follow);
  update();
  watch();
  return () => {
    cancelAnimationFrame(frame);
    stopped.abort();
    model.off("change:handles change:answered", follow);
  };
}
export default { render };
