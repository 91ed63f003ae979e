// What a person types or opens: nonsense is told beside the field and asks no server; the design stays.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { suite, themeFile } from "./lib/app.mjs";
import { compare, shareOf } from "./lib/pixels.mjs";

const { visit } = suite();

describe("a number that cannot be", () => {
  for (const [name, id, code, texts] of [
    ["distance", "place-distance", "E-INPUT-DISTANCE", ["0", "NaN", "", "-5", "1e9", "abc", "Infinity"]],
    ["latitude", "place-lat", "E-INPUT-LATITUDE", ["91", "-86", "NaN", "north"]],
    ["longitude", "place-lon", "E-INPUT-LONGITUDE", ["181", "1e400"]],
  ]) {
    visit(`${name} is refused with ${code}, and no server is asked`, async (visitor, stage) => {
      const frame = await visitor.frame();
      for (const text of texts) {
        await visitor.write(id, text);
        const field = visitor.page.locator(`#${id}`);
        assert.equal(await field.getAttribute("aria-invalid"), "true", text);
        assert.match(await visitor.error(code), new RegExp(name, "i"), text);
        await field.press("Enter");
        assert.equal(await field.inputValue(), text, "what was typed stays to be put right");
      }
      assert.deepEqual(stage.overpass.requests, []);
      assert.equal(await visitor.frame(), frame, "the poster stays");
    });
  }

  visit("is forgotten once it is put right", async (visitor) => {
    await visitor.write("place-lat", "91");
    await visitor.error("E-INPUT-LATITUDE");
    await visitor.write("place-lat", "60,2");
    await visitor.page.locator('[data-code="E-INPUT-LATITUDE"]').waitFor({ state: "hidden" });
    assert.notEqual(await visitor.page.locator("#place-lat").getAttribute("aria-invalid"), "true");
  });
});

describe("a theme file", () => {
  const open = (visitor, name, text) =>
    visitor.page.locator("#theme-file").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });

  /** The original program's format: 13 keys and nothing else. */
  const ORIGINAL = {
    name: "Original", description: "Thirteen keys",
    bg: "#102030", text: "#F0E0D0", gradient_color: "#102030", water: "#204060", parks: "#183828",
    road_motorway: "#FF8800", road_primary: "#EE7700", road_secondary: "#DD6600", road_tertiary: "#CC5500",
    road_residential: "#BB4400", road_default: "#AA3300",
  };

  visit("in the original 13-key format opens", async (visitor) => {
    await open(visitor, "original.json", JSON.stringify(ORIGINAL));
    const picture = await visitor.pictureWhen((p) => shareOf(p, ORIGINAL.bg) > 0.1, "its paper");
    assert.ok(shareOf(picture, ORIGINAL.water) > 0.005);
  });

  visit("with a colour that is none opens with its others", async (visitor) => {
    await open(visitor, "odd.json", JSON.stringify({ ...ORIGINAL, parks: "greenish" }));
    await visitor.pictureWhen((p) => shareOf(p, ORIGINAL.bg) > 0.1, "its paper");
    const note = visitor.page.locator("#theme-note");
    assert.match(await note.innerText(), /parks is not a colour.*"greenish".*is used instead/);
    assert.deepEqual(await visitor.errorCodes(), [], "a remark is no error");
    await visitor.chooseTheme("noir");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
    // It is about the opened theme alone.
    await visitor.page.locator("#theme-note:empty").waitFor({ state: "attached" });
  });

  visit("with every colour good opens without a remark", async (visitor) => {
    await open(visitor, "odd.json", JSON.stringify({ ...ORIGINAL, water: 7 }));
    await visitor.page.locator("#theme-note:not(:empty)").waitFor();
    await open(visitor, "good.json", JSON.stringify(ORIGINAL));
    await visitor.page.locator("#theme-note:empty").waitFor({ state: "attached" });
  });

  for (const [what, text] of [
    ["that is not JSON", "hello: world"],
    ["that is empty", ""],
    ["that is JSON but no theme", "[1,2,3]"],
    ["cut in the middle", JSON.stringify(ORIGINAL).slice(0, 100)],
  ]) {
    visit(`${what} is refused with a code and the theme is kept`, async (visitor) => {
      await visitor.chooseTheme("noir");
      await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir");
      const old = await visitor.picture();
      await open(visitor, "broken.json", text);
      const shown = visitor.page.locator('[data-code^="E-THEME"]');
      await shown.waitFor();
      assert.ok((await shown.innerText()).length > 30);
      assert.equal(compare(await visitor.picture(), old).differentShare, 0);
      assert.equal((await visitor.values())["theme-noir"], true);
    });
  }
});
