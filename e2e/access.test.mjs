// The app for everyone: by keyboard alone, on the narrowest screen, for a screen reader, in light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe } from "node:test";
import { suite, themeFile } from "./lib/app.mjs";
import { jumpingClock } from "./lib/clock.mjs";
import { replies } from "./lib/overpass.mjs";
import { shareOf } from "./lib/pixels.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { visit } = suite();

/** What axe finds wrong, one line a rule. */
async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  describe(`axe finds nothing wrong, ${colorScheme}:`, () => {
    visit("the first poster", async (visitor) => {
      assert.deepEqual(await violations(visitor.page), []);
    }, { context: { colorScheme } });

    visit("errors of the server and of a field", async (visitor, stage) => {
      stage.overpass.answers(replies.status(504));
      await visitor.fetchPlace();
      await visitor.error("E-OVP-504");
      await visitor.write("place-lat", "91");
      await visitor.error("E-INPUT-LATITUDE");
      assert.deepEqual(await violations(visitor.page), []);
    }, { context: { colorScheme }, replaced: jumpingClock });

    visit("while a place is fetched", async (visitor, stage) => {
      stage.overpass.answers(replies.hang());
      await visitor.fetchPlace();
      await visitor.page.locator("#place-cancel").waitFor();
      assert.deepEqual(await violations(visitor.page), []);
    }, { context: { colorScheme } });
  });
}

describe("by keyboard alone", () => {
  /** Tabs on until the element is in focus, which must be seen. */
  async function tabTo(page, id) {
    for (let i = 0; i < 120; i++) {
      await page.keyboard.press("Tab");
      const here = await page.evaluate(() => {
        // A radio button or file field that is drawn by what follows it shows its focus there.
        const drawn = [document.activeElement, document.activeElement.nextElementSibling].filter(Boolean);
        const isSeen = drawn.map((element) => getComputedStyle(element)).some((style) =>
          (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
        return { id: document.activeElement.id, isSeen };
      });
      if (here.id === id) {
        assert.ok(here.isSeen, `focus on #${id} is not seen`);
        return;
      }
    }
    assert.fail(`#${id} is not reached by Tab`);
  }

  visit("a theme, a title, a layer and a download", async (visitor) => {
    const { page } = visitor;
    await tabTo(page, "theme-terracotta");
    for (let i = 0; i < 18 && !(await visitor.values())["theme-noir"]; i++) await page.keyboard.press("ArrowRight");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
    await tabTo(page, "layer-water");
    const wet = await visitor.picture();
    await page.keyboard.press("Space");
    await visitor.pictureAfter(wet, "the map without water");
    await tabTo(page, "text-title");
    const old = await visitor.picture();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("By hand");
    await visitor.pictureAfter(old, "the title");
    await tabTo(page, "export-png");
    for (let i = 0; i < 6 && !(await visitor.values())["export-svg"]; i++) await page.keyboard.press("ArrowRight");
    await tabTo(page, "export-download");
    const coming = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    assert.match((await coming).suggestedFilename(), /\.svg$/);
  });

  visit("a place: Enter in a field fetches it", async (visitor, stage) => {
    const { page } = visitor;
    await tabTo(page, "place-lat");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("58.38");
    const old = await visitor.picture();
    await page.keyboard.press("Enter");
    await visitor.pictureAfter(old, "the place");
    assert.equal(stage.overpass.requests.length, 1);
  });
});

describe("on a large screen", () => {
  visit("the panel scrolls and the page does not: the poster and the map's source stay in view", async (visitor) => {
    const { page } = visitor;
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollHeight - innerHeight), 0);
    await page.locator("#export-download").scrollIntoViewIfNeeded();
    for (const element of [page.locator("#poster"), page.locator("#export-download"), page.getByText("© OpenStreetMap contributors")]) {
      const { y, height } = await element.boundingBox();
      assert.ok(y >= 0 && y + height <= 760, `${element}: ${y} to ${y + height}`);
    }
  });
});

describe("a file's button", () => {
  visit("keeps the focus while a file is made that takes no time worth telling of", async (visitor) => {
    const { page } = visitor;
    await visitor.chooseFormat("svg");
    // However slow this machine is: the time never comes.
    await page.evaluate(() => {
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (act, ms, ...rest) => setTimeout(act, ms === 400 ? 1e9 : ms, ...rest);
    });
    await page.locator("#export-download").focus();
    const file = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    await file;
    assert.equal(await page.evaluate(() => document.activeElement.id), "export-download");
  });
});

describe("at 320 pixels of width", () => {
  visit("nothing has to be scrolled sideways and nothing is cut", async (visitor) => {
    const { page } = visitor;
    for (const tab of ["place", "style", "layers", "text", "paper", "export"]) {
      if ((await page.locator(`#tab-${tab}`).getAttribute("aria-expanded")) !== "true") await page.locator(`#tab-${tab}`).click();
      const cut = await page.locator("input:visible, select:visible, button:visible, #poster").evaluateAll((all) =>
        all.filter((e) => {
          const { left, right } = e.getBoundingClientRect();
          return left < 0 || right > 320;
        }).map((e) => e.id || e.outerHTML.slice(0, 80)));
      assert.deepEqual(cut, [], tab);
      const { height } = await page.locator("#poster").boundingBox();
      assert.ok(height > 100, `the poster is ${height} high`);
    }
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    assert.ok(width <= 320, `the page is ${width} wide`);
  }, { context: { viewport: { width: 320, height: 640 } } });

  visit("a section opens at its top, however far the last one was scrolled", async (visitor) => {
    const { page } = visitor;
    const scrolled = () => page.evaluate(() => document.querySelector(".sections").scrollTop);
    await page.evaluate(() => document.querySelector(".sections").scrollTo(0, 200));
    assert.equal(await scrolled(), 200);
    await page.locator("#tab-export").click();
    await page.locator("#section-export").waitFor();
    assert.equal(await scrolled(), 0);
  }, { context: { viewport: { width: 320, height: 640 } } });
});
