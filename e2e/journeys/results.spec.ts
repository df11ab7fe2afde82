// Step 5, results: campaign, school, class, pupil; each as a page and as a document, and only for those who may.
import { expect } from "@playwright/test";
import { accessible, campaigns, cards, enter, expectFile, openCampaign, pageIn, staff, test } from "./helpers";

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

    // The table of each grade is a file of its own.
    const files = page.locator("[data-table=breakdown] a[href*='export=csv']");
    await expect(files).toHaveCount(2);
    const regions = await files.evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    const tables = await Promise.all(regions.map(async (address) => (await page.request.get(address)).text()));
    expect(tables[0]).not.toEqual(tables[1]);

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

test("all documents are made, and a school takes its own", async ({ browser }) => {
  // A pupil answers something, and the window is closed.
  const coordinator = await staff(browser, "kk", "coordinator-03");
  const { cards: all } = await cards(coordinator, "kk");
  const card = all.at(-1);
  if (!card) throw new Error("a class");
  const pupil = await pageIn(browser, "kk");
  await enter(pupil, card.code);
  await pupil.click("form[action='/sit/start'] button");
  await pupil.locator("#sit input[type=radio]").first().check();
  await pupil.click("#sit button[value=next]");
  await expect(pupil.locator(".counter")).toHaveText("2/20");
  const centre = await staff(browser, "kk", "centre");
  const campaign = await openCampaign(centre, campaigns.rehearsal.kk);
  await centre.goto(`${campaign}/close`);
  await centre.click("form.form button");

  // The button makes them in the background; the page of background work says how far it is.
  const make = centre.locator("form[action$='/results/documents'] button");
  await expect(async () => {
    await centre.goto(`${campaign}/results`);
    await expect(make).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await make.click();
  await expect(centre).toHaveURL(/\/network\/jobs$/);
  const job = centre.locator("[data-table=jobs] tbody tr").filter({ hasText: "Науқанның барлық құжаты" }).first();
  await expect(job).toBeVisible();
  await accessible(centre);
  await expect(job.locator("td").first()).toHaveText("дайын", { timeout: 120_000 });

  // The school finds its documents on its page of results.
  await coordinator.goto("/network/schools");
  const school = ((await coordinator.locator("main table a[href*='/network/schools/']").first().getAttribute("href")) ?? "").split("/").at(-1);
  await coordinator.goto(`${campaign}/results/schools/${school}`);
  const address = (await coordinator.locator("a[href$='/documents.zip']").getAttribute("href")) ?? "";
  const taken = await coordinator.request.get(address);
  expect([taken.status(), taken.headers()["content-type"]]).toEqual([200, "application/zip"]);
  const content = (await taken.body()).toString("utf8");
  expect(content.startsWith("PK\u0003\u0004")).toBe(true);
  for (const name of ["school.pdf", "class.pdf", `${card.name}.pdf`]) expect(content).toContain(name);
  // Nobody else's coordinator, no teacher, nobody who passes by.
  for (const login of ["coordinator-04", "teacher-01", "admin"]) {
    const other = await staff(browser, "kk", login);
    expect((await other.request.get(address)).status(), login).toBe(403);
  }
  const nobody = await pageIn(browser, "kk");
  expect((await nobody.request.get(address, { maxRedirects: 0 })).status()).toBe(303);
  // Who took them stands in the audit log.
  await centre.goto("/network/audit");
  await expect(centre.locator("[data-table=audit] tbody tr").filter({ hasText: "мектептің барлық құжатын алу" }).first()).toBeVisible();
  await centre.goto(`${campaign}/open`);
  await centre.click("form.form button");
});

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
