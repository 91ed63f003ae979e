// The map picker: the poster's frame on a map of the whole world, by mouse, fingers, keys and buttons, without a
// server; what is chosen becomes the poster.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe } from "node:test";
import { DIST, builds, suite } from "./lib/app.mjs";
import { decodePng } from "./lib/png.mjs";
import { FakeTiles, tileAnswers } from "./lib/tiles.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { visit } = suite();
const tiles = new FakeTiles();
before(() => tiles.listen());
after(() => tiles.close());

/** Metres to a degree of latitude. */
const DEGREE = 111_195;
/** How much of the map's height a frame takes at first. */
const FITTED = 0.55;

/** The picker, opened as a person does it. */
class Picker {
  /** With the whole frame in view, as large as it goes there. */
  static async open(visitor) {
    await visitor.page.locator("#place-map").click();
    const picker = await Picker.opened(visitor);
    await picker.press("fit");
    await visitor.page.locator("#picker-map").focus();
    return picker;
  }

  static async opened(visitor) {
    const picker = new Picker();
    picker.page = visitor.page;
    await visitor.page.locator("#picker[open][data-frame]").waitFor();
    await picker.drawn();
    return picker;
  }

  /** Waits until the next frames are on screen. */
  async drawn() {
    await this.page.evaluate(() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen))));
  }

  async frame() {
    await this.drawn();
    const [lat, lon, distance, rotation] = (await this.page.locator("#picker").getAttribute("data-frame")).split(",").map(Number);
    return { lat, lon, distance, rotation };
  }

  async view() {
    await this.drawn();
    const [lat, lon, world] = (await this.page.locator("#picker").getAttribute("data-view")).split(",").map(Number);
    return { lat, lon, world };
  }

  /** A place on the map, CSS pixels from its middle. */
  async at(x, y) {
    const box = await this.page.locator("#picker-map").boundingBox();
    return { x: box.x + box.width / 2 + x, y: box.y + box.height / 2 + y, height: box.height };
  }

  async drag([fromX, fromY], [toX, toY]) {
    const [from, to] = [await this.at(fromX, fromY), await this.at(toX, toY)];
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await this.page.mouse.move(to.x, to.y);
    await this.page.mouse.up();
  }

  press(id) {
    return this.page.locator(`#picker-${id}`).click();
  }

  isOpen() {
    return this.page.locator("#picker[open]").count().then((n) => n === 1);
  }

  /** The map's pixels without what lies over it. */
  async picture() {
    await this.drawn();
    return decodePng(await this.page.locator("#picker-map").screenshot());
  }
}

const near = (got, expected, slack, what) => assert.ok(Math.abs(got - expected) <= slack, `${what}: ${got}, not ${expected}`);
const beyondTheSite = (visitor, stage) => visitor.asked.filter((url) => !url.startsWith(stage.site.origin) && /^https?:/.test(url));

describe("when it opens", () => {
  visit("the frame has its surroundings about it, and can be taken by hand", async (visitor) => {
    await visitor.page.locator("#place-map").click();
    const picker = await Picker.opened(visitor);
    const [frame, view] = [await picker.frame(), await picker.view()];
    const pixels = 1240 / ((40_075_017 * Math.cos((frame.lat * Math.PI) / 180)) / view.world);
    near(pixels, 64, 2, "the frame's height");
    await picker.drag([0, 5], [100, 5]);
    assert.deepEqual(await picker.view(), view, "it is the frame that moves");
    near((((await picker.frame()).lon - frame.lon) / 360) * view.world, 100, 3, "pixels to the east");
  });
});

describe("by mouse", () => {
  visit("the frame is dragged, and what it then holds is asked for and drawn under the same name", async (visitor, stage) => {
    const picker = await Picker.open(visitor);
    assert.deepEqual(await picker.frame(), { lat: 60.1722, lon: 24.9443, distance: 620, rotation: 0 });
    const { height } = await picker.at(0, 0);
    const pixels = (FITTED * height) / 1240;
    await picker.drag([20, 30], [170, -90]);
    const moved = await picker.frame();
    const cos = Math.cos((60.1722 * Math.PI) / 180);
    near((moved.lon - 24.9443) * DEGREE * cos * pixels, 150, 3, "pixels to the east");
    near((moved.lat - 60.1722) * DEGREE * pixels, 120, 3, "pixels to the north");
    assert.deepEqual([moved.distance, moved.rotation], [620, 0]);
    assert.deepEqual(beyondTheSite(visitor, stage), [], "nobody is asked before it is used");
    await visitor.newMap(() => picker.press("use"));
    assert.equal(await picker.isOpen(), false);
    assert.equal(stage.overpass.requests.length, 1);
    const { south, west, north, east } = stage.overpass.requests[0].bbox;
    near((south + north) / 2, moved.lat, 0.0008, "the box's middle");
    near((west + east) / 2, moved.lon, 0.0012, "the box's middle");
    near((north - south) * DEGREE, 1240 * 1.02, 110, "the box's height, m");
    near((east - west) * DEGREE * cos, 930 * 1.02, 110, "the box's width, m");
    const values = await visitor.values();
    assert.deepEqual([values["place-lat"], values["place-lon"], values["place-distance"]], [String(moved.lat), String(moved.lon), "620"]);
    assert.equal(values["text-title"], "Helsinki", "half a kilometre away it is still the same place");
  });

  visit("it is sized by a corner and turned by its round handle, as it is printed", async (visitor, stage) => {
    const picker = await Picker.open(visitor);
    const { height } = await picker.at(0, 0);
    const [x, y] = [(FITTED * height * 0.75) / 2, (FITTED * height) / 2];
    await picker.drag([x, y], [x * 1.3, y * 1.3]);
    near((await picker.frame()).distance, 620 * 1.3, 12, "the distance");
    await picker.drag([0, -y * 1.3 - 30], [y * 1.3 + 30, 0]);
    const turned = await picker.frame();
    assert.equal(turned.rotation, -90, "a quarter to the right");
    assert.match(await visitor.page.locator("#picker-what").innerText(), /turned 90° to the right/);
    await visitor.newMap(() => picker.press("use"));
    assert.match(await visitor.page.locator(".facts").innerText(), /turned -90°/);
    const { south, west, north, east } = stage.overpass.requests[0].bbox;
    const ratio = ((east - west) * Math.cos((60.17 * Math.PI) / 180)) / (north - south);
    near(ratio, 4 / 3, 0.1, "the box lies on its side");
  });

  visit("a hand that holds the frame when the dialog is closed holds nothing when it opens again", async (visitor) => {
    const { page } = visitor;
    const picker = await Picker.open(visitor);
    const start = await picker.frame();
    const { x, y } = await picker.at(0, 20);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 40, y);
    assert.ok((await picker.frame()).lon > start.lon);
    await page.keyboard.press("Escape");
    assert.equal(await picker.isOpen(), false);
    await page.mouse.up();
    const again = await Picker.open(visitor);
    const view = await again.view();
    await page.mouse.move(x, y);
    await page.mouse.move(x + 60, y + 20);
    assert.deepEqual([await again.frame(), await again.view()], [start, view]);
  });

  visit("the map beside the frame is pulled and the wheel zooms about the cursor; the frame stays where it is", async (visitor) => {
    const picker = await Picker.open(visitor);
    const [frame, view] = [await picker.frame(), await picker.view()];
    await picker.drag([-400, 0], [-300, 50]);
    const pulled = await picker.view();
    near(((view.lon - pulled.lon) / 360) * view.world, 100, 1, "pixels to the east");
    const { x, y } = await picker.at(-300, 50);
    await visitor.page.mouse.move(x, y);
    await visitor.page.mouse.wheel(0, -300);
    const zoomed = await picker.view();
    near(zoomed.world / pulled.world, 2, 0.01, "twice as near");
    // The cursor is 300 pixels left of the middle, which comes half-way to what is under it.
    near(((pulled.lon - zoomed.lon) / 360) * zoomed.world, 300, 2, "about the cursor");
    assert.deepEqual(await picker.frame(), frame);
  });

  visit("on a map of the world the frame is a mark, brought by a double click; the poster gets the city's name", async (visitor, stage) => {
    const picker = await Picker.open(visitor);
    for (let i = 0; i < 22; i++) await picker.press("farther");
    const { world } = await picker.view();
    const { width } = await visitor.page.locator("#picker-map").boundingBox();
    near(world, width, 1, "the whole world");
    const view = await picker.view();
    // Rome from the view's middle, in this map's own projection.
    const northing = (lat) => Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);
    const target = await picker.at(((12.48 - view.lon) / 360) * world, (northing(view.lat) - northing(41.9)) * world);
    await visitor.page.mouse.dblclick(target.x, target.y);
    const brought = await picker.frame();
    near(brought.lat, 41.9, 0.2, "the latitude");
    near(brought.lon, 12.48, 0.3, "the longitude");
    await picker.press("fit");
    near((await picker.view()).lat, brought.lat, 0.001, "the view's middle");
    await picker.press("cancel");
    assert.equal(await picker.isOpen(), false);
    assert.deepEqual(stage.overpass.requests, []);
    assert.equal((await visitor.values())["place-lat"], "60.1722", "cancelled, nothing changes");
    // What is typed and not fetched is where it opens.
    await visitor.write("place-lat", "41.89");
    await visitor.write("place-lon", "12.5");
    const again = await Picker.open(visitor);
    assert.equal((await again.frame()).lat, 41.89);
    await visitor.newMap(() => again.press("use"));
    const values = await visitor.values();
    assert.deepEqual([values["text-title"], values["text-subtitle"]], ["Rome", "Italy"]);
  });
});

describe("by keys and buttons", () => {
  visit("every key has its button, Enter uses the frame, and the focus comes back", async (visitor, stage) => {
    const { page } = visitor;
    await page.locator("#place-map").focus();
    await page.keyboard.press("Enter");
    const picker = await Picker.opened(visitor);
    assert.equal(await page.evaluate(() => document.activeElement.id), "picker-map");
    for (const [key, id] of [
      ["ArrowRight", "east"], ["ArrowLeft", "west"], ["ArrowUp", "north"], ["ArrowDown", "south"], ["+", "larger"], ["-", "smaller"],
      ["[", "turn-left"], ["]", "turn-right"], ["c", "here"], ["f", "fit"], ["PageUp", "nearer"], ["PageDown", "farther"], ["0", "upright"],
    ]) {
      const start = [await picker.frame(), await picker.view()];
      await page.locator("#picker-map").focus();
      await page.keyboard.press(key);
      const byKey = [await picker.frame(), await picker.view()];
      // Back to where it was: the same step by its button gives the same.
      const back = { ArrowRight: "ArrowLeft", ArrowLeft: "ArrowRight", ArrowUp: "ArrowDown", ArrowDown: "ArrowUp", "+": "-", "-": "+", "[": "]", "]": "[", PageUp: "PageDown", PageDown: "PageUp" }[key];
      if (back) await page.keyboard.press(back);
      await picker.press(id);
      const byButton = [await picker.frame(), await picker.view()];
      for (const name of ["lat", "lon", "distance", "rotation"]) near(byButton[0][name], byKey[0][name], 0.3, `${name} by ${key} and by ${id}`);
      near(byButton[1].world / byKey[1].world, 1, 0.001, `the view by ${key}`);
      if (["f", "c", "0"].includes(key)) continue;
      assert.notDeepEqual(byKey, start, `${key} does something`);
    }
    await page.locator("#picker-map").focus();
    const before = await picker.frame();
    for (const key of ["ArrowRight", "ArrowRight", "+", "]"]) await page.keyboard.press(key);
    const after = await picker.frame();
    assert.ok(after.lon > before.lon && Math.abs(after.lat - before.lat) < 1e-4);
    near(after.distance / before.distance, 1.15, 0.001, "larger");
    assert.equal(after.rotation, before.rotation - 15);
    await page.locator("#picker-live").getByText(`${after.distance} m`).waitFor({ state: "attached" });
    await page.keyboard.press("Enter");
    await visitor.until(() => stage.overpass.requests.length === 1, "the request");
    await page.waitForFunction((lon) => document.querySelector("#place-lon").value === lon, String(after.lon));
    await visitor.settled();
    assert.equal(await page.evaluate(() => document.activeElement.id), "place-map");
  });

  visit("Escape closes it and changes nothing; Tab stays within; it opens again as the poster is", async (visitor, stage) => {
    const { page } = visitor;
    const picker = await Picker.open(visitor);
    for (let i = 0; i < 24; i++) {
      await page.keyboard.press("Tab");
      const isOut = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement.closest("#picker"));
      assert.equal(isOut, false, await page.evaluate(() => document.activeElement.outerHTML));
    }
    await page.locator("#picker-map").focus();
    await page.keyboard.press("]");
    await page.keyboard.press("Escape");
    assert.equal(await picker.isOpen(), false);
    const again = await Picker.open(visitor);
    assert.deepEqual(await again.frame(), { lat: 60.1722, lon: 24.9443, distance: 620, rotation: 0 });
    await page.keyboard.press("Escape");
    assert.deepEqual(stage.overpass.requests, []);
  });
});

const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

describe("on a phone", () => {
  visit("it fills the screen, nothing is cut, and a finger finds every button", async (visitor) => {
    const { page } = visitor;
    await Picker.open(visitor);
    const dialog = await page.locator("#picker").boundingBox();
    assert.deepEqual([dialog.x, dialog.y, dialog.width, dialog.height], [0, 0, 390, 780]);
    const boxes = await page.locator("#picker button").evaluateAll((all) => all.map((e) => ({ id: e.id, ...e.getBoundingClientRect().toJSON() })));
    for (const { id, left, right, bottom, width, height } of boxes) {
      assert.ok(left >= 0 && right <= 390 && bottom <= 780, `${id} is cut`);
      assert.ok(width >= 38 && height >= 38, `${id} is ${width} × ${height}`);
    }
    const { height } = await page.locator("#picker-map").boundingBox();
    assert.ok(height > 330, `the map is ${height} high`);
  }, { context: PHONE });

  visit("one finger moves the frame or the map, two zoom the map", async (visitor) => {
    const { page, context } = visitor;
    const picker = await Picker.open(visitor);
    const cdp = await context.newCDPSession(page);
    const touch = (type, ...points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(({ x, y }, id) => ({ x, y, id })) });
    const [frame, view] = [await picker.frame(), await picker.view()];
    // Found once, so that nothing comes between the touches.
    const middle = await picker.at(0, 0);
    const at = (x, y) => ({ x: middle.x + x, y: middle.y + y });
    await touch("touchStart", at(0, 20));
    await touch("touchMove", at(30, 20));
    await touch("touchMove", at(60, 20));
    await touch("touchEnd");
    const moved = await picker.frame();
    near(((moved.lon - frame.lon) / 360) * view.world, 60, 2, "pixels to the east");
    assert.deepEqual(await picker.view(), view);
    await touch("touchStart", at(-170, -150));
    await touch("touchMove", at(-150, -150));
    await touch("touchMove", at(-130, -150));
    await touch("touchEnd");
    assert.deepEqual(await picker.frame(), moved);
    near(((view.lon - (await picker.view()).lon) / 360) * view.world, 40, 2, "pixels to the east");
    const pulled = await picker.view();
    await touch("touchStart", at(-40, 0));
    await touch("touchStart", at(-40, 0), at(40, 0));
    await touch("touchMove", at(-60, 0), at(60, 0));
    await touch("touchMove", at(-80, 0), at(80, 0));
    await touch("touchEnd");
    near((await picker.view()).world / pulled.world, 2, 0.05, "twice as near");
    assert.deepEqual(await picker.frame(), moved, "two fingers are for the map");
  }, { context: PHONE });

  visit("a finger sizes the frame by a corner and turns it by its round handle", async (visitor) => {
    const { page, context } = visitor;
    const picker = await Picker.open(visitor);
    const cdp = await context.newCDPSession(page);
    const touch = (type, ...points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(({ x, y }, id) => ({ x, y, id })) });
    const drag = async ([fromX, fromY], [toX, toY]) => {
      await touch("touchStart", await picker.at(fromX, fromY));
      for (const share of [0.2, 0.6, 1]) await touch("touchMove", await picker.at(fromX + (toX - fromX) * share, fromY + (toY - fromY) * share));
      await touch("touchEnd");
    };
    const [frame, view] = [await picker.frame(), await picker.view()];
    const y = frame.distance * (view.world / (40_075_017 * Math.cos((frame.lat * Math.PI) / 180)));
    const x = y * 0.75;
    // Beside the corner by more than a mouse may be.
    await drag([x + 14, y], [(x + 14) * 0.7, y * 0.7]);
    const sized = await picker.frame();
    near(sized.distance / frame.distance, 0.7, 0.05, "the distance");
    assert.equal(sized.rotation, 0);
    assert.deepEqual(await picker.view(), view, "the map stays");
    const top = (y * sized.distance) / frame.distance + 30;
    await drag([0, -top], [top, 0]);
    assert.equal((await picker.frame()).rotation, -90, "a quarter to the right");
    near((await picker.frame()).distance, sized.distance, 1, "as large as before");
  }, { context: PHONE });
});

for (const colorScheme of ["light", "dark"]) {
  describe(`in ${colorScheme}`, () => {
    visit("the world is land and sea with names, and axe finds nothing wrong", async (visitor) => {
      const { page } = visitor;
      const picker = await Picker.open(visitor);
      for (let i = 0; i < 9; i++) await picker.press("farther");
      const { width } = await page.locator("#picker-map").boundingBox();
      const colour = (name) => page.evaluate((name) => getComputedStyle(document.querySelector("#picker")).getPropertyValue(name).trim(), name);
      const [sea, land] = [await colour("--sea"), await colour("--land")];
      assert.notEqual(sea, land);
      // The frame is a mark here, so that nothing is dimmed.
      const shares = async () => {
        const { rgb: data } = await picker.picture();
        let [n, nSea, nLand] = [0, 0, 0];
        const hex = (i) => `#${[0, 1, 2].map((k) => data[i + k].toString(16).padStart(2, "0")).join("")}`;
        for (let i = 0; i < data.length; i += 3) {
          n++;
          if (hex(i) === sea) nSea++;
          if (hex(i) === land) nLand++;
        }
        return [nSea / n, nLand / n];
      };
      await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.includes("/world.bin") && responseEnd > 0));
      for (let i = 0; i < 100 && (await shares())[1] < 0.2; i++) await page.waitForTimeout(100);
      const [seaShare, landShare] = await shares();
      assert.ok(seaShare > 0.15 && landShare > 0.2, `${width} pixels: sea ${seaShare}, land ${landShare}`);
      await page.evaluate(AXE);
      const found = await page.evaluate(() => window.axe.run("#picker", { resultTypes: ["violations"] }));
      assert.deepEqual(found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`), []);
    }, { context: { colorScheme } });
  });
}

describe("what does not come", () => {
  const world = readFileSync(path.join(DIST, "places/world.bin"));
  const damaged = Buffer.from(world);
  damaged.fill(0, 1000, 1200);
  for (const [what, answer] of [
    ["missing", (_, response) => response.writeHead(404).end()],
    ["cut", world.subarray(0, 5000)],
    ["damaged", damaged],
    ["a page", "<!doctype html><title>busy</title>"],
  ]) {
    visit(`the world is ${what}: E-PICKER-WORLD, and the frame works without it`, async (visitor) => {
      const picker = await Picker.open(visitor);
      assert.match(await visitor.error("E-PICKER-WORLD"), /could not be loaded/);
      const frame = await picker.frame();
      await picker.drag([0, 20], [80, 20]);
      assert.ok((await picker.frame()).lon > frame.lon);
      await picker.press("cancel");
    }, { replaced: { "places/world.bin": answer } });
  }

  visit("neither world nor cities: both are told", async (visitor) => {
    const picker = await Picker.open(visitor);
    await visitor.error("E-PICKER-WORLD");
    await visitor.error("E-PICKER-CITIES");
    assert.deepEqual(await visitor.errorCodes(), ["E-PICKER-WORLD", "E-PICKER-CITIES"]);
    await picker.press("cancel");
  }, { replaced: Object.fromEntries(["world.bin", "cities.gaz"].map((file) => [`places/${file}`, (_, response) => response.writeHead(404).end()])) });

  visit("dialogs, in an old browser: E-PICKER-LOAD", async (visitor) => {
    await visitor.page.locator("#place-map").click();
    await visitor.error("E-PICKER-LOAD");
    assert.equal(await visitor.page.evaluate(() => document.querySelectorAll("dialog[open]").length), 0);
  }, { before: (page) => page.addInitScript(() => delete HTMLDialogElement.prototype.showModal) });

  visit("the picker itself: E-PICKER-LOAD, and trying again works", async (visitor, stage) => {
    const file = `${builds()[0].folder}/picker.js`;
    stage.replaced[file] = (_, response) => response.writeHead(503).end();
    await visitor.page.locator("#place-map").click();
    assert.match(await visitor.error("E-PICKER-LOAD"), /try again/);
    delete stage.replaced[file];
    await visitor.page.locator("#place-map-retry").click();
    await Picker.opened(visitor);
  });

  visit("the picker is not loaded before it is opened, and once", async (visitor, stage) => {
    const fetched = () => stage.site.requests.filter(({ path }) => /picker|world\.bin/.test(path)).map(({ path }) => path.split("/").pop());
    const [earlier, n] = [fetched().length, stage.site.requests.length];
    for (let i = 0; i < 2; i++) {
      const picker = await Picker.open(visitor);
      await visitor.until(() => fetched().slice(earlier).includes("world.bin"), "the world");
      await visitor.page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.includes("/world.bin") && responseEnd > 0));
      // Asked for after all else.
      await visitor.until(() => stage.site.requests.slice(n).some(({ path }) => path.endsWith("/cities.gaz")), "the cities");
      await picker.press("cancel");
    }
    assert.deepEqual(fetched().slice(earlier).sort(), ["picker.js", "picker_bg.wasm", "world.bin"]);
    assert.deepEqual(beyondTheSite(visitor, stage), []);
  });
});

describe("a detailed map", () => {
  /** A test whose visitor sees a site with our tiles. */
  const withTiles = (name, steps, options) =>
    visit(name, async (visitor, stage) => {
      tiles.answers(tileAnswers.picture());
      stage.replaced["config.json"] = JSON.stringify({ overpass: { endpoints: [stage.overpass.url] }, tiles: tiles.config });
      await visitor.page.reload();
      await visitor.settled();
      visitor.asked.length = 0;
      await steps(visitor, stage);
    }, options);
  const isGreen = async (picker) => {
    const { rgb: data, width } = await picker.picture();
    const i = 3 * (60 * width + 60);
    return data[i + 1] > 1.5 * data[i] && data[i + 1] > 1.5 * data[i + 2];
  };
  const attribution = (visitor) => visitor.page.locator("#picker-attribution").innerText();

  visit("is not offered where config.json names none", async (visitor) => {
    await Picker.open(visitor);
    assert.equal(await visitor.page.locator("#picker-switch").isVisible(), false);
  });

  withTiles("is named before it is asked for, shown with its attribution, and remembered", async (visitor, stage) => {
    const { page } = visitor;
    let picker = await Picker.open(visitor);
    const words = await page.locator("#picker-switch").innerText();
    assert.ok(words.includes("Green Tiles") && words.includes(new URL(tiles.config.url).host), words);
    assert.equal(await page.locator("#picker-tiles").isChecked(), false);
    await page.waitForTimeout(300);
    assert.deepEqual(beyondTheSite(visitor, stage), [], "nobody is asked before the switch");
    assert.ok(!(await attribution(visitor)).includes("Green"));
    await page.locator("#picker-switch").click();
    assert.match(await attribution(visitor), /© Green Tiles Inc\..*Natural Earth/);
    for (let i = 0; i < 100 && !(await isGreen(picker)); i++) await page.waitForTimeout(50);
    assert.ok(await isGreen(picker), "the map is theirs");
    assert.ok(tiles.requests.every(({ referer }) => referer === stage.site.url), `they are told who asks: ${tiles.requests[0].referer}`);
    assert.ok(tiles.requests.length > 0 && tiles.requests.every(({ path }) => /^\/1\d\/\d+\/\d+\.png$/.test(path)), JSON.stringify(tiles.requests[0]));
    assert.ok(tiles.most <= 6, `${tiles.most} at a time`);
    assert.equal(new Set(tiles.requests.map(({ path }) => path)).size, tiles.requests.length, "each once");
    // What is open when the picker is shut is not kept.
    let n;
    do {
      n = tiles.requests.length;
      await page.waitForTimeout(300);
    } while (tiles.n > 0 || tiles.requests.length !== n);
    await picker.press("cancel");
    picker = await Picker.open(visitor);
    await page.waitForTimeout(300);
    assert.equal(tiles.requests.length, n, "kept in memory");
    await page.reload();
    await visitor.settled();
    picker = await Picker.open(visitor);
    assert.equal(await page.locator("#picker-tiles").isChecked(), true);
    await visitor.until(() => tiles.requests.length > n, "a tile");
    await page.locator("#picker-switch").click();
    assert.ok(!(await attribution(visitor)).includes("Green"));
    assert.deepEqual(stage.overpass.requests, []);
  });

  /** Pauses of a server's tiles pass at once, and the clock goes on as far. */
  const withoutPauses = { before: (page) => page.addInitScript(() => {
    const [now, wait] = [Date.now, globalThis.setTimeout];
    let ahead = 0;
    Date.now = () => now() + ahead;
    globalThis.setTimeout = (act, ms = 0, ...rest) => wait(() => {
      if (ms === 20_000) ahead += ms;
      act(...rest);
    }, ms === 20_000 ? 0 : ms);
  }) };

  withTiles("that comes only when it is asked for once more is shown", async (visitor) => {
    tiles.answers(tileAnswers.late());
    const picker = await Picker.open(visitor);
    await visitor.page.locator("#picker-switch").click();
    for (let i = 0; i < 600 && !(await isGreen(picker)); i++) await visitor.page.waitForTimeout(100);
    assert.ok(await isGreen(picker), "the map is theirs");
    assert.deepEqual(await visitor.errorCodes(), []);
  }, withoutPauses);

  for (const code of [403, 429]) {
    withTiles(`is asked for no more after ${code}: E-PICKER-TILES`, async (visitor) => {
      tiles.answers(tileAnswers.status(code, { "Access-Control-Allow-Origin": "*" }));
      const picker = await Picker.open(visitor);
      await visitor.page.locator("#picker-switch").click();
      assert.match(await visitor.error("E-PICKER-TILES"), /Green Tiles takes no more questions .* on this visit\. The built-in world is shown\./);
      const n = tiles.requests.length;
      assert.ok(n <= 7, `${n} requests: six at a time, and one that asks why`);
      assert.ok(!(await attribution(visitor)).includes("Green"));
      await picker.press("farther");
      await picker.drag([-170, -100], [-100, 0]);
      await picker.press("cancel");
      const again = await Picker.open(visitor);
      await visitor.error("E-PICKER-TILES");
      await again.press("nearer");
      await visitor.page.waitForTimeout(300);
      assert.equal(tiles.requests.length, n);
    }, withoutPauses);
  }

  withTiles("that does not come leaves the built-in world, six requests at a time, ended when the picker is shut", async (visitor) => {
    tiles.answers(tileAnswers.hang());
    const picker = await Picker.open(visitor);
    await visitor.page.locator("#picker-switch").click();
    await visitor.until(() => tiles.requests.length >= 6, "six requests");
    await visitor.page.waitForTimeout(300);
    assert.equal(tiles.requests.length, 6);
    await picker.press("cancel");
    await visitor.until(() => tiles.requests.every(({ aborted }) => aborted), "the end of all requests");
    tiles.answers(tileAnswers.status(500));
    const again = await Picker.open(visitor);
    await visitor.until(() => tiles.requests.length > 6, "more requests");
    await visitor.page.waitForTimeout(300);
    assert.deepEqual(await visitor.errorCodes(), []);
    const frame = await again.frame();
    await again.drag([0, 20], [80, 20]);
    assert.ok((await again.frame()).lon > frame.lon);
  });
});
