// Files of a place that is on the page: how long from the click to the file, beside Canvas 2D and `toBlob`.

import { openBaselinePrints } from "./baseline.mjs";
import { rest } from "./clock.mjs";
import { median, show, table } from "./figures.mjs";

/** 12 by 16 inches at 300 dpi. */
const [PAPER, DPI, WIDTH, HEIGHT] = ["305x406", 300, 3600, 4800];

/**
 * Of other tools, as they were recorded on another day on a machine like this one: seconds of matplotlib's `savefig`
 * and of the whole of maptoposter around it, and MB of the file. Its maps have no buildings.
 */
const RECORDED = {
  "manhattan-midtown": { png: [1.27, 5.75, 4.52], svg: [0.62, 5.06, 2.78], pdf: [0.6, 5.05, 0.32] },
  "surprise-az-8km": { png: [1.47, 13.2, 4.61], svg: [1.2, 12.3, 7.42], pdf: [1.24, 12.4, 1.1] },
};

/** Runs in the page: a file that is ready is noted, not saved. */
function noteFiles() {
  HTMLAnchorElement.prototype.click = function () {
    globalThis.fileReady?.(this.href);
  };
}

/** Runs in the page: {ms, size} of a file from the click. */
async function timeFile() {
  const button = document.getElementById("export-download");
  while (button.disabled) await new Promise((over) => setTimeout(over, 20));
  const from = performance.now();
  const url = await new Promise((done) => {
    globalThis.fileReady = done;
    button.click();
  });
  const ms = performance.now() - from;
  return { ms, size: (await (await fetch(url)).blob()).size };
}

/** How long nothing was painted in a gallery that is done, ms: a GPU made of software takes 0.3 s for a picture. */
const QUIET = 2000;

/**
 * Runs in the page: until its gallery is painted. Of two pages each would else take the processor from the other's files;
 * its own waits for its files.
 */
async function galleryIsDone(quiet) {
  await new Promise((over) => {
    let end = setTimeout(over, quiet);
    const goOn = () => {
      clearTimeout(end);
      end = setTimeout(over, quiet);
    };
    new MutationObserver(goOn).observe(document.querySelector(".swatches"), { attributeFilter: ["data-state"], subtree: true });
  });
}

/** Opens our page with the place on it, in a browser of so many cores. */
async function openPrints(stage, place, cores) {
  const visitor = await stage.visit({
    before: async (page) => {
      await page.addInitScript(noteFiles);
      await page.addInitScript((cores) => Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => cores }), cores);
    },
  });
  const maps = await visitor.page.locator("#poster").getAttribute("data-maps");
  await visitor.fetchPlace(place);
  await visitor.page.waitForFunction((old) => document.getElementById("poster").dataset.maps !== old, maps);
  await visitor.setPaper(...PAPER.split("x"));
  await visitor.settled();
  await visitor.chooseFormat("png", DPI);
  await visitor.page.evaluate(galleryIsDone, QUIET);
  return visitor;
}

/** Times prints of one place; its lines for scripts. `coresOf(n)`: files of the site whose print worker has n cores. */
export async function benchPrints(stage, site, name, place, runs, coresOf) {
  const found = { one: [], two: [], canvas: [], svg: [], pdf: [] };
  const baseline = await openBaselinePrints(stage.chromium, site, place);
  const visitors = {};
  for (const [key, cores] of [["one", 1], ["two", 2]]) {
    Object.assign(stage.replaced, coresOf(cores));
    visitors[key] = await openPrints(stage, place, cores);
    // The print worker was loaded when the format was chosen; what it does for the first time is not a usual file's.
    await visitors[key].page.evaluate(timeFile);
  }
  await baseline.print(WIDTH, HEIGHT);
  for (let run = 0; run < runs; run++) {
    for (const [key, time] of [
      ["canvas", () => baseline.print(WIDTH, HEIGHT)],
      ["one", () => visitors.one.page.evaluate(timeFile)],
      ["two", () => visitors.two.page.evaluate(timeFile)],
    ]) {
      await rest(200);
      found[key].push(await time());
    }
  }
  for (const format of ["svg", "pdf"]) {
    await visitors.two.chooseFormat(format);
    for (let run = 0; run <= runs; run++) {
      const file = await visitors.two.page.evaluate(timeFile);
      if (run > 0) found[format].push(file);
    }
  }
  await visitors.one.leave();
  await visitors.two.leave();
  await baseline.leave();
  const ms = (key) => found[key].map((file) => file.ms);
  const mb = (key) => (found[key][0].size / 1e6).toFixed(2);
  const recorded = RECORDED[name];
  const theirs = (format) => (recorded ? [`${recorded[format][0]} s (${recorded[format][1]} s in all)`, `${recorded[format][2]} MB`] : ["", ""]);
  console.log(`${name}: a file of ${WIDTH} × ${HEIGHT} pixels or 12 × 16 in, from the click, the place being on the page; wall ms, warm`);
  table([
    ["", "MapPoster", "MB", "Canvas 2D + toBlob", "MB", "matplotlib, recorded elsewhere", ""],
    ["PNG, one worker", show(ms("one")), mb("one"), show(ms("canvas")), mb("canvas"), ...theirs("png")],
    ["PNG, two workers", show(ms("two")), mb("two"), "", "", "", ""],
    ["SVG", show(ms("svg")), mb("svg"), "", "", ...theirs("svg")],
    ["PDF", show(ms("pdf")), mb("pdf"), "", "", ...theirs("pdf")],
  ]);
  return [
    ["png-1-worker", median(ms("one")) / median(ms("canvas"))],
    ["png-2-workers", median(ms("two")) / median(ms("canvas"))],
  ].map(([figure, value]) => `ratio ${figure} ${name} ${value.toFixed(3)}`);
}
