// Cards and places: order, associate, gap match and their graphic kin. The lists of the plain form stay in the page, hold
// the answer and are what is sent; the cards are another way to set them. Press a card, then its place, or drag it there.
import { announce, button, changed, element, say } from "../say";
import { draggable } from "./drag";
import { Picture } from "./picture";

interface Card {
  /** What the option of a list says about it. */
  label: string;
  id: string;
  button: HTMLButtonElement;
  /** How many places it may have; 0 for any number. */
  uses: number;
}

interface Place {
  select: HTMLSelectElement;
  button: HTMLButtonElement;
  tools: HTMLElement;
  name: string;
}

/** The order after one of its places was moved to another: what stood between moves up or down. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const left = list.filter((_, index) => index !== from);
  return [...left.slice(0, to), list[from] as T, ...left.slice(to)];
}

export function cards(group: HTMLElement): (() => void) | undefined {
  const selects = [...group.querySelectorAll("select")];
  if (selects.length === 0) return undefined;
  return new Board(group, selects).refresh;
}

class Board {
  private readonly cards: Card[];
  private readonly places: Place[];
  private readonly picture: Picture | undefined;
  private readonly isOrder: boolean;
  private readonly isGap: boolean;
  private readonly isPair: boolean;
  private heldCard: number | undefined;
  private heldPlace: number | undefined;

  constructor(private readonly group: HTMLElement, selects: HTMLSelectElement[]) {
    const is = (...names: string[]): boolean => names.some((name) => group.classList.contains(`qti-${name}-interaction`));
    this.isOrder = is("order", "graphic-order");
    this.isGap = is("gap-match", "graphic-gap-match");
    this.isPair = is("associate", "graphic-associate");
    this.picture = Picture.of(group);
    this.cards = this.makeCards(selects[0] as HTMLSelectElement);
    this.places = selects.map((select, index) => this.makePlace(select, index));
    group.classList.add("has-cards");
    group.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isHolding()) {
        this.letGo();
        announce(say("cancelled"));
        event.stopPropagation();
      }
    });
    this.picture?.onPress((choice) => this.pressArea(choice));
    this.refresh();
  }

  private makeCards(select: HTMLSelectElement): Card[] {
    let bank = this.group.querySelector<HTMLElement>("ul[class$='-choices']");
    if (!bank) {
      bank = element("ul", "qti-area-choices");
      for (const option of [...select.options].slice(1)) bank.append(element("li", "", option.text));
      (this.picture?.root ?? this.group.querySelector("legend"))?.after(bank);
    }
    bank.setAttribute("aria-label", say("choices"));
    const hint = element("p", "how-to", say("pick-hint"));
    bank.before(hint);
    return [...bank.children].map((item, index) => {
      const option = select.options[index + 1];
      const made = button("card", "", () => this.pressCard(index));
      made.append(...item.childNodes);
      item.append(made);
      const uses = this.isOrder ? 1 : Number((item as HTMLElement).dataset["uses"] ?? 1);
      draggable(made, {
        can: () => this.isFree(index),
        over: (target) => this.showOver(target),
        drop: (target) => this.dropOn(index, undefined, target),
      });
      const label = option?.text ?? made.textContent ?? "";
      // What has no words for assistive technology (mathematics) gets those of the list.
      if (made.querySelector("math")) made.setAttribute("aria-label", label);
      return { label, id: option?.value.split(" ")[0] ?? "", button: made, uses };
    });
  }

  private makePlace(select: HTMLSelectElement, index: number): Place {
    const made = button("place", "", () => this.pressPlace(index));
    const tools = element("span", "place-tools");
    // The place and its tools stay on one line.
    const slot = element("span", "slot");
    select.hidden = true;
    select.before(slot);
    slot.append(select, made, tools);
    draggable(made, {
      can: () => this.held(index) !== undefined,
      over: (target) => this.showOver(target),
      drop: (target) => this.dropOn(this.held(index) ?? -1, index, target),
    });
    return { select, button: made, tools, name: select.getAttribute("aria-label") ?? "" };
  }

  // ---- state: what the lists say ----

  private held(place: number): number | undefined {
    const index = (this.places[place]?.select.selectedIndex ?? 0) - 1;
    return index < 0 ? undefined : index;
  }

  private used(card: number): number {
    return this.places.filter((_, place) => this.held(place) === card).length;
  }

  private isFree(card: number): boolean {
    const uses = this.cards[card]?.uses ?? 1;
    return uses === 0 || this.used(card) < uses;
  }

  private isHolding(): boolean {
    return this.heldCard !== undefined || this.heldPlace !== undefined;
  }

  private set(place: number, card: number | undefined): void {
    const { select } = this.places[place] as Place;
    // What may not go here stays in the list, disabled.
    select.selectedIndex = card === undefined || select.options[card + 1]?.disabled ? 0 : card + 1;
    changed(select);
  }

  // ---- what presses do ----

  private pressCard(card: number): void {
    if (this.heldPlace !== undefined && this.held(this.heldPlace) === undefined) {
      this.put(card, this.heldPlace);
    } else if (this.heldCard === card) {
      this.letGo();
      announce(say("cancelled"));
    } else if (!this.isFree(card)) {
      return;
    } else if (this.isGap) {
      this.letGo();
      this.heldCard = card;
      announce(say("picked", { a: this.cards[card]?.label ?? "" }));
      this.refresh();
    } else {
      const free = this.places.findIndex((_, place) => this.held(place) === undefined);
      if (free < 0) announce(say("filled"));
      else this.put(card, free);
    }
  }

  private pressPlace(place: number): void {
    if (this.heldCard !== undefined) {
      this.put(this.heldCard, place);
    } else if (this.heldPlace === place) {
      this.letGo();
      announce(say("cancelled"));
    } else if (this.heldPlace !== undefined && this.held(this.heldPlace) !== undefined) {
      this.shift(this.heldPlace, place);
    } else {
      this.heldPlace = place;
      const card = this.held(place);
      announce(card === undefined ? `${this.places[place]?.name ?? ""}: ${say("empty")}` : say("picked", { a: this.cards[card]?.label ?? "" }));
      this.refresh();
    }
  }

  private pressArea(choice: string): void {
    if (!this.isGap) {
      const card = this.cards.findIndex((known) => known.id === choice);
      if (card >= 0) this.pressCard(card);
      return;
    }
    const place = this.placeOf(choice);
    if (place >= 0) this.pressPlace(place);
  }

  /** The place of an area: the second word of what its list sends. */
  private placeOf(area: string): number {
    return this.places.findIndex((place) => place.select.options[1]?.value.split(" ")[1] === area);
  }

  private put(card: number, place: number): void {
    // A card that is used up comes from where it was.
    if (!this.isFree(card)) {
      const before = this.places.findIndex((_, other) => other !== place && this.held(other) === card);
      if (before >= 0) this.set(before, undefined);
    }
    this.set(place, card);
    const hadFocus = document.activeElement;
    this.letGo();
    announce(say("placed", { a: this.places[place]?.name ?? "", b: this.cards[card]?.label ?? "" }));
    // The next card is at hand; readers of the screen stay with what was just placed.
    if (hadFocus === this.cards[card]?.button && !this.isFree(card)) {
      const next = this.cards.find((_, index) => this.isFree(index));
      (next?.button ?? this.places[place]?.button)?.focus();
    }
  }

  private shift(from: number, to: number): void {
    const card = this.held(from);
    if (card === undefined) return;
    if (this.isOrder) {
      const order = moved(this.places.map((_, place) => this.held(place)), from, to);
      order.forEach((held, place) => this.set(place, held));
    } else {
      const other = this.held(to);
      this.set(to, card);
      this.set(from, other);
    }
    this.letGo();
    this.places[to]?.button.focus();
    announce(say("placed", { a: this.places[to]?.name ?? "", b: this.cards[card]?.label ?? "" }));
  }

  private takeBack(place: number): void {
    const card = this.held(place);
    if (card === undefined) return;
    this.set(place, undefined);
    this.letGo();
    this.places[place]?.button.focus();
    announce(say("removed", { a: this.cards[card]?.label ?? "" }));
  }

  private letGo(): void {
    this.heldCard = undefined;
    this.heldPlace = undefined;
    this.refresh();
  }

  // ---- dragging ----

  private target(target: Element | null): number {
    const area = this.isGap ? this.picture?.choiceOf(target) : undefined;
    if (area) return this.placeOf(area);
    const on = target?.closest(".place");
    return this.places.findIndex((place) => place.button === on);
  }

  private showOver(target: Element | null): void {
    const over = this.target(target);
    this.places.forEach((place, index) => place.button.classList.toggle("over", index === over));
  }

  private dropOn(card: number, from: number | undefined, target: Element | null): void {
    const place = this.target(target);
    if (place < 0) {
      if (from !== undefined) this.takeBack(from);
    } else if (from === undefined) {
      this.put(card, place);
    } else if (from !== place) {
      this.shift(from, place);
    }
  }

  // ---- what is seen ----

  readonly refresh = (): void => {
    this.cards.forEach((card, index) => {
      const free = this.isFree(index);
      card.button.classList.toggle("used", !free);
      card.button.setAttribute("aria-disabled", String(!free));
      if (this.isGap) card.button.setAttribute("aria-pressed", String(this.heldCard === index));
    });
    this.places.forEach((place, index) => this.showPlace(place, index));
    this.showPicture();
  };

  private showPlace(place: Place, index: number): void {
    const held = this.held(index);
    const card = held === undefined ? undefined : this.cards[held];
    place.button.replaceChildren();
    if (card) place.button.append(...[...card.button.childNodes].map((node) => node.cloneNode(true)));
    place.button.classList.toggle("filled", card !== undefined);
    place.button.setAttribute("aria-label", `${place.name}: ${card?.label ?? say("empty")}`);
    place.button.setAttribute("aria-pressed", String(this.heldPlace === index));
    place.tools.replaceChildren();
    if (!card) return;
    if (this.isOrder) {
      const step = (sign: string, key: string, by: number): HTMLButtonElement => {
        const to = index + by;
        const made = button("tool", sign, () => this.step(index, by), say(key, { a: card.label }));
        made.disabled = to < 0 || to >= this.places.length;
        return made;
      };
      place.tools.append(step("↑", "up", -1), step("↓", "down", 1));
    }
    place.tools.append(button("tool", "×", () => this.takeBack(index), say("remove", { a: card.label })));
  }

  private step(from: number, by: number): void {
    const card = this.held(from);
    this.shift(from, from + by);
    const tools = this.places[from + by]?.tools.querySelectorAll<HTMLButtonElement>("button");
    // The same arrow stays at hand, or the other one at the end of the way.
    const same = tools?.[by < 0 ? 0 : 1];
    (same?.disabled ? tools?.[by < 0 ? 1 : 0] : same)?.focus();
    announce(say("moved", { a: this.cards[card ?? -1]?.label ?? "", n: from + by + 1 }));
  }

  private showPicture(): void {
    if (!this.picture) return;
    if (this.isGap) {
      this.picture.root.querySelectorAll(".on-picture").forEach((label) => label.remove());
      const [width, height] = this.picture.size();
      this.places.forEach((place, index) => {
        const area = place.select.options[1]?.value.split(" ")[1] ?? "";
        const card = this.held(index);
        this.picture?.mark(area, "chosen", card !== undefined);
        this.picture?.mark(area, "picked", this.heldPlace === index);
        if (card === undefined) return;
        const label = element("span", "on-picture");
        label.append(...[...(this.cards[card]?.button.childNodes ?? [])].map((node) => node.cloneNode(true)));
        label.setAttribute("aria-hidden", "true");
        const [x, y] = this.picture?.middle(area) ?? [0, 0];
        Object.assign(label.style, { left: `${(100 * x) / width}%`, top: `${(100 * y) / height}%` });
        this.picture?.root.append(label);
      });
      return;
    }
    this.cards.forEach((card, index) => this.picture?.mark(card.id, "chosen", this.used(index) > 0));
    const ids = this.places.map((_, place) => this.cards[this.held(place) ?? -1]?.id);
    const pairs = ids.map((id, place) => (place % 2 === 0 ? [id, ids[place + 1]] : []));
    const lines = this.isPair ? pairs : [ids];
    this.picture.draw(lines.map((line) => line.filter((id): id is string => id !== undefined)));
  }
}
