// Finding a place: cities as one types without any server, a geocoder at Enter, coordinates and links; one click
// from a result to its poster, and nobody asked before that.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe } from "node:test";
import { DIST, suite } from "./lib/app.mjs";
import { FakeGeocoder, answers } from "./lib/photon.mjs";
import { replies } from "./lib/overpass.mjs";

const { visit } = suite();
const photon = new FakeGeocoder();
before(() => photon.listen());
after(() => photon.close());

const HALL = { name: "Finlandia Hall", lat: 60.1758, lon: 24.9335, city: "Helsinki", country: "Finland" };

/** The site's config.json with our Photon. */
const configure = (stage, more = {}) => {
  stage.replaced["config.json"] = JSON.stringify({
    overpass: { endpoints: [stage.overpass.url] },
    photon: { endpoint: photon.url },
    ...more,
  });
};

/** A test whose visitor sees a site with our Photon; `config` replaces parts of its config.json. */
function search(name, steps, { config = {}, ...options } = {}) {
  visit(name, async (visitor, stage, context) => {
    photon.answers(answers.places(HALL));
    configure(stage, typeof config === "function" ? config() : config);
    await visitor.page.reload();
    await visitor.settled();
    visitor.asked.length = 0;
    await steps(visitor, stage, context);
  }, options);
}

/** Types into the field as a person does, and waits for the list. */
async function type(visitor, text) {
  const { page } = visitor;
  await page.locator("#place-search").focus();
  await page.locator("#place-search").fill("");
  await page.keyboard.type(text);
}

const lines = (visitor) => visitor.page.locator("#place-choices li");

/** Waits for a line that says all this, in small or large letters: the line that offers to search has the words typed. */
async function line(visitor, ...words) {
  let found = lines(visitor);
  for (const word of words) found = found.filter({ hasText: word });
  await found.first().waitFor();
  return found.first();
}

const beyondTheSite = (visitor, stage) => visitor.asked.filter((url) => !url.startsWith(stage.site.origin) && /^https?:/.test(url));

describe("the search", () => {
  search("monaco is found as it is typed, chosen, and on the poster with its names; only then a server is asked", async (visitor, stage) => {
    const old = await visitor.picture();
    await type(visitor, "monaco");
    const choice = await line(visitor, "Monaco", "km");
    assert.match(await lines(visitor).first().innerText(), /^Monaco\s/);
    assert.deepEqual(beyondTheSite(visitor, stage), [], "nobody is asked while typing");
    const hint = await visitor.page.locator("#place-search-hint").innerText();
    for (const named of ["GeoNames", new URL(photon.url).host, new URL(stage.overpass.url).host]) {
      assert.ok(hint.includes(named), `${named} is named before it is asked: ${hint}`);
    }
    await choice.click();
    await visitor.pictureAfter(old, "Monaco");
    const values = await visitor.values();
    assert.equal(values["text-title"], "Monaco");
    assert.equal(values["text-subtitle"], "Monaco");
    assert.ok(Math.abs(values["place-lat"] - 43.737) < 0.01 && Math.abs(values["place-lon"] - 7.421) < 0.01);
    assert.equal(stage.overpass.requests.length, 1);
    const { south, north, west, east } = stage.overpass.requests[0].bbox;
    assert.ok(south < 43.737 && north > 43.737 && west < 7.421 && east > 7.421, "the chosen centre is what is fetched");
    assert.equal(photon.requests.length, 0);
  });

  search("the cities are fetched at the first focus and once", async (visitor, stage) => {
    const fetched = () => stage.site.requests.filter(({ path }) => path.endsWith("cities.gaz")).length;
    const before = fetched();
    await visitor.page.locator("#place-lat").focus();
    assert.equal(fetched(), before);
    await type(visitor, "oslo");
    await line(visitor, "Oslo", "Norway");
    await visitor.page.locator("#place-lat").focus();
    await type(visitor, "bergen");
    await line(visitor, "Bergen", "Norway");
    assert.equal(fetched(), before + 1);
  });

  search("names of other languages and scripts, typos, and same names told apart", async (visitor) => {
    await type(visitor, "Мюнхен");
    await line(visitor, "Мюнхен", "Germany");
    await type(visitor, "東京");
    await line(visitor, "東京", "Japan");
    await type(visitor, "reykjavk");
    await line(visitor, "Reykjavík", "Iceland");
    await type(visitor, "springfield");
    await line(visitor, "Springfield", "Illinois", "km");
    await line(visitor, "Springfield", "Massachusetts", "km");
    await type(visitor, "paris, texas");
    assert.match(await (await line(visitor, "Texas")).innerText(), /Paris[\s\S]*Texas, United States/);
  });

  search("Enter asks Photon for what is no city, and the answer is kept", async (visitor, stage) => {
    const old = await visitor.picture();
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap for “finlandia hall”", new URL(photon.url).host);
    assert.equal(photon.requests.length, 0);
    await visitor.page.keyboard.press("Enter");
    await line(visitor, "Finlandia Hall", "Helsinki", "Finland");
    assert.deepEqual(photon.requests.map(({ path, q }) => [path, q]), [["/api", "finlandia hall"]]);
    await visitor.page.locator("#place-search-note").getByText("OpenStreetMap contributors").waitFor();
    await visitor.page.keyboard.press("Enter");
    await visitor.pictureAfter(old, "the hall");
    assert.equal((await visitor.values())["text-title"], "Finlandia Hall");
    assert.equal(stage.overpass.requests.length, 1);

    await visitor.page.reload();
    await visitor.settled();
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap");
    await visitor.page.keyboard.press("Enter");
    await line(visitor, "Finlandia Hall", "Helsinki");
    assert.equal(photon.requests.length, 1, "the answer of the first visit");
  });

  search("what was kept and is damaged or 31 days old is asked anew", async (visitor) => {
    const url = `${photon.url}/api?q=finlandia%20hall&limit=8&lang=en`;
    const found = [{ name: "Old", region: "", country: "", lat: 1, lon: 1, distance: 1000 }];
    const old = Date.now() - 31 * 24 * 3600 * 1000;
    for (const [kept, name] of [["{broken", "damaged"], [JSON.stringify({ answers: [[url, old, found]] }), "old"]]) {
      photon.answers(answers.places(HALL));
      await visitor.page.evaluate((kept) => localStorage.setItem("mapposter.geocoder.1", kept), kept);
      await type(visitor, "finlandia hall");
      await line(visitor, "Search OpenStreetMap");
      await visitor.page.keyboard.press("Enter");
      await visitor.until(() => photon.requests.length === 1, `a request, as what was kept is ${name}`);
      await line(visitor, "Finlandia Hall", "Helsinki");
    }
  });

  for (const [name, answer, code] of [
    ["busy", answers.status(429), "E-GEO-429"],
    ["at fault", answers.status(500), "E-GEO-500"],
    ["a page instead of an answer", answers.html(), "E-GEO-ANSWER"],
    ["gone", answers.reset(), "E-GEO-NETWORK"],
  ]) {
    search(`Photon is ${name}: ${code}, and trying again works`, async (visitor) => {
      photon.answers(answer);
      await type(visitor, "finlandia hall");
      await line(visitor, "Search OpenStreetMap");
      await visitor.page.keyboard.press("Enter");
      assert.match(await visitor.error(code), /Photon .+\. /);
      assert.equal(await visitor.page.locator("#place-search").inputValue(), "finlandia hall");
      photon.answers(answers.places(HALL));
      await visitor.page.locator("#place-search-retry").click();
      await visitor.page.locator("#place-search").focus();
      await visitor.page.locator("#place-search-note").getByText("Found by Photon").waitFor();
      assert.deepEqual(await visitor.errorCodes(), []);
    });
  }

  search("a late answer is not shown over what was typed since", async (visitor) => {
    let go;
    photon.answers(answers.after(new Promise((resolve) => (go = resolve)), answers.places(HALL)));
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap");
    await visitor.page.keyboard.press("Enter");
    await visitor.until(() => photon.requests.length === 1, "the question");
    await type(visitor, "oslo");
    await visitor.until(() => photon.requests[0].aborted, "the end of the connection");
    go();
    await line(visitor, "Oslo", "Norway");
    assert.equal(await lines(visitor).filter({ hasText: "Finlandia" }).count(), 0);
  });

  search("Photon is asked while typing only where config.json names one for it", async (visitor) => {
    await type(visitor, "fi");
    await line(visitor, "Search OpenStreetMap");
    // In one go, as a busy machine would put pauses between real keys.
    await visitor.page.locator("#place-search").evaluate((field, text) => {
      for (let n = 1; n <= text.length; n++) {
        field.value = text.slice(0, n);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    }, "finlandia h");
    await line(visitor, "Finlandia Hall", "Helsinki");
    assert.deepEqual(photon.requests.map(({ path, q }) => [path, q]), [["/own/api", "finlandia h"]], "once at a pause, not at each key");
  }, { config: () => ({ photon: { endpoint: null, typing_endpoint: `${photon.url}/own` }, nominatim: { endpoint: `${photon.url}/nominatim` } }) });

  search("what Photon knows while typing is shown where nothing else is known", async (visitor) => {
    await type(visitor, "finlandia h");
    await line(visitor, "Finlandia Hall", "Helsinki");
    assert.equal(await visitor.page.locator("#place-search").getAttribute("aria-expanded"), "true");
    assert.equal(await lines(visitor).count(), 1);
  }, { config: () => ({ photon: { endpoint: null, typing_endpoint: `${photon.url}/own` } }) });

  search("a line that one is at stays the line that Enter chooses when Photon answers while typing", async (visitor) => {
    let go;
    photon.answers(answers.after(new Promise((resolve) => (go = resolve)), answers.places(HALL)));
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap", "Nominatim");
    await visitor.page.keyboard.press("ArrowDown");
    assert.match(await lines(visitor).and(visitor.page.locator('[aria-selected="true"]')).innerText(), /^Search OpenStreetMap/);
    await visitor.until(() => photon.requests.length === 1, "the question");
    go();
    await line(visitor, "Finlandia Hall", "Helsinki");
    assert.match(await lines(visitor).and(visitor.page.locator('[aria-selected="true"]')).innerText(), /^Search OpenStreetMap/);
    await visitor.page.keyboard.press("Enter");
    await visitor.until(() => photon.requests.length === 2, "the search");
    assert.deepEqual(photon.requests.map(({ path }) => path), ["/own/api", "/nominatim/search"]);
  }, { config: () => ({ photon: { endpoint: null, typing_endpoint: `${photon.url}/own` }, nominatim: { endpoint: `${photon.url}/nominatim` } }) });

  search("a list that was closed is not opened by an answer, and has it when it is opened", async (visitor) => {
    const { page } = visitor;
    let go;
    photon.answers(answers.after(new Promise((resolve) => (go = resolve)), answers.places(HALL)));
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap", "Nominatim");
    await visitor.until(() => photon.requests.length === 1, "the question");
    await page.keyboard.press("Escape");
    go();
    // What is kept is kept just before it is shown.
    await page.waitForFunction(() => localStorage.getItem("mapposter.geocoder.1")?.includes("Finlandia Hall"));
    await visitor.settled();
    assert.equal(await page.locator("#place-search").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("ArrowDown");
    await line(visitor, "Finlandia Hall", "Helsinki");
  }, { config: () => ({ photon: { endpoint: null, typing_endpoint: `${photon.url}/own` }, nominatim: { endpoint: `${photon.url}/nominatim` } }) });

  search("Enter twice asks once", async (visitor) => {
    let go;
    photon.answers(answers.after(new Promise((resolve) => (go = resolve)), answers.places(HALL)));
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap");
    await visitor.page.keyboard.press("Enter");
    await visitor.page.locator("#place-search-note").getByText(/^Asking Photon/).waitFor();
    await visitor.page.keyboard.press("Enter");
    await visitor.until(() => photon.requests.length === 1, "the question");
    go();
    await line(visitor, "Finlandia Hall", "Helsinki");
    assert.deepEqual(photon.requests.map(({ aborted }) => aborted), [false]);
  });

  /** The file of cities stays on its way until `come()`. */
  const slowCities = (stage) => {
    let come;
    const coming = new Promise((resolve) => (come = resolve));
    const bytes = readFileSync(path.join(DIST, "places/cities.gaz"));
    stage.replaced["places/cities.gaz"] = async (_, response) => {
      await coming;
      response.writeHead(200, { "Content-Type": "application/octet-stream" }).end(bytes);
    };
    return come;
  };

  search("cities that come late join what is typed, and replace no answer", async (visitor, stage) => {
    const { page } = visitor;
    const come = slowCities(stage);
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap");
    await page.keyboard.press("Enter");
    await line(visitor, "Finlandia Hall", "Helsinki");
    const finished = page.waitForEvent("requestfinished", (request) => request.url().includes("cities.gaz"));
    come();
    await finished;
    await visitor.settled();
    await line(visitor, "Finlandia Hall", "Helsinki");
    await page.locator("#place-search-note").getByText("Found by Photon").waitFor();
    await type(visitor, "oslo");
    await line(visitor, "Oslo", "Norway");
  });

  search("cities that come late are there for who types on a slow line, and open no list that was left", async (visitor, stage) => {
    const { page } = visitor;
    const field = page.locator("#place-search");
    const come = slowCities(stage);
    await type(visitor, "bergen");
    await line(visitor, "Search OpenStreetMap");
    await page.locator("#place-lat").focus();
    const finished = page.waitForEvent("requestfinished", (request) => request.url().includes("cities.gaz"));
    come();
    await finished;
    await visitor.settled();
    assert.equal(await field.getAttribute("aria-expanded"), "false");
    await field.focus();
    await page.keyboard.press("ArrowDown");
    await line(visitor, "Bergen", "Norway");
  });

  search("cities that come while one types are shown", async (visitor, stage) => {
    const come = slowCities(stage);
    await type(visitor, "bergen");
    await line(visitor, "Search OpenStreetMap");
    come();
    await line(visitor, "Bergen", "Norway");
  });

  search("Nominatim is offered only where config.json names one, and asked once a second", async (visitor) => {
    await type(visitor, "finlandia hall");
    await line(visitor, "Search OpenStreetMap", "Nominatim");
    for (const words of ["finlandia hall", "finlandia house"]) {
      await type(visitor, words);
      await line(visitor, "Search OpenStreetMap", words);
      await visitor.page.keyboard.press("Enter");
      // The line that offers to search has these words too.
      await visitor.until(() => photon.requests.at(-1)?.q === words, `a request for ${words}`);
      await line(visitor, "Finlandia Hall", "Helsinki");
    }
    assert.deepEqual(photon.requests.map(({ path, q }) => [path, q]), [["/search", "finlandia hall"], ["/search", "finlandia house"]]);
    // When it asks, not when the server hears of it.
    const [first, second] = await visitor.page.evaluate(() => globalThis.asked);
    assert.ok(second - first >= 950, `${second - first} ms, no sooner than a second later`);
  }, {
    config: () => ({ photon: { endpoint: null }, nominatim: { endpoint: photon.url } }),
    before: (page) => page.addInitScript(() => {
      globalThis.asked = [];
      const { fetch } = globalThis;
      globalThis.fetch = (request, ...rest) => {
        if (/[?&]q=finlandia/.test(request.url ?? request)) globalThis.asked.push(performance.now());
        return fetch(request, ...rest);
      };
    }),
  });

  search("Nominatim is asked once a second by all tabs together", async (visitor) => {
    const other = await visitor.another();
    for (const [tab, words] of [[visitor, "finlandia hall"], [other, "finlandia house"]]) {
      await type(tab, words);
      await line(tab, "Search OpenStreetMap", words);
    }
    await Promise.all([visitor, other].map(({ page }) => page.locator("#place-search").press("Enter")));
    await visitor.until(() => photon.requests.length === 2, "both questions");
    const [first, second] = photon.requests.map(({ at }) => at);
    assert.ok(second - first >= 950, `no sooner than a second later: ${second - first} ms`);
    for (const tab of [visitor, other]) await line(tab, "Finlandia Hall", "Helsinki");
  }, { config: () => ({ photon: { endpoint: null }, nominatim: { endpoint: photon.url } }) });
});

describe("what is pasted", () => {
  for (const [what, text, lat, lon, distance] of [
    ["a link of OpenStreetMap", "https://www.openstreetmap.org/#map=15/58.3800/26.7200", 58.38, 26.72, 1001],
    ["a link of Google Maps", "https://www.google.com/maps/place/Tartu/@58.3,26.7,13z/data=!3d58.38!4d26.72", 58.38, 26.72, 4013],
    ["a link of Apple Maps", "https://maps.apple.com/?ll=58.38,26.72&q=Tartu", 58.38, 26.72, 620],
    ["degrees, minutes and seconds", "58°22′48″N 26°43′12″E", 58.38, 26.72, 620],
    ["decimal commas", "58,38 26,72", 58.38, 26.72, 620],
    ["a plus code", "9GC89PJC+22", 58.38, 26.72, 620],
    ["a geo: link", "geo:58.38,26.72", 58.38, 26.72, 620],
  ]) {
    search(`${what} becomes the poster`, async (visitor, stage) => {
      const old = await visitor.picture();
      await visitor.page.locator("#place-search").focus();
      await visitor.page.locator("#place-search").fill(text);
      await lines(visitor).first().waitFor();
      assert.deepEqual(beyondTheSite(visitor, stage), []);
      await visitor.page.keyboard.press("Enter");
      await visitor.pictureAfter(old, "the place");
      const values = await visitor.values();
      assert.ok(Math.abs(values["place-lat"] - lat) < 0.01 && Math.abs(values["place-lon"] - lon) < 0.02, JSON.stringify(values));
      assert.ok(Math.abs(values["place-distance"] / distance - 1) < 0.02, values["place-distance"]);
      assert.ok(!/Helsinki/.test(values["text-title"]), "not under the last place's name");
      assert.equal(photon.requests.length, 0);
    });
  }

  search("a short link is said to be one, and asks nobody", async (visitor, stage) => {
    await visitor.page.locator("#place-search").focus();
    await visitor.page.locator("#place-search").fill("https://maps.app.goo.gl/abcDEF");
    await visitor.page.locator("#place-search-note").getByText("short link").waitFor();
    await visitor.page.keyboard.press("Enter");
    assert.deepEqual(beyondTheSite(visitor, stage), []);
  });

  search("a link to an object says which and not where, and asks nobody", async (visitor, stage) => {
    await visitor.page.locator("#place-search").focus();
    await visitor.page.locator("#place-search").fill("https://www.openstreetmap.org/relation/1124039");
    await visitor.page.locator("#place-search-note").getByText("not where it is").waitFor();
    await visitor.page.keyboard.press("Enter");
    assert.deepEqual(beyondTheSite(visitor, stage), []);
  });

  search("a page of text is searched by its first 200 letters", async (visitor) => {
    await visitor.page.locator("#place-search").focus();
    await visitor.page.locator("#place-search").fill("nowhere, ".repeat(11_000));
    await line(visitor, "Search OpenStreetMap");
    await visitor.page.keyboard.press("Enter");
    await visitor.until(() => photon.requests.length === 1, "the question");
    assert.equal(photon.requests[0].q.length, 200);
  });
});

describe("the list", () => {
  search("is a combobox for keys and screen readers", async (visitor) => {
    const { page } = visitor;
    const field = page.locator("#place-search");
    const active = () => field.getAttribute("aria-activedescendant");
    assert.equal(await field.getAttribute("role"), "combobox");
    assert.equal(await field.getAttribute("aria-expanded"), "false");
    await type(visitor, "san f");
    await line(visitor, "San Francisco");
    assert.equal(await field.getAttribute("aria-expanded"), "true");
    assert.equal(await active(), null, "what is only begun is not chosen by Enter");
    await page.keyboard.press("ArrowDown");
    assert.equal(await active(), "place-choice-0");
    await page.keyboard.press("End");
    const n = await lines(visitor).count();
    assert.equal(await active(), `place-choice-${n - 1}`);
    await page.keyboard.press("ArrowDown");
    assert.equal(await active(), "place-choice-0", "around the end");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Home");
    assert.equal(await active(), "place-choice-0");
    assert.equal(await page.locator("#place-choice-0").getAttribute("aria-selected"), "true");
    await page.keyboard.press("Escape");
    assert.equal(await field.getAttribute("aria-expanded"), "false");
    assert.equal(await field.inputValue(), "san f");
    await page.keyboard.press("ArrowDown");
    assert.equal(await field.getAttribute("aria-expanded"), "true");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    assert.equal(await field.inputValue(), "");
    await type(visitor, "oslo");
    await line(visitor, "Oslo");
    assert.equal(await active(), "place-choice-0", "a whole name is");
  });
});

describe("where one is", () => {
  search("is asked for only at the button, and nothing is fetched by itself", async (visitor, stage) => {
    const { page } = visitor;
    await page.locator("#place-locate").click();
    await page.waitForFunction(() => document.querySelector("#place-lat").value.startsWith("58.38"));
    assert.equal((await visitor.values())["place-lon"], "26.72");
    await page.getByText("Where you are is filled in below.").waitFor();
    await page.locator("#place-fetch:focus").waitFor();
    assert.deepEqual(beyondTheSite(visitor, stage), []);
    const old = await visitor.picture();
    await visitor.fetchPlace();
    await visitor.pictureAfter(old, "the place");
  }, { context: { geolocation: { latitude: 58.38, longitude: 26.72 }, permissions: ["geolocation"] } });

  search("is not told: E-LOCATE-DENIED", async (visitor) => {
    const { page } = visitor;
    await page.locator("#place-locate").click();
    await visitor.error("E-LOCATE-DENIED");
  }, { context: { permissions: [] } });
});

describe("a name for the place", () => {
  search("comes from the nearest city, and from Photon if asked", async (visitor, stage) => {
    const { page } = visitor;
    photon.answers(answers.places({ name: "Karlova", lat: 58.37, lon: 26.74, city: "Tartu", country: "Estonia" }));
    const old = await visitor.picture();
    await visitor.fetchPlace({ lat: 58.37, lon: 26.74, distance: 2000 });
    await visitor.pictureAfter(old, "the place");
    assert.equal((await visitor.values())["text-title"], "");
    await page.locator("#place-name").click();
    await page.waitForFunction(() => document.querySelector("#text-title").value === "Tartu");
    assert.equal((await visitor.values())["text-subtitle"], "Estonia");
    assert.equal(photon.requests.length, 0);
    await page.locator("#place-name-ask").click();
    await page.waitForFunction(() => document.querySelector("#text-title").value === "Karlova");
    assert.deepEqual(photon.requests.map(({ path }) => path), ["/reverse"]);
    assert.equal(stage.overpass.requests.length, 1);
  });
});

describe("choosing", () => {
  search("another place while one is being fetched ends that and fetches the new one", async (visitor, stage) => {
    stage.overpass.answers(replies.hang(), replies.town());
    const old = await visitor.picture();
    await type(visitor, "oslo");
    await (await line(visitor, "Oslo", "Norway")).click();
    await visitor.until(() => stage.overpass.requests.length === 1, "the request");
    await type(visitor, "bergen");
    await (await line(visitor, "Bergen", "Norway")).click();
    await visitor.pictureAfter(old, "Bergen");
    assert.equal((await visitor.values())["text-title"], "Bergen");
    assert.ok(stage.overpass.requests[0].aborted);
  });

  search("a place whose map does not come keeps its name for the next try", async (visitor, stage) => {
    stage.overpass.answers(replies.status(400), replies.town());
    const old = await visitor.picture();
    await type(visitor, "oslo");
    await (await line(visitor, "Oslo", "Norway")).click();
    await visitor.error("E-OVP-400");
    assert.equal((await visitor.values())["text-title"], "Helsinki");
    await visitor.page.locator("#place-retry").click();
    await visitor.pictureAfter(old, "Oslo");
    assert.equal((await visitor.values())["text-title"], "Oslo");
  });
});
