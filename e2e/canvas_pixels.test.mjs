// The canvas against the processor's picture of the same design: what a person sees is what they download.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { suite } from "./lib/app.mjs";
import { canvasPixels, watchGpu } from "./lib/gpu.mjs";
import { replies } from "./lib/overpass.mjs";
import { compare, resample } from "./lib/pixels.mjs";
import { decodePng } from "./lib/png.mjs";
import { overpassJson } from "./lib/town.mjs";

const { visit } = suite();

/** Each pixel compared is the mean of so many of the canvas's, across and down, and of as many of the file's. */
const COARSER = 2;

/**
 * Says how far the canvas is from the file of the same design. The project's word for two pictures that agree, with
 * one allowance: both smooth edges, the GPU by four samples and the processor exactly, so that along a line some
 * pixels differ by up to a quarter of its contrast.
 */
async function agrees(visitor) {
  await visitor.settled();
  const canvas = await canvasPixels(visitor);
  const file = decodePng(readFileSync((await visitor.download("png", 150)).path));
  const size = [Math.round(canvas.width / COARSER), Math.round(canvas.height / COARSER)];
  const { agree, mean, farShare } = compare(resample(canvas, ...size), resample(file, ...size));
  const found = `mean ${mean.toFixed(2)}/255, ${(farShare * 100).toFixed(3)} % far, canvas ${canvas.width}×${canvas.height}`;
  assert.ok(agree, found);
  return found;
}

const at = (lat, lon, distance) => ({ lat, lon, distance });
const scene = (name, steps, context = {}) =>
  visit(name, async (visitor, stage, test) => {
    await steps(visitor, stage);
    test.diagnostic(await agrees(visitor));
  }, { before: watchGpu, context });

/** A server of these ways, [tags, …shares of the box asked for]. */
const ways = (...all) => (_, response, { bbox, cors }) => {
  const point = ([x, y]) => ({
    lat: bbox.south + (bbox.north - bbox.south) * y,
    lon: bbox.west + (bbox.east - bbox.west) * x,
  });
  response.writeHead(200, { "Content-Type": "application/json", ...cors });
  response.end(overpassJson(all.map(([tags, ...shares], i) => ({ type: "way", id: i + 1, tags, geometry: shares.map(point) }))));
};
const ring = (tags, x, y, r, n = 24) => [tags, ...Array.from({ length: n + 1 }, (_, i) => {
  const turn = ((i % n) / n) * 2 * Math.PI;
  return [x + r * Math.cos(turn), y + r * Math.sin(turn)];
})];

/** Fetches a place and waits for its picture. */
async function fetched(visitor, place) {
  const maps = await visitor.page.locator("#poster").getAttribute("data-maps");
  await visitor.fetchPlace(place);
  await visitor.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, maps);
  await visitor.settled();
}

describe("the canvas shows what the file will be", () => {
  scene("the bundled place", async () => {});
  scene("in white on black, two device pixels to a pixel", (visitor) => visitor.chooseTheme("noir"), { deviceScaleFactor: 2 });
  scene("on A4 across, three device pixels to a pixel", (visitor) => visitor.choosePaper("a4", "landscape"), { deviceScaleFactor: 3 });
  scene("on a strip of paper", (visitor) => visitor.setPaper(120, 420));
  scene("nearer and pulled aside by hand", async (visitor) => {
    await visitor.page.locator("#map-nearer").click();
    const { x, y, width, height } = await visitor.page.locator("#poster").boundingBox();
    const mouse = visitor.page.mouse;
    await mouse.move(x + width / 2, y + height / 2);
    await mouse.down();
    await mouse.move(x + width / 2 + 37, y + height / 2 - 23, { steps: 5 });
    await visitor.page.waitForTimeout(200);
    await mouse.up();
  });
  scene("twice as near", (visitor) => visitor.write("place-distance", "310"));
  scene("water and roads alone, no words", async (visitor) => {
    for (const layer of ["green", "buildings", "paths", "rail"]) await visitor.setLayer(layer, false);
    await visitor.write("text-title", "");
    await visitor.write("text-subtitle", "");
  });
  scene("words in three scripts", async (visitor) => {
    await visitor.write("text-title", "Ελλάδα Київ");
    await visitor.write("text-subtitle", "Zwölf Boxkämpfer jagen Viktor");
  });
  scene("a town with a river, an island and a bridge", async (visitor) => {
    await visitor.chooseTheme("ocean");
    await fetched(visitor, at(58.38, 26.72, 2000));
  });
  scene("a lake with an island with a pond", async (visitor, stage) => {
    stage.overpass.answers(ways(
      ring({ natural: "water" }, 0.5, 0.55, 0.35),
      ring({ place: "island", natural: "wood" }, 0.5, 0.55, 0.2),
      ring({ natural: "water" }, 0.5, 0.55, 0.08),
      [{ highway: "primary" }, [-0.1, 0.2], [1.1, 0.25]],
    ));
    await visitor.chooseTheme("forest");
    await fetched(visitor, at(-43.5, 172.6, 1500));
  });
  scene("tunnels, dashes and bridges over each other", async (visitor, stage) => {
    stage.overpass.answers(ways(
      [{ railway: "rail" }, [0.1, 0], [0.9, 1]],
      [{ highway: "steps" }, [0.1, 0.5], [0.9, 0.55]],
      [{ highway: "motorway", tunnel: "yes", layer: "-1" }, [0, 0.7], [1, 0.4]],
      [{ highway: "primary", bridge: "yes", layer: "1" }, [0.2, 0.9], [0.8, 0.3]],
      [{ highway: "secondary", bridge: "yes", layer: "2" }, [0.2, 0.3], [0.8, 0.9]],
      [{ highway: "residential" }, [0.5, 0], [0.45, 0.3], [0.6, 0.6], [0.5, 1]],
      [{ railway: "tram" }, [0, 0.6], [1, 0.62]],
    ));
    await fetched(visitor, at(35.68, 139.76, 800));
  });
  scene("a shore beyond the antimeridian, 20 km high", async (visitor, stage) => {
    stage.overpass.answers(replies.town());
    await visitor.chooseTheme("midnight_blue");
    await fetched(visitor, at(-17, 179.999, 9000));
  });
});
