// @ts-nocheck: Node's types are not installed for these few tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Drafts, fill as fillFields } from "../src/draft";
import { moved } from "../src/interactions/cards";
import { broken } from "../src/interactions/choices";
import { toPicture } from "../src/interactions/points";
import { values } from "../src/interactions/portable";
import { words } from "../src/interactions/text";
import { sizeOf, takes } from "../src/interactions/upload";
import { fill } from "../src/say";

test("a text is filled in, and what has no value stays", () => {
  assert.equal(fill("{a}: {n} of {m}", { a: "x", n: 2 }), "x: 2 of {m}");
  // A value that looks like a place is not filled in once more.
  assert.equal(fill("{a} {b}", { a: "{b}", b: "y" }), "{b} y");
});

test("moving a place shifts what lies between", () => {
  assert.deepEqual(moved(["a", "b", "c", "d"], 0, 2), ["b", "c", "a", "d"]);
  assert.deepEqual(moved(["a", "b", "c", "d"], 3, 0), ["d", "a", "b", "c"]);
  assert.deepEqual(moved(["a", undefined, "c"], 2, 1), ["a", "c", undefined]);
});

test("limits in all, by row and by column", () => {
  assert.equal(broken(["A", "B"], 2, new Map()), undefined);
  assert.equal(broken(["A", "B", "C"], 2, new Map()), 2);
  assert.equal(broken(["A", "B", "C"], 0, new Map()), undefined);
  const uses = new Map([["A", 1], ["X", 2], ["Y", 0]]);
  assert.equal(broken(["A X", "B X"], 0, uses), undefined);
  assert.equal(broken(["A X", "A Y"], 0, uses), 1);
  assert.equal(broken(["A X", "B X", "C X"], 0, uses), 2);
  assert.equal(broken(["A Y", "B Y", "C Y"], 0, uses), undefined);
});

test("a press becomes a pixel of the author's picture, whatever its size here", () => {
  assert.deepEqual(toPicture(154, 64, { width: 200, height: 200 }, [400, 400]), [308, 128]);
  assert.deepEqual(toPicture(-5, 900, { width: 200, height: 200 }, [400, 300]), [0, 300]);
  assert.deepEqual(toPicture(10.4, 10.6, { width: 100, height: 100 }, [100, 100]), [10, 11]);
});

test("answers of a program are read in the form of the specification, everything else is refused", () => {
  assert.deepEqual(values({ base: { integer: 4 } }), ["4"]);
  assert.deepEqual(values({ base: { boolean: false } }), ["false"]);
  assert.deepEqual(values({ base: { point: [3, 4] } }), ["3 4"]);
  assert.deepEqual(values({ list: { identifier: ["A", "B"] } }), ["A", "B"]);
  assert.deepEqual(values({ list: { directedPair: [["A", "X"], ["B", "Y"]] } }), ["A X", "B Y"]);
  assert.deepEqual(values({ base: null }), []);
  assert.deepEqual(values(null), []);
  assert.deepEqual(values({ record: [{ name: "x", base: { integer: 1 } }] }), ['[{"name":"x","base":{"integer":1}}]']);
  for (const none of [5, "text", {}, { base: 5 }]) assert.equal(values(none), undefined, JSON.stringify(none));
});

test("words are counted in any script", () => {
  assert.deepEqual(["", "  ", "бір", " екі  сөз\n", "a b\tc"].map(words), [0, 0, 1, 2, 3]);
});

test("files keep to the kinds of their task", () => {
  assert.ok(takes("", "application/zip"));
  assert.ok(takes("image/*,application/pdf", "image/png") && takes("image/*,application/pdf", "application/pdf"));
  assert.ok(!takes("image/*", "text/plain") && !takes("image/*", "imagery/x"));
  assert.ok(takes("image/*", ""), "a browser that knows no type leaves it to the server");
  assert.equal(sizeOf(1536, "kk"), "1,5 КБ");
  assert.equal(sizeOf(3 * 1024 * 1024, "en"), "3.0 MB");
  assert.equal(sizeOf(14, "ru"), "0,1 КБ");
});

const field = (name, type, value, extra = {}) => ({ name, type, value, dataset: {}, checked: false, ...extra });

test("a form is filled in as it was: ticks by value, fields of one name in their order, files never", () => {
  const fields = [
    field("R", "checkbox", "A"),
    field("R", "checkbox", "B"),
    field("T", "textarea", ""),
    field("T", "textarea", ""),
    field("S:1", "select-one", ""),
    field("F", "file", ""),
    field("G", "radio", "x", { checked: true }),
  ];
  const some = fillFields(fields, [["R", "B"], ["T", "one"], ["T", "two"], ["S:1", "C"], ["F", "x"]]);
  assert.ok(some);
  assert.deepEqual(fields.map((one) => one.checked), [false, true, false, false, false, false, false]);
  assert.deepEqual(fields.map((one) => one.value), ["A", "B", "one", "two", "C", "", "x"]);
  assert.ok(!fillFields(fields, [["T", ""], ["T", ""]]));
});

test("what was begun belongs to one task and is gone with it", () => {
  const items = new Map();
  const storage = { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value), removeItem: (key) => items.delete(key) };
  items.set("zerek-draft-1", JSON.stringify({ item: "7", fields: [["T", "begun"]], kept: [["F", "[lines]"]], savedAt: 0 }));
  const [text, file] = [field("T", "textarea", ""), field("F", "file", "")];
  const form = (item) => ({ querySelector: () => ({ value: item }), querySelectorAll: () => [text, file] });
  assert.ok(!new Drafts(storage, "2").restore(form("7")), "another attempt");
  assert.ok(new Drafts(storage, "1").restore(form("7")));
  assert.deepEqual([text.value, file.dataset.kept, file.value], ["begun", "[lines]", ""]);
  assert.ok(!new Drafts(storage, "1").restore(form("8")), "another task");
  assert.equal(items.size, 0, "the old task's work is dropped");
  items.set("zerek-draft-1", "not JSON");
  assert.ok(!new Drafts(storage, "1").restore(form("7")));
});
