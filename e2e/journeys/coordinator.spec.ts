// Step 4, a school's coordinator: who has not started, works, has finished, is absent; absences and second chances.
import { expect, type Page } from "@playwright/test";
import { accessible, campaigns, cards, enter, openCampaign, pageIn, staff, test } from "./helpers";

const words = {
  kk: { not: "Бастамаған", working: "Жұмыс істеуде", finished: "Аяқтаған", absent: "Келмеген", act: "қайта ашу", reason: "Мектепте жарық сөнді" },
  ru: { not: "Не приступил", working: "Работает", finished: "Завершил", absent: "Отсутствует", act: "возобновить попытку", reason: "В школе отключили свет" },
} as const;

/** The row of a pupil in the live list of a sitting. */
function row(page: Page, name: string) {
  return page.locator("[data-table=live] tbody tr").filter({ hasText: name }).first();
}

for (const [language, login] of [["kk", "coordinator-03"], ["ru", "coordinator-04"]] as const) {
  test(`a coordinator watches a sitting and mends what went wrong (${language})`, async ({ browser }) => {
    const say = words[language];
    const page = await staff(browser, language, login);
    const { address, cards: all } = await cards(page, language);
    const [works, stays, sick] = [all[0], all[1], all[2]];
    if (!works || !stays || !sick) throw new Error("a class of three at least");
    const campaign = await openCampaign(page, campaigns.rehearsal[language]);
    // From the schedule to the pupils of one test in one class.
    await page.goto(`${campaign}/sittings`);
    await page.locator("[data-table=sittings] tbody tr").filter({ has: page.locator(`a[href='${address}']`) }).locator("a").first().click();
    await expect(page.locator("[data-table=live] tbody tr")).toHaveCount(all.length);
    const live = new URL(page.url()).pathname + new URL(page.url()).search;
    await accessible(page);
    await expect(row(page, works.name)).toContainText(say.not);

    // The list tells by itself that a pupil has begun and how far they are.
    const pupil = await pageIn(browser, language);
    await enter(pupil, works.code);
    await pupil.click("form[action='/sit/start'] button");
    await pupil.locator("#sit input[type=radio]").first().check();
    await pupil.click("#sit button[value=next]");
    await expect(pupil.locator(".counter")).toHaveText("2/20");
    const second = (await pupil.locator("#sit").getAttribute("data-item")) ?? "";
    await expect(row(page, works.name)).toContainText(say.working);
    await expect(row(page, works.name)).toContainText("1 / 20");

    // Absent, with a coded reason; and taken back when the pupil came after all.
    await row(page, sick.name).locator("a").click();
    await accessible(page);
    await page.locator("form.form input[type=radio]").first().check();
    const reason = ((await page.locator("form.form label").filter({ has: page.locator("input:checked") }).textContent()) ?? "").trim();
    await page.locator("form.form button").click();
    // Back in the same part of the list.
    await expect(page).toHaveURL(live);
    await expect(row(page, sick.name)).toContainText(say.absent);
    await expect(row(page, sick.name)).toContainText(reason);
    await row(page, sick.name).locator("a").click();
    await page.locator("form[action*='/present'] button").click();
    await expect(page).toHaveURL(live);
    await expect(row(page, sick.name)).toContainText(say.not);

    // The window is closed by mistake while the pupil works: everything answered so far is kept.
    const centre = await staff(browser, language, "centre");
    await centre.goto(`${campaign}/close`);
    await centre.click("form.form button");
    await pupil.reload();
    await expect(pupil.locator("#sit")).toHaveAttribute("data-state", "finished");
    await centre.goto(`${campaign}/open`);
    await centre.click("form.form button");
    await page.goto(live);
    await expect(row(page, works.name)).toContainText(say.finished);

    // A second chance needs a reason, which stays in the audit log.
    await row(page, works.name).locator("a").click();
    await accessible(page);
    await page.fill("#minutes", "5");
    await page.fill("#reason", "   ");
    await page.locator("form.form button").click();
    await expect(page.locator(".notice.bad")).toBeVisible();
    await page.fill("#reason", say.reason);
    await page.fill("#minutes", "5");
    await page.locator("form.form button").click();
    await expect(page).toHaveURL(live);
    await expect(row(page, works.name)).toContainText(say.working);
    await expect(row(page, works.name)).toContainText("1");

    // The pupil goes on where the window closed.
    await pupil.goto("/sit");
    await expect(pupil.locator("#sit")).toHaveAttribute("data-item", second);

    await centre.goto("/network/audit");
    const entry = centre.locator("[data-table=audit] tbody tr").filter({ hasText: say.reason }).first();
    await expect(entry).toContainText(say.act);
    await accessible(centre);
    // Neither the log nor another school is a coordinator's business.
    expect((await page.request.get("/network/audit")).status()).toBe(403);
  });
}

test("a coordinator finds a pupil among hundreds, with the keyboard too", async ({ browser }) => {
  const page = await staff(browser, "kk", "coordinator-05");
  const campaign = await openCampaign(page, campaigns.rehearsal.kk);
  await page.goto(`${campaign}/live`);
  const rows = page.locator("[data-table=live] tbody tr");
  await expect(rows).toHaveCount(50);
  const name = ((await rows.nth(40).locator("th").textContent()) ?? "").trim();
  await page.fill("#search", name);
  await page.press("#search", "Enter");
  await expect(rows.first()).toContainText(name);
  expect(await rows.count()).toBeLessThan(20);
  for (const row of await rows.all()) await expect(row).toContainText(name);
  await page.selectOption("#state", "finished");
  await page.locator("form.filters button").click();
  await expect(rows).toHaveCount(1);
  await expect(rows).not.toContainText(name);

  // The list refreshes itself and leaves the reader at the same link and the same place.
  await page.goto(`${campaign}/live`);
  const link = rows.nth(45).locator("a");
  const href = await link.getAttribute("href");
  await link.focus();
  const scrolled = () => page.locator(".table-scroll").evaluate((region) => region.scrollTop);
  const before = await scrolled();
  expect(before).toBeGreaterThan(0);
  await page.waitForResponse((answer) => answer.url().endsWith("/live") && answer.request().headers()["hx-request"] === "true");
  await expect(page.locator(":focus")).toHaveAttribute("href", href ?? "");
  expect(await scrolled()).toBe(before);
});

test("a coordinator sees the own school only", async ({ browser }) => {
  const page = await staff(browser, "ru", "coordinator-01");
  await page.goto("/network/schools");
  await expect(page.locator("main table tbody tr")).toHaveCount(1);
  const campaign = await openCampaign(page, campaigns.rehearsal.ru);
  expect((await page.request.get(`${campaign}/close`)).status()).toBe(403);
  await page.goto(`${campaign}/live`);
  await accessible(page);
  const foreign = await staff(browser, "ru", "coordinator-02");
  const link = (await page.locator("a[href$='/absence']").first().getAttribute("href")) ?? "";
  await foreign.goto(link);
  await foreign.locator("form.form input[type=radio]").first().check();
  const refused = foreign.waitForResponse((answer) => answer.request().method() === "POST");
  await foreign.locator("form.form button").click();
  expect((await refused).status()).toBe(403);
});
