// The ability scale: shares of levels open to their pupils, a pupil's band, the statistics of a test.
import { expect, test } from "@playwright/test";
import { accessible, pageIn, signIn } from "./helpers";

const words = {
  kk: { levels: ["Негізгі", "Ілгері", "Жоғарғы"], scale: "Қабілеттер шкаласы" },
  ru: { levels: ["Базовый", "Повышенный", "Высокий"], scale: "Шкала способностей" },
};

for (const language of ["kk", "ru"] as const) {
  test(`a share of a level opens down to a pupil's band (${language})`, async ({ browser }) => {
    const page = await pageIn(browser, language);
    await signIn(page, "centre");
    await page.goto("/assess/campaigns/rural-hub-schools-2022/results");
    for (const level of words[language].levels) await expect(page.getByText(level).first()).toBeAttached();
    // The highest level of the first group: the number below the share is the length of the list behind it.
    const share = page.locator("a[href*='/levels?'][href*='level=2']").first();
    const cell = share.locator("xpath=ancestor::td");
    const count = Number((await cell.innerText()).match(/n = (\d+)/)?.[1]);
    expect(count).toBeGreaterThan(0);
    await share.click();
    await expect(page.locator("main")).toContainText(words[language].levels[2]);
    await expect(page.locator("table caption")).toContainText(new RegExp(`\\b${count}\\b`));
    await accessible(page);
    await page.selectOption("select[name='level']", "0");
    await page.locator("form.filters button").click();
    await expect(page).toHaveURL(/level=0/);
    await expect(page.locator("tbody tr").first()).toContainText(words[language].levels[0]);

    await page.locator("a[href*='/assess/attempts/']").first().click();
    await expect(page.locator("svg.chart-band")).toBeVisible();
    await expect(page.getByRole("heading", { name: words[language].scale })).toBeVisible();
    await accessible(page);
    const pdf = await page.request.get(`${page.url()}.pdf`);
    expect((await pdf.body()).subarray(0, 4).toString()).toBe("%PDF");
  });

  test(`the statistics of a test show its scale, also in the dark (${language})`, async ({ browser }) => {
    // A long page with several tables: axe needs its time on a busy machine.
    test.slow();
    const context = await browser.newContext({ locale: language, colorScheme: "dark" });
    const page = await context.newPage();
    await signIn(page, "centre");
    await page.goto("/assess/campaigns/rural-hub-schools-2022/results");
    await page.locator("a[href*='/results/tests/']:not([href*='levels'])").first().click();
    await expect(page.locator("svg.chart-person-item-map")).toBeVisible();
    await expect(page.locator("table").filter({ hasText: "Outfit" }).locator("tbody tr")).toHaveCount(20);
    await accessible(page);
  });
}

test("a coordinator opens shares of the own school only", async ({ browser }) => {
  const page = await pageIn(browser, "ru");
  await signIn(page, "coordinator-01");
  await page.goto("/assess/campaigns/rural-hub-schools-2022/results");
  // A share of the whole campaign is not one's own to open; those of the own school are.
  await expect(page.locator("a[href*='/levels?']")).toHaveCount(0);
  await page.locator("a[href*='/results/schools/']").first().click();
  await page.locator("a[href*='/levels?'][href*='level=']").first().click();
  const schools = await page.locator("tbody tr td:nth-child(2)").allInnerTexts();
  expect(schools.length).toBeGreaterThan(0);
  expect(new Set(schools).size).toBe(1);
  await accessible(page);
});
