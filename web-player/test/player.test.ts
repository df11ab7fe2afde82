// @ts-nocheck: Node's types are not installed for these few tests.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Kept, pause, verdict, withToken } from "../src/send";
import { TimeLeft, announcement, shown } from "../src/time";

test("time is the server's word and the steady clock, never the machine's date", () => {
  let steady = 5_000;
  const left = new TimeLeft(() => steady);
  assert.equal(left.now(), undefined);
  left.told(60_000);
  steady += 15_500;
  assert.equal(left.now(), 44_500);
  left.told(90_000);
  assert.equal(left.now(), 90_000);
  steady += 1_000_000;
  assert.equal(left.now(), 0);
  left.stop();
  assert.equal(left.now(), undefined);
});

test("time is shown in minutes and seconds, rounded up", () => {
  assert.equal(shown(2_400_000), "40:00");
  assert.equal(shown(61_000), "1:01");
  assert.equal(shown(60_001), "1:01");
  assert.equal(shown(1), "0:01");
  assert.equal(shown(0), "0:00");
});

test("ten, five and one minute are said once, whenever the clock is looked at", () => {
  assert.equal(announcement(600_250, 600_000), 10);
  assert.equal(announcement(600_000, 599_750), undefined);
  assert.equal(announcement(300_100, 299_900), 5);
  assert.equal(announcement(60_001, 59_000), 1);
  assert.equal(announcement(2_400_000, 2_399_000), undefined);
  // After sleep two of them passed at once: the first that was passed is said.
  assert.equal(announcement(700_000, 200_000), 10);
});

test("pauses grow to fifteen seconds and are spread", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 9].map((tries) => pause(tries, 0.5)), [1000, 2000, 4000, 8000, 15000, 15000]);
  assert.equal(pause(0, 0), 750);
  assert.equal(pause(9, 1), 18750);
});

test("what the server says decides whether an answer is kept", () => {
  assert.deepEqual(verdict(200, "x"), { kind: "page", html: "x", accepted: true });
  assert.deepEqual(verdict(422, "y"), { kind: "page", html: "y", accepted: false });
  for (const status of [400, 401, 403, 404]) assert.equal(verdict(status, "").kind, "gone");
  for (const status of [0, 408, 429, 500, 502, 503, 504]) assert.equal(verdict(status, "").kind, "again", String(status));
});

class Store {
  items = new Map();
  get length() {
    return this.items.size;
  }
  key(index) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key) {
    return this.items.get(key) ?? null;
  }
  setItem(key, value) {
    this.items.set(key, value);
  }
  removeItem(key) {
    this.items.delete(key);
  }
}

test("an answer stays until it is dropped, also in a browser that stores nothing", () => {
  const pending = { action: "/sit/answer", body: "item=7", item: "7", savedAt: 1 };
  const store = new Store();
  new Kept(store, "1").put(pending);
  // Another page of the same attempt, after the power came back.
  const after = new Kept(store, "1");
  assert.deepEqual(after.get(), pending);
  assert.equal(new Kept(store, "2").get(), undefined);
  after.drop();
  assert.equal(new Kept(store, "1").get(), undefined);
  const nothing = new Kept(undefined, "1");
  nothing.put(pending);
  assert.deepEqual(nothing.get(), pending);
  const full = new Store();
  full.setItem = () => {
    throw new Error("quota");
  };
  const kept = new Kept(full, "1");
  kept.put(pending);
  assert.deepEqual(kept.get(), pending);
});

test("leftovers of other pupils go after a day, one's own stays", () => {
  const store = new Store();
  const day = 24 * 3600 * 1000;
  for (const attempt of ["1", "2", "3"]) new Kept(store, attempt).put({ action: "", body: "", item: "", savedAt: attempt === "2" ? 2 * day : 0 });
  store.setItem("something-else", "x");
  new Kept(store, "1").sweep(2 * day);
  assert.deepEqual([...store.items.keys()], ["zerek-answer-1", "zerek-answer-2", "something-else"]);
});

test("a kept answer goes out with the token of the open page", () => {
  assert.equal(withToken("csrf=old&item=7&RESPONSE=B", "new"), "csrf=new&item=7&RESPONSE=B");
});
