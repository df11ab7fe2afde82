// Step 5, results: campaign, school, class, pupil; each as a page and as a document, and only for those who may.
import { expect } from "@playwright/test";
import { accessible, campaigns, expectFile, openCampaign, pageIn, staff, test } from "./helpers";

/** Addresses that one journey finds and the last one tries to reach without a right. */
const found: { campaign: string; school: string; class: string; pupil: string } = { campaign: "", school: "", class: "", pupil: "" };

for (const language of ["kk", "ru"] as const) {
  test(`the centre reads results down to a pupil (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    const campaign = await openCampaign(page, campaigns.monitoring[language]);
    await page.locator(`a[href='${campaign}/results']`).click();
    found.campaign = new URL(page.url()).pathname;
    await expect(page.locator(".demo")).toBeVisible();
    await expect(page.locator("[data-table=subjects] tbody tr")).toHaveCount(13);
    await expect(page.locator("[data-table=subjects]")).toContainText("60,5");
    await expect(page.locator("[data-table=schools] tbody tr")).toHaveCount(17);
    await accessible(page);
    await expectFile(await page.request.get(`${found.campaign}/presentation.pdf`), "pdf");
    await expectFile(await page.request.get(`${found.campaign}/workbook.xlsx`), "xlsx");

    // Statistics of a test: every task, every option.
    await page.locator("[data-table=subjects] tbody a").first().click();
    await expect(page.locator("[data-table=items]").first().locator("tbody tr")).toHaveCount(20);
    await accessible(page);
    await page.goBack();

    await page.locator("[data-table=schools] tbody a[href*='/results/schools/']").first().click();
    found.school = new URL(page.url()).pathname;
    await accessible(page);
    await expectFile(await page.request.get(`${found.school}/report.pdf`), "pdf");

    // The class: pupils by tasks, every pupil with a sign for every task (name, twenty tasks, score, percent, place, scale score, level).
    await page.locator("a[href*='/results/classes/']").first().click();
    found.class = new URL(page.url()).pathname;
    await expect(page.locator("table.matrix tbody tr").first().locator("th, td")).toHaveCount(26);
    await accessible(page);
    await expectFile(await page.request.get(`${found.class}/report.pdf`), "pdf");
    await expectFile(await page.request.get(`${found.class}?export=xlsx&table=matrix`), "xlsx");

    // The pupil: a row for each task, what comes next, and how sure the score is.
    await page.locator("a[href*='/assess/attempts/']").first().click();
    found.pupil = new URL(page.url()).pathname;
    await expect(page.locator("[data-table=items] tbody tr")).toHaveCount(20);
    await expect(page.locator("[data-table=sections] tbody tr").first()).toBeVisible();
    await expect(page.locator("main")).toContainText({ kk: "Келесі қадамдар", ru: "Что делать дальше" }[language]);
    await accessible(page);
    await expectFile(await page.request.get(`${found.pupil}.pdf`), "pdf");
    for (const theme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await accessible(page);
    }
  });

  test(`a teacher reads the own classes (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, language === "kk" ? "teacher-01" : "teacher-11");
    await openCampaign(page, campaigns.monitoring[language]);
    await page.goto(`${new URL(page.url()).pathname}/results`);
    await accessible(page);
    await page.locator("a[href*='/results/classes/']").first().click();
    await expect(page.locator("table.matrix tbody tr").first()).toBeVisible();
    await expectFile(await page.request.get(`${new URL(page.url()).pathname}/report.pdf`), "pdf");
  });
}

test("results are for those who may see them, by the address of a document too", async ({ browser }) => {
  const pages = [found.campaign, found.school, found.class, found.pupil];
  const documents = [`${found.campaign}/presentation.pdf`, `${found.campaign}/workbook.xlsx`, `${found.school}/report.pdf`, `${found.class}/report.pdf`, `${found.pupil}.pdf`];
  expect(pages.every((address) => address !== "")).toBe(true);

  // An administrator keeps the installation running and sees no results.
  const admin = await staff(browser, "ru", "admin");
  for (const address of [...pages, ...documents]) expect((await admin.request.get(address)).status(), `admin ${address}`).toBe(403);
  // The first school in the alphabet belongs to one of these two, so it is foreign to the other.
  const statuses = [];
  for (const login of ["coordinator-01", "coordinator-17"]) {
    const page = await staff(browser, "kk", login);
    for (const address of documents.slice(0, 2)) expect((await page.request.get(address)).status(), `${login} ${address}`).toBe(403);
    const own = [];
    for (const address of [found.school, found.class, found.pupil, ...documents.slice(2)]) own.push((await page.request.get(address)).status());
    expect(new Set(own).size, `${login}: ${own}`).toBe(1);
    statuses.push(own[0]);
  }
  expect(statuses).toContain(403);
  // Nobody has signed in.
  const nobody = await pageIn(browser, "ru");
  for (const address of [...pages, ...documents]) expect((await nobody.request.get(address, { maxRedirects: 0 })).status(), address).toBe(303);
});
