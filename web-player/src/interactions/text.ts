// Long texts: how many signs and words there are.
import { element, say } from "../say";

export function words(text: string): number {
  return text.trim() === "" ? 0 : text.trim().split(/\s+/).length;
}

export function text(group: HTMLElement): (() => void) | undefined {
  const areas = [...group.querySelectorAll("textarea")];
  if (areas.length === 0) return undefined;
  const refreshes = areas.map((area) => {
    const expected = Number(area.dataset["expectedLength"] ?? 0);
    const count = element("p", "count");
    area.after(count);
    const refresh = (): void => {
      const length = [...area.value].length;
      const down = group.classList.contains("qti-counter-down") && expected > 0;
      const signs = down ? say("signs-left", { n: expected - length }) : say("signs", { n: length });
      count.textContent = `${signs} · ${say("words", { n: words(area.value) })}`;
      count.classList.toggle("over", expected > 0 && length > expected);
    };
    area.addEventListener("input", refresh);
    refresh();
    return refresh;
  });
  return () => refreshes.forEach((refresh) => refresh());
}
