// The centre: campaign, results, a school, a class, a pupil, documents; the same in two languages.
import { expect, test } from "@playwright/test";
import { accessible, pageIn, signIn } from "./helpers";

for (const language of ["kk", "ru"] as const) {
  test(`the centre reads results (${language})`, async ({ browser }) => {
    const page = await pageIn(browser, language);
    await signIn(page, "centre");
    for (const address of ["/", "/assess/campaigns", "/assess/import", "/assess/import/responses", "/network/schools", "/network/pupils"]) {
      await page.goto(address);
      await accessible(page);
    }
    await page.goto("/assess/campaigns/rural-hub-schools-2022/results");
    await expect(page.locator(".demo")).toBeVisible();
    await expect(page.locator("table").first()).toContainText(/60[,.]5/);
    await accessible(page);

    await page.locator("a[href*='/results/schools/']").first().click();
    await accessible(page);
    await page.locator("a[href*='/results/classes/']").first().click();
    // Every pupil has a sign for every task: name, twenty tasks, score, percent, place, scale score, level.
    await expect(page.locator("table.matrix tbody tr").first().locator("th, td")).toHaveCount(26);
    await accessible(page);
    await page.locator("a[href*='/assess/attempts/']").first().click();
    await accessible(page);
    const pdf = await page.request.get(`${page.url()}.pdf`);
    expect(pdf.status()).toBe(200);
    expect((await pdf.body()).subarray(0, 4).toString()).toBe("%PDF");
  });
}

test("a pupil's report is not for everybody", async ({ browser }) => {
  const centre = await pageIn(browser, "kk");
  await signIn(centre, "centre");
  await centre.goto("/assess/campaigns/rural-hub-schools-2022/results");
  await centre.locator("a[href*='/results/schools/']").first().click();
  await centre.locator("a[href*='/results/classes/']").first().click();
  const report = await centre.locator("a[href*='/assess/attempts/']").first().getAttribute("href");
  const admin = await pageIn(browser, "kk");
  await signIn(admin, "admin");
  for (const address of [report, `${report}.pdf`]) expect((await admin.request.get(address ?? "")).status()).toBe(403);
});

test("a coordinator watches the sittings of the own school", async ({ browser }) => {
  const page = await pageIn(browser, "ru");
  await signIn(page, "coordinator-01");
  await page.goto("/assess/campaigns");
  await accessible(page);
  const campaigns = page.locator("a[href*='/assess/campaigns/']");
  expect(await campaigns.count()).toBeGreaterThan(0);
});
