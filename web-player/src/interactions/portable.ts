// Portable custom interactions: a program of an item's author in a frame without origin and network. It may say its answer
// and how high it is; nothing else is listened to.
import { changed, element, say } from "../say";

/** Longest answer of a program, in signs. */
const LONGEST = 8000;
const HIGHEST = 2000;
/** Milliseconds for the program to say that it is there. */
const PATIENCE = 8000;

/** The values of a response in the JSON form of the specification, as texts of form fields; undefined for what is none. */
export function values(response: unknown): string[] | undefined {
  if (response === null || response === undefined) return [];
  if (typeof response !== "object") return undefined;
  const { base, list, record } = response as Record<string, unknown>;
  if (base === null) return [];
  if (record !== undefined) return [JSON.stringify(record)];
  const holder = (base ?? list) as Record<string, unknown> | undefined;
  if (typeof holder !== "object" || holder === null) return undefined;
  const [value] = Object.values(holder);
  const all = Array.isArray(value) && list !== undefined ? value : [value];
  return all.filter((one) => one !== null && one !== undefined).map((one) => (Array.isArray(one) ? one.join(" ") : String(one)));
}

export function portable(group: HTMLElement): (() => void) | undefined {
  const place = group.querySelector<HTMLElement>(".qti-portable");
  const field = place?.querySelector<HTMLInputElement>("input[type=hidden]");
  const item = document.getElementById("sit")?.dataset["item"];
  if (!place || !field || !item || !place.dataset["module"]) return undefined;
  const frame = element("iframe", "program");
  // No "allow-same-origin": the program cannot reach this page, its cookies or its store.
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = group.querySelector("legend")?.textContent?.trim() || say("program");
  frame.src = `/sit/programs/${item}/${encodeURIComponent(field.name)}`;
  const failed = place.querySelector<HTMLElement>(".qti-unsupported");
  const given = (): string[] => [...place.querySelectorAll<HTMLInputElement>("input[type=hidden]")].map((one) => one.value).filter(Boolean);
  const fill = (texts: string[]): void => {
    place.querySelectorAll("input[type=hidden]").forEach((one, index) => void (index > 0 && one.remove()));
    field.value = texts[0] ?? "";
    for (const text of texts.slice(1)) {
      const more = field.cloneNode() as HTMLInputElement;
      more.value = text;
      place.append(more);
    }
    changed(field);
  };
  let ready = false;
  const listen = (event: MessageEvent): void => {
    if (!frame.isConnected) {
      window.removeEventListener("message", listen);
      return;
    }
    const said = event.data as { zerek?: string; kind?: string; response?: unknown; height?: unknown };
    if (event.source !== frame.contentWindow || typeof said !== "object" || said?.zerek !== "program") return;
    if (said.kind === "ready") {
      ready = true;
      const dark = getComputedStyle(document.documentElement).colorScheme.includes("dark");
      // A frame without origin can only be addressed as "*"; what is sent to it is the pupil's own answer.
      frame.contentWindow?.postMessage({ zerek: "page", kind: "start", given: given(), dark }, "*");
    } else if (said.kind === "answer") {
      const texts = values(said.response);
      if (texts && texts.length <= 200 && texts.join("").length <= LONGEST) fill(texts);
    } else if (said.kind === "height" && typeof said.height === "number") {
      frame.style.height = `${Math.min(HIGHEST, Math.max(40, Math.ceil(said.height)))}px`;
    }
  };
  window.addEventListener("message", listen);
  setTimeout(() => {
    if (ready || !failed) return;
    failed.textContent = say("program-failed");
    failed.hidden = false;
  }, PATIENCE);
  for (const child of place.children) if (!child.matches("input")) (child as HTMLElement).hidden = true;
  place.prepend(frame);
  return undefined;
}
