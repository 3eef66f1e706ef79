// The playground's page: assembles the parts and exchanges messages with the kernel.
import { Callouts, Legend } from "./callouts.js";
import { Card } from "./card.js";
import { Controls } from "./controls.js";
import { Curves } from "./curves.js";
import { DataChoice } from "./data.js";
import { Drawer } from "./drawer.js";
import { element, write } from "../../base/js/elements.js";
import { Extras } from "./extras.js";
import { Picture } from "./frame.js";
import { describeSpace, drawHiddenSpace } from "./hidden_space.js";
import { LayerButtons, LayerTable, WantedLayers } from "./layers.js";
import { leastWidth } from "./layout.js";
import { packed } from "./maps.js";
import { OutputMap, MAP_SIZE } from "./output.js";
import { OwnPoints } from "./own_points.js";
import { Playback } from "./playback.js";
import { Report } from "./report.js";
import { Stage } from "./stage.js";
import { say, translate } from "../../base/js/words.js";

// Messages by which something is changed: what was refused before is past.
const ATTEMPTS = new Set(["set", "weight", "bias", "cut", "points", "remove_point", "clear_points", "undo_points",
  "restore", "preset", "reset", "new_data"]);

function render({ model, el }) {
  const options = model.get("options");
  translate(options.words);
  const { colors } = options;
  const palette = packed(options.palette);
  const picture = new Picture();
  let gone = false; // no kernel receives messages any more
  const set = (values) => send({ do: "set", values });
  let probe = null; // the place of the map under the pointer
  let asked = null; // the one at which the kernel measures the output
  let asking = false; // whether it has not answered yet
  const settings = () => model.get("settings");
  let hovered = null; // the unit under the pointer
  let pending = 0; // the request for the next animation frame, 0 if there is none
  let drawn = -1; // the number of the last frame drawn
  let named = 0; // time at which the units' names were last updated

  const playback = new Playback(send);
  const controls = new Controls(options, set);
  const data = new DataChoice(options, set, send);
  const wanted = new WantedLayers(set);
  const layerButtons = new LayerButtons(options, wanted);
  const layerTable = new LayerTable(options, wanted);
  const extras = new Extras(options, send);
  const report = new Report();
  const own = new OwnPoints(options, MAP_SIZE, send);
  const output = new OutputMap(options, palette, own.pad, point);
  const stage = new Stage(options, palette, { hover, feature, open, cut });
  const card = new Card(send, (layer, unit) => stage.focus(layer, unit));

  const callouts = new Callouts();
  const legend = new Legend();
  const curves = new Curves(MAP_SIZE, later);
  controls.settings = settings();
  const drawer = new Drawer(controls, playback.epochs, [
    [say("Layers"), layerTable.node], [say("More steps"), playback.more],
    [say("Copy, restore, export"), extras.prepared, extras.save],
  ]);
  stage.sheet.append(...callouts.numbers.slice(0, 2));
  output.canvas.parentNode.append(callouts.numbers[2]);

  const space = element("canvas", { role: "img", "aria-label": say("Hidden space.") });
  const spaceText = element("div", { class: "ck-caption" });
  const spacePanel = element("div", { class: "ck-space", hidden: true },
    element("div", { class: "ck-caption" }, say("hidden space")), space, spaceText);
  const root = element("div", { class: "ck-playground", role: "group", "aria-label": say("Playground") },
    element("div", { class: "ck-row ck-bar" }, playback.first, drawer.bar, drawer.button),
    report.node,
    element("div", { class: "ck-sides" },
      drawer.node,
      data.node,
      element("div", { class: "ck-middle" }, layerButtons.node, stage.node, legend.node, spacePanel),
      element("div", { class: "ck-side" },
        element("div", {}, output.node, own.node),
        element("div", {}, report.figures, curves.node))),
    callouts.node, card.node);
  for (const [name, color] of Object.entries(colors)) root.style.setProperty(`--ck-${name}`, color);
  el.append(root);

  function send(message) {
    if (gone) return;
    if (ATTEMPTS.has(message.do)) report.refuse("");
    try {
      model.send(message);
    } catch {
      gone = true; // the kernel was restarted
      report.showLost();
    }
  }

  function hover(unit) {
    hovered = unit;
    send({ do: "hover", unit });
    later();
  }

  function feature(key) {
    const features = settings().features;
    set({ features: features.includes(key) ? features.filter((name) => name !== key) : [...features, key] });
  }

  function open(what) {
    if (picture.header) card.open(picture.header.shapes, stage.labels, picture, settings(), what);
  }

  function cut({ layer, i, j }) {
    send({ do: "cut", layer, from: i, to: j });
  }

  /** The pointer is at a place of the map, or has left it. One question at a time: the answer is a frame. */
  function point(place) {
    if (String(place) === String(probe)) return;
    probe = place;
    if (!asking) ask();
  }

  function ask() {
    asking = true;
    asked = probe;
    send({ do: "probe", at: probe });
  }

  function later() {
    pending ||= requestAnimationFrame(show);
  }

  /** Draw the current picture, and report to the kernel that it was drawn. */
  function show(now) {
    pending = 0;
    const { header } = picture;
    const chosen = settings();
    if (header) {
      const rebuilt = stage.build(header.shapes, chosen, stage.node.clientWidth || 560);
      stage.draw(picture, chosen);
      if (rebuilt) {
        layerButtons.show(chosen, stage.heads, stage.plan.centres);
        callouts.follow(stage.plan, stage.links);
        root.style.setProperty("--ck-least", `${leastWidth(header.shapes.length)}px`);
      }
      playback.show(header);
      report.showFrame(header);
      if (rebuilt || now - named > 500 || !header.playing) {
        named = now;
        stage.refreshNames(picture);
      }
    }
    legend.show(chosen);
    output.draw(picture, chosen, hovered, stage.labels ?? []);
    const ink = getComputedStyle(root).color;
    curves.draw(picture.curves, { ...colors, ink });
    spacePanel.hidden = !chosen.hidden_space;
    if (chosen.hidden_space && drawHiddenSpace(space, picture, options, ink)) {
      write(spaceText, describeSpace(header.hidden));
      space.setAttribute("aria-label", `${say("Hidden space.")} ${describeSpace(header.hidden)}`);
    }
    // Every second frame: each message makes JupyterLab redraw its kernel status, which costs as much as a picture.
    if (header && (header.frame > drawn + 1 || (!header.playing && header.frame !== drawn))) {
      drawn = header.frame;
      send({ do: "drawn", frame: drawn });
    }
  }

  function arrived(content, buffers) {
    if (content.kind === "file") extras.receive(content);
    if (content.kind !== "frame") return;
    const buffer = buffers?.[0];
    picture.absorb(content, buffer && (ArrayBuffer.isView(buffer) ? buffer : new DataView(buffer)));
    card.fill(picture, settings());
    if (content.error) {
      report.refuse(content.error);
      fill(true); // the controls drop the value that was refused
    }
    asking = false;
    if (String(probe) !== String(asked)) ask();
    later();
  }

  /** Show the kernel's settings in the controls. */
  function fill(refused = false) {
    const now = settings();
    wanted.update(now.hidden, refused);
    controls.show(now, picture.header?.kind_of_problem);
    data.show(now);
    own.show(now);
    layerTable.show(now);
    layerButtons.show(now, stage.heads, stage.plan?.centres ?? []);
    later();
  }

  function filled() {
    report.refuse(""); // it was about other settings
    fill();
  }

  function placed() {
    drawer.place(model.get("controls"));
    fill();
  }

  function reported() {
    const status = model.get("status");
    report.showStatus(status, performance.now());
    extras.show(status);
    output.canvas.setAttribute("aria-label", `${say("Map of the output.")} ${status.text ?? ""}`);
  }

  root.addEventListener("keydown", (event) => {
    // JupyterLab's shortcuts of a single key must not run; those with Ctrl (save) may
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
  model.on("msg:custom", arrived);
  model.on("change:settings", filled);
  model.on("change:controls", placed);
  model.on("change:status", reported);
  const resized = new ResizeObserver(later);
  resized.observe(root);
  const theme = new MutationObserver(later);
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  placed();
  reported();
  send({ do: "frame" });
  return () => {
    gone = true;
    cancelAnimationFrame(pending);
    resized.disconnect();
    theme.disconnect();
    model.off("msg:custom", arrived);
    model.off("change:settings", filled);
    model.off("change:controls", placed);
    model.off("change:status", reported);
  };
}

export default { render };
