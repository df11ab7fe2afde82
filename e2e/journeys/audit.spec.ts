// A methodist drops a faulty table on the auditor's page, confirms what is meant, and sees which cells cannot be right.
import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { accessible, pageIn, signIn } from "./helpers";

const faulty = [
  "school;pupils;with_5;with_4;absent;late;share_5",
  "Abay;100;25;40;3;2;25,0",
  "Bilge;80;20;31;4;1;25,0",
  "Qonyr;60;6;22;1;5;10,0",
  "Saty;90;30;41;2;3;33,3",
  "Zher;50;10;17;2;4;25,5",
  "TOTAL;380;92;151;12;15;24,2",
].join("\n");
const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

for (const [language, words] of [["kk", "болар еді"], ["ru", "было бы"]] as const) {
  test(`a faulty table is marked up (${language})`, async ({ browser }) => {
    const page = await pageIn(browser, language);
    await signIn(page, "centre");
    await page.goto("/govern/audit");
    await accessible(page);
    await page.setInputFiles("#files", file("marks.csv", faulty));
    await page.click("form.form button.main");

    const relations = page.locator("input[name=relation]");
    await expect(relations).not.toHaveCount(0);
    await expect(relations.first()).toBeChecked();
    await accessible(page);
    await page.click("button[value=marked]");

    const wrong = page.locator("table.marked .badge.bad");
    await expect(wrong).toHaveCount(2);
    await expect(wrong.first()).toContainText(words);
    await expect(page.locator("table.marked tr", { hasText: "Zher" }).locator(".badge.bad")).toContainText("20,0");
    await expect(page.locator("table.findings tbody tr")).toHaveCount(2);
    await accessible(page);

    const saved = page.waitForEvent("download");
    await page.click("button[value=csv]");
    const text = readFileSync(await (await saved).path(), "utf8");
    expect(text.trim().split("\n")).toHaveLength(3);
    expect(text).toContain("Zher");

    // What is no table is refused with what to do; nothing was kept meanwhile.
    await page.goto("/govern/audit");
    await page.setInputFiles("#files", file("picture.csv", "\u0001\u0002\u0003"));
    await page.click("form.form button.main");
    await expect(page.locator(".notice.bad li")).toContainText("picture.csv");
    await accessible(page);
    await page.context().close();
  });
}

test("the auditor works without scripts and by keyboard", async ({ browser }) => {
  const context = await browser.newContext({ locale: "en", javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, "centre");
  await page.goto("/govern/audit");
  await page.setInputFiles("#files", file("marks.csv", faulty));
  await page.locator("form.form button.main").focus();
  await page.keyboard.press("Enter");
  await page.locator("input[name=relation]").first().focus();
  await page.keyboard.press("Space");
  await expect(page.locator("input[name=relation]").first()).not.toBeChecked();
  await page.keyboard.press("Space");
  await page.locator("button[value=marked]").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("table.marked .badge.bad")).toHaveCount(2);
  await context.close();
});
