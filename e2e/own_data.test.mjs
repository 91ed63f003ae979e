// Files of a person's own: opened or dropped, told by their content, drawn without any server; what is none says so.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { gzipSync } from "node:zlib";
import { aheadOf } from "./lib/ahead.mjs";
import { suite, themeFile } from "./lib/app.mjs";
import { geojson, osmPbf, osmXml } from "./lib/files.mjs";
import { compare, crop, shareOf } from "./lib/pixels.mjs";
import { replies } from "./lib/overpass.mjs";
import { boxAround, overpassJson, townElements } from "./lib/town.mjs";

const { visit } = suite();

/** A town of 3 by 4 km; the paper's sides are as 3 to 4. */
const BOX = boxAround(58.38, 26.72, 1500, 2000);
const elements = townElements(BOX);

/** The town is on the poster, with nothing asked of anyone. */
async function assertTown(visitor, stage, old, name) {
  const picture = await visitor.pictureAfter(old, "the file's map");
  const { water } = themeFile("terracotta");
  const at = (x, y) => crop(picture, { left: x - 0.01, right: x + 0.01, top: y - 0.01, bottom: y + 0.01 });
  assert.ok(shareOf(at(0.15, 1 - 0.345), water) > 0.9, "water in the river");
  assert.equal(shareOf(at(0.5, 1 - 0.37), water), 0, "land on the island");
  await visitor.page.locator("#place-origin").getByText(`From your file ${name}`).waitFor();
  assert.equal(stage.overpass.requests.length, 0);
  assert.deepEqual(await visitor.errorCodes(), []);
  return picture;
}

describe("a file that is opened is drawn:", () => {
  for (const [name, bytes] of [
    ["tartu.osm.pbf", () => osmPbf(elements, BOX)],
    ["tartu.osm", () => Buffer.from(osmXml(elements, BOX))],
    // Packed from `osmXml(elements, BOX)` by `bzip2 -9`, which Node cannot.
    ["tartu.osm.bz2", () => readFileSync(new URL("lib/town.osm.bz2", import.meta.url))],
    ["tartu.osm.gz", () => gzipSync(osmXml(elements, BOX))],
    ["tartu.json", () => Buffer.from(overpassJson(elements, { form: "skel" }))],
    ["tartu.geojson", () => Buffer.from(JSON.stringify(geojson(elements)))],
    ["tartu.pdf", () => gzipSync(osmPbf(elements, BOX))],
  ]) {
    visit(name, async (visitor, stage) => {
      const old = await visitor.picture();
      await visitor.openFile(name, bytes());
      await assertTown(visitor, stage, old, name);
      const values = await visitor.values();
      assert.ok(Math.abs(Number(values["place-lat"]) - 58.38) < 0.01 && Math.abs(Number(values["place-lon"]) - 26.72) < 0.01);
      const distance = Number(values["place-distance"]);
      assert.ok(distance > 1700 && distance < 2400, `${distance} m, not the file's box`);
    });
  }
});

describe("a file that is dropped", () => {
  visit("is drawn, under the name that its own suggests, and can be written into a file", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.dropFile("new-tartu_latest.osm.pbf", osmPbf(elements, BOX));
    await assertTown(visitor, stage, old, "new-tartu_latest.osm.pbf");
    const { name } = await visitor.download("svg");
    assert.match(name, /new-tartu/i);
  });

  visit("has no title where its name says nothing", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.dropFile("map (1).osm.pbf", osmPbf(elements, BOX));
    await assertTown(visitor, stage, old, "map (1).osm.pbf");
    assert.doesNotMatch((await visitor.download("svg")).name, /helsinki|map-1/i);
  });

  visit("and is a theme colours the poster", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.dropFile("theme.json", JSON.stringify({ ...themeFile("noir"), name: "Dropped" }));
    await visitor.pictureAfter(old, "the theme");
    await visitor.page.locator("#theme-opened").waitFor({ state: "attached" });
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("and is no map leaves the poster and all that was typed", async (visitor) => {
    const [old, values] = [await visitor.picture(), await visitor.values()];
    await visitor.dropFile("tartu.osm.pbf", Buffer.from("just some words"));
    assert.match(await visitor.error("E-READ-NOT-OSM"), /holds no map data: it starts with “just some words”/);
    assert.equal(compare(await visitor.picture(), old).differentShare, 0);
    assert.deepEqual(await visitor.values(), values);
  });
});

describe("while another map is coming in", () => {
  visit("a file is not opened, and told so; then it is", async (visitor, stage) => {
    stage.overpass.answers(replies.hang());
    await visitor.fetchPlace({ lat: 56.95, lon: 24.1, distance: 2000 });
    await visitor.page.locator("#place-progress").waitFor();
    await visitor.dropFile("tartu.osm.pbf", osmPbf(elements, BOX));
    await visitor.page.locator("#poster-note").getByText("tartu.osm.pbf was not opened, as another map is coming in.").waitFor();
    await visitor.page.locator("#place-cancel").click();
    await visitor.page.locator("#place-progress").waitFor({ state: "hidden" });
    const old = await visitor.picture();
    await visitor.dropFile("tartu.osm.pbf", osmPbf(elements, BOX));
    await visitor.pictureAfter(old, "the file's map");
    assert.equal((await visitor.page.locator("#poster-note").innerText()).trim(), "");
  });
});

describe("what cannot be read says so:", () => {
  const pbf = osmPbf(elements, BOX);
  const blanks = Buffer.alloc(96 << 20, " ");
  blanks.write("<osm>");
  for (const [name, bytes, code] of [
    ["a cut .osm.pbf", () => pbf.subarray(0, pbf.length - 9), "E-READ-CUT"],
    ["a cut .osm.gz", () => gzipSync(osmXml(elements, BOX)).subarray(0, 900), "E-READ-CUT"],
    ["another program's picture", () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0]), "E-FILE-NO-DESIGN"],
    ["another program's drawing", () => Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "E-FILE-NO-DESIGN"],
    ["a design that is no JSON", () => Buffer.from("%PDF-1.7 <mapposter:design>{</mapposter:design>"), "E-DESIGN-JSON"],
    ["an empty file", () => Buffer.alloc(0), "E-READ-EMPTY"],
    ["changes", () => Buffer.from("<osmChange version='0.6'></osmChange>"), "E-READ-UNSUPPORTED"],
    ["a map in metres", () => Buffer.from(JSON.stringify({ type: "LineString", coordinates: [[2974000, 8050000], [2975000, 8050000]] })), "E-READ-UNSUPPORTED"],
    ["a bomb", () => gzipSync(blanks), "E-READ-UNSUPPORTED"],
  ]) {
    visit(`${name}: ${code}`, async (visitor) => {
      const old = await visitor.picture();
      await visitor.openFile("file.osm", bytes());
      const words = await visitor.error(code);
      assert.doesNotMatch(words, /server|fetch/);
      assert.equal(compare(await visitor.picture(), old).differentShare, 0);
    });
  }
});

describe("a large file", () => {
  /** Of a file beyond 1 MB the first half alone is there: then its bytes do not come, until it is no longer wanted. */
  const comeByHalf = () => {
    const fetchReally = globalThis.fetch.bind(globalThis);
    globalThis.fetch = async (request) => {
      const response = await fetchReally(request);
      if (!response.url.startsWith("blob:")) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.length < 1e6) return new Response(bytes);
      return new Response(new ReadableStream({
        start(half) {
          half.enqueue(bytes.subarray(0, bytes.length / 2));
          request.signal.addEventListener("abort", () => half.error(request.signal.reason));
        },
      }));
    };
  };

  visit("tells how far it is read, and can be cancelled", async (visitor) => {
    const old = await visitor.picture();
    const noise = Buffer.alloc(4 << 20, " ");
    await visitor.openFile("large.osm", Buffer.concat([osmXml(elements, BOX), noise].map((part) => Buffer.from(part))));
    await visitor.page.locator("#place-progress").getByText(/Reading the map · [45]\d %/).waitFor();
    await visitor.page.locator("#place-cancel").click();
    await visitor.page.locator("#place-progress").waitFor({ state: "hidden" });
    assert.deepEqual(await visitor.errorCodes(), [], "a cancel is no error");
    assert.equal(compare(await visitor.picture(), old).differentShare, 0);
    await visitor.openFile("tartu.osm.pbf", osmPbf(elements, BOX));
    await visitor.pictureAfter(old, "the next file");
  }, { replaced: () => aheadOf("library", comeByHalf) });
});
