// Ready places: packs beside the app, drawn with no map server.

import assert from "node:assert/strict";
import { suite } from "./lib/app.mjs";
import { crop, compare } from "./lib/pixels.mjs";

const { visit } = suite();

/** A part of the bundled pack under another name. */
const KLUUVI = {
  file: "helsinki.mpk", name: "Kluuvi", country: "Suomi", lat: 60.1735, lon: 24.9443, distance: 400,
  bbox: [60.16416, 24.93518, 60.17911, 24.95341], date: "2019-04-21", bytes: 84_500,
};
const list = (page) => page.locator("#ready-places");

visit("the list of the site is fetched when it is opened, and a place of it drawn without a map server", async (visitor, stage) => {
  const index = () => visitor.asked.filter((url) => url.endsWith("places/index.json")).length;
  assert.equal(index(), 0);
  const old = await visitor.picture();
  await list(visitor.page).locator("summary").click();
  assert.match(await list(visitor.page).getByRole("button").innerText(), /2019-04-21 · 84 kB$/);
  await list(visitor.page).getByRole("button", { name: "Kluuvi" }).click();
  const picture = await visitor.pictureAfter(old, "Kluuvi");
  assert.equal(index(), 1);
  const foot = (image) => crop(image, { top: 0.75 });
  assert.ok(compare(foot(old), foot(picture)).differentShare > 0.005, "its name is the title");
  const values = await visitor.values();
  assert.equal(Number(values["place-lat"]), KLUUVI.lat);
  assert.equal(Number(values["place-distance"]), KLUUVI.distance);
  assert.equal(stage.overpass.requests.length, 0);
}, { replaced: { "places/index.json": JSON.stringify([KLUUVI, { name: "no file" }]) } });

visit("a site without a list says so", async (visitor) => {
  await list(visitor.page).locator("summary").click();
  await list(visitor.page).getByText("This site has none.").waitFor();
}, { replaced: { "places/index.json": (_, response) => response.writeHead(404).end() } });
