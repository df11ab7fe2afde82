// A pupil with a card: signs in, starts, answers, skips, reloads, goes on at another computer.
import { expect, test } from "@playwright/test";
import { accessible, codes, pageIn } from "./helpers";

for (const language of ["kk", "ru"] as const) {
  test(`a pupil sits a test (${language})`, async ({ browser }) => {
    const page = await pageIn(browser, language);
    await page.goto("/sit");
    await accessible(page);
    await page.fill("[name=code]", "22222222");
    await page.click("form[action='/sit/code'] button");
    await expect(page.locator(".notice.bad")).toBeVisible();

    await page.fill("[name=code]", codes()[language]);
    await page.click("form[action='/sit/code'] button");
    await expect(page.locator("#sit")).toHaveAttribute("data-state", "start");
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await accessible(page);
    await page.click("form[action='/sit/start'] button");
    const sit = page.locator("#sit");
    await expect(sit).toHaveAttribute("data-state", "item");
    await accessible(page);

    const first = await sit.getAttribute("data-item");
    await page.locator("input[type=radio]").nth(1).check();
    await page.click("button[name=do][value=next]");
    await expect(sit).not.toHaveAttribute("data-item", first ?? "");
    const second = await sit.getAttribute("data-item");
    await page.reload();
    await expect(sit).toHaveAttribute("data-item", second ?? "");

    // Skipping says first that the task cannot be returned to.
    await page.click("button[name=do][value=skip]");
    await page.click("form[action='/sit/skip'] button[value=skip]");
    await expect(sit).not.toHaveAttribute("data-item", second ?? "");
    const third = await sit.getAttribute("data-item");

    const other = await pageIn(browser, language);
    await other.goto("/sit");
    await other.fill("[name=code]", codes()[language]);
    await other.click("form[action='/sit/code'] button");
    await expect(other.locator("#sit")).toHaveAttribute("data-item", third ?? "");
  });
}
