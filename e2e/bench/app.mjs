// Our page as users get it, measured from outside: its files are the build's, only the worker's fetch is wrapped.

import { aheadOf, inPlaceOf } from "../lib/ahead.mjs";
import { cpu, passed, peak, processOf, rest } from "./clock.mjs";
import { worstFrame } from "./frames.mjs";

/** Moves of one pull of the map, turns of one scroll, and themes of one run through them. */
const STEPS = 30;

/** How long a person pauses between one thing and the next, ms: the gallery is painted in it. */
const PAUSE = 1500;

/**
 * The site's files with the render worker's loader wrapped, for `Stage.replaced`. There is no library: a place that
 * is kept would not be asked for a second time.
 */
export function wrapped(overpassUrl, gateUrl) {
  const noLibrary = inPlaceOf("library", "throw new Error('no library');");
  return { ...aheadOf("render", holdReply, overpassUrl, gateUrl), ...noLibrary };
}

/**
 * Runs in the worker ahead of its own code: a map's reply is fetched whole, then handed on in parts. Most are as large
 * as Chromium's own of a reply that is there (44 MB came in 49 parts of up to 2 MiB); the last is as small as where it
 * is waited for. The worker waits at the gate `in-hand` before the first and at `last-part` before the last of them.
 */
function holdReply(overpassUrl, gateUrl) {
  const [PART, LAST] = [1 << 20, 1 << 16];
  const fetchReally = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (request, options) => {
    const response = await fetchReally(request, options);
    if (response.url !== overpassUrl) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    await fetchReally(`${gateUrl}in-hand`);
    let from = 0;
    const parts = new ReadableStream({
      async pull(controller) {
        const isLast = from + LAST >= bytes.length;
        if (isLast) await fetchReally(`${gateUrl}last-part`);
        const end = isLast ? bytes.length : Math.min(from + PART, bytes.length - LAST);
        controller.enqueue(bytes.subarray(from, end));
        from = end;
        if (isLast) controller.close();
      },
    }, { highWaterMark: 0 });
    return new Response(parts, { status: response.status, headers: response.headers });
  };
}

/** Runs in the page: stops it at the gate `uploaded` as soon as it says that a map was handed to the GPU. */
function stopAtUpload(gateUrl) {
  let last;
  new MutationObserver((changes) => {
    const maps = changes.findLast(({ target }) => target.id === "poster")?.target.dataset.maps;
    if (maps === undefined || maps === last) return;
    last = maps;
    const request = new XMLHttpRequest();
    request.open("GET", `${gateUrl}uploaded`, false);
    request.send();
  }).observe(document, { attributeFilter: ["data-maps"], subtree: true });
}

/** Everything measured of one fresh visit. */
export async function measureApp(stage, gate, place) {
  Object.assign(stage.replaced, wrapped(stage.overpass.url, gate.url));
  const visitor = await visit(stage, gate);
  try {
    const id = await processOf(visitor.page, stage.chromium.browser);
    const cold = await fetchFrame(visitor, gate, id, place);
    // The same reply for a little more than is there, as what is there is not asked for again.
    const warm = await fetchFrame(visitor, gate, id, { distance: Math.round(place.distance * 1.1) });
    const still = await framesOf(visitor, id, wait);
    const pan = await framesOf(visitor, id, pull);
    const zoom = await framesOf(visitor, id, scroll);
    // The gallery's styles are the next themes' too.
    await rest(PAUSE);
    const restyle = await framesOf(visitor, id, changeThemes);
    const worst = {};
    for (const [name, act] of [["pan", pull], ["zoom", scroll], ["restyle", changeThemes]]) {
      await rest(PAUSE);
      worst[name] = await worstFrame(stage.chromium.browser, visitor.page, id, () => perform(visitor, act));
    }
    return { cold, warm, still, pan, zoom, restyle, worst };
  } finally {
    await visitor.leave();
  }
}

/**
 * A fresh visit that nothing holds up: the most memory up to the first poster of a place that comes over the network,
 * MiB, and how often from the first load to the last theme the UI thread did not answer for over 50 ms.
 */
export async function visitFreely(stage, place) {
  const visitor = await visit(stage);
  const takeLongTasks = async () => (await visitor.page.evaluate(() => globalThis.longTasks.splice(0))).length;
  try {
    let longTasks = await takeLongTasks();
    const id = await processOf(visitor.page, stage.chromium.browser);
    // To be found it burnt CPU.
    await takeLongTasks();
    const maps = await mapsOf(visitor);
    await visitor.fetchPlace(place);
    await drawn(visitor, maps);
    const most = peak(id);
    for (const act of [pull, scroll, changeThemes]) {
      await rest(PAUSE);
      await perform(visitor, act);
    }
    longTasks += await takeLongTasks();
    return { peak: most, longTasks };
  } finally {
    await visitor.leave();
  }
}

/** Runs in the page: notes how long each task of over 50 ms took. */
function noteLongTasks() {
  globalThis.longTasks = [];
  const note = (list) => globalThis.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
}

async function visit(stage, gate) {
  const visitor = await stage.visit({
    before: (page) => (gate ? page.addInitScript(stopAtUpload, gate.url) : page.addInitScript(noteLongTasks)),
  });
  // What the page does once after its first poster is no part of a place's frame.
  await rest(500);
  return visitor;
}

const mapsOf = (visitor) => visitor.page.locator("#poster").getAttribute("data-maps");

/** Until another map is drawn and the page has come to rest. */
async function drawn(visitor, maps) {
  await visitor.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, maps);
  await visitor.settled();
  await rest(400);
}

/** Own CPU from the reply in hand to its map on the GPU, and of that what follows the last part of it. */
async function fetchFrame(visitor, gate, id, place) {
  const maps = await mapsOf(visitor);
  const inHand = gate.at("in-hand");
  await visitor.fetchPlace(place);
  let goOn = await inHand;
  await rest(200);
  const from = cpu(id);
  const lastPart = gate.at("last-part");
  goOn();
  goOn = await lastPart;
  await rest();
  const last = cpu(id);
  const uploaded = gate.at("uploaded");
  goOn();
  goOn = await uploaded;
  const to = cpu(id);
  goOn();
  await drawn(visitor, maps);
  return { frame: passed(from, to), tail: passed(last, to) };
}

async function perform(visitor, act) {
  await visitor.page.evaluate(act, STEPS);
  await visitor.page.evaluate(follow);
}

/** CPU of a frame while `act` goes on in the page; of one step of it where no frame is drawn. */
async function framesOf(visitor, id, act) {
  const n = async () => Number(await visitor.frame());
  const before = await n();
  await rest();
  const from = cpu(id);
  await perform(visitor, act);
  await rest(100);
  const to = cpu(id);
  return passed(from, to, (await n()) - before || STEPS);
}

/** In the page: does nothing for so many frames. */
async function wait(steps) {
  for (let i = 0; i < steps; i++) await new Promise(requestAnimationFrame);
}

/** In the page: pulls the map to and fro, one move a frame, and rests before it lets go, so as not to throw it. */
async function pull(steps) {
  const canvas = document.getElementById("poster");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const send = (type, by) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 7, button: 0, bubbles: true, clientX: left + width / 2 + by, clientY: top + height / 2 + by / 2,
  }));
  const frame = () => new Promise(requestAnimationFrame);
  send("pointerdown", 0);
  for (let i = 1; i <= steps; i++) {
    await frame();
    send("pointermove", 40 * Math.sin((i / steps) * 2 * Math.PI));
  }
  await new Promise((over) => setTimeout(over, 200));
  send("pointerup", 0);
}

/** In the page: zooms in and out again by the wheel, one turn a frame. */
async function scroll(steps) {
  const canvas = document.getElementById("poster");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  for (let i = 1; i <= steps; i++) {
    await frame();
    const deltaY = -20 * Math.cos((i / steps) * 2 * Math.PI);
    canvas.dispatchEvent(new WheelEvent("wheel", {
      deltaY, bubbles: true, cancelable: true, clientX: left + width / 2, clientY: top + height / 2,
    }));
  }
  await new Promise((over) => setTimeout(over, 200));
}

/** In the page: until it shows what was done. Not by frames of its own: each would have a page at rest looked through. */
async function follow() {
  const canvas = document.getElementById("poster");
  await new Promise((over) => {
    const watch = new MutationObserver(look);
    watch.observe(canvas, { attributeFilter: ["aria-busy"] });
    look();
    function look() {
      if (canvas.getAttribute("aria-busy") === "true") return;
      watch.disconnect();
      over();
    }
  });
}

/**
 * In the page: chooses one theme after the other, each once the last is on screen, until the page says the last one's
 * name. Each is chosen in a task of its own, as by a person: what is chosen while a frame is made waits for the next.
 */
async function changeThemes(steps) {
  const poster = document.getElementById("poster");
  const themes = [...document.querySelectorAll('input[type="radio"][id^="theme-"]')];
  const task = (ms) => new Promise((over) => setTimeout(over, ms));
  const first = themes.findIndex(({ checked }) => checked);
  const chosen = (i) => themes[(first + i) % themes.length];
  for (let i = 1; i <= steps; i++) {
    const drawn = new Promise((over) => {
      new MutationObserver((_, watch) => {
        if (poster.getAttribute("aria-busy") === "true") return;
        watch.disconnect();
        over();
      }).observe(poster, { attributeFilter: ["data-frame", "aria-busy"] });
    });
    await task();
    chosen(i).click();
    await drawn;
  }
  const name = document.querySelector(".theme-name");
  const isNamed = () => name.querySelector("strong").textContent === chosen(steps).ariaLabel;
  await new Promise((over) => {
    if (isNamed()) return over();
    new MutationObserver((_, watch) => {
      if (!isNamed()) return;
      watch.disconnect();
      over();
    }).observe(name, { characterData: true, childList: true, subtree: true });
  });
}
