// Makes the page's elements: native ones, which the keyboard and screen readers can use.

/** An element with properties or attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** A button with an action. */
export function button(text, action, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", action);
  return node;
}

const TOKEN = Math.random().toString(36).slice(2, 8); // each widget runs a copy of this module
let made = 0;

/** An id that no other element of the page has. */
export function freshId() {
  made += 1;
  return `ck-${TOKEN}-${made}`;
}

/** A field with a label before it. */
export function labelled(text, field) {
  field.id ||= freshId();
  return element("span", { class: "ck-field" }, element("label", { htmlFor: field.id }, text), field);
}

/** Set a text only if it has changed, because each change makes the browser lay out the page again. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Match a canvas to the screen's resolution, and return its context, scaled to CSS pixels. */
export function fit(canvas, width, height, ratio = window.devicePixelRatio || 1) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
