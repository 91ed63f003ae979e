// How the app starts and how it ends: the build the browser can run, and a sentence where none starts or it stops.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { builds, DIST, suite, themeFile } from "./lib/app.mjs";
import { compare, shareOf } from "./lib/pixels.mjs";
import { decodePng } from "./lib/png.mjs";

const withSimd = suite();
const { visit } = withSimd;
// V8 has no wasm SIMD on an x64 processor without SSE 4.1: neither the page nor a worker compiles any.
const withoutSimd = suite({ prefix: "/some/where/", args: ["--js-flags=--no-enable-sse4-1"] });
const [simd, plain] = DIST ? builds() : [{}, {}];

/** The folders of code that were asked for. */
const folders = (visitor) => [...new Set(visitor.asked.map((url) => /\/(build-[^/]+)\//.exec(url)?.[1]).filter(Boolean))];
const onePng = async (visitor) => decodePng(readFileSync((await visitor.download("png", 150)).path));

describe("the build", () => {
  visit("with SIMD runs where the browser has it: its module is asked for once, nothing of the other", async (visitor, stage) => {
    const isModule = ({ path: asked }) => asked.endsWith(".wasm");
    assert.deepEqual(stage.site.requests.filter(isModule).map(({ path: asked }) => asked), [`/${simd.wasm}`]);
    await onePng(visitor);
    assert.deepEqual(folders(visitor), [simd.folder]);
  });

  withoutSimd.visit("without SIMD runs where it has none, below a sub-path: the poster is drawn, its PNG is the same", async (visitor, _, context) => {
    if (process.arch !== "x64") return context.skip("only on x64 can Chromium be told to do without SIMD");
    assert.ok(shareOf(await visitor.picture(), themeFile("terracotta").bg) > 0.15);
    await visitor.setLayer("buildings", false);
    await visitor.setLayer("buildings", true);
    await visitor.settled();
    const other = await withSimd.stage.visit();
    try {
      const { largest } = compare(await onePng(visitor), await onePng(other));
      assert.equal(largest, 0, "the largest difference in a channel");
    } finally {
      await other.leave();
    }
    assert.deepEqual(folders(visitor), [plain.folder]);
    const modules = visitor.asked.filter((url) => url.endsWith(".wasm")).map((url) => path.basename(url));
    assert.equal(new Set(modules).size, 2, "the page's module and the print worker's");
  });
});

describe("a server that does not know the type of a module", () => {
  /** All modules of the build, sent as another type. */
  const modulesAs = (type) => () => {
    if (!DIST) return {};
    const names = readdirSync(path.join(DIST, simd.folder)).filter((name) => name.endsWith(".wasm"));
    return Object.fromEntries(names.map((name) => [`${simd.folder}/${name}`, (_, response) => {
      response.writeHead(200, { "Content-Type": type }).end(readFileSync(path.join(DIST, simd.folder, name)));
    }]));
  };

  for (const type of ["application/octet-stream", "application/wasm; charset=utf-8"]) {
    visit(`and sends it as ${type} serves the app, and its files`, async (visitor) => {
      assert.ok(shareOf(await visitor.picture(), themeFile("terracotta").bg) > 0.15);
      await onePng(visitor);
    }, { replaced: modulesAs(type) });
  }
});

describe("a sentence with a code and a way to try again is shown", () => {
  const missing = (_, response) => response.writeHead(404).end();
  /** Waits for the sentence; the browser's own words on the console are no complaint. */
  const shown = async (visitor, code) => {
    const words = await visitor.error(code);
    assert.equal(await visitor.page.getByText("MapPoster is loading").count(), 0);
    visitor.complaints = [];
    return words;
  };

  visit("in a browser without WebAssembly, and no code is loaded", async (visitor) => {
    assert.match(await shown(visitor, "E-APP-BROWSER"), /cannot run MapPoster.*Update the browser/s);
    assert.deepEqual(folders(visitor), []);
    assert.ok(await visitor.page.locator("#app-retry").isVisible());
  }, { ready: false, before: (page) => page.addInitScript(() => delete globalThis.WebAssembly) });

  visit("in a browser whose WebAssembly is too old", async (visitor) => {
    await shown(visitor, "E-APP-BROWSER");
    assert.deepEqual(folders(visitor), []);
  }, { ready: false, before: (page) => page.addInitScript(() => { WebAssembly.validate = () => false; }) });

  for (const [what, file, body] of [
    ["the script is missing", simd.script, missing],
    ["the module is missing", simd.wasm, missing],
    ["the connection is cut within the module", simd.wasm, (_, response) => {
      response.writeHead(200, { "Content-Type": "application/wasm", "Content-Length": 1_000_000 });
      response.write(readFileSync(path.join(DIST, simd.wasm)).subarray(0, 100_000), () => response.destroy());
    }],
    ["the module is another page's", simd.wasm, "<!doctype html><p>not found"],
  ]) {
    visit(`when ${what}; once it is there the poster is drawn`, async (visitor, stage) => {
      assert.match(await shown(visitor, "E-APP-LOAD"), /did not arrive whole/);
      delete stage.replaced[file];
      await visitor.page.locator("#app-retry").click();
      await visitor.settled();
      visitor.complaints = [];
    }, { ready: false, replaced: { [file]: body } });
  }

  visit("when the app's own code panics: nothing beneath it can be used, and it starts afresh", async (visitor) => {
    // It takes for impossible that the browser makes no element.
    await visitor.page.evaluate(() => {
      const { cloneNode } = Node.prototype;
      Node.prototype.cloneNode = () => {
        Node.prototype.cloneNode = cloneNode;
        throw new Error("broken by the test");
      };
    });
    await visitor.page.locator("#map-turn-left").click();
    const words = await shown(visitor, "E-APP-STOPPED");
    assert.match(words, /has stopped through a fault of its own \(.+\.rs:\d+\)\. Reload/);
    assert.equal(await visitor.page.locator("main, aside").evaluateAll((all) => all.every((element) => element.inert)), true);
    await visitor.page.locator("#app-retry").click();
    await visitor.settled();
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("when the compiled code ends without a panic", async (visitor) => {
    await visitor.page.evaluate(() => setTimeout(() => {
      // An `unreachable`, as when memory has run out.
      const module = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11]);
      new WebAssembly.Instance(new WebAssembly.Module(module));
    }));
    await shown(visitor, "E-APP-STOPPED");
  });
});
