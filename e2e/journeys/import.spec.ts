// A test sat elsewhere, by page; and a file with mistakes, which keeps nothing.
import { expect, test } from "@playwright/test";
import { accessible, pageIn, signIn } from "./helpers";

test("responses with a key become results", async ({ browser }) => {
  const page = await pageIn(browser, "ru");
  await signIn(page, "centre");
  await page.goto("/assess/import/responses");
  const rows = Array.from({ length: 40 }, (_, row) => `p${row},${"ABCD"[row % 4]},${"ABCD"[(row * 3) % 4]},${row % 3 ? "A" : "B"}`);
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.fill("#test", "Проверка связи");
  await page.setInputFiles("#responses", file("responses.csv", ["id,q1,q2,q3", ...rows].join("\n")));
  await page.setInputFiles("#key", file("key.csv", "item,key\nq1,A\nq2,B\nq3,A\n"));
  await page.click("form.form button");
  await page.click("a.button.main");
  await expect(page.locator("dl.figures")).toContainText("40");
  await accessible(page);

  await page.goto("/assess/import/responses");
  await page.fill("#test", "Ошибка");
  await page.setInputFiles("#responses", file("responses.csv", "id,q1,q2\n1,A\n"));
  await page.setInputFiles("#key", file("key.csv", "item,key\nq1,A\nq2,B\nq3,C\n"));
  await page.click("form.form button");
  await expect(page.locator(".notice.bad")).toBeVisible();
  await accessible(page);
});
