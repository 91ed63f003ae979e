// How files are made: by several workers, into a place of one's own, many at once, and in how much memory.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { processOf } from "./bench/clock.mjs";
import { aheadOf } from "./lib/ahead.mjs";
import { suite } from "./lib/app.mjs";
import { forgetPeak, heapOf, processMemory, wasmOf, watchedWorkers, watchMemory } from "./lib/memory.mjs";
import { decodePng, readHeader } from "./lib/png.mjs";
import { readZip } from "./lib/zip.mjs";

const { visit } = suite();

/** Ahead of a worker's code: it has so many cores, and says its name. */
const withCores = (cores) => {
  Object.defineProperty(WorkerNavigator.prototype, "hardwareConcurrency", { get: () => cores });
  new BroadcastChannel("names").postMessage(globalThis.name);
};
const cores = (n) => () => ({ ...aheadOf("print", withCores, n), ...aheadOf("render", withCores, n) });
const noteNames = (page) => page.addInitScript(() => {
  globalThis.names = [];
  globalThis.namesLine = new BroadcastChannel("names");
  globalThis.namesLine.onmessage = ({ data }) => globalThis.names.push(data);
});
const helpers = (visitor) => visitor.page.evaluate(() => globalThis.names.filter((name) => name === "bands").length);

describe("a PNG of several workers", () => {
  visit("is byte for byte that of one", async (visitor, stage) => {
    const alone = await visitor.download("png");
    assert.equal(await helpers(visitor), 0);
    Object.assign(stage.replaced, cores(3)());
    const other = await stage.visit({ before: noteNames });
    try {
      const together = await other.download("png");
      assert.equal(await helpers(other), 2);
      assert.ok(readFileSync(alone.path).equals(readFileSync(together.path)), "the same bytes");
      decodePng(readFileSync(together.path));
      await other.download("png");
      assert.equal(await helpers(other), 2, "the same helpers");
    } finally {
      await other.leave();
    }
  }, { before: noteNames, replaced: cores(1) });

  visit("is whole though a helper is lost amid it", async (visitor, stage) => {
    const file = await visitor.download("png");
    stage.reset();
    const other = await stage.visit();
    try {
      const expected = await other.download("png");
      assert.ok(readFileSync(file.path).equals(readFileSync(expected.path)));
      assert.deepEqual(await visitor.errorCodes(), []);
    } finally {
      await other.leave();
    }
    visitor.complaints.splice(0);
  }, {
    // Its readiness and one band are all that a helper ever gives.
    replaced: () => ({
      ...aheadOf("print", withCores, 2),
      ...aheadOf("render", () => {
        if (globalThis.name !== "bands") return;
        const send = globalThis.postMessage.bind(globalThis);
        let n = 0;
        globalThis.postMessage = (...all) => {
          if (++n <= 2) return send(...all);
          // It says nothing any more; that it fails is heard by whoever started it, and again when it was ended already.
          for (let i = 0; i < 9; i++) setTimeout(() => { throw new Error("lost on purpose"); });
        };
      }),
    }),
  });
});

/** In the page: whoever asks for a place for a file gets one of the page's own storage. */
const placeInStorage = () => {
  globalThis.showSaveFilePicker = async ({ suggestedName, types }) => {
    globalThis.suggested = [suggestedName, types];
    const folder = await navigator.storage.getDirectory();
    return folder.getFileHandle("poster", { create: true });
  };
};
/** The file's bytes as base64, null where it is not there. */
const stored = (visitor) => visitor.page.evaluate(async () => {
  const folder = await navigator.storage.getDirectory();
  for await (const [name, handle] of folder.entries()) {
    if (name !== "poster") return `there is ${name}`;
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  }
  return null;
});
const inStorage = { before: (page) => page.addInitScript(placeInStorage) };
const idle = (visitor) => visitor.page.locator("#export-save:not([disabled])").waitFor();

describe("a file for a place of one's own", () => {
  visit("is written there, as it would be downloaded", async (visitor) => {
    const { path, name } = await visitor.download("png", 150);
    await visitor.page.locator("#export-save").click();
    // It shows nothing before it is whole.
    await visitor.page.waitForFunction(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle("poster").catch(() => undefined);
      return file && (await file.getFile()).size > 0;
    });
    await idle(visitor);
    assert.equal(Buffer.from(await stored(visitor), "base64").compare(readFileSync(path)), 0);
    assert.deepEqual(await visitor.page.evaluate(() => globalThis.suggested), [name, [{ accept: { "image/png": [".png"] } }]]);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, inStorage);

  visit("is not begun where no place is chosen, and the poster stays", async (visitor) => {
    const values = await visitor.values();
    await visitor.page.locator("#export-save").click();
    assert.match(await visitor.error("E-SAVE-NONE"), /nothing was written/);
    assert.deepEqual(await visitor.values(), values);
    assert.equal(await stored(visitor), null);
  }, {
    before: (page) => page.addInitScript(() => {
      globalThis.showSaveFilePicker = async () => {
        throw new DOMException("The user aborted a request.", "AbortError");
      };
    }),
  });

  visit("is not left half written where there is no room, and can be tried again", async (visitor) => {
    await visitor.page.locator("#export-save").click();
    assert.match(await visitor.error("E-SAVE-FULL"), /no room for the whole file/i);
    assert.equal(await stored(visitor), null);
    await visitor.download("svg");
  }, {
    ...inStorage,
    replaced: () => aheadOf("print", () => {
      const { write } = FileSystemWritableFileStream.prototype;
      let n = 0;
      FileSystemWritableFileStream.prototype.write = function (...all) {
        if (++n > 2) return Promise.reject(new DOMException("full", "QuotaExceededError"));
        return write.apply(this, all);
      };
    }),
  });

  visit("is not left half written where it is cancelled", async (visitor) => {
    await visitor.page.locator("#export-save").click();
    await visitor.page.evaluate(() => new Promise((begun) => (new BroadcastChannel("written").onmessage = begun)));
    await visitor.page.locator("#export-cancel").click();
    await visitor.page.waitForFunction(async () => {
      for await (const _ of (await navigator.storage.getDirectory()).keys()) return false;
      return true;
    });
    await visitor.download("svg");
    assert.deepEqual(await visitor.errorCodes(), []);
  }, {
    ...inStorage,
    // The second part of the file is never taken, until then the page hears of it.
    replaced: () => aheadOf("print", () => {
      const { write } = FileSystemWritableFileStream.prototype;
      const line = new BroadcastChannel("written");
      let n = 0;
      FileSystemWritableFileStream.prototype.write = function (...all) {
        if (++n < 2) return write.apply(this, all);
        setInterval(() => line.postMessage("held"), 50);
        return new Promise(() => {});
      };
    }),
  });
});

describe("many files at once", () => {
  async function choose(visitor, themes, formats) {
    await visitor.page.locator("#queue summary").click();
    for (const id of ["terracotta", ...themes]) {
      if (id !== "terracotta" || !themes.includes(id)) await visitor.press(`queue-${id}`);
    }
    for (const id of formats) if (id !== "png") await visitor.press(`queue-${id}`);
  }
  async function zipOf(visitor, button) {
    const coming = visitor.page.waitForEvent("download");
    await visitor.page.locator(button).click();
    const file = await coming;
    assert.equal(await file.failure(), null);
    return { name: file.suggestedFilename(), files: readZip(readFileSync(await file.path())) };
  }

  visit("are one ZIP of the files that each would be, of data read once", async (visitor) => {
    await visitor.page.locator("#export-dpi").fill("150");
    await choose(visitor, ["noir", "terracotta"], ["png", "svg"]);
    assert.match(await visitor.page.locator("#queue-download").innerText(), /4 files/);
    const { name, files } = await zipOf(visitor, "#queue-download");
    assert.equal(name, "helsinki-posters.zip");
    assert.deepEqual(await visitor.page.locator("#queue-list li").evaluateAll((all) => all.map((li) => li.dataset.state)), Array(4).fill("done"));
    assert.deepEqual(files.map((file) => file.name), ["noir-300x400mm.png", "terracotta-300x400mm.png", "noir-300x400mm.svg", "terracotta-300x400mm.svg"].map((end) => `helsinki-${end}`));
    for (const format of ["png", "svg"]) {
      const { path, name } = await visitor.download(format);
      assert.ok(files.find((file) => file.name === name).bytes.equals(readFileSync(path)), name);
    }
    const packs = visitor.asked.filter((url) => url.endsWith("places/helsinki.mpk"));
    assert.ok(packs.length <= 2, `${packs.length} times: once to be shown and once for files`);
  });

  visit("can be cancelled, and made after all", async (visitor, stage) => {
    await visitor.page.locator("#export-dpi").fill("150");
    await choose(visitor, ["terracotta"], ["png", "svg", "pdf"]);
    await visitor.page.locator("#queue-download").click();
    await visitor.page.evaluate(() => new Promise((begun) => (new BroadcastChannel("held").onmessage = begun)));
    await visitor.page.locator('#queue-list li[data-state="busy"]').waitFor();
    assert.equal(await visitor.page.locator("#queue-list li").count(), 3);
    await visitor.page.locator("#export-cancel").click();
    assert.deepEqual(await visitor.page.locator("#queue-list li").evaluateAll((all) => all.map((li) => li.dataset.state)), Array(3).fill("waiting"));
    stage.reset();
    const { files } = await zipOf(visitor, "#queue-retry");
    assert.deepEqual(files.map((file) => file.name.split(".").pop()), ["png", "svg", "pdf"]);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, {
    // The picture never comes: no part of it becomes the browser's.
    replaced: () => aheadOf("print", () => {
      const line = new BroadcastChannel("held");
      const { onmessage } = globalThis;
      globalThis.Blob = class {
        constructor() {
          line.postMessage("held");
          const until = Date.now() + 20_000;
          while (Date.now() < until);
        }
      };
    }),
  });
});

describe("the memory of an export", () => {
  const MIB = 1 << 20;
  const KINDS = ["render", "print"];
  const watched = { before: (page) => page.addInitScript(watchMemory, "page"), replaced: () => ({ ...watchedWorkers() }) };
  const sum = (found) => Object.values(found).reduce((a, b) => a + b, 0);

  visit("of A0 at 300 dpi is 64 MiB at most beyond what the page has, and given back where it is cancelled", async (visitor, stage, test) => {
    await visitor.setPaper(148, 210);
    await visitor.download("png", 150);
    const id = await processOf(visitor.page, stage.chromium.browser);
    await visitor.setPaper(841, 1189);
    await visitor.settled();
    await visitor.chooseFormat("png", 300);
    const before = { wasm: sum(await wasmOf(visitor.page, KINDS)), heap: await heapOf(visitor), process: processMemory(id).now };
    forgetPeak(id);
    let most = 0;
    let isDone = false;
    const looking = (async () => {
      while (!isDone) {
        const session = await visitor.context.newCDPSession(visitor.page);
        const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
        await session.detach();
        most = Math.max(most, usedSize + backingStorageSize);
      }
    })();
    const from = Date.now();
    const file = await visitor.download("png", 300);
    const seconds = (Date.now() - from) / 1000;
    isDone = true;
    await looking;
    const process = processMemory(id);
    const kinds = [...KINDS, "bands"];
    const wasm = await wasmOf(visitor.page, kinds);
    const added = { wasm: (sum(wasm) - before.wasm) / MIB, heap: (most - before.heap) / MIB, process: (process.most - before.process) / MIB };
    const bytes = readFileSync(file.path);
    const { width, height } = readHeader(bytes);
    assert.deepEqual([width, height], [9933, 14043]);
    test.diagnostic(`${seconds.toFixed(1)} s, ${(bytes.length / 1e6).toFixed(1)} MB; added MiB: ${JSON.stringify(added)}; wasm ${JSON.stringify(wasm)}`);
    assert.ok(added.wasm + added.heap <= 64, JSON.stringify(added));
    await visitor.page.locator("#export-download").click();
    await visitor.page.locator("#export-progress progress:not(.unknown)").waitFor();
    await visitor.page.locator("#export-cancel").click();
    // The worker and its memory are gone at once.
    await visitor.page.waitForFunction(() => !document.getElementById("export-download").disabled);
    await visitor.until(() => processMemory(id).now < before.process + 24 * MIB, "the memory is given back");
  }, watched);

  visit("of the tenth is that of the second", async (visitor, stage, test) => {
    await visitor.setPaper(300, 400);
    let second;
    for (let n = 1; n <= 10; n++) {
      await visitor.download("png", 300);
      if (n === 2) second = { ...(await wasmOf(visitor.page, [...KINDS, "bands"])), heap: await heapOf(visitor) };
    }
    const tenth = { ...(await wasmOf(visitor.page, [...KINDS, "bands"])), heap: await heapOf(visitor) };
    test.diagnostic(`${JSON.stringify(second)} → ${JSON.stringify(tenth)}`);
    assert.ok(sum(tenth) <= sum(second) * 1.05, `${JSON.stringify(second)} → ${JSON.stringify(tenth)}`);
  }, watched);
});
