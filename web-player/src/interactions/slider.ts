// A slider beside the number field of the plain form. Until it is touched nothing is chosen: a slider that begins in the
// middle must not answer for the pupil.
import { button, changed, element, say } from "../say";

export function slider(group: HTMLElement): (() => void) | undefined {
  const field = group.querySelector<HTMLInputElement>("input.qti-slider");
  if (!field) return undefined;
  const range = element("input", "range");
  range.type = "range";
  range.min = field.min;
  range.max = field.max;
  range.step = field.step === "any" ? "any" : field.step;
  range.setAttribute("aria-label", field.getAttribute("aria-label") ?? "");
  if (field.dataset["reverse"] === "true") range.dir = "rtl";
  if (field.dataset["orientation"] === "vertical") group.classList.add("vertical");
  const shown = element("output", "slider-value");
  const ends = element("div", "slider-ends");
  ends.append(element("span", "", field.min), element("span", "", field.max));
  ends.setAttribute("aria-hidden", "true");
  const clear = button("button small-button", say("slider-clear"), () => choose(""));
  const choose = (value: string): void => {
    field.value = value;
    changed(field);
    refresh();
  };
  const refresh = (): void => {
    const chosen = field.value !== "";
    range.classList.toggle("unset", !chosen);
    if (chosen) range.value = field.value;
    else range.value = String((Number(field.min) + Number(field.max)) / 2);
    shown.textContent = chosen ? field.value.replace(".", document.documentElement.lang === "en" ? "." : ",") : say("slider-none");
    range.setAttribute("aria-valuetext", shown.textContent);
    clear.disabled = !chosen;
  };
  range.addEventListener("input", () => choose(range.value));
  // A press on the middle moves nothing, but it is a choice too.
  range.addEventListener("pointerup", () => choose(range.value));
  range.addEventListener("keydown", (event) => {
    if (event.key === " ") choose(range.value);
  });
  field.hidden = true;
  group.querySelector<HTMLElement>(".qti-slider-bounds")?.setAttribute("hidden", "");
  const row = element("div", "slider-row");
  row.append(range, ends);
  field.after(shown, row, clear);
  refresh();
  return refresh;
}
