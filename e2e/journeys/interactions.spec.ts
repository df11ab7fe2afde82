// Each kind of task of the demonstration test, answered by mouse, by keyboard, by touch and without scripts; what the
// browser sends is compared with the right answer that the pack states.
import { mkdirSync, readFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, expect, type Locator, type Page, type Request, test } from "@playwright/test";
import { accessible, campaigns, openCampaign, staff } from "./helpers";

type Language = "kk" | "ru";
type How = "mouse" | "keyboard" | "touch" | "plain";
const SHOTS = process.env.ZEREK_E2E_SHOTS;

interface Kind {
  kind: string;
  response: string[];
}

/** Kinds and right answers as packs/kz/kinds/kinds.toml states them. */
const kinds: Kind[] = readFileSync("../packs/kz/kinds/kinds.toml", "utf8")
  .split("[[item]]")
  .slice(1)
  .map((text) => ({
    kind: /^kind = "(.+)"$/m.exec(text)?.[1] ?? "",
    response: JSON.parse(/^response = (\[.+\])$/m.exec(text)?.[1] ?? "[]") as string[],
  }));

function code(language: Language, index: number): string {
  return JSON.parse(readFileSync(".data/loaded.json", "utf8")).kinds[language][index];
}

/** Response values as the server reads them from the fields of a form. */
function values(sent: [string, string][]): string[] {
  const all: string[] = [];
  const places = new Map<number, string[]>();
  for (const [name, value] of sent) {
    const [base, row, half] = name.split(":");
    if (base !== "RESPONSE" || value === "") continue;
    if (row === undefined) all.push(value);
    else places.set(Number(row), [...(half === "b" ? (places.get(Number(row)) ?? []) : []), value]);
  }
  return [...all, ...[...places].sort(([one], [two]) => one - two).map(([, parts]) => parts.join(" "))];
}

/** Names and values of a sent form; of a file its name. */
function fields(request: Request): [string, string][] {
  const type = request.headers()["content-type"] ?? "";
  const text = request.postDataBuffer()?.toString("utf8") ?? "";
  if (!type.startsWith("multipart/")) return [...new URLSearchParams(text)];
  const parts = text.split("--" + (type.split("boundary=")[1] ?? ""));
  return parts.flatMap((part): [string, string][] => {
    const name = /name="([^"]*)"/.exec(part)?.[1];
    const file = /filename="([^"]*)"/.exec(part)?.[1];
    return name === undefined ? [] : [[name, file ?? part.split("\r\n\r\n")[1]?.replace(/\r\n$/, "") ?? ""]];
  });
}

/** A finger meets a small picture to about a pixel; what is further off stays what it is. */
function nearest(point: string, wanted: string[]): string {
  const [x, y] = point.split(" ").map(Number) as [number, number];
  const close = wanted.find((other) => {
    const [left, top] = other.split(" ").map(Number) as [number, number];
    return Math.hypot(x - left, y - top) <= 2;
  });
  return close ?? point;
}

async function begin(browser: Browser, language: Language, index: number, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext({ locale: language, ...options })).newPage();
  page.on("pageerror", (error) => expect(error.message, "an error of a script").toBe(""));
  await page.goto("/sit");
  await page.fill("[name=code]", code(language, index));
  await page.click("form[action='/sit/code'] button");
  await page.click("form[action='/sit/start'] button");
  await expect(page.locator("#sit")).toHaveAttribute("data-state", "item");
  return page;
}

// ---- one way to answer each ----

const group = (page: Page, kind: string): Locator => page.locator(`fieldset.qti-${kind.replace("-multiple", "")}-interaction`);
const card = (page: Page, label: string): Locator => page.locator("button.card", { hasText: new RegExp(`^(\\d\\. )?${label}$`) });
const place = (page: Page, index: number): Locator => page.locator("button.place").nth(index);

/** Where a pixel of the author's picture is on the screen. */
async function onPicture(page: Page, kind: string, x: number, y: number, width: number): Promise<[number, number]> {
  const root = kind === "position-object" ? page.locator(".qti-position-object-stage") : group(page, kind);
  const image = root.locator("> .qti-picture > img");
  await image.scrollIntoViewIfNeeded();
  const box = await image.boundingBox();
  if (!box) throw new Error("no picture");
  return [box.x + (x * box.width) / width, box.y + (y * box.width) / width];
}

async function drag(page: Page, from: Locator, to: [number, number] | Locator): Promise<void> {
  await from.scrollIntoViewIfNeeded();
  const start = await from.boundingBox();
  const end = Array.isArray(to) ? undefined : await to.boundingBox();
  if (!start) throw new Error("nothing to drag");
  const [x, y] = Array.isArray(to) ? to : [(end?.x ?? 0) + (end?.width ?? 0) / 2, (end?.y ?? 0) + (end?.height ?? 0) / 2];
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(x - 20, y - 20, { steps: 4 });
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
}

/** Drags with a finger. */
async function swipe(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.scrollIntoViewIfNeeded();
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("nothing to drag");
  const [left, top] = [start.x + start.width / 2, start.y + start.height / 2];
  const [right, bottom] = [end.x + end.width / 2, end.y + end.height / 2];
  const session = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]): Promise<unknown> =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [{ x: left, y: top }]);
  for (let step = 1; step <= 8; step += 1) {
    await touch("touchMove", [{ x: left + ((right - left) * step) / 8, y: top + ((bottom - top) * step) / 8 }]);
  }
  await touch("touchEnd", []);
  // Chromium takes a tap right behind a swipe for one that stops a scrolling page; a finger needs longer anyway.
  await page.waitForTimeout(400);
}

/** Presses something the way of the pupil: with the mouse, a finger, or Enter. */
function presser(page: Page, how: How): (target: Locator) => Promise<void> {
  return async (target) => {
    if (how === "touch") await target.tap();
    else if (how === "keyboard") {
      await target.focus();
      await page.keyboard.press((await target.evaluate((element) => element.tagName)) === "INPUT" ? "Space" : "Enter");
    } else await target.click();
  };
}

async function point(page: Page, how: How, kind: string, x: number, y: number, width: number): Promise<void> {
  const [left, top] = await onPicture(page, kind, x, y, width);
  if (how === "touch") await page.touchscreen.tap(left, top);
  else await page.mouse.click(left, top);
}

const AREAS: Record<string, [number, number]> = { N12: [80, 70], N7: [400, 80], N23: [110, 240], N18: [370, 230] };
const FIGURES: Record<string, [number, number]> = { F1: [100, 100], F2: [240, 100], F3: [385, 100] };
const LABELS: Record<string, Record<Language, string>> = {
  T: { kk: "үшбұрыш", ru: "треугольник" },
  S: { kk: "шаршы", ru: "квадрат" },
  C: { kk: "дөңгелек", ru: "круг" },
};
const CARDS: Record<string, Record<string, string>> = {
  order: { A: "0,5", B: "0,45", C: "0,405", D: "0,54" },
  associate: { A: "3", B: "4", C: "6", D: "7" },
};

/** From the middle of a picture 400 pixels wide the cross moves ten pixels a step, one with Shift. */
async function crossTo(page: Page, x: number, y: number): Promise<void> {
  await page.locator(".point-surface").focus();
  for (const [delta, less, more] of [[x - 200, "ArrowLeft", "ArrowRight"], [y - 200, "ArrowUp", "ArrowDown"]] as const) {
    const key = delta < 0 ? less : more;
    for (let tens = 0; tens < Math.floor(Math.abs(delta) / 10); tens += 1) await page.keyboard.press(key);
    for (let ones = 0; ones < Math.abs(delta) % 10; ones += 1) await page.keyboard.press(`Shift+${key}`);
  }
  await page.keyboard.press("Enter");
}

async function answer(page: Page, how: How, language: Language, { kind, response }: Kind): Promise<void> {
  const press = presser(page, how);
  const scripted = how !== "plain";
  switch (kind) {
    case "choice":
    case "choice-multiple":
    case "hottext":
    case "media":
      if (kind === "media" && scripted) {
        await press(page.locator("button.play"));
        await expect(page.locator("input.qti-plays")).toHaveValue("1");
      }
      for (const value of response) await press(page.locator(`input[name=RESPONSE][value="${value}"]`));
      return;
    case "hotspot":
      for (const value of response) {
        const [x, y] = AREAS[value] ?? [0, 0];
        if (how === "mouse" || how === "touch") await point(page, how, kind, x, y, 480);
        else await press(page.locator(`input[value="${value}"]`));
      }
      return;
    case "match":
      for (const [index, value] of response.entries()) {
        const [row, column] = value.split(" ") as [string, string];
        const head = (choice: string): Locator => page.locator(`th[data-choice="${choice}"] .match-head`);
        const box = page.locator(`input[value="${value}"]`);
        // Heads of columns are not shown on a telephone: there a row's head is put on the box itself.
        if (how === "mouse") await drag(page, ...(index % 2 === 0 ? [head(row), head(column)] : [head(column), head(row)]) as [Locator, Locator]);
        else if (how === "touch" && index === 0) await swipe(page, head(row), box);
        else await press(box);
        if (scripted) await expect(box).toBeChecked();
      }
      return;
    case "inline-choice":
      await page.locator("select").focus();
      await page.locator("select").selectOption(response);
      return;
    case "text-entry":
      await page.locator("input[type=text]").focus();
      await page.keyboard.type("4,75");
      return;
    case "extended-text":
      await page.locator("textarea").focus();
      await page.keyboard.type(response[0] ?? "");
      return;
    case "order":
    case "associate": {
      const parts = response.flatMap((value) => value.split(" "));
      if (!scripted) {
        for (const [index, part] of parts.entries()) await page.locator("select").nth(index).selectOption(part);
        return;
      }
      const label = (part: string): string => CARDS[kind]?.[part] ?? "";
      if (how === "mouse") {
        for (const [index, part] of parts.entries()) await drag(page, card(page, label(part)), place(page, index));
      } else if (kind === "order" && how === "keyboard") {
        // In another order first, then moved by the arrows: D C B A to C B A D.
        for (const part of ["D", "C", "B", "A"]) await press(card(page, label(part)));
        for (let step = 0; step < 3; step += 1) await press(page.locator("ol.qti-places > li").nth(step).locator(".tool").nth(1));
      } else {
        for (const part of parts) await press(card(page, label(part)));
      }
      return;
    }
    case "gap-match":
      for (const [index, value] of response.entries()) {
        const word = (value.split(" ")[0] ?? "").slice(1);
        if (!scripted) await page.locator("select").nth(index).selectOption(value);
        else if (how === "mouse") await drag(page, card(page, word), place(page, index));
        else {
          await press(card(page, word));
          await press(place(page, index));
        }
      }
      return;
    case "graphic-order":
    case "graphic-associate": {
      const parts = response.flatMap((value) => value.split(" "));
      for (const [index, part] of parts.entries()) {
        const [x, y] = AREAS[part] ?? [0, 0];
        if (!scripted) await page.locator("select").nth(index).selectOption(part);
        else if (how === "keyboard") await press(card(page, part.slice(1)));
        else await point(page, how, kind, x, y, 480);
      }
      return;
    }
    case "graphic-gap-match":
      for (const [index, value] of response.entries()) {
        const [word, area] = value.split(" ") as [string, string];
        const label = LABELS[word]?.[language] ?? "";
        const [x, y] = FIGURES[area] ?? [0, 0];
        if (!scripted) await page.locator("select").nth(index).selectOption(value);
        else if (how === "mouse") {
          await card(page, label).scrollIntoViewIfNeeded();
          await drag(page, card(page, label), await onPicture(page, kind, x, y, 480));
        } else if (how === "keyboard") {
          await press(card(page, label));
          await press(place(page, index));
        } else {
          await press(card(page, label));
          await point(page, how, kind, x, y, 480);
        }
      }
      return;
    case "select-point":
    case "position-object": {
      const [x, y] = (response[0] ?? "").split(" ").map(Number) as [number, number];
      if (!scripted) {
        await page.locator("input[name='RESPONSE:1:a']").fill(String(x));
        await page.locator("input[name='RESPONSE:1:b']").fill(String(y));
      } else if (how === "keyboard") await crossTo(page, x, y);
      else if (kind === "position-object" && how === "mouse") {
        const object = page.locator(".qti-position-object-interaction > .qti-picture");
        await drag(page, object, await onPicture(page, kind, x, y, 400));
      } else await point(page, how, kind, x, y, 400);
      return;
    }
    case "slider":
      if (!scripted) await page.locator("input.qti-slider").fill("28");
      else {
        const range = page.locator("input[type=range]");
        await range.scrollIntoViewIfNeeded();
        const box = await range.boundingBox();
        if (how === "mouse" && box) await page.mouse.click(box.x + box.width * 0.4, box.y + box.height / 2);
        if (how === "touch" && box) await page.touchscreen.tap(box.x + box.width * 0.4, box.y + box.height / 2);
        await range.focus();
        await page.keyboard.press("Home");
        for (let step = 0; step < 28; step += 1) await page.keyboard.press("ArrowRight");
        await expect(page.locator(".slider-value")).toHaveText("28");
      }
      return;
    case "drawing": {
      await expect(page.locator(".qti-companions li")).toHaveCount(1);
      // What a word means is a note that the browser opens, without scripts too.
      const note = page.locator(".qti-support-note");
      await expect(note).toBeHidden();
      await press(page.locator("button.qti-support"));
      await expect(note).toBeVisible();
      if (scripted) await accessible(page);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${how}-note.png`, fullPage: true });
      await page.keyboard.press("Escape");
      await expect(note).toBeHidden();
      if (!scripted) {
        const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        await page.locator("input[type=file]").setInputFiles({ name: "drawing.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") });
        return;
      }
      const canvas = page.locator("canvas");
      await canvas.scrollIntoViewIfNeeded();
      const box = await canvas.boundingBox();
      if (!box) throw new Error("no surface");
      if (how === "keyboard") {
        await canvas.focus();
        for (const key of ["Space", "Shift+ArrowRight", "Shift+ArrowUp", "ArrowLeft", "Space"]) await page.keyboard.press(key);
      } else if (how === "touch") {
        await page.touchscreen.tap(box.x + 60, box.y + 60);
      } else {
        await page.mouse.move(box.x + 40, box.y + 120);
        await page.mouse.down();
        for (const [x, y] of [[100, 30], [160, 120], [40, 120]] as const) await page.mouse.move(box.x + x, box.y + y, { steps: 5 });
        await page.mouse.up();
      }
      await expect(page.locator(".draw-tools .button").first()).toBeEnabled();
      return;
    }
    case "upload":
      await page.locator("input[type=file]").setInputFiles({ name: "work.txt", mimeType: "text/plain", buffer: Buffer.from("Жұмысым") });
      if (scripted) await expect(page.locator(".file-told")).toContainText("work.txt");
      return;
    case "portable-custom": {
      const frame = page.frameLocator("iframe.program");
      const more = frame.getByRole("button", { name: "x + 1" });
      for (let step = 0; step < 4; step += 1) await press(more);
      await expect(page.locator(".qti-portable input[name=RESPONSE]")).toHaveValue("4");
      return;
    }
  }
}

/** From the first task to the last. */
async function wholeTest(browser: Browser, how: How, language: Language, index: number, options: BrowserContextOptions): Promise<void> {
  const page = await begin(browser, language, index, options);
  const sit = page.locator("#sit");
  for (const [number, kind] of kinds.entries()) {
    await test.step(kind.kind, async () => {
      await expect(sit).toHaveAttribute("data-position", String(number));
      if (kind.kind === "portable-custom" && how === "plain") {
        // It needs its program: without scripts the page says so, and the task is skipped.
        await expect(page.locator(".qti-unsupported")).toBeVisible();
        await page.click("button[name=do][value=skip]");
        await page.click("form[action='/sit/skip'] button[value=skip]");
        return;
      }
      await answer(page, how, language, kind);
      if (how !== "plain") await accessible(page);
      if (SHOTS) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: `${SHOTS}/${how}-${String(number + 1).padStart(2, "0")}-${kind.kind}.png`, fullPage: true });
      }
      const send = kind.kind === "end-attempt" ? page.locator(".qti-end-attempt-interaction") : page.locator("button[name=do].main");
      const [request] = await Promise.all([page.waitForRequest((one) => one.url().endsWith("/sit/answer") && one.method() === "POST"), presser(page, how)(send)]);
      const wanted = kind.kind === "text-entry" ? ["4,75"] : kind.response;
      // A form with a file is not always shown to the test; then the server's answer alone speaks.
      const sent = fields(request);
      const isFile = ["drawing", "upload"].includes(kind.kind);
      const received = /point|position/.test(kind.kind) ? values(sent).map((value) => nearest(value, wanted)) : values(sent);
      if (!isFile || sent.length > 0) expect(received.sort(), `${kind.kind} by ${how}`).toEqual([...wanted].sort());
      if (/order$/.test(kind.kind)) expect(values(sent)).toEqual(wanted);
      if (number + 1 < kinds.length) await expect(sit).toHaveAttribute("data-position", String(number + 1));
    });
  }
  await expect(sit).toHaveAttribute("data-state", "all-done");
  const answered = how === "plain" ? kinds.length - 1 : kinds.length;
  await expect(sit).toContainText(String(answered));
  if (how === "mouse") {
    await page.click("form[action='/sit/end'] button");
    await expect(sit).toHaveAttribute("data-state", "finished");
  }
  await page.context().close();
}

/** The drawing and the upload of the test above, as the centre finds them. */
async function filesOfAnswers(browser: Browser): Promise<void> {
  const page = await staff(browser, "ru", "centre");
  const campaign = await openCampaign(page, campaigns.rehearsal.ru);
  await page.goto(`${campaign}/sittings`);
  await page.locator("[data-table=sittings] a[href$='/files']").first().click();
  const rows = page.locator("[data-table=files] tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText("work.txt");
  await accessible(page);
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/files.png`, fullPage: true });
  const address = (await rows.first().locator("a").getAttribute("href")) ?? "";
  const drawing = await page.request.get(address);
  expect([drawing.status(), drawing.headers()["content-type"]]).toEqual([200, "image/png"]);
  expect(drawing.headers()["content-security-policy"]).toContain("sandbox");
  const upload = await page.request.get((await rows.nth(1).locator("a").getAttribute("href")) ?? "");
  expect(upload.headers()["content-disposition"]).toContain("attachment");
  expect(await upload.text()).toBe("Жұмысым");
  await page.context().close();
}

test.describe("each kind of task", () => {
  test.setTimeout(300_000);

  test("by mouse, Russian, light", async ({ browser }) => {
    await wholeTest(browser, "mouse", "ru", 0, { colorScheme: "light", viewport: { width: 1100, height: 800 } });
    await filesOfAnswers(browser);
  });

  test("by keyboard, Kazakh, dark", async ({ browser }) => {
    await wholeTest(browser, "keyboard", "kk", 0, { colorScheme: "dark", viewport: { width: 1100, height: 800 } });
  });

  test("by touch on a telephone, Kazakh, dark", async ({ browser }) => {
    await wholeTest(browser, "touch", "kk", 1, { colorScheme: "dark", hasTouch: true, viewport: { width: 390, height: 780 } });
  });

  test("by plain forms without scripts, Russian", async ({ browser }) => {
    await wholeTest(browser, "plain", "ru", 1, { javaScriptEnabled: false });
  });

  test("what was begun is back after a reload and gone once it is sent", async ({ browser }) => {
    const page = await begin(browser, "ru", 2, {});
    const sit = page.locator("#sit");
    for (const kind of kinds.slice(0, 4)) {
      if (kind.kind === "choice-multiple") {
        // More than allowed is told at the tick that breaks the limit, which is not taken.
        for (const value of ["A", "B", "C", "D"]) await page.locator(`input[value="${value}"]`).click();
        await expect(page.locator(".limit")).toBeVisible();
        await expect(page.locator("input[value=D]")).not.toBeChecked();
        for (const value of ["A", "B", "C"]) await page.locator(`input[value="${value}"]`).click();
      }
      await answer(page, "mouse", "ru", kind);
      await page.waitForTimeout(350);
      await page.reload();
      await expect(page.locator("#connection")).toBeVisible();
      await Promise.all([page.waitForRequest((one) => one.url().endsWith("/sit/answer")), page.locator("button[name=do].main").click()]);
      await expect(sit).toHaveAttribute("data-position", String(kinds.indexOf(kind) + 1));
    }
    const kept = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("zerek-")));
    expect(kept).toEqual([]);
    await page.context().close();
  });
});
