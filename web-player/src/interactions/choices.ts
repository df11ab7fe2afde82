// Choices: limits told before the server has to, areas of a picture that can be pressed, pairs in a table.
import { announce, changed, element, say } from "../say";
import { draggable } from "./drag";
import { Picture } from "./picture";

/** The first limit that the ticks of a table break: in all, or of a row or a column; undefined when they keep to all. */
export function broken(ticked: readonly string[], most: number, uses: ReadonlyMap<string, number>): number | undefined {
  if (most > 0 && ticked.length > most) return most;
  const counts = new Map<string, number>();
  for (const side of ticked.flatMap((pair) => pair.split(" "))) counts.set(side, (counts.get(side) ?? 0) + 1);
  for (const [side, count] of counts) {
    const limit = uses.get(side) ?? 0;
    if (limit > 0 && count > limit) return limit;
  }
  return undefined;
}

export function choices(group: HTMLElement): (() => void) | undefined {
  const inputs = [...group.querySelectorAll<HTMLInputElement>("input[type=checkbox], input[type=radio]")];
  if (inputs.length === 0) return undefined;
  const most = Number(group.dataset["max"] ?? 0);
  const sides = [...group.querySelectorAll<HTMLElement>("th[data-choice]")];
  const uses = new Map(sides.map((side) => [side.dataset["choice"] ?? "", Number(side.dataset["uses"] ?? 0)]));
  const told = element("p", "limit");
  told.hidden = true;
  group.append(told);
  const picture = Picture.of(group);
  const refresh = (): void => inputs.forEach((input) => picture?.mark(input.value, "chosen", input.checked));
  group.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    told.hidden = true;
    if (input.type === "checkbox" && input.checked) {
      const ticked = inputs.filter((one) => one.checked).map((one) => one.value);
      const limit = broken(ticked, most, uses);
      // In a row that takes one, the new tick replaces the old one, as a radio button would.
      const row = input.closest("tr");
      const rowUses = uses.get(input.value.split(" ")[0] ?? "");
      const before = row && rowUses === 1 ? inputs.find((one) => one !== input && one.checked && one.closest("tr") === row) : undefined;
      if (limit !== undefined && before && broken(ticked.filter((value) => value !== before.value), most, uses) === undefined) {
        before.checked = false;
      } else if (limit !== undefined) {
        input.checked = false;
        told.textContent = say("most", { n: limit });
        told.hidden = false;
        announce(told.textContent);
      }
    }
    refresh();
  });
  for (const table of group.querySelectorAll<HTMLTableElement>("table.qti-match-table")) headsCanBeDragged(table);
  picture?.onPress((choice) => {
    const input = inputs.find((one) => one.value === choice);
    input?.click();
  });
  refresh();
  return refresh;
}

/** The box of a row and a column that a head was dropped on: on another head, or on any cell of the other's row or column. */
function meeting(table: HTMLTableElement, head: HTMLTableCellElement, target: Element | null): HTMLInputElement | undefined {
  const cell = target?.closest<HTMLTableCellElement>("th, td");
  if (!cell || !table.contains(cell)) return undefined;
  const [row, other] = [head.closest("tr"), cell.closest("tr")];
  const isRow = head.scope === "row";
  // On a telephone the heads of columns are not there, and a cell says its column itself: it counts in its own row only.
  if (isRow && table.tHead?.offsetParent === null && row !== other) return undefined;
  if (cell.tagName === "TH" && (cell as HTMLTableCellElement).scope === head.scope) return undefined;
  const [line, column] = isRow ? [row, cell.cellIndex] : [other, head.cellIndex];
  return line?.cells[column]?.querySelector("input") ?? undefined;
}

/** What stands at the edges of a table can be put onto each other: that ticks the box where they meet. */
function headsCanBeDragged(table: HTMLTableElement): void {
  for (const head of table.querySelectorAll<HTMLTableCellElement>("th[data-choice]")) {
    const handle = element("span", "match-head");
    handle.append(...head.childNodes);
    head.append(handle);
    draggable(handle, {
      can: () => true,
      over: (target) => {
        const met = meeting(table, head, target)?.closest("td");
        for (const cell of table.querySelectorAll("td")) cell.classList.toggle("over", cell === met);
      },
      drop: (target) => {
        const input = meeting(table, head, target);
        if (!input || input.checked) return;
        // Not a click: the one that ends the drag is swallowed.
        input.checked = true;
        changed(input);
        input.dispatchEvent(new Event("change", { bubbles: true }));
      },
    });
  }
}
