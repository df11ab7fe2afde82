// What the page says to the pupil: its texts in the language of the test, and the region that readers of the screen follow.

type Values = Record<string, string | number>;

const texts = JSON.parse(document.body.dataset["texts"] ?? "{}") as Record<string, string>;

/** A text with `{n}`, `{a}` and so on filled in. */
export function say(key: string, values: Values = {}): string {
  return fill(texts[key] ?? "", values);
}

export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Said aloud by readers of the screen. */
export function announce(text: string): void {
  const region = document.getElementById("announce");
  if (region && text) region.textContent = text;
}

/** An element with a class and a text. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}

export function button(name: string, text: string, press: () => void, label = ""): HTMLButtonElement {
  const made = element("button", name, text);
  made.type = "button";
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", press);
  return made;
}

/** Tells the page that a field has another value, as if the pupil had typed it. */
export function changed(field: HTMLElement): void {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
