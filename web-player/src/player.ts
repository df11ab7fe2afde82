// The test player. Every page of a sitting works without it, except that the timer stands still; with it, an answer
// survives a lost connection, the next item comes without a new page, and the time is said aloud.
import { Drafts } from "./draft";
import { enhance } from "./interactions";
import { announce, say } from "./say";
import { Kept, pause, verdict, withToken, type Outcome, type Pending } from "./send";
import { TimeLeft, announcement, shown } from "./time";

const page = (): HTMLElement | null => document.getElementById("sit");
const attempt = document.body.dataset["attempt"] ?? "";

const storage = ((): Storage | undefined => {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
})();
const kept = new Kept(storage, attempt);
const drafts = new Drafts(storage, attempt);
const channel = typeof BroadcastChannel === "undefined" || !attempt ? undefined : new BroadcastChannel(`zerek-sit-${attempt}`);
const left = new TimeLeft(() => performance.now());
let before = Infinity;
let sending = false;

// ---- what the page says ----

function status(text: string): void {
  const region = document.getElementById("connection");
  if (!region) return;
  region.hidden = text === "";
  region.textContent = text;
}

function busy(on: boolean): void {
  page()?.toggleAttribute("data-busy", on);
  page()
    ?.querySelectorAll<HTMLElement>("form[data-answer]")
    .forEach((form) => form.toggleAttribute("inert", on));
}

/** Puts the page that the server sent in place of the one shown. */
function show(html: string): void {
  const parsed = new DOMParser().parseFromString(html, "text/html").getElementById("sit");
  const old = page();
  if (!parsed || !old) {
    location.assign("/sit");
    return;
  }
  old.replaceWith(document.adoptNode(parsed));
  read();
  prepare();
  focus();
  window.scrollTo(0, 0);
}

/** Readers of the screen begin with what went wrong or with the heading of the task. */
function focus(): void {
  const target = page()?.querySelector<HTMLElement>("[role=alert], h1");
  target?.setAttribute("tabindex", "-1");
  target?.focus({ preventScroll: true });
}

/** Takes over what the page says about time. */
function read(): void {
  // Only pages on which the time runs say how much is left.
  const told = page()?.dataset["remaining"];
  if (told !== undefined) {
    const remaining = Number(told);
    left.told(remaining);
    if (before === Infinity) before = remaining;
  } else {
    left.stop();
  }
}

// ---- the task ----

const task = (): HTMLFormElement | null => document.querySelector("form[data-answer]");

/** Fills in what was begun before a reload, then makes the task nicer to use. */
function prepare(): void {
  const form = task();
  if (!form || page()?.dataset["state"] !== "item") {
    drafts.drop();
    return;
  }
  const restored = drafts.restore(form);
  enhance(form);
  if (restored) status(say("restored"));
  const keep = (): void => {
    if (!sending) drafts.later(form);
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}

// ---- sending ----

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
  });

async function once(pending: Pending): Promise<Outcome> {
  const token = page()?.querySelector<HTMLInputElement>("input[name=csrf]")?.value;
  const text = token ? withToken(pending.body, token) : pending.body;
  if (token) pending.files?.set("csrf", token);
  const body = pending.files ?? text;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), pending.files ? 120_000 : 20_000);
  try {
    const response = await fetch(pending.action, {
      method: "POST",
      // The browser itself says where the parts of a form with files begin and end.
      headers: { ...(pending.files ? {} : { "content-type": "application/x-www-form-urlencoded" }), "x-zerek-player": "1" },
      body,
      credentials: "same-origin",
      redirect: "manual",
      signal: stop.signal,
    });
    // A redirect leads to signing in.
    if (response.type === "opaqueredirect") return { kind: "gone" };
    return verdict(response.status, await response.text());
  } catch {
    return { kind: "again" };
  } finally {
    clearTimeout(timer);
  }
}

async function send(pending: Pending): Promise<void> {
  if (sending) return;
  sending = true;
  busy(true);
  for (let tries = 0; ; tries += 1) {
    const outcome = await once(pending);
    if (outcome.kind === "page") {
      kept.drop();
      // What was refused comes back as it was filled in; what was taken is nobody's business on this machine any more.
      if (outcome.accepted) drafts.drop();
      status("");
      sending = false;
      busy(false);
      show(outcome.html);
      tell("moved");
      return;
    }
    if (outcome.kind === "gone") {
      // The answer stays in the store; the page that comes up sends it.
      sending = false;
      location.assign("/sit");
      return;
    }
    status(say("lost"));
    await wait(pause(tries, Math.random()));
  }
}

function pendingOf(form: HTMLFormElement, submitter: HTMLButtonElement | null): Pending {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const fields = new URLSearchParams();
  let hasFiles = false;
  data.forEach((value, name) => {
    if (typeof value === "string") fields.append(name, value);
    else hasFiles ||= value.size > 0;
  });
  // The wall clock only tells old leftovers from new ones.
  return { action: form.getAttribute("action") ?? "/sit/answer", body: fields.toString(), item: fields.get("item") ?? "", savedAt: Date.now(), ...(hasFiles ? { files: data } : {}) };
}

/** Whether there is anything in it besides our own fields. */
function holdsAnswer(pending: Pending): boolean {
  if (pending.files) return true;
  return [...new URLSearchParams(pending.body)].some(([name, value]) => value !== "" && !["csrf", "item", "step", "do"].includes(name));
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const submitter = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  if (!form.matches("form[data-answer]") || submitter?.value === "skip") return;
  event.preventDefault();
  if (sending) return;
  const pending = pendingOf(form, submitter);
  drafts.keep(form);
  kept.put(pending);
  void send(pending);
});

// An answer that was still on its way when the page was closed or the power failed.
function resume(): void {
  const pending = kept.get();
  if (!pending) return;
  if (page()?.dataset["state"] === "item" && page()?.dataset["item"] === pending.item) {
    status(say("resent"));
    void send(pending);
  } else {
    kept.drop();
  }
}

// ---- time ----

function tick(): void {
  const now = left.now();
  if (now === undefined) return;
  const clock = document.getElementById("clock");
  if (clock) clock.textContent = shown(now);
  page()?.toggleAttribute("data-hurry", now <= 60_000);
  const minutes = announcement(before, now);
  if (minutes !== undefined) announce(say("left", { n: minutes }));
  before = now;
  if (now > 0) return;
  left.stop();
  announce(say("over"));
  // What is chosen but not sent still counts: the server allows a little time for the way.
  const form = task();
  if (sending) return;
  const pending = form ? pendingOf(form, null) : undefined;
  if (!form || !pending || !holdsAnswer(pending)) {
    location.assign("/sit");
    return;
  }
  // An answer that is not complete counts too when the time is up.
  pending.body += "&do=time";
  pending.files?.set("do", "time");
  kept.put(pending);
  void send(pending);
}

/** Asks the server for the time: after sleep the steady clock of some machines has stood still. */
async function askTime(): Promise<void> {
  if (document.visibilityState !== "visible" || left.now() === undefined) return;
  try {
    const response = await fetch("/sit/time", { credentials: "same-origin" });
    if (!response.ok) return;
    const { remaining } = (await response.json()) as { remaining: number };
    if (left.now() !== undefined) left.told(remaining);
  } catch {
    // Without a connection the steady clock goes on counting.
  }
}

// ---- a second tab ----

/** How many tasks are left behind on this page. */
const position = (): number => Number(page()?.dataset["position"] ?? 0);

function tell(kind: "opened" | "here" | "moved"): void {
  channel?.postMessage({ kind, position: position() });
}

function watchTabs(): void {
  if (!channel) return;
  channel.onmessage = (event) => {
    const other = event.data as { kind: string; position: number };
    if (other.kind === "opened") tell("here");
    const region = document.getElementById("second-tab");
    if (region) region.hidden = false;
    // The other tab has gone on: what is shown here is behind it.
    if (other.position > position() && !sending) location.assign("/sit");
  };
  tell("opened");
}

// ---- keys ----

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || sending) return;
  const form = task();
  if (!form) return;
  const target = event.target as HTMLElement;
  // Keys without Ctrl or Alt work only while the task has the focus (WCAG 2.1.4), which it gets with each new page.
  if (!form.contains(target)) return;
  const typing = target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (typing) return;
  const options = form.querySelectorAll<HTMLInputElement>("input[type=radio], input[type=checkbox]");
  const option = /^[1-9]$/.test(event.key) ? options[Number(event.key) - 1] : undefined;
  if (option) {
    option.click();
    option.focus();
    event.preventDefault();
  } else if (event.key === "Enter" && !target.matches("button, a")) {
    event.preventDefault();
    form.requestSubmit(form.querySelector<HTMLButtonElement>("[value=next], [value=end]"));
  }
});

window.addEventListener("beforeunload", (event) => {
  // Closing now loses nothing, but the answer would wait for the next visit.
  if (sending) event.preventDefault();
});

read();
prepare();
if (page()?.dataset["state"] === "item") focus();
kept.sweep(Date.now());
resume();
tick();
setInterval(tick, 250);
setInterval(() => void askTime(), 60_000);
document.addEventListener("visibilitychange", () => void askTime());
watchTabs();
