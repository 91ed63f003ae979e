// How files are made: by several workers, into a place of one's own, many at once, and in how much memory.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { processOf, rest } from "./bench/clock.mjs";
import { aheadOf } from "./lib/ahead.mjs";
import { suite } from "./lib/app.mjs";
import { forgetPeak, heapOf, heapsOf, processMemory, wasmOf, watchedWorkers, watchMemory } from "./lib/memory.mjs";
import { decodePng, readHeader } from "./lib/png.mjs";
import { inspectSvg } from "./lib/svg.mjs";
import { readZip } from "./lib/zip.mjs";

const { visit } = suite();

/** Ahead of a worker's code: it has so many cores, says its name, and gives up none of its helpers, however slow or idle. */
const withCores = (cores) => {
  const { setInterval, setTimeout } = globalThis;
  globalThis.setInterval = (act, ms, ...rest) => (ms === 2000 ? 0 : setInterval(act, ms, ...rest));
  globalThis.setTimeout = (act, ms, ...rest) => (ms === 20_000 ? 0 : setTimeout(act, ms, ...rest));
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
const idle = (visitor) => visitor.page.locator('#export-download[aria-busy="false"]').waitFor();
const nStored = (visitor) => visitor.page.evaluate(async () => {
  let n = 0;
  for await (const _ of (await navigator.storage.getDirectory()).keys()) n++;
  return n;
});
const isStored = (visitor, is) => visitor.until(async () => (await nStored(visitor)) > 0 === is, is ? "a file" : "the file's end");

/**
 * Ahead of the print worker: jobs with this name are not begun before the page says so, and the page hears of each job
 * that comes in: its name on the channel "jobs".
 */
const holdJobs = (name) => {
  const [jobs, word] = [new BroadcastChannel("jobs"), new BroadcastChannel("word")];
  let mayGo = false;
  const held = [];
  word.onmessage = ({ data }) => {
    mayGo = data === "go";
    for (const data of mayGo ? held.splice(0) : []) globalThis.dispatchEvent(new MessageEvent("message", { data }));
  };
  globalThis.addEventListener("message", (event) => {
    const [kind] = Object.keys(event.data?.[0]?.job ?? {});
    if (!kind) return;
    if (kind === name && !mayGo) {
      event.stopImmediatePropagation();
      held.push(event.data);
      word.postMessage("may I?");
    }
    // What was held comes once more.
    if (event.isTrusted) jobs.postMessage(kind);
  });
};
/** In the page: notes the jobs, and lets those begin that are held once `jobsMayGo`. */
const noteJobs = () => {
  Object.assign(globalThis, { jobs: [], jobsMayGo: false });
  globalThis.jobsLine = new BroadcastChannel("jobs");
  globalThis.jobsLine.onmessage = ({ data }) => globalThis.jobs.push(data);
  globalThis.word = new BroadcastChannel("word");
  globalThis.word.onmessage = () => globalThis.jobsMayGo && globalThis.word.postMessage("go");
};
/** Ahead of the print worker: these files of the first ZIP that is asked for have designs that are none. */
const spoil = (which) => {
  let isFirst = true;
  globalThis.addEventListener("message", ({ data }) => {
    const files = data?.[0]?.job?.Batch?.files;
    if (!files || !isFirst) return;
    isFirst = false;
    for (const i of which) files[i][1].design = "{";
  });
};
/** Ahead of the print worker: nothing can be written, and the page hears whether a chosen file is given up. */
const refuseAll = () => {
  const line = new BroadcastChannel("aborts");
  const { abort } = FileSystemWritableFileStream.prototype;
  FileSystemWritableFileStream.prototype.write = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
  FileSystemWritableFileStream.prototype.abort = function (...all) {
    line.postMessage("aborted");
    return abort.apply(this, all);
  };
};
const noteAborts = () => {
  globalThis.nAborts = 0;
  globalThis.abortsLine = new BroadcastChannel("aborts");
  globalThis.abortsLine.onmessage = () => globalThis.nAborts++;
};

describe("a file for a place of one's own", () => {
  visit("is written there, as it would be downloaded", async (visitor) => {
    const { path, name } = await visitor.download("png", 150);
    await visitor.page.locator("#export-save").click();
    // It shows nothing before it is whole.
    await visitor.until(() => visitor.page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle("poster").catch(() => undefined);
      return file && (await file.getFile()).size > 0;
    }), "the whole file");
    await idle(visitor);
    // One that is made in no time would else be there without a word.
    assert.equal(await visitor.page.locator("#export-saved").innerText(), "Saved as poster.");
    assert.equal(Buffer.from(await stored(visitor), "base64").compare(readFileSync(path)), 0);
    assert.deepEqual(await visitor.page.evaluate(() => globalThis.suggested), [name, [{ accept: { "image/png": [".png"] } }]]);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, inStorage);

  visit("is not begun where no place is chosen, and the poster stays", async (visitor) => {
    const values = await visitor.values();
    await visitor.page.locator("#export-save").click();
    assert.match(await visitor.error("E-SAVE-NONE"), /nothing was written/);
    assert.deepEqual(await visitor.values(), values);
    assert.equal(await visitor.page.locator("#export-saved").innerText(), "");
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
    await isStored(visitor, false);
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

describe("a file that someone is about to ask for", () => {
  /** A PNG asked for by a script, as someone would who was never at the section. */
  async function suddenFile(visitor) {
    const coming = visitor.page.waitForEvent("download");
    await visitor.page.evaluate(() => document.getElementById("export-download").click());
    return readFileSync(await (await coming).path());
  }
  const approach = (visitor) => visitor.page.locator("#heading-export").hover();
  const jobs = (visitor) => visitor.page.evaluate(() => globalThis.jobs.filter((kind) => kind !== "Shape"));
  const before = (page) => page.addInitScript(noteJobs);

  visit("is begun meanwhile, once, and is the same", async (visitor, stage) => {
    await approach(visitor);
    await visitor.page.waitForFunction(() => globalThis.jobs.includes("Rehearse"));
    const { path } = await visitor.download("png");
    await visitor.download("png");
    assert.deepEqual(await jobs(visitor), ["Load", "Rehearse", "Export", "Export"]);
    const other = await stage.visit({ before });
    try {
      assert.ok(readFileSync(path).equals(await suddenFile(other)));
      assert.deepEqual(await jobs(other), ["Load", "Export"]);
    } finally {
      await other.leave();
    }
  }, { before, replaced: () => aheadOf("print", holdJobs) });

  visit("is of the place that came while another's was begun", async (visitor, stage) => {
    const place = { lat: 58.38, lon: 26.72, distance: 2000 };
    await approach(visitor);
    await visitor.page.waitForFunction(() => globalThis.jobs.includes("Load"));
    await visitor.newMap(() => visitor.fetchPlace(place));
    const coming = suddenFile(visitor);
    // It waits for what is being loaded, and then for its own.
    await visitor.page.locator('#export-download[aria-busy="true"]').waitFor();
    await visitor.page.evaluate(() => globalThis.word.postMessage("go"));
    const file = await coming;
    assert.deepEqual((await jobs(visitor)).filter((kind) => kind !== "Rehearse"), ["Load", "Load", "Export"]);
    stage.reset();
    const other = await stage.visit();
    try {
      await other.newMap(() => other.fetchPlace(place));
      assert.ok(file.equals(await suddenFile(other)));
    } finally {
      await other.leave();
    }
  }, { before, replaced: () => aheadOf("print", holdJobs, "Load") });
});

describe("a file for a place of one's own whose text is not set yet", () => {
  visit("is not made where it is cancelled", async (visitor) => {
    await visitor.page.locator("#export-svg").waitFor({ state: "attached" });
    await visitor.chooseFormat("svg");
    await visitor.write("text-title", "Not to be");
    await visitor.page.waitForFunction(() => globalThis.jobs.includes("Shape"));
    await visitor.page.locator("#export-save").click();
    await isStored(visitor, true);
    await visitor.page.locator("#export-cancel").click();
    await visitor.page.evaluate(() => {
      globalThis.jobsMayGo = true;
      globalThis.word.postMessage("go");
    });
    await isStored(visitor, false);
    await visitor.settled();
    assert.deepEqual(await visitor.page.evaluate(() => globalThis.jobs.filter((kind) => kind === "Export")), []);
    const { path } = await visitor.download("svg");
    assert.match(readFileSync(path, "utf8"), /NOT TO BE/);
    assert.deepEqual(await visitor.errorCodes(), []);
  }, {
    before: async (page) => {
      await page.addInitScript(placeInStorage);
      await page.addInitScript(noteJobs);
    },
    replaced: () => aheadOf("print", holdJobs, "Shape"),
  });

  visit("is given up where its last bytes are refused", async (visitor) => {
    await visitor.chooseFormat("svg");
    await visitor.page.locator("#export-save").click();
    await visitor.error("E-SAVE-FULL");
    await visitor.page.waitForFunction(() => globalThis.nAborts === 1);
    await isStored(visitor, false);
  }, {
    before: async (page) => {
      await page.addInitScript(placeInStorage);
      await page.addInitScript(noteAborts);
    },
    replaced: () => aheadOf("print", refuseAll),
  });
});

describe("a download for which the browser has no room", () => {
  const parts = {
    "loses a part": () => {
      globalThis.Blob = new Proxy(Blob, {
        construct: (of, [parts, options]) => new of(options?.type ? parts.slice(1) : parts, options),
      });
    },
    "cannot be read": () => {
      Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotReadableError"));
    },
  };
  for (const [name, code] of Object.entries(parts)) {
    visit(`is told, and no broken file comes, where it ${name}`, async (visitor) => {
      let came = false;
      visitor.page.on("download", () => (came = true));
      await visitor.chooseFormat("svg");
      const values = await visitor.values();
      await visitor.page.locator("#export-download").click();
      assert.match(await visitor.error("E-SAVE-FULL"), /no room for the whole file/i);
      assert.equal(came, false);
      assert.deepEqual(await visitor.values(), values);
    }, { replaced: () => aheadOf("print", code) });
  }
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
    const path = await file.path();
    // Readers that others wrote find nothing wrong in it.
    execFileSync("unzip", ["-tqq", path]);
    assert.match(execFileSync("python3", ["-m", "zipfile", "-t", path], { encoding: "utf8" }), /^Done testing\s*$/);
    return { name: file.suggestedFilename(), files: readZip(readFileSync(path)) };
  }

  visit("are one ZIP of the files that each would be, of data read once", async (visitor) => {
    await visitor.page.locator("#export-dpi").fill("150");
    await choose(visitor, ["noir", "terracotta"], ["png", "svg"]);
    assert.match(await visitor.page.locator("#queue-download").innerText(), /4 files/);
    await visitor.page.evaluate(() => {
      globalThis.told = [];
      const list = document.getElementById("queue-list");
      new MutationObserver(() => globalThis.told.push(list.innerText)).observe(list, { subtree: true, childList: true, characterData: true });
    });
    const { name, files } = await zipOf(visitor, "#queue-download");
    assert.equal(name, "helsinki-posters.zip");
    const told = await visitor.page.evaluate(() => globalThis.told);
    assert.ok(told.some((text) => /Writing the file · [1-9]\d? %/.test(text)), told.join("\n"));
    assert.deepEqual(await visitor.page.locator("#queue-list li").evaluateAll((all) => all.map((li) => li.dataset.state)), Array(4).fill("done"));
    assert.deepEqual(files.map((file) => file.name), ["noir-300x400mm.png", "terracotta-300x400mm.png", "noir-300x400mm.svg", "terracotta-300x400mm.svg"].map((end) => `helsinki-${end}`));
    for (const format of ["png", "svg"]) {
      const { path, name } = await visitor.download(format);
      assert.ok(files.find((file) => file.name === name).bytes.equals(readFileSync(path)), name);
    }
    const packs = visitor.asked.filter((url) => url.endsWith("places/helsinki.mpk"));
    assert.ok(packs.length <= 2, `${packs.length} times: once to be shown and once for files`);
  }, {
    // A share is told of by the clock, and a fast machine has the file before its first.
    replaced: () => aheadOf("print", () => {
      const { now } = Date;
      let ahead = 0;
      Date.now = () => now() + (ahead += 150);
    }),
  });

  visit("leave no file where none of them can be made, and can be made after all", async (visitor) => {
    await choose(visitor, ["noir", "terracotta"], ["svg"]);
    await visitor.press("queue-png");
    await visitor.page.locator("#queue-save").click();
    await visitor.page.locator('#queue-list li[data-state="failed"]').nth(1).waitFor();
    await isStored(visitor, false);
    assert.deepEqual(await visitor.errorCodes(), []);
    const { files } = await zipOf(visitor, "#queue-retry");
    assert.equal(files.length, 2);
  }, { ...inStorage, replaced: () => aheadOf("print", spoil, [0, 1]) });

  visit("that failed are made of the poster as it was", async (visitor) => {
    await choose(visitor, ["noir", "terracotta"], ["svg"]);
    await visitor.press("queue-png");
    const first = await zipOf(visitor, "#queue-download");
    assert.deepEqual(first.files.map((file) => file.name), ["helsinki-terracotta-300x400mm.svg"]);
    await visitor.choosePaper("a5");
    await visitor.write("text-title", "Another");
    await visitor.settled();
    const { name, files } = await zipOf(visitor, "#queue-retry");
    assert.equal(name, "helsinki-posters.zip");
    assert.deepEqual(files.map((file) => file.name), ["helsinki-noir-300x400mm.svg"]);
    const text = files[0].bytes.toString("utf8");
    assert.equal(inspectSvg(text).root.attributes.width, "300mm");
    assert.match(text, /HELSINKI/);
    assert.doesNotMatch(text, /ANOTHER/);
  }, { replaced: () => aheadOf("print", spoil, [0]) });

  visit("are refused before any is made where one cannot be", async (visitor) => {
    await visitor.setPaper(500, 700);
    await choose(visitor, ["terracotta"], ["webp"]);
    await visitor.page.locator("#queue-save").click();
    assert.match(await visitor.error("E-EXPORT-TOO-LARGE"), /the nearest is 171 dpi/);
    assert.equal(await visitor.page.evaluate(() => globalThis.suggested), undefined, "no place was asked for");
    assert.equal(await visitor.page.locator("#queue-list li").count(), 0);
  }, inStorage);

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
          const until = Date.now() + 20_000;
          // Again and again, as the page may not listen yet.
          for (let next = 0; Date.now() < until;) {
            if (Date.now() < next) continue;
            line.postMessage("held");
            next = Date.now() + 50;
          }
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

  const cases = {
    "A0 at 300 dpi by two threads": { paper: [841, 1189], dpi: 300, pixels: [9933, 14043], cores: 2 },
    "A2 at 600 dpi by two threads": { paper: [420, 594], dpi: 600, pixels: [9921, 14031], cores: 2 },
    "A0 at 300 dpi by four threads": { paper: [841, 1189], dpi: 300, pixels: [9933, 14043], cores: 4 },
  };
  for (const [name, { paper, dpi, pixels, cores }] of Object.entries(cases)) {
    visit(`of ${name} is 64 MiB at most beyond what the page has, and is given back`, async (visitor, stage, test) => {
      await visitor.setPaper(148, 210);
      await visitor.download("png", 150);
      const id = await processOf(visitor.page, stage.chromium.browser);
      await visitor.setPaper(...paper);
      await visitor.settled();
      await visitor.chooseFormat("png", dpi);
      await visitor.settled();
      const heaps = await heapsOf(visitor);
      await visitor.until(() => heaps.n() >= 3, "the page and both its workers");
      const before = { wasm: sum(await wasmOf(visitor.page, KINDS)), heap: await heaps.bytes(true), process: processMemory(id).now };
      forgetPeak(id);
      let most = 0;
      let isDone = false;
      const looking = (async () => {
        while (!isDone) {
          most = Math.max(most, await heaps.bytes(false));
          await rest(50);
        }
      })();
      const from = Date.now();
      const file = await visitor.download("png", dpi);
      const seconds = (Date.now() - from) / 1000;
      isDone = true;
      await looking;
      const process = processMemory(id);
      const kinds = [...KINDS, ...Array(cores - 1).fill("bands")];
      const wasm = await wasmOf(visitor.page, kinds);
      const after = { wasm: sum(wasm), heap: await heaps.bytes(true) };
      const added = { wasm: (after.wasm - before.wasm) / MIB, heap: (most - before.heap) / MIB, process: (process.most - before.process) / MIB };
      const bytes = readFileSync(file.path);
      const { width, height } = readHeader(bytes);
      assert.deepEqual([width, height], pixels);
      test.diagnostic(`${seconds.toFixed(1)} s, ${(bytes.length / 1e6).toFixed(1)} MB; added MiB: ${JSON.stringify(added)}; JavaScript after: ${((after.heap - before.heap) / MIB).toFixed(1)} MiB; wasm ${JSON.stringify(wasm)}`);
      assert.ok(added.wasm + added.heap <= 64, JSON.stringify(added));
      assert.ok(after.heap - before.heap <= 2 * MIB, `${after.heap - before.heap} bytes of JavaScript stay`);
      await heaps.leave();
      // Within the page, as the whole file takes hardly longer than to ask from outside.
      await visitor.page.evaluate(() => new Promise((cancelled) => {
        const click = (id) => document.getElementById(id).click();
        new MutationObserver((_, watch) => {
          if (!document.querySelector("#export-progress progress:not(.unknown)")) return;
          watch.disconnect();
          cancelled(click("export-cancel"));
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
        click("export-download");
      }));
      // The worker and its memory are gone at once.
      await visitor.page.waitForFunction(() => !document.getElementById("export-download").disabled);
      await visitor.until(() => processMemory(id).now < before.process + 24 * MIB, "the memory is given back");
    }, { ...watched, replaced: () => watchedWorkers(cores) });
  }

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
