// What the GPU is given and what becomes of it: geometry once a place, contexts that go and come back, memory that
// does not grow.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { aheadOf } from "./lib/ahead.mjs";
import { DIST, suite, themeFile } from "./lib/app.mjs";
import { canvasPixels, handedOver, watchGpu } from "./lib/gpu.mjs";
import { commonColors, compare, shareOf } from "./lib/pixels.mjs";
import { decodePng } from "./lib/png.mjs";

const { visit } = suite();

const THEMES = DIST
  ? readdirSync(path.join(DIST, "themes")).filter((name) => /^[a-z_]+\.json$/.test(name)).map((name) => name.slice(0, -5))
  : [];
/** Until the gallery is painted, and with it every theme's styles are at hand. */
const galleryPainted = async (visitor) => {
  for (const theme of THEMES) await visitor.page.locator(`#look-${theme}[data-state="drawn"]`).waitFor({ state: "attached" });
};
const box = (visitor) => visitor.page.locator("#poster").boundingBox();

describe("geometry goes to the GPU once", () => {
  visit("whatever theme is chosen, wherever the map is pulled, however it is zoomed", async (visitor) => {
    // Their outlines say where the map is.
    await visitor.press("text-coordinates");
    await visitor.settled();
    await galleryPainted(visitor);
    const maps = () => visitor.page.locator("#poster").getAttribute("data-maps");
    const [before, map] = [await handedOver(visitor), await maps()];
    assert.ok(before.bytes > 100_000, "there is a map");
    for (const theme of ["noir", "ocean", "sunset"]) {
      await visitor.chooseTheme(theme);
      await visitor.settled();
    }
    const { x, y, width, height } = await box(visitor);
    const mouse = visitor.page.mouse;
    await mouse.move(x + width / 2, y + height / 2);
    await mouse.down();
    await mouse.move(x + width / 2 + 60, y + height / 2 + 40, { steps: 12 });
    await mouse.up();
    await visitor.settled();
    for (const turn of [-80, -80, 120, 60]) {
      await mouse.wheel(0, turn);
      await visitor.settled();
    }
    for (const theme of ["terracotta", "forest"]) {
      await visitor.chooseTheme(theme);
      await visitor.settled();
    }
    assert.deepEqual(await handedOver(visitor), before);
    assert.equal(await maps(), map);
  }, { before: watchGpu });

  visit("and a theme whose styles are at hand asks no worker", async (visitor) => {
    await galleryPainted(visitor);
    const posted = () => visitor.page.evaluate(() => globalThis.posted);
    const before = await posted();
    for (const theme of THEMES) {
      await visitor.chooseTheme(theme);
      await visitor.settled();
    }
    assert.equal(await posted(), before);
  }, { before: (page) => page.addInitScript(() => {
    globalThis.posted = 0;
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (...message) {
      globalThis.posted++;
      return postMessage.apply(this, message);
    };
  }) });

  visit("and the page follows a theme only when the hand pauses", async (visitor) => {
    await galleryPainted(visitor);
    const written = await visitor.page.evaluate(async (themes) => {
      const written = [];
      const watch = new MutationObserver((all) => written.push(...all.map(({ type, attributeName }) => attributeName ?? type)));
      watch.observe(document.body, { attributes: true, childList: true, characterData: true, subtree: true });
      // All in one task, in which no pause can come.
      for (const id of themes) {
        document.getElementById(`theme-${id}`).click();
        for (let turn = 0; turn < 100; turn++) await null;
      }
      watch.disconnect();
      return written;
    }, ["noir", "ocean"]);
    assert.deepEqual(written, []);
    await visitor.settled();
    assert.ok(shareOf(await visitor.picture(), themeFile("ocean").bg) > 0.1, "the picture does at once");
    const name = visitor.page.locator(".theme-name strong", { hasText: themeFile("ocean").name });
    await name.waitFor();
    assert.equal((await visitor.values())["theme-ocean"], true);
  });

  visit("and a finer screen gets a finer picture of it", async (visitor) => {
    const before = await handedOver(visitor);
    const size = () => visitor.page.locator("#poster").evaluate(({ width, height }) => [width, height]);
    const [width] = await size();
    const session = await visitor.context.newCDPSession(visitor.page);
    await session.send("Emulation.setDeviceMetricsOverride", { width: 1100, height: 760, deviceScaleFactor: 3, mobile: false });
    // As when a window comes to another screen; what is emulated is not always told.
    await visitor.page.evaluate(() => dispatchEvent(new Event("resize")));
    await visitor.page.waitForFunction((old) => document.getElementById("poster").width > old, width);
    await visitor.settled();
    assert.ok(Math.abs((await size())[0] / width - 1.5) < 0.01, "three pixels to one instead of two");
    assert.ok(shareOf(await visitor.picture(), themeFile("terracotta").bg) > 0.15);
    assert.deepEqual(await handedOver(visitor), before);
  }, { before: watchGpu });
});

describe("a GPU that does not keep up", () => {
  visit("is given a moving map without smooth edges, and a smooth one at rest", async (visitor) => {
    // All in the page: by the time of a message the hand may rest already.
    const { url, isOpaque } = await visitor.page.evaluate(async () => {
      const canvas = document.getElementById("poster");
      const { left, top } = canvas.getBoundingClientRect();
      const send = (type, by) => canvas.dispatchEvent(new PointerEvent(type, {
        pointerId: 7, button: 0, bubbles: true, clientX: left + 100 + by, clientY: top + 100,
      }));
      globalThis.isSlow = true;
      send("pointerdown", 0);
      for (let step = 1; canvas.dataset.state !== "rough"; step++) {
        send("pointermove", step % 40);
        await new Promise(requestAnimationFrame);
      }
      globalThis.isSlow = false;
      const url = canvas.toDataURL();
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      return { url, isOpaque: data.every((value, i) => i % 4 < 3 || value === 255) };
    });
    await visitor.settled();
    const smooth = await canvasPixels(visitor);
    const rough = decodePng(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
    const { farShare, mean, differentShare } = compare(rough, smooth);
    assert.ok(isOpaque, "nothing of the page shows through");
    assert.ok(differentShare > 0.005, `edges differ: ${differentShare}`);
    assert.ok(mean < 8 && farShare < 0.1, `and nothing else does: mean ${mean}, far ${farShare}`);
  }, { before: async (page) => {
    await watchGpu(page);
    await page.addInitScript(() => {
      const gl = WebGL2RenderingContext.prototype;
      const { getSyncParameter } = gl;
      gl.getSyncParameter = function (...all) {
        return globalThis.isSlow ? gl.UNSIGNALED : getSyncParameter.apply(this, all);
      };
    });
  } });
});

describe("several posters on a page", () => {
  /** A page of so many of ours, each in a frame of its own, one begun when the one before is drawn. */
  const frames = async (visitor, stage, n) => {
    stage.replaced["many.html"] = "<!doctype html><title>Many</title>";
    await visitor.page.goto(`${stage.site.url}many.html`);
    const all = [];
    while (all.length < n) {
      const element = await visitor.page.evaluateHandle(() => {
        const frame = Object.assign(document.createElement("iframe"), { src: "./", width: 420, height: 420 });
        document.body.append(frame);
        return frame;
      });
      all.push(await element.contentFrame());
      await all.at(-1).locator('#poster[data-state="drawn"], #poster[data-state="lost"]').waitFor({ state: "attached" });
    }
    return all;
  };
  const state = (frame, state) => frame.locator(`#poster[data-state="${state}"]`).waitFor({ state: "attached" });
  const paper = async (frame) => {
    const picture = decodePng(await frame.locator("#poster").screenshot());
    assert.ok(commonColors(picture, 1)[0].share < 0.9, "not blank");
    return shareOf(picture, themeFile("terracotta").bg);
  };

  visit("are all drawn, and one whose context is lost comes back", async (visitor, stage) => {
    const all = await frames(visitor, stage, 4);
    for (const frame of all) await state(frame, "drawn");
    await all[1].evaluate(() => {
      const gl = document.getElementById("poster").getContext("webgl2");
      globalThis.taken = gl.getExtension("WEBGL_lose_context");
      globalThis.taken.loseContext();
    });
    await state(all[1], "lost");
    await all[1].locator("#lost-note").waitFor();
    for (const i of [0, 2, 3]) assert.ok((await paper(all[i])) > 0.1, `the poster ${i}`);
    await all[1].evaluate(() => globalThis.taken.restoreContext());
    await state(all[1], "drawn");
    await all[1].locator("#lost-note").waitFor({ state: "detached" });
    assert.ok((await paper(all[1])) > 0.1, "the one that was lost");
  });

  visit("one more than the browser can have: the oldest says so, and is back when there is room", async (visitor, stage) => {
    const all = await frames(visitor, stage, 17);
    await Promise.any(all.map((frame) => state(frame, "lost")));
    const lost = [];
    for (const frame of all) if ((await frame.locator("#poster").getAttribute("data-state")) === "lost") lost.push(frame);
    assert.equal(lost.length, 1);
    await lost[0].locator("#lost-note").waitFor();
    const other = all.find((frame) => frame !== lost[0]);
    await (await other.frameElement()).evaluate((element) => element.remove());
    await state(lost[0], "drawn");
    assert.ok((await paper(lost[0])) > 0.1);
    visitor.complaints = visitor.complaints.filter((text) => !/Too many active WebGL contexts/.test(text));
  });
});

describe("memory", () => {
  /** Runs ahead of the page's and the worker's own code: finds the memory of their module. */
  const findMemory = () => {
    const note = (instance) => (globalThis.wasmMemory = instance.exports.memory ?? globalThis.wasmMemory);
    const { instantiate, instantiateStreaming, Instance } = WebAssembly;
    WebAssembly.instantiate = async (...all) => {
      const made = await instantiate(...all);
      note(made.instance ?? made);
      return made;
    };
    WebAssembly.instantiateStreaming = async (...all) => {
      const made = await instantiateStreaming(...all);
      note(made.instance);
      return made;
    };
    WebAssembly.Instance = new Proxy(Instance, {
      construct(target, all) {
        const made = new target(...all);
        note(made);
        return made;
      },
    });
  };
  const replaced = () => aheadOf("render", findMemory);
  /** Bytes of the page's and the render worker's wasm memory, and of the page's JavaScript after its garbage is gone. */
  const memory = async (visitor) => {
    const worker = visitor.page.workers().find((one) => one.url().includes("render_worker"));
    const wasm = () => globalThis.wasmMemory.buffer.byteLength;
    const session = await visitor.context.newCDPSession(visitor.page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    return { page: await visitor.page.evaluate(wasm), worker: await worker.evaluate(wasm), heap: usedSize, buffers: backingStorageSize };
  };
  const total = ({ page, worker, heap, buffers }) => page + worker + heap + buffers;
  const grown = (from, to) => `${JSON.stringify(from)} → ${JSON.stringify(to)}`;

  /** Acts so many times; the memory after the last must be within a tenth of that after the fifth. */
  const holds = async (visitor, test, times, act) => {
    let fifth;
    for (let i = 0; i < times; i++) {
      await act(i);
      await visitor.settled();
      if (i === 4) fifth = await memory(visitor);
    }
    const last = await memory(visitor);
    test.diagnostic(grown(fifth, last));
    assert.ok(total(last) < total(fifth) * 1.1, grown(fifth, last));
  };

  visit("of a map's triangles is the next map's", async (visitor) => {
    const worker = visitor.page.workers().find((one) => one.url().includes("render_worker"));
    const fetchAnother = async (lat) => {
      await visitor.newMap(() => visitor.fetchPlace({ lat, lon: 10, distance: 2000 }));
      return worker.evaluate(() => globalThis.largeBuffers);
    };
    const first = await fetchAnother(40);
    assert.ok(first > 0, "one was made for the first map");
    assert.equal(await fetchAnother(41), first);
    assert.equal(await fetchAnother(42), first);
  }, { replaced: () => aheadOf("render", () => {
    globalThis.largeBuffers = 0;
    globalThis.ArrayBuffer = new Proxy(ArrayBuffer, {
      construct(target, all) {
        if (all[0] >= 1 << 16) globalThis.largeBuffers++;
        return new target(...all);
      },
    });
  }) });

  visit("of 50 themes is within a tenth of that of five", async (visitor, _, test) => {
    await holds(visitor, test, 50, (i) => visitor.chooseTheme(THEMES[i % THEMES.length]));
  }, { before: (page) => page.addInitScript(findMemory), replaced });

  visit("of 20 places is within a tenth of that of five", async (visitor, _, test) => {
    await holds(visitor, test, 20, async (i) => {
      const maps = await visitor.page.locator("#poster").getAttribute("data-maps");
      await visitor.fetchPlace({ lat: 40 + i, lon: 10 + i, distance: 2000 });
      await visitor.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, maps);
    });
  }, { before: (page) => page.addInitScript(findMemory), replaced });
});
