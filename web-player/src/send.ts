// An answer on its way: kept in the browser until the server has acknowledged it, sent again and again until then.

/** What is kept: where it goes and what it says. */
export interface Pending {
  action: string;
  body: string;
  item: string;
  savedAt: number;
  /** The whole form when it has files: too large for the store, so it lives as long as the page. */
  files?: FormData;
}

/** What the server said to it. */
export type Outcome =
  | { kind: "page"; html: string; accepted: boolean }
  | { kind: "gone" }
  | { kind: "again" };

/** Milliseconds before the next try: 1, 2, 4, 8, then 15 seconds, spread so that a school's machines do not come at once. */
export function pause(tries: number, random: number): number {
  const base = Math.min(15_000, 1000 * 2 ** Math.min(tries, 4));
  return Math.round(base * (0.75 + random / 2));
}

/** What a status means for an answer that waits. */
export function verdict(status: number, html: string): Outcome {
  if (status === 200) return { kind: "page", html, accepted: true };
  // A refusal with its reason: the page says it and shows where the attempt is.
  if (status === 422) return { kind: "page", html, accepted: false };
  // Signed out, or a token from before: the whole page must be loaded anew; the answer stays here until then.
  if (status === 400 || status === 401 || status === 403 || status === 404) return { kind: "gone" };
  return { kind: "again" };
}

const PREFIX = "zerek-answer-";
const DRAFTS = "zerek-draft-";
/** Answers of other attempts on a shared machine are dropped after this many milliseconds. */
const FORGOTTEN_AFTER = 24 * 3600 * 1000;

/** The browser's store; a browser that forbids it keeps answers in memory only. */
export class Kept {
  private memory: Pending | undefined;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly attempt: string,
  ) {}

  put(pending: Pending): void {
    this.memory = pending;
    // Without its files an answer would say something else: after a power cut the page asks for them again.
    if (pending.files) return;
    try {
      this.storage?.setItem(PREFIX + this.attempt, JSON.stringify(pending));
    } catch {
      // Full or forbidden: memory has it.
    }
  }

  get(): Pending | undefined {
    if (this.memory) return this.memory;
    try {
      const text = this.storage?.getItem(PREFIX + this.attempt);
      return text ? (JSON.parse(text) as Pending) : undefined;
    } catch {
      return undefined;
    }
  }

  drop(): void {
    this.memory = undefined;
    try {
      this.storage?.removeItem(PREFIX + this.attempt);
    } catch {
      // Nothing was there.
    }
  }

  /** Takes away what earlier pupils of this machine left, once it is old. */
  sweep(now: number): void {
    try {
      for (let index = (this.storage?.length ?? 0) - 1; index >= 0; index -= 1) {
        const key = this.storage?.key(index);
        const ours = key?.startsWith(PREFIX) || key?.startsWith(DRAFTS);
        if (!key || !ours || key === PREFIX + this.attempt || key === DRAFTS + this.attempt) continue;
        const other = JSON.parse(this.storage?.getItem(key) ?? "{}") as Partial<Pending>;
        if (now - (other.savedAt ?? 0) > FORGOTTEN_AFTER) this.storage?.removeItem(key);
      }
    } catch {
      // Not ours to repair.
    }
  }
}

/** The body with the token of the page that is open now: the kept one may be from before another sign-in. */
export function withToken(body: string, token: string): string {
  const fields = new URLSearchParams(body);
  fields.set("csrf", token);
  return fields.toString();
}
