// The app itself kept in the browser by its service worker: it opens without a network, takes a new build whole at the
// next visit, and is not missed where it is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { builds, DIST, PATIENCE, suite, themeFile } from "./lib/app.mjs";
import { shareOf } from "./lib/pixels.mjs";
import { decodePng, readHeader } from "./lib/png.mjs";

const ALLOWED = { context: { serviceWorkers: "allow" } };
const { visit } = suite();
// Where there is no SSE 4.1 the other build runs, and it alone is to be kept.
const below = suite({ prefix: "/some/where/", args: ["--js-flags=--no-enable-sse4-1"] });

const TARTU = { lat: 58.38, lon: 26.72, distance: 2000 };
const [simd] = DIST ? builds() : [{}];
const inDist = (file) => readFileSync(path.join(DIST, file), "utf8");
const version = () => /name="mapposter-version" content="([0-9a-f]{16})"/.exec(inDist("index.html"))[1];

/** Waits until the whole build is kept and serves this page. */
const appKept = (visitor) => visitor.page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");

/** Addresses in all caches, below the page's folder. */
const addresses = (visitor) => visitor.page.evaluate(async () => {
  const here = new URL("./", location).href;
  const all = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) all.push(url.replace(here, ""));
  }
  return all;
});

/** Waits until the caches are as they should be. */
async function cachesWhen(visitor, is, what) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const all = await addresses(visitor);
    if (is(all)) return all;
    if (Date.now() > end) assert.fail(`never kept: ${what}, but ${all.join(" ")}`);
    await visitor.page.waitForTimeout(50);
  }
}

async function offline(visitor, stage) {
  stage.site.isCut = true;
  await visitor.context.setOffline(true);
}

async function reloaded(visitor) {
  await visitor.page.reload();
  await visitor.settled();
}

/** Another visit, begun when the last one's workers are gone and ask for nothing more. */
async function comesAgain(visitor) {
  const url = visitor.page.url();
  await visitor.page.goto("about:blank");
  visitor.folders = new Set();
  await visitor.page.goto(url);
  await visitor.settled();
}

/** Folders of code that the page and its workers have asked for in this visit. */
function asked(visitor) {
  return [...visitor.folders];
}

/** A test whose visitor's browser may keep the app. */
const keeps = (name, steps, { of = visit, ...options } = {}) => of(name, async (visitor, stage) => {
  visitor.folders = new Set();
  visitor.context.on("request", (request) => {
    const [, folder] = /\/(build-\w+-\w+)\//.exec(request.url()) ?? [];
    // The service worker itself fetches a new build while the page is the old one's.
    if (folder && !request.serviceWorker()) visitor.folders.add(folder);
  });
  await steps(visitor, stage);
}, { ...ALLOWED, ...options });

describe("without a network", () => {
  for (const [where, of, isPlain] of [["at the top", visit, false], ["below a sub-path, in the build without SIMD", below.visit, process.arch === "x64"]]) {
    keeps(`a reload draws the poster, a kept place opens, and files are written: ${where}`, async (visitor, stage) => {
      const first = await visitor.picture();
      await appKept(visitor);
      await visitor.fetchPlace(TARTU);
      await visitor.page.waitForFunction(() => document.querySelectorAll("#offline-places li").length === 1);
      const all = await cachesWhen(visitor, (all) => all.filter((url) => /^(fonts|places\/world)/.test(url)).length === 6, "the fonts and the world");
      const folders = new Set(all.map((url) => /^build-\w+/.exec(url)?.[0]).filter(Boolean));
      assert.deepEqual([...folders].map((name) => name.split("-")[1]), [isPlain ? "plain" : "simd"], "one build alone");
      assert.ok(!all.some((url) => /cities|^https?:/.test(url)), "nothing that was not used, nothing of others");
      await offline(visitor, stage);
      const n = stage.site.requests.length;
      await reloaded(visitor);
      const again = await visitor.pictureWhen((picture) => picture.width === first.width, "the first poster");
      assert.ok(shareOf(again, themeFile("terracotta").bg) > 0.15);
      await visitor.page.locator("#offline-summary").click();
      await visitor.page.locator("#offline").getByRole("button", { name: /^Open/ }).click();
      await visitor.pictureAfter(again, "the kept place");
      await visitor.page.locator("#place-origin").getByText(/^From your device/).waitFor();
      assert.equal(readHeader(readFileSync((await visitor.download("png", 150)).path)).bitDepth, 8);
      assert.deepEqual(await visitor.errorCodes(), []);
      const reached = stage.site.requests.slice(n).map(({ path: file }) => path.basename(file));
      assert.ok(reached.every((file) => ["sw.js", "config.json", "index.json"].includes(file)), `tried: ${reached}`);
    }, { of });
  }

  keeps("the map picker opens with its coasts where it was never open before", async (visitor, stage) => {
    const { page } = visitor;
    await appKept(visitor);
    await visitor.fetchPlace(TARTU);
    await page.waitForFunction(() => document.querySelectorAll("#offline-places li").length === 1);
    await cachesWhen(visitor, (all) => all.some((url) => url.startsWith("places/world.bin?")), "the world");
    await offline(visitor, stage);
    await reloaded(visitor);
    await page.locator("#place-map").click();
    await page.locator("#picker[open][data-frame]").waitFor();
    // Names alone are missing, and told of last.
    await visitor.error("E-PICKER-CITIES");
    assert.deepEqual(await visitor.errorCodes(), ["E-PICKER-CITIES"]);
    for (let i = 0; i < 9; i++) await page.locator("#picker-farther").click();
    const colour = (name) => page.evaluate((name) => getComputedStyle(document.querySelector("#picker")).getPropertyValue(name).trim(), name);
    const [sea, land] = [await colour("--sea"), await colour("--land")];
    const shares = async () => {
      const picture = decodePng(await page.locator("#picker-map").screenshot());
      return [shareOf(picture, sea), shareOf(picture, land)];
    };
    let [seaShare, landShare] = await shares();
    for (let i = 0; i < 300 && (seaShare < 0.15 || landShare < 0.2); i++) {
      await page.waitForTimeout(100);
      [seaShare, landShare] = await shares();
    }
    assert.ok(seaShare > 0.15 && landShare > 0.2, `sea ${seaShare}, land ${landShare}`);
  });

  keeps("cities are found where they were looked for before", async (visitor, stage) => {
    await appKept(visitor);
    await visitor.page.locator("#place-search").fill("monaco");
    await visitor.page.locator("#place-choices li").first().waitFor();
    await cachesWhen(visitor, (all) => all.some((url) => url.startsWith("places/cities.gaz?")), "the cities");
    await offline(visitor, stage);
    await reloaded(visitor);
    await visitor.page.locator("#place-search").fill("monaco");
    // The line that offers to search has the word too, but no distance.
    await visitor.page.locator("#place-choices li", { hasText: "Monaco" }).filter({ hasText: "km" }).first().waitFor();
  });
});

describe("the first poster", () => {
  keeps("comes before any of it, and nobody but the site is asked", async (visitor, stage) => {
    await appKept(visitor);
    assert.equal(await visitor.page.evaluate(() => globalThis.stateThen), "drawn");
    const paths = stage.site.requests.map(({ path: file }) => file);
    assert.ok(paths.indexOf("/sw.js") > paths.indexOf("/places/helsinki.mpk"));
    assert.deepEqual(stage.chromium.strangers(), []);
    assert.equal(stage.overpass.requests.length, 0);
  }, { before: (page) => page.addInitScript(() => {
    const register = ServiceWorkerContainer.prototype.register;
    ServiceWorkerContainer.prototype.register = function (...args) {
      globalThis.stateThen = document.querySelector("#poster").dataset.state;
      return register.apply(this, args);
    };
  }) });
});

/** The site after its next build: other code, under other names. The old one's files are gone. */
function nextBuild() {
  const [old, folder] = [version(), simd.folder.replace(/\w$/, (last) => (last === "0" ? "1" : "0"))];
  const renamed = (file) => inDist(file).replaceAll(old, "0123456789abcdef").replaceAll(simd.folder, folder);
  const files = { "index.html": renamed("index.html").replace("<title>", "<title>New "), "sw.js": renamed("sw.js") };
  for (const [, name] of inDist("sw.js").matchAll(new RegExp(`"${simd.folder}/([^"]+)"`, "g"))) {
    files[`${folder}/${name}`] = (_, response) => {
      response.writeHead(200, { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "text/javascript" });
      response.end(readFileSync(path.join(DIST, simd.folder, name)));
    };
    files[`${simd.folder}/${name}`] = (_, response) => response.writeHead(404).end();
  }
  return { files, folder };
}

describe("a new build", () => {
  keeps("is taken whole at the visit after the one that finds it, and the old one goes", async (visitor, stage) => {
    await appKept(visitor);
    const { files, folder } = nextBuild();
    Object.assign(stage.replaced, files);
    await comesAgain(visitor);
    assert.deepEqual(asked(visitor), [simd.folder], "the visit is the old build's alone");
    await cachesWhen(visitor, (all) => all.includes("") && all.some((url) => url.startsWith(folder)), "the new build");
    await visitor.until(() => visitor.page.evaluate(async () => {
      const { active, installing, waiting } = await navigator.serviceWorker.getRegistration();
      return active.state === "activated" && !installing && !waiting;
    }), "the new build's service worker");
    assert.equal((await visitor.download("svg")).name.endsWith(".svg"), true, "code that the site has no more");
    assert.ok(!asked(visitor).includes(folder));
    await comesAgain(visitor);
    assert.match(await visitor.page.title(), /^New /);
    await visitor.download("svg");
    assert.deepEqual(asked(visitor), [folder], "nothing of the old build");
    await cachesWhen(visitor, (all) => !all.some((url) => url.includes(simd.folder) || url.includes(version())), "the new build alone");
    await offline(visitor, stage);
    await reloaded(visitor);
    assert.match(await visitor.page.title(), /^New /);
  });

  keeps("that is there by half is not taken", async (visitor, stage) => {
    await appKept(visitor);
    const { files, folder } = nextBuild();
    const [module] = Object.keys(files).filter((file) => file.startsWith(folder) && file.endsWith(".wasm"));
    Object.assign(stage.replaced, files, { [module]: "of another build" });
    const settled = visitor.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const coming = new Promise((found) => (registration.onupdatefound = () => found(registration.installing)));
      await registration.update();
      const worker = await coming;
      if (worker.state === "installing") await new Promise((changed) => (worker.onstatechange = changed));
      return worker.state;
    });
    assert.equal(await settled, "redundant");
    await comesAgain(visitor);
    assert.deepEqual(asked(visitor), [simd.folder]);
    await visitor.download("svg");
  });
});

describe("switched off by the site", () => {
  const off = (stage) => JSON.stringify({ overpass: { endpoints: [stage.overpass.url] }, offline: false });

  keeps("nothing is kept, and what was kept goes", async (visitor, stage) => {
    await appKept(visitor);
    stage.replaced["config.json"] = off(stage);
    await reloaded(visitor);
    const isGone = () => visitor.page.evaluate(async () => (await caches.keys()).length === 0 && !(await navigator.serviceWorker.getRegistration()));
    await visitor.until(isGone, "the end of what was kept");
    await reloaded(visitor);
    assert.equal(await visitor.page.evaluate(() => navigator.serviceWorker.controller), null);
    assert.deepEqual(await addresses(visitor), []);
  });
});

describe("where it is refused all works:", () => {
  const refusals = [
    ["a browser without it", () => Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined })],
    ["storage that is denied", () => { ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("refused by the test", "SecurityError")); }],
    ["a getter that throws", () => Object.defineProperty(Navigator.prototype, "serviceWorker", { get() { throw new DOMException("refused by the test", "SecurityError"); } })],
    ["a visitor who saves data", () => Object.defineProperty(Navigator.prototype, "connection", { get: () => ({ saveData: true }) })],
  ];
  for (const [what, refuse] of refusals) {
    keeps(what, async (visitor) => {
      const old = await visitor.picture();
      await visitor.fetchPlace(TARTU);
      await visitor.pictureAfter(old, "the place");
      await visitor.page.waitForFunction(() => document.querySelectorAll("#offline-places li").length === 1);
      assert.deepEqual(await addresses(visitor), []);
      assert.equal(visitor.page.context().serviceWorkers().length, 0);
      assert.deepEqual(await visitor.errorCodes(), []);
    }, { before: (page) => page.addInitScript(refuse) });
  }

  keeps("a frame on another site", async (visitor, stage) => {
    await visitor.page.goto(`${stage.site.origin.replace("127.0.0.1", "localhost")}/host.html`);
    const frame = visitor.page.frameLocator("iframe");
    await frame.locator('#poster[data-state="drawn"][aria-busy="false"]').waitFor();
    assert.equal(await frame.locator("[data-code]:visible").count(), 0);
  }, { replaced: () => ({ "host.html": (_, response) => {
    const site = `http://${response.req.headers.host.replace("localhost", "127.0.0.1")}/`;
    response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><iframe src="${site}" width="900" height="600"></iframe>`);
  } }) });
});
