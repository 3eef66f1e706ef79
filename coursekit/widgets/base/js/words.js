// The words of a page: English here, and in another language what Python has sent.

let table = { texts: {}, forms: {} };

/** Take the translations over; without any, the page is English. */
export function translate(words) {
  table = { texts: {}, forms: {}, ...words };
}

function filled(text, fields) {
  return text.replace(/\{(\w+)\}/g, (field, name) => String(fields[name] ?? field));
}

/** Translate a text and fill in its fields: say("step {n}", { n: 3 }). */
export function say(text, fields = {}) {
  return filled(table.texts[text] ?? text, fields);
}

/** The same with a number in it, the field n. */
export function sayN(n, one, many, fields = {}) {
  const forms = table.forms[one];
  if (!forms) return filled(n === 1 ? one : many, { n, ...fields });
  const kind = new Intl.PluralRules(table.language).select(n);
  return filled(forms[["one", "few", "many"].indexOf(kind)] ?? forms.at(-1), { n, ...fields });
}

/** Mark a text for translation that `say` gets later. */
export function mark(text) {
  return text;
}
