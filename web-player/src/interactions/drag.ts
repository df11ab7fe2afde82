// Dragging with mouse, finger or pen, always beside a way without it: a press that does not move stays a press.

/** Pixels that a press may move before it becomes a drag. */
const STILL = 6;

export interface Drag {
  /** What may be dragged now; false while it may not. */
  can: () => boolean;
  /** Where it is over; undefined at the end or over nothing. */
  over?: (target: Element | null) => void;
  /** Where it was let go. */
  drop: (target: Element | null, x: number, y: number) => void;
  /** Follows the pointer itself instead of a shadow of it. */
  move?: (x: number, y: number) => void;
}

export function draggable(handle: HTMLElement, drag: Drag): void {
  handle.classList.add("can-drag");
  handle.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || !drag.can()) return;
    let shadow: HTMLElement | undefined;
    let moving = false;
    const under = (event: PointerEvent): Element | null => document.elementFromPoint(event.clientX, event.clientY);
    const move = (event: PointerEvent): void => {
      if (event.pointerId !== down.pointerId) return;
      const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!moving && Math.hypot(x, y) < STILL) return;
      if (!moving) {
        moving = true;
        if (!drag.move) shadow = shadowOf(handle);
      }
      event.preventDefault();
      drag.move?.(event.clientX, event.clientY);
      if (shadow) shadow.style.transform = `translate(${x}px, ${y}px)`;
      drag.over?.(under(event));
    };
    const end = (event: PointerEvent): void => {
      if (event.pointerId !== down.pointerId) return;
      for (const [name, listener] of listeners) window.removeEventListener(name, listener as EventListener);
      shadow?.remove();
      if (!moving) return;
      drag.over?.(null);
      // The press that ends a drag is no press of a button. A finger's drag ends without one, and the next tap is meant.
      if (event.pointerType !== "touch") {
        window.addEventListener("click", swallow, { capture: true, once: true });
        setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
      }
      if (event.type === "pointerup") drag.drop(under(event), event.clientX, event.clientY);
    };
    const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end]] as const;
    for (const [name, listener] of listeners) window.addEventListener(name, listener as EventListener, { passive: false });
  });
  // The browser's own dragging of pictures would take the pointer away.
  handle.addEventListener("dragstart", (event) => event.preventDefault());
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}

function shadowOf(handle: HTMLElement): HTMLElement {
  const box = handle.getBoundingClientRect();
  const shadow = handle.cloneNode(true) as HTMLElement;
  shadow.classList.add("drag-shadow");
  shadow.setAttribute("aria-hidden", "true");
  shadow.removeAttribute("id");
  Object.assign(shadow.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
  (document.getElementById("sit") ?? document.body).append(shadow);
  return shadow;
}
