// A surface to draw on. The lines become a PNG in the file field of the plain form; they themselves are kept for a reload.
import { announce, button, changed, element, say } from "../say";

type Line = { colour: number; points: [number, number][] };

const COLOURS = ["#1b2429", "#a3262a", "#0b6374"];
const STEP = 8;

export function draw(group: HTMLElement): (() => void) | undefined {
  const input = group.querySelector<HTMLInputElement>("input[type=file]");
  const canvas = element("canvas", "draw-surface");
  const pen = canvas.getContext("2d");
  // Without a way to fill a file field the field itself stays.
  if (!input || !pen || typeof DataTransfer === "undefined") return undefined;
  const image = group.querySelector("img");
  return new Drawing(group, input, canvas, pen, image).refresh;
}

class Drawing {
  private lines: Line[] = [];
  private colour = 0;
  private cursor: [number, number];
  private down = false;
  private readonly undo: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly pens: HTMLButtonElement[];

  constructor(
    group: HTMLElement,
    private readonly input: HTMLInputElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly pen: CanvasRenderingContext2D,
    private readonly image: HTMLImageElement | null,
  ) {
    canvas.width = Number(image?.getAttribute("width")) || 600;
    canvas.height = Number(image?.getAttribute("height")) || 360;
    this.cursor = [canvas.width / 2, canvas.height / 2];
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", image?.alt || say("draw-surface"));
    const tools = element("div", "draw-tools");
    this.pens = COLOURS.map((colour, index) => {
      const made = button("pen", "", () => this.choose(index), say("draw-pen", { a: index + 1 }));
      made.style.setProperty("--pen", colour);
      return made;
    });
    this.undo = button("button small-button", say("draw-undo"), () => this.change(() => this.lines.pop()));
    this.clear = button("button small-button", say("draw-clear"), () => this.change(() => (this.lines = [])));
    tools.append(...this.pens, this.undo, this.clear);
    const hint = element("p", "how-to", say("draw-hint"));
    input.hidden = true;
    for (const old of group.querySelectorAll<HTMLElement>("label, img")) old.hidden = true;
    input.after(hint, canvas, tools);
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("keydown", (event) => this.key(event));
    if (image && !image.complete) image.addEventListener("load", () => this.paint());
    this.choose(0);
    this.refresh();
  }

  private choose(colour: number): void {
    this.colour = colour;
    this.pens.forEach((pen, index) => pen.setAttribute("aria-pressed", String(index === colour)));
  }

  private at(event: PointerEvent): [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.canvas.width;
    return [Math.round(x), Math.round(((event.clientY - box.top) / box.height) * this.canvas.height)];
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const line: Line = { colour: this.colour, points: [this.at(event)] };
    this.lines.push(line);
    const move = (next: PointerEvent): void => {
      line.points.push(this.at(next));
      this.paint();
    };
    const end = (): void => {
      this.canvas.removeEventListener("pointermove", move);
      this.canvas.removeEventListener("pointerup", end);
      this.canvas.removeEventListener("pointercancel", end);
      this.change(() => undefined);
    };
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", end);
    this.canvas.addEventListener("pointercancel", end);
    this.paint();
  }

  private key(event: KeyboardEvent): void {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const step = event.shiftKey ? STEP * 4 : STEP;
      const [x, y] = this.cursor;
      this.cursor = [
        Math.min(this.canvas.width, Math.max(0, x + (way[0] ?? 0) * step)),
        Math.min(this.canvas.height, Math.max(0, y + (way[1] ?? 0) * step)),
      ];
      if (this.down) this.change(() => this.lines[this.lines.length - 1]?.points.push(this.cursor));
      else this.paint();
    } else if (event.key === " ") {
      this.down = !this.down;
      if (this.down) this.change(() => this.lines.push({ colour: this.colour, points: [this.cursor] }));
      else announce(say("draw-kept", { n: this.lines.length }));
    } else if (event.key === "Backspace" || event.key === "Delete") {
      this.change(() => this.lines.pop());
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Changes the lines, then puts the picture into the field. */
  private change(what: () => unknown): void {
    what();
    this.paint(false);
    const files = new DataTransfer();
    if (this.lines.length > 0) {
      const bytes = atob(this.canvas.toDataURL("image/png").split(",")[1] ?? "");
      files.items.add(new File([Uint8Array.from(bytes, (sign) => sign.charCodeAt(0))], "drawing.png", { type: "image/png" }));
    }
    this.input.files = files.files;
    this.input.dataset["kept"] = this.lines.length > 0 ? JSON.stringify(this.lines) : "";
    changed(this.input);
    this.paint();
    this.undo.disabled = this.clear.disabled = this.lines.length === 0;
  }

  private paint(withCursor = true): void {
    const { pen, canvas } = this;
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (this.image?.complete && this.image.naturalWidth > 0) pen.drawImage(this.image, 0, 0, canvas.width, canvas.height);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = 3;
    for (const line of this.lines) {
      pen.strokeStyle = COLOURS[line.colour] ?? "#000000";
      pen.beginPath();
      const [first, ...rest] = line.points;
      if (!first) continue;
      pen.moveTo(...first);
      for (const point of rest.length > 0 ? rest : [first]) pen.lineTo(...point);
      pen.stroke();
    }
    if (withCursor && document.activeElement === canvas) {
      pen.strokeStyle = "#c2540a";
      pen.strokeRect(this.cursor[0] - 5, this.cursor[1] - 5, 10, 10);
    }
  }

  /** Takes over lines that were kept over a reload. */
  readonly refresh = (): void => {
    const kept = this.input.dataset["kept"];
    if (kept) this.lines = JSON.parse(kept) as Line[];
    if (kept || this.lines.length > 0) this.change(() => undefined);
    else {
      this.paint();
      this.undo.disabled = this.clear.disabled = true;
    }
  };
}
