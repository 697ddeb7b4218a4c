// Texts that scripts show. They come from the page, so that a page speaks one language; a script has none of its own.
// `{name}` in a text is replaced by a value. Values are only ever set as text, never as markup.

export class Words {
  // `root` holds elements with data-text="key".
  constructor(root) {
    this.texts = new Map(
      Array.from(root.querySelectorAll("[data-text]"), (element) => [element.dataset.text, element.textContent.trim()]),
    );
  }

  has(key) {
    return this.texts.has(key);
  }

  text(key, values = {}) {
    const text = this.texts.get(key) ?? key;
    return text.replaceAll(/\{([a-z]+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  // The sentence of a code of refusal: its own, that of its family, or the one for all.
  reason(code, values = {}) {
    const family = code.split(".").slice(0, -1).join(".");
    const key = [`why.${code}`, `why.${family}`, `why.${code.split(".")[0]}`].find((name) => this.has(name));
    return this.text(key ?? "why", { ...values, code });
  }
}

// Fen as `1,234.50`.
export function yuanText(fen) {
  const digits = String(fen).replace("-", "").padStart(3, "0");
  const whole = digits.slice(0, -2).replaceAll(/\B(?=([0-9]{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

// An element with a text.
export function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}
