// The poster on screen: it is drawn, in its theme's colours, and follows every control.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { DIST, suite, themeFile } from "./lib/app.mjs";
import { commonColors, compare, crop, shareOf } from "./lib/pixels.mjs";

const THEMES = readdirSync(path.join(DIST, "themes"))
  .filter((name) => name.endsWith(".json") && !name.includes("schema"))
  .map((name) => name.replace(/\.json$/, ""));

const { visit } = suite();

/** The theme's colours that are seen on at least `least` of the picture. */
function seenColors(picture, theme, least = 0.0005) {
  const colors = new Set(Object.values(theme).filter((value) => /^#[0-9a-f]{6}$/i.test(value)).map((hex) => hex.toUpperCase()));
  return [...colors].filter((hex) => shareOf(picture, hex, 4) >= least);
}

describe("the first visit", () => {
  visit("draws the bundled place in the theme's colours", async (visitor) => {
    const theme = themeFile("terracotta");
    const picture = await visitor.picture();
    assert.ok(picture.width >= 300 && picture.height >= 400, `${picture.width}×${picture.height}`);
    assert.ok(shareOf(picture, theme.bg) > 0.15, "paper");
    assert.ok(commonColors(picture, 1)[0].share < 0.8, "not blank");
    const seen = seenColors(picture, theme);
    assert.ok(seen.length >= 5, `only ${seen} of the theme are seen`);
  });

  visit("asks no other machine for anything", async (visitor, stage) => {
    const foreign = visitor.asked.filter((url) => !url.startsWith(stage.site.url) && !/^(data|blob):/.test(url));
    assert.deepEqual(foreign, []);
    assert.deepEqual(stage.overpass.requests, []);
    assert.deepEqual(stage.chromium.strangers(), []);
  });
});

describe("a theme", () => {
  visit("paints the map in its own colours, each of the 18", async (visitor) => {
    assert.equal(THEMES.length, 18);
    for (const id of THEMES) {
      const theme = themeFile(id);
      await visitor.chooseTheme(id);
      const picture = await visitor.pictureWhen((p) => shareOf(p, theme.bg) > 0.05, `paper of ${id}`);
      assert.ok(seenColors(picture, theme).length >= 3, id);
    }
  });

  visit("leaves none of the old theme's paper", async (visitor) => {
    await visitor.chooseTheme("noir");
    const picture = await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
    assert.equal(shareOf(picture, themeFile("terracotta").bg), 0);
  });
});

describe("a layer", () => {
  for (const name of ["roads", "paths", "rail", "buildings", "water", "green"]) {
    visit(`${name}: switched off it is gone, switched on it is back`, async (visitor) => {
      const whole = await visitor.picture();
      await visitor.setLayer(name, false);
      const without = await visitor.pictureAfter(whole, `the map without ${name}`);
      assert.ok(compare(whole, without).differentShare > 0.001);
      await visitor.setLayer(name, true);
      await visitor.pictureWhen((p) => compare(p, whole).differentShare === 0, `the map with ${name} again`);
    });
  }

  visit("water: its colour is nowhere once it is off", async (visitor) => {
    const { water } = themeFile("terracotta");
    const whole = await visitor.picture();
    assert.ok(shareOf(whole, water) > 0.01);
    await visitor.setLayer("water", false);
    assert.equal(shareOf(await visitor.pictureAfter(whole, "the map without water"), water, 1), 0);
  });
});

describe("a text", () => {
  for (const id of ["title", "subtitle"]) {
    visit(`${id}: what is typed changes the foot of the poster and nothing else`, async (visitor) => {
      const old = await visitor.picture();
      await visitor.write(`text-${id}`, "Zwölf Boxkämpfer");
      const picture = await visitor.pictureAfter(old, `the new ${id}`);
      const part = (image, box) => crop(image, box);
      assert.equal(compare(part(old, { bottom: 0.6 }), part(picture, { bottom: 0.6 })).differentShare, 0);
      assert.ok(compare(part(old, { top: 0.6 }), part(picture, { top: 0.6 })).differentShare > 0.001);
    });
  }

  visit("title: emptied it leaves the poster without one", async (visitor) => {
    const old = await visitor.picture();
    const ink = (image) => shareOf(crop(image, { top: 0.75 }), themeFile("terracotta").text, 8);
    await visitor.write("text-title", "");
    const picture = await visitor.pictureAfter(old, "no title");
    assert.ok(ink(picture) < ink(old) / 2, `${ink(picture)} of ${ink(old)}`);
  });
});

describe("the paper", () => {
  const ratio = async (visitor) => {
    const { width, height } = await visitor.page.locator("#poster").boundingBox();
    return width / height;
  };

  visit("follows its size and orientation", async (visitor) => {
    assert.ok(Math.abs((await ratio(visitor)) - 3 / 4) < 0.01);
    await visitor.choosePaper("a4");
    await visitor.pictureWhen((p) => Math.abs(p.width / p.height - 210 / 297) < 0.01, "A4 upright");
    await visitor.press("paper-landscape");
    await visitor.pictureWhen((p) => Math.abs(p.width / p.height - 297 / 210) < 0.01, "A4 across");
  });
});

describe("the distance", () => {
  visit("halved shows half the map, twice as large", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.write("place-distance", "335");
    const picture = await visitor.pictureAfter(old, "the nearer map");
    assert.ok(compare(picture, old).farShare > 0.05);
    assert.deepEqual(stage.overpass.requests, [], "the data in hand are enough");
  });
});
