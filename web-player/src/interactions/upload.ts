// A file to send: its name and size, and a way to take it back.
import { announce, button, changed, element, say } from "../say";

/** Bytes of the largest file, as the server says it. */
export const LARGEST = 8 * 1024 * 1024;

export function sizeOf(bytes: number, language: string): string {
  const [small, large] = language === "en" ? ["KB", "MB"] : ["КБ", "МБ"];
  const [value, unit] = bytes < 1024 * 1024 ? [Math.max(0.1, bytes / 1024), small] : [bytes / 1024 / 1024, large];
  return `${value.toFixed(1).replace(".", language === "en" ? "." : ",")} ${unit}`;
}

/** Whether a list such as `image/*,application/pdf` takes a media type; an unknown type is for the server to look at. */
export function takes(accept: string, kind: string): boolean {
  const allowed = accept.split(",").map((one) => one.trim()).filter(Boolean);
  return allowed.length === 0 || kind === "" || allowed.some((one) => one === kind || (one.endsWith("/*") && kind.startsWith(one.slice(0, -1))));
}

export function upload(group: HTMLElement): (() => void) | undefined {
  const input = group.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return undefined;
  const told = element("p", "file-told");
  told.setAttribute("role", "status");
  const clear = button("button small-button", say("file-remove"), () => {
    input.value = "";
    changed(input);
    show();
    input.focus();
  });
  const show = (): void => {
    const file = input.files?.[0];
    clear.hidden = !file;
    told.textContent = file ? say("file-chosen", { a: file.name, b: sizeOf(file.size, document.documentElement.lang) }) : "";
    told.classList.remove("bad");
  };
  const refuse = (text: string): void => {
    input.value = "";
    show();
    told.textContent = text;
    told.classList.add("bad");
    announce(text);
  };
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file && file.size > LARGEST) refuse(say("file-large", { n: LARGEST / 1024 / 1024 }));
    else if (file && !takes(input.accept, file.type)) refuse(say("file-kind", { a: file.name }));
    else show();
  });
  input.after(told, clear);
  show();
  return show;
}
