// What breaks below the app: no WebGL2, a worker that dies, files of the site that are missing or damaged.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { inPlaceOf } from "./lib/ahead.mjs";
import { DIST, suite, themeFile } from "./lib/app.mjs";
import { commonColors, compare, shareOf } from "./lib/pixels.mjs";
import { readHeader } from "./lib/png.mjs";

const { visit } = suite();

/** A page's worker of a kind, once it runs. */
const worker = async (visitor, kind) => {
  await visitor.until(() => visitor.page.workers().some((w) => w.url().includes(kind)), `the ${kind} worker`);
  return visitor.page.workers().find((w) => w.url().includes(kind));
};

describe("without WebGL2", () => {
  /** Stands in for a browser that has none. */
  const withoutWebGl2 = (page) => page.addInitScript(() => {
    for (const canvas of [HTMLCanvasElement, globalThis.OffscreenCanvas].filter(Boolean)) {
      const { getContext } = canvas.prototype;
      canvas.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : getContext.call(this, kind, ...rest);
      };
    }
  });

  visit("the poster is drawn all the same, and the page says how", async (visitor) => {
    const theme = themeFile("terracotta");
    const picture = await visitor.picture();
    assert.ok(shareOf(picture, theme.bg) > 0.15 && shareOf(picture, theme.water) > 0.01);
    assert.ok(commonColors(picture, 1)[0].share < 0.8, "not blank");
    await visitor.page.getByText(/WebGL ?2/).first().waitFor();
  }, { before: withoutWebGl2 });

  visit("themes, layers and downloads work", async (visitor) => {
    await visitor.chooseTheme("noir");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
    const { water } = themeFile("noir");
    const wet = await visitor.picture();
    await visitor.setLayer("water", false);
    await visitor.pictureAfter(wet, "the map without water");
    assert.equal(readHeader(readFileSync((await visitor.download("png", 150)).path)).bitDepth, 8);
    assert.ok(water);
  }, { before: withoutWebGl2 });
});

describe("a WebGL context that is lost", () => {
  const lose = (visitor) => visitor.page.evaluate(() => {
    const gl = document.getElementById("poster").getContext("webgl2");
    globalThis.taken = gl.getExtension("WEBGL_lose_context");
    globalThis.taken.loseContext();
  });
  const giveBack = (visitor) => visitor.page.evaluate(() => globalThis.taken.restoreContext());
  const state = (visitor, state) => visitor.page.locator(`#poster[data-state="${state}"]`).waitFor({ state: "attached" });

  for (const [how, meanwhile] of [
    ["", async () => {}],
    [", though the worker that made it is gone", async (visitor) => (await worker(visitor, "render_worker")).evaluate(() => setTimeout(() => { throw new Error("broken by the test"); }))],
  ]) {
    visit(`and comes back shows the very picture it showed${how}`, async (visitor) => {
      const before = await visitor.picture();
      await lose(visitor);
      await state(visitor, "lost");
      await meanwhile(visitor);
      await giveBack(visitor);
      await state(visitor, "drawn");
      await visitor.settled();
      assert.equal(compare(before, await visitor.picture()).differentShare, 0);
      assert.deepEqual(await visitor.errorCodes(), []);
      visitor.complaints = visitor.complaints.filter((text) => !text.includes("broken by the test"));
    });
  }

  visit("as a place comes in shows that once it is back", async (visitor) => {
    const before = await visitor.picture();
    await lose(visitor);
    await state(visitor, "lost");
    const maps = await visitor.page.locator("#poster").getAttribute("data-maps");
    await visitor.fetchPlace({ lat: 58.38, lon: 26.72, distance: 2000 });
    await visitor.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, maps);
    await giveBack(visitor);
    await visitor.pictureAfter(before, "the other place");
    assert.ok(commonColors(await visitor.picture(), 1)[0].share < 0.9, "not blank");
  });

  visit("is followed by the theme that was chosen meanwhile", async (visitor) => {
    const theme = themeFile("noir");
    await lose(visitor);
    await visitor.chooseTheme("noir");
    await giveBack(visitor);
    const picture = await visitor.pictureWhen((p) => shareOf(p, theme.bg) > 0.05, "the poster again");
    assert.ok(commonColors(picture, 1)[0].share < 0.9, "not blank");
  });
});

describe("a worker", () => {
  for (const [how, kill] of [
    ["that throws", () => setTimeout(() => { throw new Error("broken by the test"); }, 0)],
    // No event tells of it: the app has to notice the silence, by a clock that the test turns on.
    ["that falls silent", () => self.close()],
  ]) {
    visit(`${how} is replaced: the next change is drawn`, async (visitor) => {
      const render = await worker(visitor, "render_worker");
      await render.evaluate(kill);
      await visitor.chooseTheme("noir");
      await visitor.setLayer("buildings", false);
      if (how.includes("silent")) await visitor.page.clock.fastForward(40_000);
      await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "a poster drawn after the crash");
      visitor.complaints = visitor.complaints.filter((text) => !text.includes("broken by the test"));
    }, { before: (page) => page.clock.install() });
  }
});

describe("a worker that cannot work", () => {
  /** Says of every job what a panic says. */
  const panics = `onmessage = () => postMessage([{ id: 0, answer: { Panicked: { message: "here.rs:1" } } }]);
    postMessage([{ id: 0, answer: "Ready" }]);`;
  const broken = () => inPlaceOf("print", panics);

  visit("as every job panics: a sentence says so, and the next try has a fresh one", async (visitor, stage) => {
    await visitor.chooseFormat("svg");
    await visitor.page.locator("#export-download").click();
    assert.match(await visitor.error("E-WORKER-LOST"), /stopped \(here\.rs:1\); your design is kept/);
    for (const file of Object.keys(broken())) delete stage.replaced[file];
    const coming = visitor.page.waitForEvent("download");
    await visitor.page.locator("#export-retry").click();
    assert.equal(await (await coming).failure(), null);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, { replaced: broken });

  visit("as the browser starts none: a sentence says so", async (visitor) => {
    assert.match(await visitor.error("E-WORKER-LOST"), /does not start it/);
  }, {
    ready: false,
    before: (page) => page.addInitScript(() => {
      globalThis.Worker = function () { throw new DOMException("refused by the test", "SecurityError"); };
    }),
  });
});

describe("a file of the site", () => {
  const pack = () => readFileSync(path.join(DIST, "places", "helsinki.mpk"));

  for (const [what, body, code] of [
    ["the bundled place, missing", (_, response) => response.writeHead(404).end(), /^E-/],
    ["the bundled place, cut", () => pack().subarray(0, 20_000), /^E-READ-(CUT|DAMAGED|MALFORMED)$/],
    ["the bundled place, one bit wrong", () => flipped(pack(), 30_000), /^E-READ-(DAMAGED|MALFORMED)$/],
    ["the bundled place, a page instead", () => "<!doctype html><p>not found", /^E-READ-(NOT-OSM|DAMAGED|MALFORMED|CUT)$/],
  ]) {
    visit(`${what}: a sentence with a code, and a place can be fetched`, async (visitor, stage) => {
      const shown = visitor.page.locator("[data-code]").first();
      await shown.waitFor();
      assert.match(await shown.getAttribute("data-code"), code);
      await visitor.fetchPlace();
      const { bg } = themeFile("terracotta");
      await visitor.pictureWhen((p) => shareOf(p, bg) > 0.05 && commonColors(p, 1)[0].share < 0.95, "the fetched place");
      assert.equal(stage.overpass.requests.length, 1);
    }, { replaced: { "places/helsinki.mpk": typeof body === "function" && body.length === 0 ? body() : body }, ready: false });
  }

  const config = (value) => JSON.stringify({ overpass: { endpoints: ["api/interpreter"] }, ...value });
  for (const [what, file, words] of [
    ["is missing", (_, response) => response.writeHead(404).end(), null],
    ["is not JSON", "<html>", /^config\.json is not used: it is not JSON .* The built-in servers are asked instead\.$/],
    ["names another site as if it were this one", config({ overpass: { endpoints: ["//evil.example/api"] } }), /^config\.json is not used: overpass\.endpoints must be a list of http\(s\) or relative addresses\./],
    ["names a geocoder in a wrong way", config({ photon: "https://photon.example" }), /^config\.json is not used: photon must be null for none, or have an endpoint\./],
    ["is held back by a fault of the site", (_, response) => response.writeHead(503).end(), /^config\.json is not used: the site answered with status 503\. The built-in servers/],
    ["comes with no answer at all", (request) => request.socket.destroy(), /^config\.json is not used: it could not be reached\. The built-in servers/],
  ]) {
    visit(`config.json ${what}: the poster is drawn${words ? " and a sentence says so" : ""}`, async (visitor) => {
      assert.ok(shareOf(await visitor.picture(), themeFile("terracotta").bg) > 0.15);
      const note = visitor.page.locator("#poster-note");
      if (words) await visitor.page.locator("#poster-note", { hasText: "config.json" }).waitFor();
      assert.match((await note.innerText()).trim(), words ?? /^$/);
    }, { replaced: { "config.json": file } });
  }

  /** The page's wait for config.json as if it had no end, or as if it had passed at once. */
  const waitFor = (whole) => (page) => page.addInitScript((whole) => {
    const wait = globalThis.setTimeout;
    globalThis.setTimeout = (act, ms, ...rest) => (ms === 10_000 ? whole ? 0 : wait(act, 0, ...rest) : wait(act, ms, ...rest));
  }, whole);
  visit("config.json never comes: after a while the page goes on without it, and says so", async (visitor) => {
    await visitor.page.locator("#poster-note", { hasText: "config.json is not used: it did not come in time." }).waitFor();
    await visitor.write("place-lat", "58.38");
    await visitor.page.locator("#place-hint").getByText("It comes live from overpass-api.de.").waitFor();
  }, { before: waitFor(false), replaced: { "config.json": () => {} } });

  /** Resolves with what answers the browser's request for config.json. */
  let held;
  const holdConfig = () => {
    let tell;
    held = new Promise((resolve) => (tell = resolve));
    return { "config.json": (_, response) => tell((text) => response.writeHead(200, { "Content-Type": "application/json" }).end(text)) };
  };
  visit("config.json comes late: who fetches before it is there asks whom it names, and nobody else", async (visitor, stage) => {
    const answer = await held;
    const old = await visitor.picture();
    await visitor.fetchPlace({ lat: 58.38, lon: 26.72, distance: 2000 });
    await visitor.page.locator("#place-progress").waitFor();
    assert.deepEqual(stage.overpass.requests, []);
    answer(JSON.stringify({ overpass: { endpoints: [stage.overpass.url] } }));
    await visitor.pictureAfter(old, "the place");
    assert.equal(stage.overpass.requests.length, 1);
    assert.deepEqual(stage.chromium.strangers(), []);
  }, { before: waitFor(true), replaced: holdConfig });
});

function flipped(bytes, at) {
  const copy = Buffer.from(bytes);
  copy[Math.min(at, copy.length - 1)] ^= 4;
  return copy;
}
