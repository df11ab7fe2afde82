// What is begun in a task and not sent yet, kept on this machine so that a reload or a power cut does not cost it. Once the
// answer is acknowledged it is dropped: nobody who comes after sees what was answered.

type Pairs = [string, string][];
interface Draft {
  item: string;
  fields: Pairs;
  kept: Pairs;
  savedAt: number;
}

const PREFIX = "zerek-draft-";
const OWN = ["csrf", "item", "step", "do"];
type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class Drafts {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly storage: Storage | undefined,
    private readonly attempt: string,
  ) {}

  /** Keeps what stands in the form, a moment after the last change. */
  later(form: HTMLFormElement): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(form), 250);
  }

  keep(form: HTMLFormElement): void {
    clearTimeout(this.timer);
    const fields: Pairs = [];
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && !OWN.includes(name)) fields.push([name, value]);
    });
    const files = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
    const kept = files.filter((file) => file.dataset["kept"]).map((file): [string, string] => [file.name, file.dataset["kept"] ?? ""]);
    const item = form.querySelector<HTMLInputElement>("input[name=item]")?.value ?? "";
    try {
      this.storage?.setItem(PREFIX + this.attempt, JSON.stringify({ item, fields, kept, savedAt: Date.now() } satisfies Draft));
    } catch {
      // Full or forbidden: the page itself still has it.
    }
  }

  /** Fills the form with what was kept for its item; true when that was something. */
  restore(form: HTMLFormElement): boolean {
    const draft = this.read();
    const item = form.querySelector<HTMLInputElement>("input[name=item]")?.value;
    if (!draft || draft.item !== item) {
      if (draft) this.drop();
      return false;
    }
    const fields = [...form.querySelectorAll<Field>("input, select, textarea")].filter((field) => !OWN.includes(field.name));
    const filled = fill(fields, draft.fields);
    for (const [name, text] of draft.kept) {
      const field = fields.find((one) => one.name === name && (one as HTMLInputElement).type === "file");
      if (field) field.dataset["kept"] = text;
    }
    return filled || draft.kept.length > 0;
  }

  drop(): void {
    clearTimeout(this.timer);
    try {
      this.storage?.removeItem(PREFIX + this.attempt);
    } catch {
      // Nothing was there.
    }
  }

  private read(): Draft | undefined {
    try {
      const text = this.storage?.getItem(PREFIX + this.attempt);
      return text ? (JSON.parse(text) as Draft) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Sets fields to names and values as a form sends them; true when some value was not empty. */
export function fill(fields: readonly Field[], pairs: Pairs): boolean {
  const byName = new Map<string, string[]>();
  for (const [name, value] of pairs) byName.set(name, [...(byName.get(name) ?? []), value]);
  const place = new Map<string, number>();
  for (const field of fields) {
    const values = byName.get(field.name) ?? [];
    const kind = (field as HTMLInputElement).type;
    if (kind === "file" || kind === "submit" || kind === "button") continue;
    if (kind === "radio" || kind === "checkbox") {
      (field as HTMLInputElement).checked = values.includes(field.value);
      continue;
    }
    // Fields of one name send their values in the order of the page.
    const index = place.get(field.name) ?? 0;
    place.set(field.name, index + 1);
    field.value = values[index] ?? "";
  }
  return pairs.some(([, value]) => value !== "");
}
