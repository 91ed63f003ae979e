// The app as a visitor handles it: the only file that knows its element ids.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { FakeOverpass, replies } from "./overpass.mjs";
import { compare } from "./pixels.mjs";
import { decodePng } from "./png.mjs";
import { serve } from "./server.mjs";

/** The built folder. */
export const DIST = process.env.MAPPOSTER_DIST ?? "";

/** The builds of the page's code, the one with SIMD first: {folder, script, wasm}, as paths below the site. */
export function builds() {
  const page = readFileSync(path.join(DIST, "index.html"), "utf8");
  const element = /<meta name="mapposter-build" content="([^"]+)\/" data-script="([^"]+)" data-wasm="([^"]+)"/g;
  return [...page.matchAll(element)].map(([, folder, script, wasm]) => ({ folder, script: `${folder}/${script}`, wasm: `${folder}/${wasm}` }));
}

/** How long anything may take on a busy machine, ms: a bound on waiting, never a measure. */
export const PATIENCE = 240_000;

/** A theme file of the build. */
export function themeFile(id) {
  return JSON.parse(readFileSync(path.join(DIST, "themes", `${id}.json`), "utf8"));
}

/** Browser, site and fake Overpass server, shared by the tests of one file. */
export class Stage {
  /** `prefix`: path of the site below its origin. `args`: more switches for Chromium. */
  static async up({ prefix = "/", args } = {}) {
    assert.ok(DIST, "run me by `cargo xtask test --only e2e`");
    const stage = new Stage();
    stage.chromium = await launch({ args });
    stage.overpass = await new FakeOverpass().listen();
    stage.replaced = {};
    stage.reset();
    stage.site = await serve(DIST, { prefix, replaced: stage.replaced });
    return stage;
  }

  /** As it was before the first test: the town is served, the site is the build's. */
  reset() {
    for (const path of Object.keys(this.replaced)) delete this.replaced[path];
    if (this.site) this.site.isCut = false;
    this.setEndpoints(this.overpass.url);
    this.overpass.answers(replies.town());
  }

  /** The servers that the site's config.json names from now on. */
  setEndpoints(...endpoints) {
    this.replaced["config.json"] = JSON.stringify({ overpass: { endpoints } });
  }

  /**
   * A visitor with an empty browser. `before(page)` runs ahead of the page's own code; `context` are
   * Playwright's options, of which `serviceWorkers: "allow"` lets the browser keep the app; without `ready` the visit
   * does not wait for the first poster.
   */
  async visit({ before, context = {}, ready = true, query = "" } = {}) {
    const session = await this.chromium.browser.newContext({ viewport: { width: 1100, height: 760 }, serviceWorkers: "block", ...context });
    session.setDefaultTimeout(PATIENCE);
    const page = await session.newPage();
    const visitor = new Visitor(this, session, page);
    await before?.(page);
    await page.goto(this.site.url + query);
    if (ready) await visitor.settled();
    return visitor;
  }

  async down() {
    await this.chromium.close();
    await this.site.close();
    await this.overpass.close();
  }
}

export class Visitor {
  constructor(stage, context, page) {
    Object.assign(this, { stage, context, page });
    /** Errors in the console and exceptions nobody caught. */
    this.complaints = [];
    /** Addresses asked for, by pages and workers alike. */
    this.asked = [];
    page.on("pageerror", (error) => this.complaints.push(`exception: ${error}`));
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    context.on("request", (request) => this.asked.push(request.url()));
  }

  /** Complaints that are the app's own: the browser logs each failed request by itself. */
  ownComplaints() {
    return this.complaints.filter((text) => !/^Failed to load resource|blocked by CORS policy|favicon\.ico/.test(text));
  }

  /** Waits until the picture of the newest design is on screen. */
  async settled() {
    // The panels may come after the poster.
    await this.page.waitForSelector("#export-download", { state: "attached" });
    await this.page.waitForSelector('#poster[data-state="drawn"][aria-busy="false"]');
    // It is handed to the screen in the next frame, and seen in the one after.
    await this.page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
  }

  /** The poster's pixels as a person sees them. */
  async picture() {
    return decodePng(await this.page.locator("#poster").screenshot());
  }

  /** The picture as soon as `is(picture)` holds; fails with `what` when it never does. */
  async pictureWhen(is, what) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      await this.settled();
      const picture = await this.picture();
      if (await is(picture)) return picture;
      if (Date.now() > end) assert.fail(`never seen: ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The picture as soon as `is()` holds, also while a newer one is under way; fails with `what` when it never does. */
  async pictureWhile(is, what) {
    const end = Date.now() + PATIENCE;
    while (!(await is())) {
      if (Date.now() > end) assert.fail(`never seen: ${what}`);
      await this.page.waitForTimeout(50);
    }
    await this.page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
    return this.picture();
  }

  /** The picture once it differs from `old`. */
  async pictureAfter(old, what) {
    const same = (a, b) => a.width === b.width && a.height === b.height && compare(a, b).differentShare === 0;
    return this.pictureWhen((picture) => !same(picture, old), what);
  }

  /** Does what brings another map, and waits until that is drawn. */
  async newMap(act) {
    const old = await this.page.locator("#poster").getAttribute("data-maps");
    await act();
    await this.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, old);
    await this.settled();
  }

  /** Waits for something outside the page, or that it tells by a promise: `waitForFunction` takes a promise for true. */
  async until(is, what) {
    const end = Date.now() + PATIENCE;
    while (!(await is())) {
      if (Date.now() > end) assert.fail(`never came: ${what}`);
      await this.page.waitForTimeout(20);
    }
  }

  /** Ticks a box or a radio button by its label, as a pointer does: the control itself may be hidden. */
  async press(id) {
    await this.page.locator(`label:has(#${id})`).click();
  }

  async chooseTheme(id) {
    await this.press(`theme-${id}`);
  }

  /** Counts pictures: while it stays, the same one is on screen. */
  async frame() {
    return this.page.locator("#poster").getAttribute("data-frame");
  }

  async write(id, text) {
    await this.page.locator(`#${id}`).fill(text);
  }

  async choosePaper(id, orientation) {
    await this.page.locator("#paper-size").selectOption(id);
    if (orientation) await this.press(`paper-${orientation}`);
  }

  /** Paper of one's own size, mm. */
  async setPaper(width, height) {
    await this.choosePaper("custom");
    await this.write("paper-width", String(width));
    await this.write("paper-height", String(height));
  }

  async setLayer(name, on) {
    const box = this.page.locator(`#layer-${name}`);
    if ((await box.isChecked()) !== on) await this.press(`layer-${name}`);
    assert.equal(await box.isChecked(), on);
  }

  /** Types a place and fetches it. */
  async fetchPlace({ lat, lon, distance } = {}) {
    if (lat !== undefined) await this.write("place-lat", String(lat));
    if (lon !== undefined) await this.write("place-lon", String(lon));
    if (distance !== undefined) await this.write("place-distance", String(distance));
    await this.page.locator("#place-fetch").click();
  }

  /** Chooses a file's format, and a picture's resolution. */
  async chooseFormat(format, dpi) {
    await this.press(`export-${format}`);
    if (dpi) await this.page.locator("#export-dpi").fill(String(dpi));
  }

  /** Makes a file and gives its path and suggested name. */
  async download(format, dpi) {
    await this.chooseFormat(format, dpi);
    const coming = this.page.waitForEvent("download");
    await this.page.locator("#export-download").click();
    const file = await coming;
    assert.equal(await file.failure(), null);
    return { path: await file.path(), name: file.suggestedFilename() };
  }

  /** The error with this code once it is shown: its words. */
  async error(code) {
    const shown = this.page.locator(`[data-code="${code}"]`);
    await shown.waitFor();
    return (await shown.innerText()).trim();
  }

  /** Codes of all errors on screen. */
  async errorCodes() {
    return this.page.locator("[data-code]:visible").evaluateAll((all) => all.map((e) => e.dataset.code));
  }

  /** Every control's value, by id: what "the design is kept" means to a person. */
  async values() {
    return this.page.locator("input, select, textarea").evaluateAll((all) =>
      Object.fromEntries(all.filter((e) => e.type !== "file").map((e) => [e.id, e.type === "checkbox" || e.type === "radio" ? e.checked : e.value])));
  }

  /** The same person in another tab. */
  async another() {
    const page = await this.context.newPage();
    const other = new Visitor(this.stage, this.context, page);
    await page.goto(this.stage.site.url);
    await other.settled();
    return other;
  }

  /** Opens bytes as a file of this name. */
  async openFile(name, bytes) {
    const file = path.join(this.folder(), name);
    writeFileSync(file, bytes);
    await this.page.locator("#map-file").setInputFiles(file);
  }

  /** Drops bytes on the page as a file of this name. */
  async dropFile(name, bytes) {
    await this.page.evaluate(([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
      for (const type of ["dragover", "drop"]) {
        const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer });
        if (document.querySelector("main").dispatchEvent(event)) throw new Error(`${type} would have left the page`);
      }
    }, [name, Buffer.from(bytes).toString("base64")]);
  }

  /** A picture's pixels as the browser reads them: {width, height, rgb}. */
  async decoded(bytes, type) {
    const { width, height, text } = await this.pixelsOf(bytes, type);
    const rgba = Buffer.from(text, "base64");
    return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)]) };
  }

  /** How much of a picture is wholly clear. */
  async clearShare(bytes, type) {
    const rgba = Buffer.from((await this.pixelsOf(bytes, type)).text, "base64");
    let n = 0;
    for (let i = 3; i < rgba.length; i += 4) n += rgba[i] === 0;
    return n / (rgba.length / 4);
  }

  async pixelsOf(bytes, type) {
    return this.page.evaluate(async ([text, type]) => {
      const file = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([file], { type }), { colorSpaceConversion: "none", premultiplyAlpha: "none" });
      const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d", { willReadFrequently: true });
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, picture.width, picture.height);
      let found = "";
      for (let i = 0; i < data.length; i += 8192) found += String.fromCharCode(...data.subarray(i, i + 8192));
      return { width: picture.width, height: picture.height, text: btoa(found) };
    }, [Buffer.from(bytes).toString("base64"), type]);
  }

  /** A folder for files of this test, gone with the visitor. */
  folder() {
    this.files ??= mkdtempSync(path.join(tmpdir(), "mapposter-e2e-"));
    return this.files;
  }

  async leave() {
    if (this.files) rmSync(this.files, { recursive: true });
    await this.context.close();
  }
}

/**
 * Browser and servers for the tests of one file, and `visit(name, steps, options)`: a test with a fresh visitor,
 * after which the app must have complained of nothing. `options` are those of `Stage.visit`, and `endpoints` and
 * `replaced`, files of the site or what gives them, for this test alone.
 */
export function suite(options) {
  const shared = {
    stage: undefined,
    visit(name, steps, visitOptions = {}) {
      test(name, async (context) => {
        const { stage } = shared;
        const { endpoints, replaced, ...rest } = visitOptions;
        stage.reset();
        if (endpoints) stage.setEndpoints(...endpoints);
        Object.assign(stage.replaced, typeof replaced === "function" ? replaced() : replaced);
        const visitor = await stage.visit(rest);
        try {
          await steps(visitor, stage, context);
          assert.deepEqual(visitor.ownComplaints(), []);
        } finally {
          await visitor.leave();
        }
      });
    },
  };
  before(async () => {
    shared.stage = await Stage.up(options);
  });
  after(() => shared.stage?.down());
  return shared;
}
