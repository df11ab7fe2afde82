// Step 6, a test sat elsewhere, by page: real tests when they lie beside the repository, and files with mistakes.
import { expect, type Page } from "@playwright/test";
import { accessible, expectFile, shared, staff, test, text } from "./helpers";

interface Files {
  responses: string | { name: string; mimeType: string; buffer: Buffer };
  key?: string | { name: string; mimeType: string; buffer: Buffer };
}

const csv = (name: string, content: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) });

async function bringIn(page: Page, name: string, files: Files, fields: Record<string, string> = {}): Promise<void> {
  await page.goto("/assess/import/responses");
  await page.fill("#test", name);
  await page.setInputFiles("#responses", files.responses);
  if (files.key) await page.setInputFiles("#key", files.key);
  for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
  await page.click("form.form button");
}

for (const language of ["ru", "kk"] as const) {
  test(`responses with a key become results (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    await page.goto("/assess/import");
    await accessible(page);
    const rows = Array.from({ length: 40 }, (_, row) => `p${row},${"ABCD"[row % 4]},${"ABCD"[(row * 3) % 4]},${row % 3 ? "A" : "B"}`);
    const key = csv("key.csv", "item,key\nq1,A\nq2,B\nq3,A\n");
    await bringIn(page, { kk: "Байланысты тексеру", ru: "Проверка связи" }[language], { responses: csv("responses.csv", ["id,q1,q2,q3", ...rows].join("\n")), key });
    await accessible(page);
    await page.click("a.button.main");
    await expect(page.locator("dl.figures")).toContainText("40");
    await accessible(page);

    // A key of another length: what is left over is named, in the reader's language, and nothing is kept.
    await bringIn(page, "Ошибка", { responses: csv("responses.csv", "id,q1,q2\n1,A,B\n2,B,B\n"), key });
    await expect(page.locator(".notice.bad")).toBeVisible();
    await expect(page.locator("[data-table=problems]")).toContainText("q3");
    await expect(page.locator("[data-table=problems]")).toContainText({ kk: "Кілт", ru: "ключ" }[language]);
    await accessible(page);
    await page.goto("/assess/campaigns");
    await expect(page.locator("main")).not.toContainText("Ошибка");
  });
}

for (const language of ["kk", "ru"] as const) {
  test(`term marks of somebody unknown are named and nothing is kept (${language})`, async ({ browser }) => {
    const page = await staff(browser, language, "centre");
    await page.goto("/assess/import/marks");
    await accessible(page);
    await page.selectOption("#campaign", { label: { kk: "Ауылдық тірек мектептер, 2022 жылғы қараша", ru: "Опорные сельские школы, ноябрь 2022 года" }[language] });
    const rows = ["class,pupil,mathematics,алхимия", "4А,Ешкімов Ешкім,70,80"];
    await page.setInputFiles("#file", csv("marks.csv", rows.join("\n")));
    await page.click("form.form button");
    await expect(page.locator(".notice.bad")).toBeVisible();
    const problems = page.locator("[data-table=problems]");
    await expect(problems).toContainText("алхимия");
    await expect(problems).toContainText({ kk: "пәні жоқ", ru: "нет предмета" }[language]);
    await accessible(page);
  });
}

test("a concept test of 651 students (HCI)", async ({ browser }) => {
  const [responses, key] = [shared("HCItest.csv"), shared("HCI_key.csv")];
  test.skip(!responses || !key, "HCItest.csv does not lie beside the repository");
  const page = await staff(browser, "ru", "centre");
  await bringIn(page, "HCI", { responses: responses ?? "", key });
  await expect(page.locator("dl.pairs")).toContainText("651");
  await expect(page.locator("dl.pairs")).toContainText("0,715");
  await expect(page.locator("dl.pairs")).toContainText("1,94");
  await page.click("a.button.main");
  await expect(page.locator("dl.figures")).toContainText("651");
  const campaign = new URL(page.url()).pathname;
  await expectFile(await page.request.get(`${campaign}/workbook.xlsx`), "xlsx");
  await page.locator("[data-table=subjects] tbody a").first().click();
  await expect(page.locator("[data-table=items] tbody tr")).toHaveCount(20);
  await expect(page.locator("[data-table=options] tbody tr").first()).toBeVisible();
  await accessible(page);
});

test("dirty cells are named and not swallowed (HCIdata_full)", async ({ browser }) => {
  const [responses, key] = [shared("HCIdata_full.csv"), shared("HCI_key.csv")];
  test.skip(!responses || !key, "HCIdata_full.csv does not lie beside the repository");
  const page = await staff(browser, "kk", "centre");
  const names = text(key ?? "").replace(/"?Item(\d+)"?/g, "A$1");
  await bringIn(page, "HCI full", { responses: responses ?? "", key: csv("key.csv", names) }, { items: "A*" });
  const notes = page.locator(".notice.warn li, [data-table=problems] tbody tr");
  await expect(notes.first()).toBeVisible();
  // Each says where: the row and the column.
  await expect(notes.first()).toContainText(/\d/);
  await accessible(page);
});

test("a national examination of 15,702 pupils", async ({ browser }) => {
  const [responses, key] = [shared("CZmatura.csv"), shared("CZmatura_mc_key.csv")];
  test.skip(!responses || !key, "CZmatura.csv does not lie beside the repository");
  test.setTimeout(300_000);
  const page = await staff(browser, "ru", "centre");
  await bringIn(page, "Matura", { responses: responses ?? "", key }, { school: "SchType" });
  await expect(page.locator("dl.pairs")).toContainText(/15\s702/, { timeout: 240_000 });
  await expect(page.locator("dl.pairs")).toContainText("0,893");
  await page.click("a.button.main");
  await expect(page.locator("[data-table=schools] tbody tr")).toHaveCount(16);
  await accessible(page);
  const campaign = new URL(page.url()).pathname;
  await expectFile(await page.request.get(`${campaign}/presentation.pdf`), "pdf");
  await page.locator("[data-table=schools] tbody a").first().click();
  await page.locator("a[href*='/results/classes/']").first().click();
  await accessible(page);
});
