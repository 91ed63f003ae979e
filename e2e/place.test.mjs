// Fetching a place: the server is asked once and rightly, the poster becomes that place; when it is not, the
// app says why with a code, and nothing a person made is lost.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe } from "node:test";
import { aheadOf } from "./lib/ahead.mjs";
import { DIST, builds, suite, themeFile } from "./lib/app.mjs";
import { asked, jumpingClock } from "./lib/clock.mjs";
import { FakeOverpass, refusedUrl, replies } from "./lib/overpass.mjs";
import { FakeGeocoder, answers } from "./lib/photon.mjs";
import { compare, crop, shareOf } from "./lib/pixels.mjs";

const shared = suite();
const { visit } = shared;
/** A second map server, and a Photon. */
const [second, photon] = [new FakeOverpass(), new FakeGeocoder()];
before(() => Promise.all([second.listen(), photon.listen()]));
after(() => [second, photon].forEach((server) => server.close()));

const REFUSED = await refusedUrl();

/** A place on land far from the bundled one. */
const TARTU = { lat: 58.38, lon: 26.72, distance: 2000 };
const RIGA = { lat: 56.95, lon: 24.1, distance: 2000 };

/** The page's clock stands, so that no rest ends before the test says so: `NOW` and seconds later. */
const NOW = Date.parse("2026-03-01T12:00:00Z");
const clockAt = (page, seconds) => page.clock.setFixedTime(NOW + seconds * 1000);
const still = (page) => clockAt(page, 0);

const origin = (visitor, words) => visitor.page.locator("#place-origin").getByText(words).waitFor();
const progress = (visitor, words) => visitor.page.locator("#place-progress").getByText(words).waitFor();
const hint = (visitor, words) => visitor.page.locator("#place-hint").getByText(words).waitFor();

describe("a place", () => {
  visit("is asked for once, politely, with the map's box", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.pictureAfter(old, "the new place");
    assert.equal(stage.overpass.requests.length, 1);
    const [{ method, headers, query, bbox }] = stage.overpass.requests;
    assert.ok(["GET", "POST"].includes(method), method);
    assert.equal(headers.referer && new URL(headers.referer).origin, stage.site.origin, "servers refuse who does not say where they come from");
    assert.match(query, /\[out:json\]\[timeout:\d+\]\[maxsize:\d+\]/);
    // The map's box and a little more: half the height in metres, the width by the paper's 3:4.
    const metres = 111_195;
    const [dLat, dLon] = [TARTU.distance / metres, (TARTU.distance * 0.75) / (metres * Math.cos((TARTU.lat * Math.PI) / 180))];
    for (const [got, wanted, half] of [
      [bbox.south, TARTU.lat - dLat, dLat],
      [bbox.north, TARTU.lat + dLat, dLat],
      [bbox.west, TARTU.lon - dLon, dLon],
      [bbox.east, TARTU.lon + dLon, dLon],
    ]) {
      assert.ok(Math.abs(got - wanted) < half * 0.1, `${JSON.stringify(bbox)}: ${got}, not about ${wanted}`);
    }
    assert.ok(bbox.south < TARTU.lat - dLat && bbox.north > TARTU.lat + dLat, "never less than the map");
  });

  visit("is what the poster shows: river, island, park and motorway where the town has them", async (visitor) => {
    const theme = themeFile("terracotta");
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    const picture = await visitor.pictureAfter(old, "the town");
    const at = (x, y) => crop(picture, { left: x - 0.01, right: x + 0.01, top: y - 0.01, bottom: y + 0.01 });
    // The town's river crosses the map between 27 and 44 % of its height from the south; the island is in its middle.
    assert.ok(shareOf(at(0.15, 1 - 0.345), theme.water) > 0.9, "water in the river");
    assert.equal(shareOf(at(0.5, 1 - 0.37), theme.water), 0, "land on the island");
    assert.ok(shareOf(at(0.15, 1 - 0.62), theme.parks, 6) > 0.5, "the park");
    const northern = crop(picture, { left: 0.4, right: 0.6, top: 0.15, bottom: 0.25 });
    assert.ok(shareOf(northern, theme.road_motorway, 16) > 0.005, "the motorway");
  });

  visit("stands in the coordinates below the title", async (visitor) => {
    const old = await visitor.picture();
    await visitor.fetchPlace({ ...TARTU, lat: -33.45, lon: -70.66 });
    const picture = await visitor.pictureAfter(old, "Santiago");
    const foot = (image) => crop(image, { top: 0.8 });
    assert.ok(compare(foot(old), foot(picture)).differentShare > 0.001);
  });

  visit("comes slowly: progress is shown, and the whole place in the end", async (visitor, stage) => {
    let end;
    stage.overpass.answers(replies.slow({ chunks: 8, wait: 150, until: new Promise((resolve) => (end = resolve)) }));
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.page.locator("#place-progress").waitFor();
    end();
    await visitor.pictureAfter(old, "the place");
    await visitor.page.locator("#place-progress").waitFor({ state: "hidden" });
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("that comes slowly: how much has come is shown while it does", async (visitor, stage) => {
    let goOn;
    stage.overpass.answers(replies.padded(2_000_000, new Promise((resolve) => (goOn = resolve))));
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await progress(visitor, "Downloading the map · 2.0 MB");
    goOn();
    await visitor.pictureAfter(old, "the place");
  });

  visit("that comes slowly is shown as it comes, roads first", async (visitor, stage) => {
    const theme = themeFile("terracotta");
    const poster = visitor.page.locator("#poster");
    const sketches = await poster.getAttribute("data-sketches");
    let goOn;
    stage.overpass.answers(replies.roadsFirst(new Promise((resolve) => (goOn = resolve))));
    await visitor.fetchPlace(TARTU);
    const roads = await visitor.pictureWhile(async () => (await poster.getAttribute("data-sketches")) !== sketches, "the roads");
    assert.equal(await poster.getAttribute("aria-busy"), "true", "there is more to come");
    const before = { roads: shareOf(roads, theme.road_primary, 24), water: shareOf(roads, theme.water) };
    assert.ok(before.roads > 0.001, `roads: ${before.roads}`);
    assert.equal(before.water, 0);
    goOn();
    const whole = await visitor.pictureWhen((picture) => shareOf(picture, theme.water) > 0.001, "the rest");
    assert.ok(shareOf(whole, theme.road_primary, 24) > 0.001);
  });

  visit("that is half shown when it is cancelled goes, and the last poster is back", async (visitor, stage) => {
    const poster = visitor.page.locator("#poster");
    const old = await visitor.picture();
    const sketches = await poster.getAttribute("data-sketches");
    stage.overpass.answers(replies.roadsFirst(new Promise(() => {})));
    await visitor.fetchPlace(TARTU);
    await visitor.pictureWhile(async () => (await poster.getAttribute("data-sketches")) !== sketches, "the roads");
    await visitor.page.locator("#place-cancel").click();
    await visitor.pictureWhen((picture) => compare(old, picture).differentShare === 0, "the last poster");
    assert.deepEqual(await visitor.errorCodes(), [], "a cancel is no error");
  });

  for (const [where, replaced] of [
    ["", {}],
    [", also where the browser keeps nothing", () => aheadOf("library", () => {
      Object.defineProperty(globalThis, "indexedDB", { get() { throw new DOMException("refused by the test", "SecurityError"); } });
    })],
  ]) {
    visit(`that is on the poster is not asked for again${where}`, async (visitor, stage) => {
      const old = await visitor.picture();
      await visitor.fetchPlace(TARTU);
      await visitor.pictureAfter(old, "the place");
      await origin(visitor, /^Live from/);
      for (const distance of [TARTU.distance, 1500]) {
        await visitor.fetchPlace({ ...TARTU, distance });
        await visitor.page.locator("#place-progress").waitFor({ state: "hidden" });
        await visitor.page.locator("#place-fetch:enabled").waitFor();
      }
      await origin(visitor, /^Live from/);
      assert.equal(stage.overpass.requests.length, 1);
      assert.deepEqual(await visitor.errorCodes(), []);
    }, { replaced });
  }

  visit("that does not come can be cancelled: the connection ends, the poster stays", async (visitor, stage) => {
    stage.overpass.answers(replies.hang());
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.until(() => stage.overpass.requests.length === 1, "the request");
    await visitor.page.locator("#place-cancel").click();
    await visitor.until(() => stage.overpass.requests[0].aborted, "the end of the connection");
    assert.deepEqual(await visitor.errorCodes(), [], "a cancel is no error");
    assert.equal(compare(await visitor.picture(), old).farShare, 0);
  });
});

describe("an error of the server is told with its code, is not made worse by asking again, and loses nothing:", () => {
  // With the seconds until it is asked again, which the second time are twice as many; none where it said no.
  const [NO_REACH, PAGE] = [/^The map server could not be reached\..*Check your connection/, /^The map server sent a web page instead of a map/];
  const [CUT, BUSY] = [/^The connection broke before the whole map was here; the part that came is not shown\. Try again\./, /^The map server is too busy to answer\./];
  const CASES = [
    ["400", "E-OVP-400", replies.status(400), /^The map server did not understand what it was asked\. This is a fault of MapPoster/],
    ["403", "E-OVP-403", replies.status(403), /^The map server refuses requests from this site or from your network\./],
    ["406", "E-OVP-406", replies.status(406), /^The map server refuses requests that do not say which page they come from\./],
    ["429", "E-OVP-429", replies.status(429), /^The map server is already working for your network.*Wait half a minute/, 30],
    ["429 that scripts may not read", "E-OVP-NETWORK", replies.status(429, { cors: false }), NO_REACH, 15],
    ["504", "E-OVP-504", replies.status(504), BUSY, 15],
    ["504 that scripts may not read", "E-OVP-NETWORK", replies.status(504, { cors: false }), NO_REACH, 15],
    ["its database turned off", "E-OVP-504", replies.dispatcherOff(), BUSY, 15],
    ["500", "E-OVP-500", replies.status(500), /^The map server has a fault of its own\. Try again in a moment\./, 15],
    ["502", "E-OVP-502", replies.status(502), /^The map server has a fault of its own\. Try again in a moment\./, 15],
    ["a closed connection", "E-OVP-NETWORK", replies.reset(), NO_REACH, 15],
    ["a page with status 200", "E-READ-NOT-OSM", replies.html(), PAGE, 30],
    ["XML with status 200", "E-READ-NOT-OSM", replies.xml(), /^The map server answered in XML, which is not what it was asked for\./],
    ["a remark that time ran out", "E-READ-REMARK", replies.remark("timeout"), /^The map server ran out of time and sent only a part, which is not shown\. Choose a smaller distance/],
    ["a remark that memory ran out", "E-READ-REMARK", replies.remark("memory"), /^This area is too much for the map server's memory; the part it sent is not shown\./],
    ["JSON of another kind", "E-READ-NOT-OSM", replies.otherJson(), /^The reply is not OpenStreetMap data; it starts with “{"type":"FeatureCollection"/],
    ["an empty area", "E-READ-EMPTY", replies.empty(), /^OpenStreetMap has nothing to draw in this area\. Choose another place or a larger distance\./],
    ["not one byte", "E-READ-CUT", replies.nothing(), CUT, 15],
    ["JSON cut inside a letter", "E-READ-CUT", replies.cutInLetter(), CUT, 15],
    ...[1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99]
      .map((percent) => [`JSON cut at ${percent} %`, "E-READ-CUT", replies.cut(percent), CUT, 15]),
    ...[10, 20, 30, 40, 50, 60, 70, 80, 90]
      .map((percent) => [`a connection dropped at ${percent} %`, "E-READ-CUT", replies.dropped(percent), CUT, 15]),
  ];
  for (const [name, code, reply, words, seconds] of CASES) {
    visit(`${name}: ${code}`, async (visitor, stage) => {
      await assertNothingLost(visitor, stage, code, words, () => stage.overpass.answers(reply));
      const nAsked = (await asked(visitor)).length;
      assert.equal(nAsked, seconds ? 3 : 1);
      // Chromium itself may send once more what was closed unanswered.
      if (name !== "a closed connection") assert.equal(stage.overpass.requests.length, nAsked);
      await assertWaits(visitor, seconds);
    }, { replaced: jumpingClock });
  }

  for (const [name, code, reply, deadline, beats, words] of [
    ["no answer", "E-OVP-TIMEOUT", replies.hang(), 80, "unanswered", /^The map server did not answer in time\./],
    ["an answer that stands still", "E-OVP-STALL", replies.stall(), 30, "answered", /^The map stopped coming in: nothing arrived for half a minute\./],
  ]) {
    visit(`${name} for ${deadline} s: ${code}`, async (visitor, stage) => {
      await assertNothingLost(visitor, stage, code, words, () => stage.overpass.answers(reply));
      assert.equal(stage.overpass.requests.length, 3);
      await visitor.until(() => stage.overpass.requests.every(({ aborted }) => aborted), "the end of all connections");
      const times = await asked(visitor);
      const waits = times.slice(1).map((time, i) => time - times[i] - deadline);
      assert.equal(waits.length, 2);
      waits.forEach((wait, i) => assert.ok(wait >= 15 * (i + 1) && wait < 15 * (i + 1) + 9, `${wait} s after the deadline`));
    }, { replaced: () => jumpingClock({ beats }) });
  }

  visit("a wait is counted down and can be cancelled; then nobody is asked again", async (visitor, stage) => {
    stage.overpass.answers(replies.status(504));
    await visitor.fetchPlace(TARTU);
    const progress = visitor.page.locator("#place-progress");
    const seconds = async () => Number(/asked again in (\d+) s/.exec(await progress.innerText())?.[1]);
    await progress.getByText(/asked again in \d+ s/).waitFor();
    const first = await seconds();
    await visitor.pictureWhile(async () => (await seconds()) < first, "a second less");
    await visitor.page.locator("#place-cancel").click();
    await progress.waitFor({ state: "hidden" });
    assert.deepEqual(await visitor.errorCodes(), [], "a cancel is no error");
    assert.equal(stage.overpass.requests.length, 1);
  });

  visit("a server that answers when it is asked again: the place is drawn and nothing is said", async (visitor, stage) => {
    stage.overpass.answers(replies.status(504), replies.cut(60), replies.town());
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.pictureAfter(old, "the place at the third try");
    assert.equal(stage.overpass.requests.length, 3);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, { replaced: jumpingClock });

  visit("nobody listens: E-OVP-NETWORK", async (visitor, stage) => {
    await assertNothingLost(visitor, stage, "E-OVP-NETWORK", NO_REACH, () => {});
    await assertWaits(visitor, 15);
  }, { endpoints: [REFUSED], replaced: jumpingClock });

  visit("a name that is not known: E-OVP-NETWORK", async (visitor, stage) => {
    await assertNothingLost(visitor, stage, "E-OVP-NETWORK", NO_REACH, () => {});
    await assertWaits(visitor, 15);
    assert.deepEqual(stage.chromium.strangers().filter((host) => host.includes("invalid")), []);
  }, { endpoints: ["https://overpass.invalid/api/interpreter"], replaced: jumpingClock });

  visit("offline: E-OVP-NETWORK, and no rest is needed when the network is back", async (visitor, stage) => {
    const old = await visitor.picture();
    await assertNothingLost(visitor, stage, "E-OVP-NETWORK", NO_REACH, () => visitor.context.setOffline(true));
    assert.equal(stage.overpass.requests.length, 0);
    await visitor.context.setOffline(false);
    await visitor.page.locator("#place-retry:enabled").click();
    await visitor.pictureAfter(old, "the place");
    assert.equal(stage.overpass.requests.length, 1);
  }, { before: still });

  visit("the design is kept and still follows its controls", async (visitor, stage) => {
    await visitor.chooseTheme("noir");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
    const plain = await visitor.picture();
    await visitor.write("text-title", "Kept");
    const titled = await visitor.pictureAfter(plain, "the title");
    await assertNothingLost(visitor, stage, "E-OVP-504", BUSY, () => stage.overpass.answers(replies.status(504)));
    assert.equal(compare(await visitor.picture(), titled).differentShare, 0);
    await visitor.chooseTheme("ocean");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("ocean").bg) > 0.05, "a theme chosen after the error");
    assert.equal((await visitor.values())["text-title"], "Kept");
  }, { replaced: jumpingClock });

  for (const [status, seconds] of [[429, 30], [504, 15]]) {
    visit(`after a ${status} no server is asked for ${seconds} s, then the same button works`, async (visitor, stage) => {
      const { page } = visitor;
      stage.overpass.answers(...Array(3).fill(replies.status(status)), replies.town());
      const old = await visitor.picture();
      await visitor.fetchPlace(TARTU);
      await visitor.error(`E-OVP-${status}`);
      assert.equal(await page.locator("#place-retry").isDisabled(), true);
      await page.locator("#place-error").getByText("Dismiss").click();
      for (const ask of [() => page.locator("#place-fetch").click(), () => page.locator("#place-lat").press("Enter")]) {
        await ask();
        assert.match(await visitor.error("E-OVP-REST"), /^The map server needs a rest, and this map is not on your device\./);
        await page.locator("#place-retry").getByText(`Try again in ${seconds} s`).waitFor();
        assert.equal(await page.locator("#place-retry").isDisabled(), true);
        await hint(visitor, `possible again in ${seconds} s`);
        await page.locator("#place-error").getByText("Dismiss").click();
      }
      assert.equal(stage.overpass.requests.length, 3, "the server has its rest");
      await clockAt(page, seconds);
      await page.locator("#place-hint").getByText(/possible again/).waitFor({ state: "detached" });
      await visitor.fetchPlace();
      await visitor.pictureAfter(old, "the place at the second try");
      assert.equal(stage.overpass.requests.length, 4);
      assert.deepEqual(await visitor.errorCodes(), []);
    }, { before: still, replaced: jumpingClock });
  }
});

describe("a rest that a server asked for", () => {
  visit("holds for a page that is loaded anew while it is counted down", async (visitor, stage) => {
    stage.overpass.answers(replies.status(429), replies.town());
    await visitor.fetchPlace(TARTU);
    await progress(visitor, /asked again in \d+ s/);
    await visitor.page.reload();
    await visitor.settled();
    await hint(visitor, /possible again in \d+ s/);
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-OVP-REST");
    assert.equal(stage.overpass.requests.length, 1);
    const old = await visitor.picture();
    await clockAt(visitor.page, 66);
    await visitor.page.locator("#place-retry:enabled").click();
    await visitor.pictureAfter(old, "the place");
    assert.equal(stage.overpass.requests.length, 2);
  }, { before: still });

  visit("holds for one who cancels, and for another tab that waited", async (visitor, stage) => {
    stage.overpass.answers(replies.status(429));
    const other = await visitor.another();
    await visitor.fetchPlace(TARTU);
    await progress(visitor, /asked again in \d+ s/);
    await other.fetchPlace(RIGA);
    await progress(other, /Another tab/);
    await visitor.page.locator("#place-cancel").click();
    await other.error("E-OVP-REST");
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-OVP-REST");
    assert.equal(stage.overpass.requests.length, 1);
    assert.deepEqual(other.ownComplaints(), []);
  }, { before: still });

  visit("holds for a tab that is opened after the last try", async (visitor, stage) => {
    stage.overpass.answers(replies.status(429));
    await visitor.fetchPlace(TARTU);
    await visitor.error("E-OVP-429");
    const other = await visitor.another();
    await hint(other, "possible again in 30 s");
    await other.fetchPlace(RIGA);
    await other.error("E-OVP-REST");
    assert.equal(stage.overpass.requests.length, 3);
  }, { before: still, replaced: jumpingClock });

  visit("is not in the way of what is on the device", async (visitor, stage) => {
    stage.overpass.answers(replies.town(), replies.status(429));
    let old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    old = await visitor.pictureAfter(old, "the first place");
    await visitor.page.waitForFunction(() => document.querySelectorAll("#offline-places li").length === 1);
    await visitor.fetchPlace(RIGA);
    await visitor.error("E-OVP-429");
    await visitor.page.reload();
    await visitor.settled();
    await hint(visitor, "possible again in 30 s");
    old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.pictureAfter(old, "the first place again");
    await origin(visitor, /^From your device/);
    assert.deepEqual(await visitor.errorCodes(), []);
    assert.equal(stage.overpass.requests.length, 4);
  }, { before: still, replaced: jumpingClock });
});

describe("two tabs", () => {
  visit("that want one place send one request, and both have it", async (visitor, stage) => {
    let goOn;
    stage.overpass.answers(replies.padded(10, new Promise((resolve) => (goOn = resolve))), replies.town());
    const other = await visitor.another();
    const olds = await Promise.all([visitor.picture(), other.picture()]);
    await visitor.fetchPlace(TARTU);
    await visitor.until(() => stage.overpass.requests.length === 1, "the first request");
    await other.fetchPlace(TARTU);
    await progress(other, /Another tab/);
    goOn();
    const picture = await visitor.pictureAfter(olds[0], "the place");
    await origin(visitor, /^Live from/);
    await other.pictureAfter(olds[1], "the place in the other tab");
    await other.pictureWhen((another) => compare(picture, another).differentShare === 0, "the same place");
    await origin(other, /^From your device/);
    assert.equal(stage.overpass.requests.length, 1);
    assert.deepEqual(other.ownComplaints(), []);
  });

  visit("that want it in one moment send one request too", async (visitor, stage) => {
    const other = await visitor.another();
    const tabs = [visitor, other];
    const olds = await Promise.all(tabs.map((tab) => tab.picture()));
    for (const tab of tabs) {
      for (const [of, value] of Object.entries(TARTU)) await tab.write(`place-${of}`, String(value));
    }
    await Promise.all(tabs.map((tab) => tab.page.locator("#place-fetch").click()));
    for (const [i, tab] of tabs.entries()) {
      await tab.pictureAfter(olds[i], "the place");
      await origin(tab, /^(Live from|From your device)/);
    }
    assert.equal(stage.overpass.requests.length, 1);
  });

  visit("that want two places ask one after the other; who waits is told so", async (visitor, stage) => {
    let goOn;
    stage.overpass.answers(replies.roadsFirst(new Promise((resolve) => (goOn = resolve))), replies.town());
    const other = await visitor.another();
    const old = await other.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.until(() => stage.overpass.requests.length === 1, "the first request");
    await other.fetchPlace(RIGA);
    await progress(other, /Another tab/);
    assert.equal(stage.overpass.requests.length, 1);
    goOn();
    await other.pictureAfter(old, "the place in the other tab");
    await origin(other, /^Live from/);
    assert.equal(stage.overpass.requests.length, 2);
  });

  visit("of which the second has had enough of waiting: nothing is asked for it", async (visitor, stage) => {
    let goOn;
    stage.overpass.answers(replies.roadsFirst(new Promise((resolve) => (goOn = resolve))), replies.town());
    const other = await visitor.another();
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.until(() => stage.overpass.requests.length === 1, "the first request");
    await other.fetchPlace(RIGA);
    await progress(other, /Another tab/);
    await other.page.locator("#place-cancel").click();
    await other.page.locator("#place-progress").waitFor({ state: "hidden" });
    assert.deepEqual(await other.errorCodes(), [], "a cancel is no error");
    goOn();
    await visitor.pictureAfter(old, "the place in the first tab");
    await origin(visitor, /^Live from/);
    assert.equal(stage.overpass.requests.length, 1);
  });
});

describe("two servers", () => {
  const both = () => ({
    ...jumpingClock(),
    "config.json": JSON.stringify({ overpass: { endpoints: [shared.stage.overpass.url, second.url] } }),
  });
  const host = (server) => new URL(server.url).host;

  visit("after the first one's own fault the second is asked, and named before", async (visitor, stage) => {
    second.answers(replies.town());
    stage.overpass.answers(replies.status(500));
    const old = await visitor.picture();
    await visitor.write("place-lat", String(TARTU.lat));
    await hint(visitor, `It comes live from ${host(stage.overpass)}.`);
    await visitor.fetchPlace(TARTU);
    assert.match(await visitor.error("E-OVP-500"), new RegExp(`Try again in a moment\\. The next try asks ${host(second)}\\.`));
    await clockAt(visitor.page, 15);
    await hint(visitor, `It comes live from ${host(second)}.`);
    await visitor.page.locator("#place-retry:enabled").click();
    await visitor.pictureAfter(old, "the place");
    await origin(visitor, new RegExp(`^Live from ${host(second)},`));
    assert.deepEqual([stage.overpass.requests.length, second.requests.length], [3, 1]);
  }, { before: still, replaced: both });

  visit("a network of one's own that is away is no fault of the first", async (visitor, stage) => {
    second.answers(replies.town());
    const old = await visitor.picture();
    await visitor.context.setOffline(true);
    await visitor.fetchPlace(TARTU);
    assert.doesNotMatch(await visitor.error("E-OVP-NETWORK"), /next try/);
    await visitor.context.setOffline(false);
    await visitor.page.locator("#place-retry:enabled").click();
    await visitor.pictureAfter(old, "the place");
    await origin(visitor, new RegExp(`^Live from ${host(stage.overpass)},`));
    assert.deepEqual([stage.overpass.requests.length, second.requests.length], [1, 0]);
  }, { replaced: both });
});

describe("a page that sends no referrer by itself", () => {
  const silent = { "Referrer-Policy": "no-referrer" };
  /** The page and all its workers say so, as a server that says it of every file. */
  const silentSite = () => {
    const files = ["index.html", ...builds().flatMap(({ folder }) => ["render", "print", "library"].map((kind) => `${folder}/${kind}_worker_loader.js`))];
    const told = (file) => (_, response) => {
      const type = file.endsWith(".html") ? "text/html; charset=utf-8" : "text/javascript; charset=utf-8";
      response.writeHead(200, { "Content-Type": type, ...silent }).end(readFileSync(path.join(DIST, file)));
    };
    return {
      ...Object.fromEntries(files.map((file) => [file, told(file)])),
      "config.json": JSON.stringify({ overpass: { endpoints: [shared.stage.overpass.url] }, photon: { endpoint: photon.url } }),
    };
  };
  const referer = ({ headers }) => headers.referer && new URL(headers.referer).origin;

  visit("still says to the map server and to Photon where it is", async (visitor, stage) => {
    photon.answers(answers.places({ name: "Finlandia Hall", lat: 60.1758, lon: 24.9335, city: "Helsinki", country: "Finland" }));
    const old = await visitor.picture();
    await visitor.fetchPlace(TARTU);
    await visitor.pictureAfter(old, "the place");
    assert.deepEqual(stage.overpass.requests.map(referer), [stage.site.origin]);
    await visitor.write("place-search", "Finlandia Hall, Helsinki");
    await visitor.page.locator("#place-search").press("Enter");
    await visitor.page.locator("#place-choices li").getByText("Finlandia Hall").first().waitFor();
    await visitor.until(() => photon.requests.length === 1, "the question");
    assert.deepEqual(photon.requests.map(referer), [stage.site.origin]);
  }, { replaced: silentSite });

  visit("nor does the page that it is a frame of", async (visitor, stage) => {
    await visitor.page.goto(`${stage.site.origin}/host.html`);
    const frame = visitor.page.frameLocator("iframe");
    await frame.locator('#poster[data-state="drawn"][aria-busy="false"]').waitFor();
    for (const [of, value] of Object.entries(TARTU)) await frame.locator(`#place-${of}`).fill(String(value));
    await frame.locator("#place-fetch").click();
    await frame.locator("#place-origin").getByText(/^Live from/).waitFor();
    assert.deepEqual(stage.overpass.requests.map(referer), [stage.site.origin]);
  }, { replaced: () => ({ "host.html": '<!doctype html><iframe src="./" referrerpolicy="no-referrer" width="900" height="600"></iframe>' }) });
});

/** The waits between the questions of one fetch: so many seconds, then twice as many; none for a single question. */
async function assertWaits(visitor, seconds) {
  const times = await asked(visitor);
  const waits = times.slice(1).map((time, i) => time - times[i]);
  const wanted = seconds ? [seconds, 2 * seconds] : [];
  assert.equal(waits.length, wanted.length);
  // Up to five more, so that those who were refused together do not come back together.
  waits.forEach((wait, i) => assert.ok(wait >= wanted[i] && wait < wanted[i] + 7, `${wait} s, not ${wanted[i]}`));
}

/** How many places are kept on the device; counted without making the database that is to be there by then. */
async function nKept(visitor) {
  return visitor.page.evaluate(async () => {
    const all = await indexedDB.databases();
    if (!all.some(({ name }) => name === "mapposter-places")) return 0;
    const result = (request) => new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    const database = await result(indexedDB.open("mapposter-places"));
    const stores = [...database.objectStoreNames];
    const transaction = database.transaction(stores, "readonly");
    const counts = await Promise.all(stores.map((store) => result(transaction.objectStore(store).count())));
    database.close();
    return Math.max(...counts);
  });
}

/**
 * Fetches after `fail()`: the error is shown in these words, every control and the poster stay as they are, and nothing
 * is kept as if it were a place.
 */
async function assertNothingLost(visitor, stage, code, words, fail) {
  await visitor.write("place-lat", String(TARTU.lat));
  await visitor.write("place-lon", String(TARTU.lon));
  const [values, frame, old] = [await visitor.values(), await visitor.frame(), await visitor.picture()];
  await fail();
  await visitor.fetchPlace();
  const told = await visitor.error(code);
  assert.match(told.replace(/\s+/g, " "), words);
  assert.doesNotMatch(told, /undefined|null|\[object|JsValue|NaN|panicked/);
  assert.deepEqual(await visitor.values(), values);
  assert.equal(await visitor.frame(), frame, "the last poster is still on screen");
  await visitor.settled();
  assert.equal(compare(await visitor.picture(), old).differentShare, 0, "nothing new is drawn");
  assert.equal(await nKept(visitor), 0);
}
