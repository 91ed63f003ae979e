// Moving the map inside the poster: by mouse, wheel, fingers, keys and buttons; the picture follows at once and
// the map is handed to the GPU only once.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { readdirSync } from "node:fs";
import path from "node:path";
import { DIST, suite } from "./lib/app.mjs";
import { compare, crop } from "./lib/pixels.mjs";

const { visit } = suite();

const THEMES = DIST
  ? readdirSync(path.join(DIST, "themes")).filter((name) => /^[a-z_]+\.json$/.test(name)).map((name) => name.slice(0, -5))
  : [];
const maps = (visitor) => visitor.page.locator("#poster").getAttribute("data-maps");
const numbers = async (visitor) => {
  const values = await visitor.values();
  return ["place-lat", "place-lon", "place-distance"].map((id) => Number(values[id]));
};
/** The middle of the canvas in the page, and its size. */
const sheet = async (visitor) => {
  const box = await visitor.page.locator("#poster").boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
};
/** Until the newest design is drawn. */
const settled = (visitor) => visitor.page.locator('#poster[aria-busy="false"]').waitFor();

describe("the map", () => {
  visit("follows a mouse that pulls it, and is not sent to the GPU again", async (visitor) => {
    const [before, old] = [await numbers(visitor), await visitor.picture()];
    const { x, y, height } = await sheet(visitor);
    const mouse = visitor.page.mouse;
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + 20, y + 30, { steps: 4 });
    await visitor.page.waitForTimeout(300); // a hand that rests does not throw
    await mouse.up();
    await settled(visitor);
    const [lat, lon, distance] = await numbers(visitor);
    const metres = (before[2] * 2) / height;
    assert.equal(distance, before[2]);
    assert.ok(Math.abs((lat - before[0]) * 111_400 - 30 * metres) < 3, "the ground went down with the hand");
    assert.ok(lon < before[1], "and right");
    const picture = await visitor.picture();
    assert.ok(compare(crop(old, { bottom: 0.5 }), crop(picture, { bottom: 0.5 })).differentShare > 0.02);
    assert.equal(await maps(visitor), "1");
  });

  visit("is turned by keys, buttons and the mouse's other button, and upright again by one", async (visitor) => {
    const old = await visitor.picture();
    const page = visitor.page;
    const facts = () => page.locator(".facts").textContent();
    const turned = async (degrees) => {
      await settled(visitor);
      assert.match(await facts(), degrees === 0 ? /^(?!.*turned)/ : new RegExp(`turned ${degrees}°`));
    };
    await page.locator("#map-turn-right").click();
    await turned(15);
    const right = await visitor.picture();
    assert.ok(compare(crop(old, { bottom: 0.5 }), crop(right, { bottom: 0.5 })).differentShare > 0.05, "another picture");
    await page.locator("#poster").focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press("[");
    await turned(-15);
    await page.keyboard.press("}");
    await turned(-14);
    const { x, y, width } = await sheet(visitor);
    await page.mouse.move(x + width / 4, y);
    await page.mouse.down({ button: "right" });
    // A quarter turn clockwise about the middle.
    for (let i = 1; i <= 6; i++) {
      const angle = (i / 6) * (Math.PI / 2);
      await page.mouse.move(x + (width / 4) * Math.cos(angle), y + (width / 4) * Math.sin(angle));
    }
    await page.mouse.up({ button: "right" });
    await settled(visitor);
    const degrees = Number(/turned (.+?)°/.exec(await facts())[1]);
    assert.ok(Math.abs(degrees - 76) < 2, `${degrees}`);
    assert.equal(await maps(visitor), "1", "it is the same map");
    await page.locator("#map-upright").click();
    await turned(0);
    await page.locator("#map-upright").waitFor({ state: "hidden" });
    assert.equal(compare(old, await visitor.picture()).farShare, 0);
  });

  visit("grows about the cursor by the wheel, and by buttons and keys about its middle", async (visitor) => {
    const { x, y, height } = await sheet(visitor);
    const start = await numbers(visitor);
    await visitor.page.mouse.move(x, y - height / 4);
    await visitor.page.mouse.wheel(0, -250);
    await settled(visitor);
    const wheeled = await numbers(visitor);
    assert.ok(wheeled[2] < start[2] * 0.75 && wheeled[2] > start[2] * 0.65, `${wheeled[2]} m`);
    assert.ok(wheeled[0] > start[0], "the place under the cursor, in the north, stayed");
    await visitor.page.locator("#map-farther").click();
    await settled(visitor);
    const farther = await numbers(visitor);
    assert.ok(Math.abs(farther[2] / wheeled[2] - 1.25) < 0.01);
    assert.deepEqual(farther.slice(0, 2), wheeled.slice(0, 2));
    await visitor.page.locator("#poster").focus();
    await visitor.page.keyboard.press("ArrowRight");
    await visitor.page.keyboard.press("+");
    await settled(visitor);
    const keyed = await numbers(visitor);
    assert.ok(keyed[1] > farther[1] && Math.abs(keyed[2] - wheeled[2]) < 1);
    assert.equal(await maps(visitor), "1");
  });

  visit("goes to the GPU once for a dozen themes, widths and moves", async (visitor) => {
    for (const theme of ["noir", "ocean", "sunset", "terracotta"]) {
      await visitor.chooseTheme(theme);
      await visitor.page.locator("#map-north").click();
      await visitor.page.locator("#map-west").click();
      await visitor.page.locator("#map-south").click();
      await visitor.page.locator("#map-east").click();
    }
    await settled(visitor);
    assert.equal(await maps(visitor), "1");
  });

  visit("is in the gallery in every theme, and again when it has moved", async (visitor) => {
    const look = (id) => visitor.page.locator(`#look-${id}[data-state="drawn"]`);
    const light = (id) => look(id).evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
      return sum / data.length / 0.75 / 255;
    });
    for (const theme of THEMES) await look(theme).waitFor({ state: "attached" });
    assert.ok(await light("noir") < 0.2, "black paper");
    assert.ok(await light("terracotta") > 0.8, "light paper");
    assert.equal(await maps(visitor), "1");
    const picture = () => look("ocean").evaluate((canvas) => canvas.toDataURL());
    const old = await picture();
    await visitor.page.locator("#map-south").click();
    await visitor.page.waitForFunction(([was]) =>
      document.querySelector("#look-ocean").toDataURL() !== was, [old]);
  });

  visit("moved beyond what is loaded offers to fetch the rest, once", async (visitor, stage) => {
    assert.equal(await visitor.page.locator("#sheet-fetch").count(), 0);
    for (let i = 0; i < 8; i++) await visitor.page.locator("#map-north").click();
    await settled(visitor);
    const fetch = visitor.page.locator("#sheet-fetch");
    assert.match(await fetch.textContent(), /^Fetch this map from 127\.0\.0\.1/);
    assert.equal(stage.overpass.requests.length, 0, "nothing is asked before the button is pressed");
    await visitor.newMap(() => fetch.click());
    await fetch.waitFor({ state: "detached" });
    assert.equal(stage.overpass.requests.length, 1);
    await settled(visitor);
    assert.equal(await maps(visitor), "2", "one map for the place, whatever the text");
    assert.equal((await visitor.values())["text-title"] || "Helsinki", "Helsinki", "a step aside keeps the name");
  });

  visit("runs on when it is thrown, unless less motion is wished for", async (visitor) => {
    // In one go, as a busy machine would put rests between real moves.
    const thrown = async () => {
      const before = await numbers(visitor);
      await visitor.page.locator("#poster").evaluate((canvas) => {
        const { left, top } = canvas.getBoundingClientRect();
        const send = (type, y) => canvas.dispatchEvent(new PointerEvent(type, {
          pointerId: 7, button: 0, bubbles: true, clientX: left + 50, clientY: top + y,
        }));
        send("pointerdown", 50);
        for (let y = 51; y <= 60; y++) send("pointermove", y);
        send("pointerup", 60);
      });
      await visitor.page.waitForTimeout(1500);
      await settled(visitor);
      return (await numbers(visitor))[0] - before[0];
    };
    const far = await thrown();
    await visitor.page.emulateMedia({ reducedMotion: "reduce" });
    const near = await thrown();
    assert.ok(near > 0 && far > near * 1.05, `${far} and ${near}`);
  });
});
