// The sea of a live place: made of the coastline, on its right; what the data leave open is said.

import assert from "node:assert/strict";
import { describe } from "node:test";
import { suite, themeFile } from "./lib/app.mjs";
import { crop, shareOf } from "./lib/pixels.mjs";
import { overpassJson } from "./lib/town.mjs";

const { visit } = suite();
const SHORE = { lat: -20.3, lon: 179.99, distance: 3000 };

/** A server of one road in the west and these lines of coast, by shares of the box asked for. */
const shore = (...coasts) => (_, response, { bbox, cors }) => {
  // West of the antimeridian lies the first box of two; shares go on beyond it.
  const width = (SHORE.distance * 1.5 * 1.04) / (111_195 * Math.cos((SHORE.lat * Math.PI) / 180));
  const at = ([x, y]) => {
    const lon = bbox.west + x * width;
    return { lat: bbox.south + (bbox.north - bbox.south) * y, lon: lon > 180 ? lon - 360 : lon };
  };
  const way = (id, tags, shares) => ({ type: "way", id, tags, geometry: shares.map(at) });
  response.writeHead(200, { "Content-Type": "application/json", ...cors });
  response.end(overpassJson([
    way(1, { highway: "primary" }, [[0.2, -0.1], [0.25, 0.5], [0.2, 1.1]]),
    ...coasts.map((shares, i) => way(10 + i, { natural: "coastline" }, shares)),
  ]));
};

describe("the sea", () => {
  visit("lies right of the coast, on both sides of the antimeridian, round its islands", async (visitor, stage) => {
    const island = [[0.75, 0.5], [0.85, 0.5], [0.85, 0.6], [0.75, 0.6], [0.75, 0.5]];
    stage.overpass.answers(shore([[0.4, -0.2], [0.45, 0.5], [0.4, 1.2]], island));
    const theme = themeFile("terracotta");
    const sea = theme.sea ?? theme.water;
    const old = await visitor.picture();
    await visitor.fetchPlace(SHORE);
    const picture = await visitor.pictureAfter(old, "the shore");
    const at = (x, y) => crop(picture, { left: x - 0.02, right: x + 0.02, top: y - 0.02, bottom: y + 0.02 });
    assert.ok(shareOf(at(0.6, 0.4), sea, 8) > 0.9, "sea in the east");
    assert.ok(shareOf(at(0.95, 0.5), sea, 8) > 0.9, "sea beyond the antimeridian");
    assert.equal(shareOf(at(0.8, 0.45), sea, 8), 0, "land on the island");
    assert.equal(shareOf(at(0.1, 0.5), sea, 8), 0, "land in the west");
    assert.equal(await visitor.page.locator("#place-oddities").count(), 0);
  });

  visit("is not guessed where the coast just ends, and the way is named", async (visitor, stage) => {
    stage.overpass.answers(shore([[0.4, -0.2], [0.45, 0.4]], [[0.45, 0.6], [0.4, 1.2]]));
    const old = await visitor.picture();
    await visitor.fetchPlace(SHORE);
    const picture = await visitor.pictureAfter(old, "the shore");
    const theme = themeFile("terracotta");
    assert.equal(shareOf(crop(picture, { left: 0.6, right: 0.9, top: 0.3, bottom: 0.6 }), theme.sea ?? theme.water, 8), 0);
    const oddities = await visitor.page.locator("#place-oddities").textContent();
    assert.match(oddities, /W-SEA-GAP way 10: the coastline ends at /);
  });
});
