// Points on a picture: select point and position object. A press, or a cross that the arrow keys move. The number fields of
// the plain form hold the points, in pixels of the picture as the author gave it.
import { announce, button, changed, element, say } from "../say";
import { draggable } from "./drag";

type Point = [number, number];

/** Pixels that an arrow key moves the cross; one with Shift. */
const STEP = 10;

/** A place on the shown picture in pixels of its author, whole and inside. */
export function toPicture(x: number, y: number, shown: { width: number; height: number }, size: Point): Point {
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
  return [within((x / (shown.width || 1)) * size[0], size[0]), within((y / (shown.height || 1)) * size[1], size[1])];
}

export function points(group: HTMLElement): (() => void) | undefined {
  const stage = group.closest(".qti-position-object-stage");
  const root = (stage ?? group).querySelector<HTMLElement>(":scope > .qti-picture");
  const image = root?.querySelector("img");
  const rows = [...group.querySelectorAll("ol.qti-points > li")].map((row) => [...row.querySelectorAll("input")]);
  if (!root || !image || rows.length === 0) return undefined;
  return new Points(group, root, image, rows, stage ? group.querySelector<HTMLElement>(":scope > .qti-picture") : null).refresh;
}

class Points {
  private readonly surface = element("div", "point-surface");
  private readonly back: HTMLButtonElement;
  private cross: Point | undefined;

  constructor(
    group: HTMLElement,
    private readonly root: HTMLElement,
    private readonly image: HTMLImageElement,
    private readonly rows: HTMLInputElement[][],
    private readonly object: HTMLElement | null,
  ) {
    const list = group.querySelector<HTMLElement>("ol.qti-points");
    if (list) list.hidden = true;
    group.classList.add("has-points");
    const hint = element("p", "how-to", say("point-hint"));
    hint.id = `how-${group.dataset["response"] ?? ""}`;
    this.surface.tabIndex = 0;
    this.surface.setAttribute("role", "application");
    this.surface.setAttribute("aria-label", image.alt || say("places"));
    this.surface.setAttribute("aria-describedby", hint.id);
    root.append(this.surface);
    this.back = button("button small-button", say("points-clear"), () => this.takeBack());
    (object ?? group.querySelector("legend"))?.after(hint);
    group.append(this.back);
    this.surface.addEventListener("click", (event) => {
      // With several objects on one stage, a press on a point that stands already belongs to that point.
      if (!(event.target as Element).closest(".point")) this.add(this.at(event.clientX, event.clientY));
    });
    this.surface.addEventListener("keydown", (event) => this.key(event));
    this.surface.addEventListener("blur", () => {
      this.cross = undefined;
      this.refresh();
    });
    // Several objects share one picture: what was last touched is what is placed next.
    group.addEventListener("focusin", () => this.toFront());
    group.addEventListener("pointerdown", () => this.toFront());
    if (object) {
      draggable(object, { can: () => true, drop: (target, x, y) => void (root.contains(target) && this.add(this.at(x, y))) });
    }
    this.refresh();
  }

  private toFront(): void {
    // Moving it while it is pressed would lose the press.
    if (this.root.lastElementChild !== this.surface) this.root.append(this.surface);
  }

  private size(): Point {
    return [Number(this.image.getAttribute("width")) || this.image.naturalWidth || 1, Number(this.image.getAttribute("height")) || this.image.naturalHeight || 1];
  }

  private at(x: number, y: number): Point {
    const box = this.image.getBoundingClientRect();
    return toPicture(x - box.left, y - box.top, box, this.size());
  }

  private point(row: number): Point | undefined {
    const [x, y] = this.rows[row] ?? [];
    return x?.value && y?.value ? [Number(x.value), Number(y.value)] : undefined;
  }

  private set(row: number, point: Point | undefined): void {
    const fields = this.rows[row] ?? [];
    fields.forEach((field, axis) => (field.value = point ? String(point[axis]) : ""));
    if (fields[0]) changed(fields[0]);
    this.refresh();
  }

  private count(): number {
    return this.rows.filter((_, row) => this.point(row)).length;
  }

  private add(point: Point): void {
    const free = this.rows.findIndex((_, row) => !this.point(row));
    // One point follows the press; of several the last stays until it is taken back.
    const row = free < 0 && this.rows.length === 1 ? 0 : free;
    if (row < 0) {
      announce(say("most", { n: this.rows.length }));
      return;
    }
    this.set(row, point);
    announce(say("point-placed", { n: row + 1, x: point[0], y: point[1] }));
  }

  private takeBack(): void {
    const row = this.count() - 1;
    if (row < 0) return;
    this.set(row, undefined);
    announce(say("point-removed", { n: row + 1 }));
  }

  private key(event: KeyboardEvent): void {
    const size = this.size();
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const cross: Point = this.cross ?? [Math.round(size[0] / 2), Math.round(size[1] / 2)];
    if (way) {
      const step = event.shiftKey ? 1 : STEP;
      this.cross = toPicture(cross[0] + (way[0] ?? 0) * step, cross[1] + (way[1] ?? 0) * step, { width: size[0], height: size[1] }, size);
      announce(say("point-at", { x: this.cross[0], y: this.cross[1] }));
      this.refresh();
    } else if (event.key === "Enter" || event.key === " ") {
      this.cross = cross;
      this.add(cross);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.takeBack();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  readonly refresh = (): void => {
    this.surface.replaceChildren();
    this.rows.forEach((_, row) => {
      const point = this.point(row);
      if (point) this.surface.append(this.marker(point, row));
    });
    if (this.cross) this.surface.append(this.stand(element("span", "cross"), this.cross));
    this.back.disabled = this.count() === 0;
  };

  private stand<E extends HTMLElement>(what: E, [x, y]: Point): E {
    const size = this.size();
    Object.assign(what.style, { left: `${(100 * x) / size[0]}%`, top: `${(100 * y) / size[1]}%` });
    return what;
  }

  private marker(point: Point, row: number): HTMLElement {
    const marker = element("span", "point", this.rows.length > 1 ? String(row + 1) : "");
    const picture = this.object?.querySelector("img");
    if (picture) {
      const copy = picture.cloneNode() as HTMLImageElement;
      copy.alt = "";
      marker.replaceChildren(copy);
      marker.classList.add("object");
    }
    draggable(marker, {
      can: () => true,
      move: (x, y) => this.stand(marker, this.at(x, y)),
      drop: (_, x, y) => this.set(row, this.at(x, y)),
    });
    return this.stand(marker, point);
  }
}
