// Places kept on the device: they serve without a request, say so, and nothing that is wrong with storage spoils a poster.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { aheadOf } from "./lib/ahead.mjs";
import { suite, themeFile } from "./lib/app.mjs";
import { jumpingClock } from "./lib/clock.mjs";
import { overpassJson, townElements } from "./lib/town.mjs";
import { replies } from "./lib/overpass.mjs";
import { shareOf } from "./lib/pixels.mjs";
import { readHeader } from "./lib/png.mjs";

const { visit } = suite();

const TARTU = { lat: 58.38, lon: 26.72, distance: 2000 };
const RIGA = { lat: 56.95, lon: 24.1, distance: 2000 };

/** Waits until so many places are kept. */
async function kept(visitor, n) {
  const count = (wanted) => document.querySelectorAll("#offline-places li").length === wanted;
  await visitor.page.waitForFunction(count, n);
}

/** Fetches a place, as nothing but the poster of it shows. */
async function fetched(visitor, place) {
  const old = await visitor.picture();
  await visitor.fetchPlace(place);
  return visitor.pictureAfter(old, "the place");
}

/** The next visit of the same person: the page begins with the bundled place. */
async function again(visitor) {
  await visitor.page.reload();
  await visitor.settled();
}

/** The same, until all is here that a place without a network takes; then there is none. */
async function againAndOffline(visitor) {
  let fonts = 0;
  visitor.context.on("requestfinished", (request) => (fonts += request.url().includes(".ttf") ? 1 : 0));
  await again(visitor);
  await kept(visitor, 1);
  await visitor.until(() => fonts >= 5, "the fonts");
  await visitor.context.setOffline(true);
}

const origin = (visitor, words) => visitor.page.locator("#place-origin").getByText(words).waitFor();
const open = (visitor) => visitor.page.locator("#offline-summary").click();
const button = (visitor, name) => visitor.page.locator("#offline").getByRole("button", { name });

/** Changes what is in storage: `change(key, record, pack)` gives what is to be there instead, under another `key` if it says so. */
async function tamper(visitor, change) {
  await visitor.page.evaluate(async (text) => {
    const change = eval(text);
    const result = (request) => new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    const database = await result(indexedDB.open("mapposter-places"));
    const transaction = database.transaction(["records", "packs"], "readwrite");
    const [records, packs] = ["records", "packs"].map((name) => transaction.objectStore(name));
    for (const key of await result(records.getAllKeys())) {
      const [record, pack] = await Promise.all([result(records.get(key)), result(packs.get(key))]);
      const changed = change(key, JSON.parse(record), new Uint8Array(pack));
      if (changed.key !== undefined) {
        for (const [store, value] of [[records, changed.record], [packs, pack]]) {
          store.delete(key);
          store.put(value, changed.key);
        }
        continue;
      }
      if (changed.record !== undefined) records.put(changed.record, key);
      if (changed.pack !== undefined) packs.put(changed.pack, key);
      if (changed.pack === null) packs.delete(key);
    }
    await new Promise((done) => (transaction.oncomplete = done));
    database.close();
  }, `(${change})`);
}

/** The keys of all that is in storage. */
async function keys(visitor) {
  return visitor.page.evaluate(async () => {
    const result = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
    const database = await result(indexedDB.open("mapposter-places"));
    const keys = await result(database.transaction("records").objectStore("records").getAllKeys());
    database.close();
    return keys;
  });
}

/** Makes every place one that another version of the app has kept. */
const ofVersion = (visitor, version) => tamper(visitor, `(key, record) => ({
  key: key.replace(/^\\d+/, "${version}"),
  record: JSON.stringify({ ...record, version: ${version} }),
})`);

const outdate = (visitor) => tamper(visitor, (key, record) => {
  record.stored -= 31 * 86_400_000;
  return { record: JSON.stringify(record) };
});

describe("a place that was fetched", () => {
  visit("serves the next visit and every map within it without a request, in another theme too", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await origin(visitor, /^Live from 127\.0\.0\.1.*, map data of 2026-01-02\.$/);
    await kept(visitor, 1);
    await again(visitor);
    await visitor.chooseTheme("noir");
    await fetched(visitor, { ...TARTU, distance: 1500 });
    await origin(visitor, /^From your device, map data of 2026-01-02\.$/);
    await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "the map in noir");
    assert.equal(stage.overpass.requests.length, 1);
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("does not serve a map beyond it", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await again(visitor);
    await fetched(visitor, { ...TARTU, distance: 2500 });
    assert.equal(stage.overpass.requests.length, 2);
    await kept(visitor, 2);
  });

  visit("is asked for anew by the button", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await again(visitor);
    await fetched(visitor, TARTU);
    await visitor.page.locator("#place-refresh").click();
    await origin(visitor, /^Live from/);
    assert.equal(stage.overpass.requests.length, 2);
    assert.equal(await visitor.page.locator("#place-refresh").count(), 0);
  });

  visit("is opened without a network, and written into a file", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await againAndOffline(visitor);
    const old = await visitor.picture();
    await open(visitor);
    await button(visitor, /^Open/).click();
    await visitor.pictureAfter(old, "the kept place");
    assert.deepEqual(await visitor.errorCodes(), []);
    const values = await visitor.values();
    assert.deepEqual(["lat", "lon", "distance"].map((of) => Number(values[`place-${of}`])), [TARTU.lat, TARTU.lon, TARTU.distance]);
    assert.equal(readHeader(readFileSync((await visitor.download("png", 150)).path)).bitDepth, 8);
    assert.equal(stage.overpass.requests.length, 1);
  });

  visit("serves 30 days; then the server is asked, and the old map is shown where that fails", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await outdate(visitor);
    await again(visitor);
    stage.overpass.answers(replies.status(504));
    await fetched(visitor, TARTU);
    await origin(visitor, "From your device, map data of 2026-01-02. The map server is too busy to answer. (E-OVP-504)");
    assert.equal(stage.overpass.requests.length, 3);
    assert.deepEqual(await visitor.errorCodes(), []);
    stage.overpass.answers(replies.town());
    // The server has had the rest that it asked for.
    await visitor.page.evaluate(() => localStorage.removeItem("mapposter-rest"));
    await again(visitor);
    await fetched(visitor, TARTU);
    await origin(visitor, /^Live from/);
    assert.equal(stage.overpass.requests.length, 1);
  }, { replaced: jumpingClock });

  for (const [status, why] of [
    [403, "The map server refuses requests from this site or from your network. (E-OVP-403)"],
    [429, "The map server is already working for your network and takes no more for now. (E-OVP-429)"],
  ]) {
    visit(`that is old is shown with the reason where the server says ${status}`, async (visitor, stage) => {
      await fetched(visitor, TARTU);
      await kept(visitor, 1);
      await outdate(visitor);
      await again(visitor);
      stage.overpass.answers(replies.status(status));
      await fetched(visitor, TARTU);
      await origin(visitor, `From your device, map data of 2026-01-02. ${why}`);
      assert.deepEqual(await visitor.errorCodes(), []);
    }, { replaced: jumpingClock });
  }

  visit("that is old is shown at once without a network", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await outdate(visitor);
    await againAndOffline(visitor);
    await fetched(visitor, TARTU);
    await origin(visitor, "From your device, map data of 2026-01-02. Your browser has no network.");
    assert.equal(stage.overpass.requests.length, 1);
  });

  visit("can be kept on purpose and deleted by keyboard", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await visitor.page.locator("#offline-summary").press("Enter");
    const keep = button(visitor, "Keep 58.3800, 26.7200");
    await keep.press("Enter");
    await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
    assert.ok(await keep.evaluate((element) => element === document.activeElement), "the focus stays");
    assert.match(await visitor.page.locator("#offline-note").innerText(), /^1 in [1-9]\d* kB of \d+\.\d MB at most\.$/);
    await button(visitor, /^Delete/).press("Enter");
    await kept(visitor, 0);
    await again(visitor);
    await fetched(visitor, TARTU);
    assert.equal(stage.overpass.requests.length, 2);
  });
});

describe("what did not come whole is not kept:", () => {
  for (const [name, reply] of [["a cut reply", replies.cut(90)], ["a remark", replies.remark("timeout")]]) {
    visit(name, async (visitor, stage) => {
      stage.overpass.answers(reply);
      await visitor.fetchPlace(TARTU);
      await visitor.page.locator("#place-error").waitFor();
      await open(visitor);
      await visitor.page.locator("#offline-note").getByText(/kept here/).waitFor();
      await kept(visitor, 0);
    }, { replaced: jumpingClock });
  }
});

describe("a record that is damaged is asked for anew, and the others serve:", () => {
  for (const [name, change] of [
    ["a bit of the pack", (key, record, pack) => { pack[pack.length >> 1] ^= 4; return { pack: pack.buffer }; }],
    ["no pack", () => ({ pack: null })],
    ["half a pack", (key, record, pack) => ({ pack: pack.slice(0, pack.length / 2).buffer })],
    ["not JSON", () => ({ record: "{" })],
    ["of another version", (key, record) => ({ record: JSON.stringify({ ...record, version: 99 }) })],
    ["of another box", (key, record) => ({ record: JSON.stringify({ ...record, area: { south: -90, west: -180, north: 90, east: 180 } }) })],
  ]) {
    visit(name, async (visitor, stage) => {
      await fetched(visitor, RIGA);
      await kept(visitor, 1);
      await fetched(visitor, TARTU);
      await kept(visitor, 2);
      await tamper(visitor, `(key, record, pack) => Math.round(record.lat) === 58 ? (${change})(key, record, pack) : {}`);
      await again(visitor);
      await fetched(visitor, TARTU);
      await origin(visitor, /^Live from/);
      assert.equal(stage.overpass.requests.length, 3);
      await fetched(visitor, RIGA);
      await origin(visitor, /^From your device/);
      assert.equal(stage.overpass.requests.length, 3);
      await kept(visitor, 2);
    });
  }
});

describe("a place that another version of the app has kept", () => {
  visit("on purpose stays: it is drawn where no server can be reached, and made anew where one can", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await open(visitor);
    await button(visitor, /^Keep/).click();
    await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
    await ofVersion(visitor, 1);
    await again(visitor);
    stage.overpass.answers(replies.status(504));
    await fetched(visitor, TARTU);
    await origin(visitor, "From your device, map data of 2026-01-02. The map server is too busy to answer. (E-OVP-504)");
    assert.match((await keys(visitor)).join(), /^1\/[^,]*(,[^,]*){3}$/, "one key, as it was");
    stage.overpass.answers(replies.town());
    // The server has had its rest.
    await visitor.page.evaluate(() => localStorage.removeItem("mapposter-rest"));
    await again(visitor);
    await fetched(visitor, TARTU);
    await origin(visitor, /^Live from/);
    await open(visitor);
    await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
    await kept(visitor, 1);
    // It is on the poster before it is in storage.
    await visitor.until(async () => /^(?!1\/)\d+\/[^,]*(,[^,]*){3}$/.test((await keys(visitor)).join()), "the new one in the place of the old");
    assert.equal(stage.overpass.requests.length, 1);
  }, { replaced: jumpingClock });

  visit("newer than this one is neither counted nor read nor deleted", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await ofVersion(visitor, 99);
    await fetched(visitor, RIGA);
    await kept(visitor, 1);
    await again(visitor);
    await kept(visitor, 1);
    await fetched(visitor, TARTU);
    await kept(visitor, 2);
    assert.equal(stage.overpass.requests.length, 3);
    assert.equal((await keys(visitor)).filter((key) => key.startsWith("99/")).length, 1);
  });
});

describe("a place", () => {
  const failing = () => {
    const { get } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.get = function (...what) {
      if (this.name === "packs") throw new DOMException("the disk fails, says the test", "UnknownError");
      return get.apply(this, what);
    };
  };

  visit("that cannot be read for once stays", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await again(visitor);
    stage.overpass.answers(replies.status(400));
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-OVP-400");
    assert.equal((await keys(visitor)).length, 1);
  }, { replaced: () => aheadOf("library", failing) });

  /**
   * What another tab does to every record just when this one has begun to read for a `task`, and so before it could
   * write back what it has read.
   */
  const meanwhile = (task, method, deed) => aheadOf("library", (task, method, deed) => {
    let isDue = false;
    addEventListener("message", ({ data }) => (isDue ||= data?.[0]?.job?.[task] !== undefined));
    const read = IDBObjectStore.prototype[method];
    IDBObjectStore.prototype[method] = function (...what) {
      const request = read.apply(this, what);
      if (isDue) {
        isDue = false;
        const records = this.transaction.db.transaction(["records", "packs"], "readwrite").objectStore("records");
        records.openCursor().onsuccess = ({ target: { result: cursor } }) => {
          if (!cursor) return;
          if (deed === "delete") cursor.delete();
          else cursor.update(JSON.stringify({ ...JSON.parse(cursor.value), is_kept: true }));
          cursor.continue();
        };
      }
      return request;
    };
  }, task, method, deed);

  /** Tartu at the visit after the one that kept it. */
  const fetchedAgain = async (visitor) => {
    await fetched(visitor, TARTU);
    await kept(visitor, 1);
    await again(visitor);
    await fetched(visitor, TARTU);
  };

  visit("that is kept on purpose in another tab while it is read stays so", async (visitor) => {
    await fetchedAgain(visitor);
    await origin(visitor, /^From your device/);
    await open(visitor);
    await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
  }, { replaced: () => meanwhile("Find", "get", "keep") });

  visit("that is deleted in another tab while it is read does not come back", async (visitor) => {
    await fetchedAgain(visitor);
    await origin(visitor, /^From your device/);
    await open(visitor);
    await kept(visitor, 0);
    assert.deepEqual(await keys(visitor), []);
  }, { replaced: () => meanwhile("Find", "get", "delete") });

  visit("that is kept on purpose in another tab while it is fetched anew stays so", async (visitor) => {
    await fetchedAgain(visitor);
    await visitor.page.locator("#place-refresh").click();
    await origin(visitor, /^Live from/);
    await open(visitor);
    await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
  }, { replaced: () => meanwhile("Keep", "getAll", "keep") });
});

/** A town whose pack is more than 300 kB: many short ways, as random as can be. */
const large = (_, response, { bbox, cors }) => {
  const share = () => randomBytes(4).readUInt32LE() / 2 ** 32;
  const way = () => {
    const [x, y] = [share(), share()];
    const at = () => ({ lat: bbox.south + (bbox.north - bbox.south) * (y + share() / 100), lon: bbox.west + (bbox.east - bbox.west) * (x + share() / 100) });
    return Array.from({ length: 16 }, at);
  };
  const ways = Array.from({ length: 6000 }, (_, i) => ({ type: "way", id: 5000 + i, tags: { highway: "footway" }, geometry: way() }));
  response.writeHead(200, { "Content-Type": "application/json", ...cors });
  response.end(overpassJson([...townElements(bbox), ...ways]));
};

describe("where storage is full", () => {
  /**
   * The browser says that there is room for it, and then there is none: once the last request has gone well, so that the
   * transaction alone tells, or while one is under way, which then fails first.
   */
  const full = (isLast) => {
    const { put } = IDBObjectStore.prototype;
    const tooMuch = new WeakSet();
    IDBObjectStore.prototype.put = function (value, ...rest) {
      const { transaction } = this;
      const request = put.call(this, value, ...rest);
      const fail = () => request.addEventListener("success", () => transaction.abort());
      // The pack, and after it its record, the last request of all.
      if (value?.byteLength > 300_000) isLast ? tooMuch.add(transaction) : fail();
      else if (tooMuch.has(transaction)) fail();
      return request;
    };
  };

  for (const [when, isLast] of [["at its end", true], ["in its midst", false]]) {
    visit(`${when}: the poster is drawn, what was kept on purpose stays, and the list says that there was no room`, async (visitor, stage) => {
      await fetched(visitor, TARTU);
      await kept(visitor, 1);
      await open(visitor);
      await button(visitor, /^Keep/).click();
      await visitor.page.locator('#offline [aria-pressed="true"]').waitFor();
      stage.overpass.answers(large);
      await fetched(visitor, RIGA);
      await origin(visitor, /^Live from/);
      await visitor.page.locator("#offline-note").getByText("There was no room for the last one.").waitFor();
      await kept(visitor, 1);
      assert.deepEqual(await visitor.errorCodes(), []);
      await fetched(visitor, TARTU);
      await origin(visitor, /^From your device/);
      assert.match((await visitor.download("svg")).name, /\.svg$/);
      assert.equal(stage.overpass.requests.length, 1, "since the last answer was set");
    }, { replaced: () => aheadOf("library", full, isLast) });
  }
});

describe("where storage is denied", () => {
  const denied = () => {
    Object.defineProperty(globalThis, "indexedDB", { get() { throw new DOMException("refused by the test", "SecurityError"); } });
  };
  const withoutStorage = () => aheadOf("library", denied);

  visit("in the worker: places are fetched and drawn, and the list says why it is empty", async (visitor, stage) => {
    await fetched(visitor, TARTU);
    await fetched(visitor, RIGA);
    await visitor.until(() => stage.overpass.requests.length === 2, "a second request");
    await open(visitor);
    await visitor.page.locator("#offline-note").getByText(/keep nothing/).waitFor();
    assert.deepEqual(await visitor.errorCodes(), []);
  }, { replaced: withoutStorage });

  visit("in a frame on another site, which the browser lends no storage and no locks: the same", async (visitor, stage) => {
    await visitor.page.goto(stage.site.origin.replace("127.0.0.1", "localhost") + "/host.html");
    const frame = visitor.page.frameLocator("iframe");
    const drawn = frame.locator('#poster[data-state="drawn"][aria-busy="false"]');
    await drawn.waitFor();
    await frame.locator("#place-lat").fill(String(TARTU.lat));
    await frame.locator("#place-lon").fill(String(TARTU.lon));
    await frame.locator("#place-fetch").click();
    await frame.locator("#place-origin").getByText(/^Live from/).waitFor();
    await drawn.waitFor();
    assert.equal(stage.overpass.requests.length, 1);
    const refusals = await visitor.page.frames()[1].evaluate(async () => {
      const refused = (use) => Promise.resolve().then(use).then(() => "", (error) => error.name);
      const opened = () => new Promise((done, fail) => {
        const opening = indexedDB.open("tried-by-the-test");
        opening.onsuccess = done;
        opening.onerror = () => fail(opening.error);
      });
      return [await refused(() => localStorage.length), await refused(opened), await refused(() => navigator.locks.query())];
    });
    assert.ok(refusals.every((name) => name !== ""), `not refused: ${refusals}`);
    await frame.locator("#offline-summary").click();
    await frame.locator("#offline-note").getByText(/keep nothing/).waitFor();
    await frame.locator("#place-lat").fill(String(RIGA.lat));
    await frame.locator("#place-lon").fill(String(RIGA.lon));
    await frame.locator("#place-fetch").click();
    await frame.locator("#place-progress").waitFor({ state: "hidden" });
    await drawn.waitFor();
    await visitor.until(() => stage.overpass.requests.length === 2, "a second request");
    assert.equal(await frame.locator("[data-code]:visible").count(), 0);
  }, { replaced: () => ({ "host.html": (_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end('<!doctype html><iframe src="http://' + response.req.headers.host.replace("localhost", "127.0.0.1") + '/" width="900" height="600"></iframe>');
  } }) });
});
