// Areas that are much: asked in parts one after the other, all or nothing; and what is offered where a server or the
// device says that it is too much.

import assert from "node:assert/strict";
import { once } from "node:events";
import { describe } from "node:test";
import { aheadOf } from "./lib/ahead.mjs";
import { suite, themeFile } from "./lib/app.mjs";
import { jumpingClock } from "./lib/clock.mjs";
import { replies } from "./lib/overpass.mjs";
import { compare, crop, shareOf } from "./lib/pixels.mjs";
import { overpassJson, townElements } from "./lib/town.mjs";

const { visit } = suite();

const TARTU = { lat: 58.38, lon: 26.72, distance: 2000 };
/** Half a country: four questions. */
const REGION = { lat: 58.38, lon: 26.72, distance: 50_000 };

/** The town in the part that was asked for, its ways other ones than those of other parts, but for one. */
const partOfCountry = (_, response, { bbox, cors }) => {
  const first = Math.round(Math.abs(bbox.south * 1e4) + Math.abs(bbox.west * 1e4)) * 1000;
  const elements = townElements(bbox).map((element) => ({
    ...element,
    id: element.id + first,
    members: element.members?.map((member) => ({ ...member, ref: member.ref + first })),
  }));
  const { lat, lon } = REGION;
  const shared = { type: "way", id: 77, geometry: [{ lat: lat - 0.4, lon: lon - 0.4 }, { lat: lat + 0.4, lon: lon + 0.4 }], tags: { highway: "trunk" } };
  response.writeHead(200, { "Content-Type": "application/json", ...cors }).end(overpassJson([...elements, shared]));
};

/** A reply that is given when `go` is resolved. */
const after = (go, reply) => async (...request) => {
  await go;
  await reply(...request);
};

describe("a large area", () => {
  visit("is asked for in parts, never two at a time, and becomes one map", async (visitor, stage) => {
    const { page } = visitor;
    let [n, most] = [0, 0];
    let go;
    const held = new Promise((resolve) => (go = resolve));
    const counted = (reply) => async (request, response, asked) => {
      most = Math.max(most, ++n);
      response.on("close", () => n--);
      await reply(request, response, asked);
    };
    stage.overpass.answers(counted(partOfCountry), counted(after(held, partOfCountry)), counted(partOfCountry));
    await visitor.fetchPlace(REGION);
    await page.locator("#place-progress").getByText("part 2 of 4").waitFor();
    assert.equal((await visitor.values())["text-title"], "Helsinki", "no part is shown as the place");
    go();
    // The town's river in each northern part, and its park in each southern one, whose river fades into the paper.
    const { water, parks } = themeFile("terracotta");
    const has = (picture, [left, right, top, bottom], colour, share) => shareOf(crop(picture, { left, right, top, bottom }), colour, 6) > share;
    await visitor.pictureWhen((picture) =>
      has(picture, [0.05, 0.45, 0.28, 0.36], water, 0.4) && has(picture, [0.55, 0.95, 0.28, 0.36], water, 0.4)
      && has(picture, [0.02, 0.11, 0.67, 0.73], parks, 0.9) && has(picture, [0.56, 0.65, 0.67, 0.73], parks, 0.9), "all four parts");
    const { requests } = stage.overpass;
    assert.equal(requests.length, 4);
    assert.equal(most, 1, "one at a time");
    assert.equal(new Set(requests.map(({ bbox }) => JSON.stringify(bbox))).size, 4);
    const crops = requests.map(({ query }) => /\.r out tags geom(\([^)]*\))/.exec(query)[1]);
    assert.equal(new Set(crops).size, 1, "all are cropped to the whole area");
  });

  visit("of which one part is refused is not drawn at all", async (visitor, stage) => {
    stage.overpass.answers(partOfCountry, partOfCountry, replies.status(400));
    const old = await visitor.picture();
    await visitor.fetchPlace(REGION);
    await visitor.error("E-OVP-400");
    await visitor.settled();
    assert.equal(stage.overpass.requests.length, 3);
    assert.equal(compare(await visitor.picture(), old).differentShare, 0, "the last poster stays");
    assert.equal((await visitor.values())["text-title"], "Helsinki");
  });

  visit("is cancelled between its parts, and no more is asked", async (visitor, stage) => {
    stage.overpass.answers(partOfCountry, replies.hang());
    const old = await visitor.picture();
    await visitor.fetchPlace(REGION);
    await visitor.until(() => stage.overpass.requests.length === 2, "the second question");
    await visitor.page.locator("#place-cancel").click();
    await visitor.until(() => stage.overpass.requests[1].aborted, "its end");
    await visitor.settled();
    await visitor.page.waitForTimeout(1500);
    assert.equal(stage.overpass.requests.length, 2);
    assert.equal(compare(await visitor.picture(), old).differentShare, 0, "the last poster stays");
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("asks again only for the part that broke off", async (visitor, stage) => {
    stage.overpass.answers(partOfCountry, replies.status(429), partOfCountry);
    const old = await visitor.picture();
    await visitor.fetchPlace(REGION);
    await visitor.pictureAfter(old, "the region");
    const boxes = stage.overpass.requests.map(({ bbox }) => JSON.stringify(bbox));
    assert.deepEqual([boxes.length, new Set(boxes).size], [5, 4]);
    assert.equal(boxes[1], boxes[2]);
  }, { replaced: jumpingClock });
});

describe("too much for the server", () => {
  for (const [what, reply, code] of [
    ["its memory ran out", replies.remark("memory"), "E-READ-REMARK"],
    ["its time ran out", replies.remark("timeout"), "E-READ-REMARK"],
    ["it is too busy for it", replies.status(504), "E-OVP-504"],
  ]) {
    visit(`${what}: ${code} offers a smaller area, which is fetched`, async (visitor, stage) => {
      const { page } = visitor;
      stage.overpass.answers(reply);
      const old = await visitor.picture();
      await visitor.fetchPlace(TARTU);
      await visitor.error(code);
      assert.match(await page.locator("#place-smaller").innerText(), /1400 m/);
      stage.overpass.answers(replies.town());
      await page.locator("#place-smaller:enabled").click();
      await visitor.pictureAfter(old, "the smaller area");
      assert.equal((await visitor.values())["place-distance"], "1400");
      const [{ bbox }] = stage.overpass.requests;
      assert.ok(Math.abs((bbox.north - bbox.south) * 111_195 / 2856 - 1) < 0.08, JSON.stringify(bbox));
    }, { replaced: jumpingClock });
  }

  visit("fewer layers are offered, left out of question and poster, and can be fetched later", async (visitor, stage) => {
    const { page } = visitor;
    stage.overpass.answers(replies.remark("memory"));
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-READ-REMARK");
    assert.ok(/"building"/.test(stage.overpass.requests[0].query));
    await page.locator("#place-fewer").click();
    await visitor.error("E-READ-REMARK");
    await visitor.settled();
    assert.equal(compare(await visitor.picture(), old).differentShare, 0, "what has not come leaves the poster whole");
    stage.overpass.answers(replies.town());
    await page.locator("#place-fewer").click();
    await visitor.pictureAfter(old, "the town");
    const [{ query }] = stage.overpass.requests;
    assert.ok(!/building|footway/.test(query) && /residential/.test(query), query);
    const values = await visitor.values();
    assert.deepEqual([values["layer-buildings"], values["layer-paths"], values["layer-roads"]], [false, false, true]);
    assert.equal(values["place-distance"], "2000");
    await visitor.press("layer-buildings");
    await page.locator("#sheet-fetch").waitFor();
    await page.locator("#sheet-fetch").click();
    await visitor.until(() => stage.overpass.requests.length === 2, "the whole question");
    assert.ok(/"building"/.test(stage.overpass.requests[1].query));
    await visitor.settled();
  });

  visit("where buildings are not asked for anyway only a smaller area is offered; where it is not too much, neither", async (visitor, stage) => {
    const { page } = visitor;
    stage.overpass.answers(replies.remark("memory"));
    await visitor.fetchPlace({ ...TARTU, distance: 8000 });
    await visitor.error("E-READ-REMARK");
    assert.match(await page.locator("#place-smaller").innerText(), /5600 m/);
    assert.equal(await page.locator("#place-fewer").count(), 0);
    stage.overpass.answers(replies.status(400));
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-OVP-400");
    assert.equal(await page.locator("#place-smaller").count() + (await page.locator("#place-fewer").count()), 0);
  });
});

describe("too much for the device", () => {
  /** The render worker in a browser that tells of so little memory. */
  const smallDevice = () => aheadOf("render", () => {
    Object.defineProperty(Object.getPrototypeOf(navigator), "deviceMemory", { get: () => 0.5, configurable: true });
  });

  visit("a reply beyond 48 MB is read no further: E-READ-TOO-LARGE, with offers", async (visitor, stage) => {
    const blank = Buffer.alloc(1 << 20, " ");
    stage.overpass.answers(async (_, response, { cors }) => {
      response.writeHead(200, { "Content-Type": "application/json", ...cors });
      const gone = once(response, "close");
      response.write('{"elements":[');
      for (let i = 0; i < 80 && !response.destroyed; i++) {
        if (!response.write(blank)) await Promise.race([once(response, "drain"), gone]);
      }
      response.end("]}");
    });
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    assert.match(await visitor.error("E-READ-TOO-LARGE"), /over 48 MB.*smaller distance, or fewer layers/);
    await visitor.page.locator("#place-smaller").waitFor();
    await visitor.page.locator("#place-fewer").waitFor();
    await visitor.until(() => stage.overpass.requests[0].aborted, "the end of the connection");
    assert.equal(compare(await visitor.picture(), old).differentShare, 0, "the last poster stays");
  }, { replaced: smallDevice });
});
