// Step 3, a pupil with a card: from the code to the end page, with everything that goes wrong on the way.
import { expect, type Page } from "@playwright/test";
import { accessible, cards, enter, pageIn, staff, test } from "./helpers";

/** The item that a page shows. */
async function item(page: Page): Promise<string> {
  return (await page.locator("#sit").getAttribute("data-item")) ?? "";
}

async function answer(page: Page, option = 1): Promise<void> {
  const before = await item(page);
  await page.locator("#sit input[type=radio]").nth(option).check();
  await page.click("#sit button[value=next]");
  await expect(page.locator("#sit")).not.toHaveAttribute("data-item", before);
}

for (const language of ["kk", "ru"] as const) {
  test(`a pupil sits a test from the card to the end (${language})`, async ({ browser }) => {
    // The first school has classes of both languages of instruction.
    const coordinator = await staff(browser, language, "coordinator-01");
    const { cards: all } = await cards(coordinator, language);
    const card = all[0] ?? { name: "", code: "" };

    const page = await pageIn(browser, language);
    await page.goto("/sit");
    await accessible(page);
    for (const wrong of ["AC7K", "AC7K-4M9Z", "2222-2222"]) {
      await page.fill("[name=code]", wrong);
      await page.click("form[action='/sit/code'] button");
      await expect(page.locator(".notice.bad")).toBeVisible();
    }

    // Before the start: who, what, how much, how long, and the rules.
    await enter(page, card.code.toLowerCase());
    const sit = page.locator("#sit");
    await expect(sit).toHaveAttribute("data-state", "start");
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(sit.locator("dl")).toContainText(card.name.split(" ")[0] ?? "");
    await expect(sit.locator("dl")).toContainText("20");
    await expect(sit.locator("dl")).toContainText("40");
    await expect(page.locator(".demo")).toBeVisible();
    await accessible(page);

    // By keyboard alone: Start, an option by its digit, Enter.
    await page.locator("form[action='/sit/start'] button").focus();
    await page.keyboard.press("Enter");
    await expect(sit).toHaveAttribute("data-state", "item");
    await expect(page.locator(".counter")).toHaveText("1/20");
    await expect(page.locator("#clock")).toHaveText(/^(40:00|39:\d\d)$/);
    await accessible(page);
    const first = await item(page);
    await page.keyboard.press("2");
    await expect(page.locator("#sit input[type=radio]").nth(1)).toBeChecked();
    await page.keyboard.press("Enter");
    await expect(sit).not.toHaveAttribute("data-item", first);
    await expect(page.locator(".counter")).toHaveText("2/20");

    // A reload, and Back in the browser: the same task; what was answered is not returned to.
    const second = await item(page);
    await page.reload();
    await expect(sit).toHaveAttribute("data-item", second);

    // The connection is lost: the answer waits here and says so, and goes on by itself when the connection is back.
    await page.context().setOffline(true);
    await page.locator("#sit input[type=radio]").nth(2).check();
    await page.click("#sit button[value=next]");
    await expect(page.locator("#connection")).toBeVisible();
    await expect(sit).toHaveAttribute("data-item", second);
    await page.context().setOffline(false);
    await expect(sit).not.toHaveAttribute("data-item", second);
    await expect(page.locator("#connection")).toBeHidden();
    await expect(page.locator(".counter")).toHaveText("3/20");

    // A clock that somebody puts forward on this machine changes nothing: the server's counts.
    const third = await item(page);
    await page.evaluate(() => {
      const real = Date.now;
      Date.now = () => real() + 3_600_000;
    });
    await expect(page.locator("#clock")).toHaveText(/^(39|38):\d\d$/);

    // A second tab says so in both, and the one that is behind comes after.
    const tab = await page.context().newPage();
    await tab.goto("/sit");
    await expect(tab.locator("#second-tab")).toBeVisible();
    await expect(page.locator("#second-tab")).toBeVisible();
    await answer(tab);
    await expect(sit).not.toHaveAttribute("data-item", third);
    await tab.close();

    // Another computer: the same code, the same task, the same time. What was shown before is answered once only.
    const other = await pageIn(browser, language);
    await enter(other, card.code);
    const fourth = await item(page);
    await expect(other.locator("#sit")).toHaveAttribute("data-item", fourth);
    await expect(other.locator("#clock")).toHaveText(/^(39|38):\d\d$/);
    await answer(other, 0);
    await page.locator("#sit input[type=radio]").nth(3).check();
    await page.click("#sit button[value=next]");
    await expect(page.locator("#sit [role=alert]")).toBeVisible();
    await expect(page.locator(".counter")).toHaveText("5/20");

    // Skipping says first that there is no way back; the way back is offered.
    const fifth = await item(page);
    await page.click("#sit button[value=skip]");
    await expect(sit).toHaveAttribute("data-state", "skip");
    await expect(sit).toContainText({ kk: "қайта оралуға болмайды", ru: "вернуться к нему нельзя" }[language]);
    await accessible(page);
    await page.click("#sit a[href='/sit']");
    await expect(sit).toHaveAttribute("data-item", fifth);
    await page.click("#sit button[value=skip]");
    await page.click("form[action='/sit/skip'] button[value=skip]");
    await expect(page.locator(".counter")).toHaveText("6/20");

    // No end before the last task.
    for (let task = 6; task < 20; task += 1) {
      await expect(page.locator(".counter")).toHaveText(`${task}/20`);
      await expect(page.locator("#sit button[value=end]")).toHaveCount(0);
      await answer(page, task % 4);
    }
    await page.locator("#sit input[type=radio]").first().check();
    await page.click("#sit button[value=end]");
    await expect(sit).toHaveAttribute("data-state", "all-done");
    await expect(sit).toContainText({ kk: /Жауапсыз қалғаны: 1/, ru: /Без ответа: 1/ }[language]);
    await accessible(page);
    await page.click("form[action='/sit/end'] button");
    await expect(sit).toHaveAttribute("data-state", "finished");
    await expect(page.locator(".receipt")).toHaveText(/^[0-9a-f]{4}-[0-9a-f]{4}$/i);
    await accessible(page);

    // No second entry: neither here nor with the card.
    await page.goto("/sit");
    await expect(sit).toHaveAttribute("data-state", "finished");
    const again = await pageIn(browser, language);
    await enter(again, card.code);
    await expect(again.locator(".notice.bad")).toContainText(/\d\d\.\d\d\.\d{4} \d\d:\d\d/);
  });
}

test("a test can be sat without scripts", async ({ browser }) => {
  const coordinator = await staff(browser, "kk", "coordinator-02");
  const { cards: all } = await cards(coordinator, "kk");
  const page = await pageIn(browser, "kk", false);
  await enter(page, all[0]?.code ?? "");
  await page.click("form[action='/sit/start'] button");
  await page.locator("#sit input[type=radio]").first().check();
  await page.click("#sit button[value=next]");
  await expect(page.locator(".counter")).toHaveText("2/20");
  await page.click("#sit button[value=next]");
  // Nothing was chosen: the page says what to do and stays.
  await expect(page.locator(".counter")).toHaveText("2/20");
});
