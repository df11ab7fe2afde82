// Inside the frame of a portable custom interaction: a loader for its modules (AMD, as the specification asks for) and the
// context by which it registers itself. The frame has no origin and no network; messages to the page are all it has.

type Factory = (...parts: unknown[]) => unknown;
interface Instance {
  getResponse?: () => unknown;
  getState?: () => unknown;
}
interface Interaction {
  typeIdentifier: string;
  getInstance: (dom: HTMLElement, configuration: object, state: unknown) => unknown;
}

const start = JSON.parse(document.body.dataset["start"] ?? "{}") as {
  type: string;
  module: string;
  properties: Record<string, string>;
  response: string;
};
const defined = new Map<string, { needs: string[]; factory: Factory | object }>();
const made = new Map<string, unknown>();
const registered = new Map<string, Interaction>();
let instance: Instance | undefined;
let said = "";

const tell = (message: object): void => parent.postMessage({ zerek: "program", ...message }, "*");

/** The name of the script that runs now: modules are defined without a name. */
const nameNow = (): string => (document.currentScript as HTMLElement | null)?.dataset["module"] ?? "";

function define(...parts: unknown[]): void {
  const name = typeof parts[0] === "string" ? (parts.shift() as string) : nameNow();
  const needs = Array.isArray(parts[0]) ? (parts.shift() as string[]) : [];
  defined.set(nameNow() || name, { needs, factory: parts[0] as Factory });
}
Object.assign(define, { amd: {} });

function load(name: string, waiting: string[] = []): unknown {
  if (made.has(name)) return made.get(name);
  const module = defined.get(name);
  if (!module || waiting.includes(name)) throw new Error(`module ${name} cannot be loaded`);
  const own: { exports: unknown } = { exports: {} };
  const special: Record<string, unknown> = { exports: own.exports, module: own, require: (one: string) => load(one) };
  const needs = module.needs.map((need) => special[need] ?? load(need, [...waiting, name]));
  const result = typeof module.factory === "function" ? (module.factory as Factory)(...needs) : module.factory;
  made.set(name, result ?? own.exports);
  return made.get(name);
}

function sayAnswer(): void {
  const response = instance?.getResponse?.();
  const text = JSON.stringify(response ?? null);
  if (text === said) return;
  said = text;
  tell({ kind: "answer", response });
}

function sayHeight(): void {
  tell({ kind: "height", height: document.documentElement.scrollHeight });
}

made.set("qtiCustomInteractionContext", {
  register: (interaction: Interaction) => registered.set(interaction.typeIdentifier, interaction),
  notifyReady: (ready: Instance) => (instance = ready),
});

window.addEventListener("message", (event) => {
  const { zerek, kind, given, dark } = event.data as { zerek?: string; kind?: string; given: string[]; dark: boolean };
  if (event.source !== parent || zerek !== "page" || kind !== "start" || instance) return;
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
  load(start.module);
  const interaction = registered.get(start.type) ?? [...registered.values()][0];
  const dom = document.getElementById("program") as HTMLElement;
  const value = given.length > 1 ? { list: { string: given } } : { base: given.length === 1 ? { string: given[0] } : null };
  const configuration = {
    properties: start.properties,
    responseIdentifier: start.response,
    boundTo: { [start.response]: value },
    templateVariables: {},
    contextVariables: {},
    status: "interacting",
    onready: (ready: Instance) => (instance = ready),
    ondone: () => sayAnswer(),
  };
  const returned = interaction?.getInstance(dom, configuration, undefined) as Instance | undefined;
  instance ??= returned;
  for (const happened of ["input", "change", "click", "keyup", "pointerup"]) document.addEventListener(happened, () => setTimeout(sayAnswer));
  setInterval(sayAnswer, 500);
  new ResizeObserver(sayHeight).observe(document.body);
  sayHeight();
});
Object.assign(window, { define, requirejs: load });
window.addEventListener("load", () => tell({ kind: "ready" }));
