// Step 2, the centre: a campaign with its tests and who took part, the window, login cards. In Kazakh and in Russian.
import { expect } from "@playwright/test";
import { accessible, campaigns, expectFile, openCampaign, pageIn, staff, test } from "./helpers";

for (const language of ["kk", "ru"] as const) {
  test(`the centre sees a campaign and who took part (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    for (const address of ["/", "/assess/campaigns", "/network/schools", "/network/pupils", "/network/jobs", "/network/audit"]) {
      await page.goto(address);
      await accessible(page);
    }
    await openCampaign(page, campaigns.monitoring[language]);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator(".demo")).toBeVisible();
    await expect(page.locator("dl.pairs")).toContainText({ kk: "2022 жылғы 14–18 қараша", ru: "14–18 ноября 2022 года" }[language]);
    const tests = page.locator("[data-table=tests] tbody tr");
    await expect(tests).toHaveCount(13);
    for (const row of await tests.all()) await expect(row).toContainText(/20.*40/s);
    await expect(page.locator("[data-table=schools] tbody tr")).toHaveCount(17);
    await expect(page.locator("[data-table=grades] tbody tr")).toHaveCount(2);
    await expect(page.locator("[data-table=languages] tbody tr")).toHaveCount(2);
    await accessible(page);
    for (const format of ["csv", "xlsx"] as const) await expectFile(await page.request.get(`${page.url()}?export=${format}&table=schools`), format);
  });

  test(`the centre closes and opens a window (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    const campaign = await openCampaign(page, campaigns.rehearsal[language]);
    const state = page.locator("dl.pairs dd").first();
    const open = { kk: "ашық", ru: "открыта" }[language];
    const closed = { kk: "жабық", ru: "закрыта" }[language];
    await expect(state).toHaveText(open);
    const code = await anyCode(page, campaign);

    await page.goto(campaign);
    await page.click(`a[href='${campaign}/close']`);
    // The question says what will happen to whom.
    await expect(page.locator("main")).toContainText(/\d/);
    await accessible(page);
    await page.click("form.form button");
    await expect(page.locator("dl.pairs dd").first()).toHaveText(closed);
    await expect(page.locator(".notice").first()).toBeVisible();

    const pupil = await pageIn(browser, language);
    await pupil.goto("/sit");
    await pupil.fill("[name=code]", code);
    await pupil.click("form[action='/sit/code'] button");
    await expect(pupil.locator(".notice.bad")).toContainText({ kk: "Тест жабық", ru: "Тест закрыт" }[language]);

    await page.click(`a[href='${campaign}/open']`);
    await accessible(page);
    await page.click("form.form button");
    await expect(page.locator("dl.pairs dd").first()).toHaveText(open);
    await pupil.click("form[action='/sit/code'] button");
    await expect(pupil.locator("#sit")).toHaveAttribute("data-state", "start");
  });

  test(`the centre prints login cards for a class (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    const campaign = await openCampaign(page, campaigns.rehearsal[language]);
    await page.goto(`${campaign}/sittings`);
    await accessible(page);
    await page.locator("main table a[href$='/cards']").first().click();
    await accessible(page);
    const documents = await page.locator("main a[href$='.pdf']").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(documents.length).toBe(2);
    for (const address of documents) await expectFile(await page.request.get(address), "pdf");
    // Codes are for those who hand them out: not for a teacher, not for another school, not for anybody who passes by.
    for (const login of ["teacher-01", "coordinator-17"]) {
      const other = await staff(browser, language, login);
      for (const address of documents) expect((await other.request.get(address)).status(), `${login} ${address}`).toBe(403);
    }
    const nobody = await pageIn(browser, language);
    const answer = await nobody.request.get(documents[0] ?? "", { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
  });
}

/** The code on some card of the campaign. */
async function anyCode(page: import("@playwright/test").Page, campaign: string): Promise<string> {
  await page.goto(`${campaign}/sittings`);
  const address = (await page.locator("main table a[href$='/cards']").last().getAttribute("href")) ?? "";
  await page.goto(address);
  return ((await page.locator("main table tbody tr").last().locator("td").last().textContent()) ?? "").trim();
}
