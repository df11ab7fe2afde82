// Each kind of task gets what makes its plain form nicer to use. The fields of that form stay, hold the answer and are sent.
import { cards } from "./cards";
import { choices } from "./choices";
import { draw } from "./draw";
import { media } from "./media";
import { points } from "./points";
import { portable } from "./portable";
import { slider } from "./slider";
import { text } from "./text";
import { upload } from "./upload";

type Enhance = (group: HTMLElement) => (() => void) | undefined;

const KINDS: Record<string, Enhance> = {
  "choice": choices,
  "hottext": choices,
  "hotspot": choices,
  "match": choices,
  "order": cards,
  "associate": cards,
  "gap-match": cards,
  "graphic-order": cards,
  "graphic-associate": cards,
  "graphic-gap-match": cards,
  "select-point": points,
  "position-object": points,
  "slider": slider,
  "extended-text": text,
  "upload": upload,
  "drawing": draw,
  "media": media,
  "portable-custom": portable,
};

/** Enhances everything on the page; what goes wrong in one task leaves its plain form as it was. */
export function enhance(page: HTMLElement): void {
  for (const group of page.querySelectorAll<HTMLElement>("fieldset[data-response]")) {
    const kind = /qti-([a-z-]+)-interaction/.exec(group.className)?.[1] ?? "";
    try {
      KINDS[kind]?.(group);
    } catch (error) {
      console.error(kind, error);
    }
  }
}
