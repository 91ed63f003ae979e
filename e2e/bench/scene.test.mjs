// The baseline does the same work as the app: it draws what the app draws and leaves nothing out to be faster.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround, townElements } from "../lib/town.mjs";
import { classify, kinds } from "./page/kinds.js";
import { buildScene, polygonsOf } from "./page/scene.js";

const PLACE = { lat: 58.38, lon: 26.72, distance: 2000 };

/** Names of what a "key=value key=value" is drawn as: area, line, rail. */
function kindsOf(tags) {
  const seen = {};
  classify(Object.fromEntries(tags.split(" ").map((tag) => tag.split("="))), seen);
  return [seen.area, seen.line, seen.rail].map((kind) => kinds[kind]?.name);
}

test("tags mean what render-core/src/features/classify.rs says", () => {
  assert.deepEqual(kindsOf("leisure=park natural=water"), ["water", undefined, undefined]);
  assert.deepEqual(kindsOf("landuse=grass building=yes"), ["building", undefined, undefined]);
  assert.deepEqual(kindsOf("building=no landuse=grass"), ["park", undefined, undefined]);
  assert.deepEqual(kindsOf("highway=tertiary railway=tram bridge=viaduct"), [undefined, "tertiary", "tram"]);
  assert.deepEqual(kindsOf("highway=pedestrian area=yes"), ["plaza", "path", undefined]);
  assert.deepEqual(kindsOf("highway=proposed"), [undefined, undefined, undefined]);
  assert.deepEqual(kindsOf("highway=footway indoor=yes"), [undefined, undefined, undefined]);
  assert.deepEqual(kindsOf("man_made=pier"), ["pier_area", "pier", undefined]);
});

test("a river of two open banks is one ring, with its island as a hole", () => {
  const elements = townElements(boxAround(PLACE.lat, PLACE.lon, 1500, 2000));
  const river = elements.find(({ type }) => type === "relation");
  const polygons = polygonsOf(river.members);
  assert.deepEqual(polygons.map((rings) => rings.map((ring) => ring.length)), [[11, 6]]);
});

test("a scene's triangles have the area of its polygons, and each segment is one quad", () => {
  const scene = buildScene(townElements(boxAround(PLACE.lat, PLACE.lon, 1500, 2000)), PLACE);
  const layer = (name) => scene.find(({ kind }) => kinds[kind].name === name);
  const { points, indices } = layer("building");
  let area = 0;
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => [points[indices[i + k] * 2], points[indices[i + k] * 2 + 1]]);
    area += Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
  }
  // Twenty houses of 3.5 % by 3 % of 3 by 4 km.
  const wanted = 20 * 105 * 120;
  assert.ok(Math.abs(area / wanted - 1) < 0.01, `${area} m², not ${wanted}`);
  assert.equal(layer("motorway").quads.length, 2 * 20);
  assert.equal(layer("water").n, 1);
});
