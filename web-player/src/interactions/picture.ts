// Pictures with areas: which shape belongs to which choice, where its middle is, and what is drawn over it.

const SVG = "http://www.w3.org/2000/svg";

export class Picture {
  readonly root: HTMLElement;
  private readonly svg: SVGSVGElement | null;
  private lines: SVGPolylineElement[] = [];

  private constructor(root: HTMLElement) {
    this.root = root;
    this.svg = root.querySelector("svg.qti-areas");
    const image = root.querySelector("img");
    if (!this.svg || !image || this.svg.hasAttribute("viewBox")) return;
    if (image.complete) this.fit(image);
    image.addEventListener("load", () => this.fit(image));
  }

  /** Areas of a picture whose size only its file tells: they shrink with it. */
  private fit(image: HTMLImageElement): void {
    const { naturalWidth, naturalHeight } = image;
    if (!naturalWidth || !naturalHeight) return;
    const width = Number(image.getAttribute("width")) || 0;
    const height = Number(image.getAttribute("height")) || 0;
    const scale = width / naturalWidth || height / naturalHeight || 1;
    this.svg?.setAttribute("viewBox", `0 0 ${naturalWidth * scale} ${naturalHeight * scale}`);
  }

  static of(group: HTMLElement): Picture | undefined {
    const root = group.querySelector<HTMLElement>(":scope > .qti-picture");
    return root?.querySelector("svg.qti-areas") ? new Picture(root) : undefined;
  }

  area(choice: string): SVGElement | null {
    return this.svg?.querySelector(`[data-choice="${CSS.escape(choice)}"]`) ?? null;
  }

  /** The choice whose shape this is. */
  choiceOf(target: Element | null): string | undefined {
    const shape = target?.closest("[data-choice]");
    return shape && this.svg?.contains(shape) ? shape.getAttribute("data-choice") ?? undefined : undefined;
  }

  /** The middle of an area, in pixels of the picture. */
  middle(choice: string): [number, number] {
    const [x, y] = (this.area(choice)?.nextElementSibling?.getAttribute("data-middle") ?? "").split(" ").map(Number);
    return [x || 0, y || 0];
  }

  size(): [number, number] {
    const box = this.svg?.viewBox.baseVal;
    return [box?.width || 1, box?.height || 1];
  }

  mark(choice: string, name: string, on: boolean): void {
    this.area(choice)?.classList.toggle(name, on);
  }

  onPress(press: (choice: string) => void): void {
    this.root.classList.add("can-press");
    this.svg?.addEventListener("click", (event) => {
      const choice = this.choiceOf(event.target as Element);
      if (choice) press(choice);
    });
  }

  /** Lines from area to area, in place of those drawn before. */
  draw(lines: string[][]): void {
    for (const line of this.lines) line.remove();
    this.lines = lines.filter((line) => line.length > 1).map((line) => {
      const made = document.createElementNS(SVG, "polyline");
      made.setAttribute("class", "area-line");
      made.setAttribute("points", line.map((choice) => this.middle(choice).join(",")).join(" "));
      this.svg?.prepend(made);
      return made;
    });
  }
}
