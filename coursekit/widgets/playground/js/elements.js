// Making the page's elements: native ones, so that keys and screen readers know them.

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

/** A button that does one thing. */
export function button(text, action, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", action);
  return node;
}

const TOKEN = Math.random().toString(36).slice(2, 8); // each widget runs a copy of this text
let made = 0;

/** A name that no other element of the page has. */
export function freshId() {
  made += 1;
  return `ck-playground-${TOKEN}-${made}`;
}

/** A field after its label. */
export function labelled(text, field) {
  field.id ||= freshId();
  return element("span", { class: "ck-field" }, element("label", { htmlFor: field.id }, text), field);
}

/** Set a text only if it is another one: an untouched page isn't laid out anew. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Give a canvas as many pixels as the screen has on its place, and return its pen in CSS pixels. */
export function fit(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
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
