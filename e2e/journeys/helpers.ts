import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page } from "@playwright/test";

export const password = "zerek-demonstration";

/** Codes of tests that nobody has begun: Kazakh and Russian. */
export function codes(): { kk: string; ru: string } {
  const [kk, ru] = JSON.parse(readFileSync(".data/loaded.json", "utf8")).codes;
  return { kk, ru };
}

/** A page of a new browser that asks for a language. */
export async function pageIn(browser: Browser, language: string): Promise<Page> {
  const context = await browser.newContext({ locale: language });
  return context.newPage();
}

export async function signIn(page: Page, login: string): Promise<void> {
  await page.goto("/sign-in");
  await page.fill("#login", login);
  await page.fill("#password", password);
  await page.click("form.form button");
  await expect(page.locator("form[action='/sign-out']")).toBeVisible();
}

/** Nothing serious or critical for people who use assistive technology (WCAG 2.2 AA). */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const grave = found.violations.filter((violation) => ["serious", "critical"].includes(violation.impact ?? ""));
  const told = grave.map((violation) => `${page.url()} ${violation.id}: ${violation.nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
  expect(told).toEqual([]);
}
