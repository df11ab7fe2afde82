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

// A second press on the same button must not send the form twice.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || event.defaultPrevented) return;
  const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
  setTimeout(() => button?.setAttribute("disabled", ""), 0);
  window.addEventListener("pageshow", () => button?.removeAttribute("disabled"), { once: true });
});
