// Sounds and films with a number of plays: counted in the hidden field of the plain form, and no more than allowed.
import { button, changed, element, say } from "../say";

export function media(group: HTMLElement): (() => void) | undefined {
  const field = group.querySelector<HTMLInputElement>("input.qti-plays");
  const player = group.querySelector<HTMLMediaElement>("audio, video");
  if (!field || !player) return undefined;
  const most = Number(field.dataset["maxPlays"] ?? 0);
  const plays = (): number => Number(field.value || 0);
  const told = element("p", "plays");
  told.setAttribute("role", "status");
  let begun = false;
  player.addEventListener("play", () => {
    if (begun) return;
    begun = true;
    field.value = String(plays() + 1);
    changed(field);
    refresh();
  });
  player.addEventListener("ended", () => {
    begun = false;
    refresh();
  });
  // With a limit there is one button and no way back in the sound: turning back would be another play.
  const start = button("button play", "▶", () => void player.play(), group.querySelector("legend")?.textContent?.trim() || "▶");
  const refresh = (): void => {
    if (most === 0) return;
    const left = Math.max(0, most - plays());
    told.textContent = left > 0 ? say("plays-left", { n: left }) : say("plays-over");
    start.disabled = begun || left === 0;
  };
  if (most > 0) {
    player.controls = false;
    player.after(start, told);
  }
  refresh();
  return refresh;
}
