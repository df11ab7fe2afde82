// Makes pages quicker; every page works without it.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  // The style sheet has the indicator's styles: the content security policy allows no inline ones.
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Pages hold personal data: none is kept in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  defaultSwapStyle: "outerHTML",
  scrollBehavior: "auto",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // A form with mistakes comes back with status 422 and is shown.
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

// A list that refreshes itself says so when it cannot, instead of showing old data as new.
const stale = (on: boolean) => (event: Event) => {
  const live = (event.target as HTMLElement | null)?.closest<HTMLElement>("[data-live]");
  live?.toggleAttribute("data-stale", on);
};
document.addEventListener("htmx:sendError", stale(true));
document.addEventListener("htmx:responseError", stale(true));
document.addEventListener("htmx:afterOnLoad", stale(false));

// And it leaves its reader where they are: at the same place of a scrolled table, on the same link.
document.addEventListener("htmx:beforeSwap", (event) => {
  const before = (event.target as HTMLElement | null)?.closest<HTMLElement>("[data-live]");
  if (!before) return;
  const regions = (live: HTMLElement) => Array.from(live.querySelectorAll<HTMLElement>(".table-scroll"));
  const places = regions(before).map((region) => [region.scrollLeft, region.scrollTop] as const);
  const focused = before.contains(document.activeElement) ? document.activeElement : null;
  const href = focused?.getAttribute("href");
  const around = regions(before).findIndex((region) => region.contains(focused));
  const restore = () => {
    const after = document.getElementById(before.id);
    if (!after) return;
    regions(after).forEach((region, index) => region.scrollTo(...(places[index] ?? [0, 0])));
    if (!focused) return;
    const links = Array.from(after.querySelectorAll<HTMLElement>("a[href]"));
    const next = links.find((link) => link.getAttribute("href") === href) ?? regions(after)[around];
    next?.focus({ preventScroll: true });
  };
  document.addEventListener("htmx:afterSwap", restore, { once: true });
});

// A second press on the same button must not send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || event.defaultPrevented) return;
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  setTimeout(() => button?.setAttribute("disabled", ""), 0);
  window.addEventListener("pageshow", () => button?.removeAttribute("disabled"), { once: true });
});
