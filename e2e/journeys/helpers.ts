import { existsSync, readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { type APIResponse, type Browser, type BrowserContext, expect, type Page, test as base } from "@playwright/test";

export const password = "zerek-demonstration";

const contexts: BrowserContext[] = [];

/** A test that closes the browsers of all its people at its end, so that no list goes on refreshing itself behind the next. */
export const test = base.extend<{ closing: void }>({
  closing: [
    async ({}, use) => {
      await use();
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
    { auto: true },
  ],
});

/** A page of a new browser that asks for a language. */
export async function pageIn(browser: Browser, language: string, scripts = true): Promise<Page> {
  const context = await browser.newContext({ locale: language, javaScriptEnabled: scripts });
  contexts.push(context);
  return context.newPage();
}

export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto("/sign-in");
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("form.form button");
  await expect(page.locator("form[action='/sign-out']")).toBeVisible();
}

/** A page of somebody of the staff in a browser of their own. */
export async function staff(browser: Browser, language: string, login: string): Promise<Page> {
  const page = await pageIn(browser, language);
  await signIn(page, login);
  return page;
}

/** Nothing serious or critical for people who use assistive technology (WCAG 2.2 AA). */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const grave = found.violations.filter((violation) => ["serious", "critical"].includes(violation.impact ?? ""));
  const told = grave.map((violation) => `${page.url()} ${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
  expect(told).toEqual([]);
}

/** Campaigns of the demonstration, as their names begin in each language. */
export const campaigns = {
  monitoring: { kk: "Ауылдық тірек мектептер", ru: "Опорные сельские школы", en: "Rural hub schools" },
  rehearsal: { kk: "Мониторингке дайындық", ru: "Репетиция мониторинга", en: "Rehearsal of the monitoring" },
} as const;

/** Opens a campaign from the list, as people do; gives its address. */
export async function openCampaign(page: Page, name: string): Promise<string> {
  await page.goto("/assess/campaigns");
  await page.locator("main table a").filter({ hasText: name }).first().click();
  await expect(page.locator("h1")).toContainText(name);
  return new URL(page.url()).pathname;
}

/** What a card says. */
export interface Card {
  name: string;
  code: string;
}

/** Login cards of the first class with this language of instruction in the rehearsal, of those that somebody may print. */
export async function cards(page: Page, language: "kk" | "ru"): Promise<{ address: string; cards: Card[] }> {
  const shown = ((await page.locator("html").getAttribute("lang")) ?? "kk") as "kk" | "ru";
  const campaign = await openCampaign(page, campaigns.rehearsal[shown]);
  await page.goto(`${campaign}/sittings`);
  const word = { kk: { kk: "қазақ", ru: "орыс" }, ru: { kk: "казахский", ru: "русский" } }[shown][language];
  const row = page.locator("[data-table=sittings] tbody tr").filter({ hasText: word }).first();
  const address = (await row.locator("a[href$='/cards']").getAttribute("href")) ?? "";
  await page.goto(address);
  const rows = await page.locator("[data-table=cards] tbody tr").evaluateAll((all) =>
    all.map((row) => Array.from(row.children, (cell) => (cell.textContent ?? "").trim())),
  );
  return { address, cards: rows.map((cells) => ({ name: cells[0] ?? "", code: cells.at(-1) ?? "" })) };
}

/** Types the code of a card. */
export async function enter(page: Page, code: string): Promise<void> {
  await page.goto("/sit");
  await page.fill("[name=code]", code);
  await page.click("form[action='/sit/code'] button");
}

/** A document: its type, that it is to be had, and that it begins as such files do. */
export async function expectFile(answer: APIResponse, type: "pdf" | "xlsx" | "csv"): Promise<void> {
  const types = { pdf: "application/pdf", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", csv: "text/csv; charset=utf-8" };
  expect(answer.status(), answer.url()).toBe(200);
  expect(answer.headers()["content-type"]).toBe(types[type]);
  const begins = { pdf: "%PDF-", xlsx: "PK\u0003\u0004", csv: "\ufeff" };
  expect((await answer.body()).toString("utf8").startsWith(begins[type])).toBe(true);
}

/** Real tests that lie beside the repository, when they are there. */
export function shared(name: string): string | undefined {
  const path = new URL(`../../../shared/psy/real/${name}`, import.meta.url).pathname;
  return existsSync(path) ? path : undefined;
}

export function text(path: string): string {
  return readFileSync(path, "utf8");
}
