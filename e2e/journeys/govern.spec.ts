// Govern: a table is built, a number is opened down to its records, the table is kept, found again and exported.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { accessible, pageIn, signIn } from "./helpers";

// Many steps on one page each: more time than a journey usually has.
test.setTimeout(150_000);

for (const language of ["kk", "ru"]) {
  test(`a table is built, opened, kept, found and exported: ${language}`, async ({ browser }) => {
    const page = await pageIn(browser, language);
    await signIn(page, "centre");
    await page.click("nav a[href='/govern/tables']");
    // The tables of the report of 2011 and of the campaign are ready.
    await expect(page.locator("a[href='/govern/tables/show?view=results/schools']")).toBeVisible();
    await expect(page.locator("a[href='/govern/tables/show?view=annual-report-2011/table26']")).toBeVisible();
    await accessible(page);

    await page.goto("/govern/tables/show");
    await page.selectOption("#rows", "subject");
    await page.selectOption("#columns", "language");
    await page.selectOption("#period", "rural-hub-schools-2022");
    while (await page.locator("input[name='measure']:checked").count()) await page.locator("input[name='measure']:checked").first().uncheck();
    await page.check("input[name='measure'][value='results']");
    await page.check("input[name='measure'][value='result']");
    await page.check("input[name='totals']");
    await page.click("form.filters button");
    const table = page.locator("table.statistics");
    await expect(table.locator("tbody tr")).not.toHaveCount(0);
    await expect(page.locator("figure.chart svg")).toBeVisible();
    await accessible(page);
    const built = page.url();

    // The number says how many results; as many records lie behind it.
    const number = table.locator("tfoot td a").nth(1);
    const results = (await number.innerText()).replace(/\D/g, "");
    await number.click();
    await expect(page.locator("caption .soft")).toContainText(results.slice(-3));
    await expect(page.locator("a[href^='/assess/attempts/']").first()).toBeVisible();
    await accessible(page);
    await page.goto(built);

    const name = `Менің кестем ${language}`;
    await page.fill("#name", name);
    await page.click("form[action='/govern/views'] button");
    await expect(page.locator("h1")).toHaveText(name);
    await accessible(page);
    await page.goto(`/govern/tables?search=${encodeURIComponent(name.toLowerCase())}`);
    await page.click(`a:has-text("${name}")`);
    await expect(table.locator("tfoot td a").first()).toBeVisible();

    const begun = page.waitForEvent("download");
    await page.click("a[href*='format=csv']");
    const file = readFileSync(await (await begun).path(), "utf8");
    expect(file.split("\n")[0]).toContain(name);
    expect(file).toContain(results);
    for (const format of ["json", "sdmx", "dhis2", "xlsx", "pdf"]) {
      const href = await page.locator(`a[href*='format=${format}']`).getAttribute("href");
      const answer = await page.request.get(href ?? "");
      expect(answer.ok(), format).toBe(true);
    }

    await page.click("form[action$='/delete'] button");
    await page.click("form[action$='/restore'] button");
    await expect(page.locator("h1")).toHaveText(name);
  });
}

test("a coordinator sees the own school beside the network; what cannot be a table is said", async ({ browser }) => {
  const page = await pageIn(browser, "kk");
  await signIn(page, "coordinator-01");
  await page.goto("/govern/tables/show?view=results/schools");
  await expect(page.locator("table.statistics tbody tr")).toHaveCount(1);
  await page.locator("table.statistics tbody td a").first().click();
  await expect(page.locator("main table tbody tr")).not.toHaveCount(0);
  await accessible(page);
  await page.goto("/govern/tables/show?dataset=results&of=results&rows=subject&measure=nonsense");
  await expect(page.locator(".notice.bad")).toContainText("nonsense");
  await accessible(page);
});
