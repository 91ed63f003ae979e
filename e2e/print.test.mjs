// Paper, scale, bleed and marks as they are chosen, and files that print shops, pens and the app itself take again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe } from "node:test";
import { suite, themeFile } from "./lib/app.mjs";
import { replies } from "./lib/overpass.mjs";
import { inspectPdf, rasterizePdf } from "./lib/pdf.mjs";
import { compare, crop, resample, shareOf } from "./lib/pixels.mjs";
import { decodePng, readHeader } from "./lib/png.mjs";
import { inspectSvg, rasterizeSvg } from "./lib/svg.mjs";

const { visit } = suite();

const points = (mm) => (mm * 72) / 25.4;

function assertBox(found, expected, what) {
  for (const [i, mm] of expected.entries()) {
    assert.ok(Math.abs(found[i] - points(mm)) < 0.01, `${what}: ${found} pt, not ${expected} mm`);
  }
}

/** The same poster is on screen; where the map was made for another place's middle, its finest lines may differ. */
async function assertShows(visitor, picture, what) {
  const isSame = (found) => found.width === picture.width && found.height === picture.height && compare(found, picture).differentShare < 0.001;
  await visitor.pictureWhen(isSame, what);
}

/** The field's error is shown, and the poster is on the paper it was on. */
async function assertRefused(visitor, id, code, words) {
  const error = visitor.page.locator(`#${id}-error[data-code="${code}"]`);
  await error.waitFor();
  assert.match(await error.innerText(), words);
}

/** A click on "Download" makes no file and says why, where the export is. */
async function assertNoFile(visitor, code, words) {
  let came = false;
  visitor.page.on("download", () => (came = true));
  await visitor.page.locator("#export-download").click();
  const error = visitor.page.locator(`#export-error[data-code="${code}"]`);
  await error.waitFor();
  assert.match(await error.innerText(), words);
  assert.equal(await visitor.page.locator("#export-progress").count(), 0);
  assert.equal(came, false);
}

describe("paper", () => {
  visit("of a screen's size has exactly its pixels, and paper its own resolution again", async (visitor) => {
    await visitor.choosePaper("link");
    const link = await visitor.download("png");
    const header = readHeader(readFileSync(link.path));
    assert.deepEqual([header.width, header.height], [1200, 630]);
    assert.match(link.name, /-1200x630px\.png$/);
    await visitor.choosePaper("a6");
    const paper = readHeader(readFileSync((await visitor.download("png")).path));
    assert.deepEqual([paper.width, paper.height], [1240, 1748]);
  });

  visit("can be of any size in any unit, and what is no paper is refused with the nearest that is", async (visitor) => {
    await visitor.choosePaper("custom");
    await visitor.page.locator("#paper-unit").selectOption("in");
    await visitor.write("paper-width", "11");
    await visitor.write("paper-height", "43 cm");
    const { root } = inspectSvg(readFileSync((await visitor.download("svg")).path, "utf8"));
    assert.deepEqual([root.attributes.width, root.attributes.height], ["279.4mm", "430mm"]);
    await visitor.write("paper-width", "5000 mm");
    await assertRefused(visitor, "paper-width", "E-INPUT-PAPER", /between 20 mm and 2000 mm, not 5000 mm; the nearest is 2000 mm/);
    await visitor.write("paper-height", "0");
    await assertRefused(visitor, "paper-height", "E-INPUT-PAPER", /nearest is 0.79 in/);
    // The file would not be of what is typed.
    await assertNoFile(visitor, "E-INPUT-PAPER", /the nearest is/);
    // Whatever changes the size shows it again.
    await visitor.press("paper-landscape");
    assert.equal(await visitor.page.locator("#paper-width").inputValue(), "16.93");
    const { root: turned } = inspectSvg(readFileSync((await visitor.download("svg")).path, "utf8"));
    assert.deepEqual([turned.attributes.width, turned.attributes.height], ["430mm", "279.4mm"]);
    assert.deepEqual(await visitor.errorCodes(), []);
  });

  visit("has a margin, no wider than leaves a map", async (visitor) => {
    const old = await visitor.picture();
    await visitor.write("paper-margin", "30");
    const framed = await visitor.pictureAfter(old, "the margin");
    const { bg } = themeFile("terracotta");
    const edge = { left: 0.01, right: 0.095, top: 0.01, bottom: 0.99 };
    const [before, after] = [old, framed].map((picture) => shareOf(crop(picture, edge), bg));
    assert.ok(after > 0.99 && before < 0.9, `${before}, then ${after}`);
    await visitor.write("paper-margin", "180");
    await assertRefused(visitor, "paper-margin", "E-INPUT-MARGIN", /between 0 mm and 145 mm, not 180 mm; the nearest is 145 mm/);
  });
});

describe("the scale", () => {
  visit("is shown, and set to round values", async (visitor) => {
    const scale = visitor.page.locator("#paper-scale");
    assert.equal(await scale.inputValue(), "3100");
    await visitor.page.locator('[data-scale="2500"]').click();
    await visitor.page.locator(".facts", { hasText: /1 : 2.500/ }).waitFor();
    assert.equal(await scale.inputValue(), "2500");
    assert.equal((await visitor.values())["place-distance"], "500");
    await scale.fill("1:1 000");
    await visitor.page.locator(".facts", { hasText: /1 : 1.000/ }).waitFor();
    assert.equal((await visitor.values())["place-distance"], "200");
    await scale.fill("1:10");
    await assertRefused(visitor, "paper-scale", "E-INPUT-SCALE", /the nearest is 1:500/);
  });

  visit("may ask for more of the map, which is fetched", async (visitor, stage) => {
    const old = await visitor.picture();
    await visitor.page.locator("#paper-scale").fill("5000");
    await visitor.page.locator("#paper-fetch").click();
    await visitor.pictureAfter(old, "the wider map");
    assert.equal(stage.overpass.requests.length, 1);
    assert.equal((await visitor.values())["place-distance"], "1000");
    await visitor.page.locator("#paper-fetch").waitFor({ state: "detached" });
  });
});

describe("lines", () => {
  visit("are finer or bolder by one slider", async (visitor) => {
    const old = await visitor.picture();
    await visitor.page.locator("#line-weight").fill("10");
    const bold = await visitor.pictureAfter(old, "bolder lines");
    const { road_secondary: color } = themeFile("terracotta");
    assert.ok(shareOf(bold, color) > 1.3 * shareOf(old, color), `${shareOf(bold, color)} after ${shareOf(old, color)}`);
  });
});

describe("a PDF for a print shop", () => {
  visit("has bleed, marks and exact boxes, says what it is, and shows the map in the bleed", async (visitor) => {
    await visitor.chooseFormat("pdf");
    await visitor.write("export-bleed", "3");
    await visitor.press("export-marks");
    await visitor.press("export-archival");
    const { path: file } = await visitor.download("pdf");
    const pdf = inspectPdf(file);
    assertBox(pdf.mediaBox, [0, 0, 320, 420], "media");
    assertBox(pdf.bleedBox, [7, 7, 313, 413], "bleed");
    assertBox(pdf.trimBox, [10, 10, 310, 410], "trim");
    assert.deepEqual([pdf.images, pdf.fonts], [0, 0]);
    const text = readFileSync(file, "latin1");
    assert.match(text, /<pdfaid:part>2<\/pdfaid:part>/);
    assert.match(text, /\/GTS_PDFA1/);
    const picture = rasterizePdf(file, 1280, 1680);
    // The bleed at the left, over the part of its height where nothing fades; 4 pixels to the millimetre.
    const bleed = crop(picture, { left: 30 / 1280, right: 38 / 1280, top: 0.25, bottom: 0.45 });
    assert.ok(shareOf(bleed, "#ffffff") < 0.02, "the map reaches into the bleed");
    const beyond = crop(picture, { left: 5 / 1280, right: 26 / 1280, top: 0.1, bottom: 0.4 });
    assert.ok(shareOf(beyond, "#ffffff") > 0.98, "and no further");
  });

  visit("with more bleed than there is: refused, with the limit", async (visitor) => {
    await visitor.chooseFormat("pdf");
    await visitor.write("export-bleed", "500");
    await assertRefused(visitor, "export-bleed", "E-INPUT-BLEED", /between 0 mm and 10 mm, not 500 mm; the nearest is 10 mm/);
    await assertNoFile(visitor, "E-INPUT-BLEED", /the nearest is 10 mm/);
    await visitor.write("export-bleed", "2");
    assertBox(inspectPdf((await visitor.download("pdf")).path).mediaBox, [0, 0, 304, 404], "media");
    assert.deepEqual(await visitor.errorCodes(), []);
  });
});

describe("a resolution", () => {
  visit("of any number is taken, and what is none is refused before any work", async (visitor) => {
    await visitor.choosePaper("a6");
    const { path } = await visitor.download("png", 123);
    const { width, height, pixelsPerMetre } = readHeader(readFileSync(path));
    assert.deepEqual([width, height, pixelsPerMetre], [508, 717, [4843, 4843]]);
    await visitor.write("export-dpi", "10000");
    await assertRefused(visitor, "export-dpi", "E-INPUT-DPI", /between 36 dpi and 1200 dpi, not 10000 dpi; the nearest is 1200 dpi/);
    await assertNoFile(visitor, "E-INPUT-DPI", /the nearest is 1200 dpi/);
    await visitor.page.locator('[data-dpi="300"]').click();
    assert.equal(await visitor.page.locator("#export-dpi").inputValue(), "300");
    assert.equal(readHeader(readFileSync((await visitor.download("png")).path)).width, 1240);
  });
});

describe("vectors", () => {
  visit("are fewer when they may be coarser, and look the same", async (visitor) => {
    const fine = readFileSync((await visitor.download("svg")).path, "utf8");
    await visitor.page.locator("#export-detail").fill("10");
    const coarse = readFileSync((await visitor.download("svg")).path, "utf8");
    assert.ok(coarse.length < 0.95 * fine.length, `${coarse.length} of ${fine.length}`);
    const [a, b] = [fine, coarse].map((text) => rasterizeSvg(text, 600));
    assert.ok(compare(a, b).agree, JSON.stringify(compare(a, b)));
  });

  visit("for a plotter are strokes alone", async (visitor) => {
    await visitor.chooseFormat("plotter");
    await visitor.press("outline-green");
    const file = await visitor.download("plotter");
    assert.match(file.name, /\.plotter\.svg$/);
    const text = readFileSync(file.path, "utf8");
    const { root, counts } = inspectSvg(text);
    assert.deepEqual([root.attributes.width, root.attributes.height], ["300mm", "400mm"]);
    assert.equal(counts.path, counts.g);
    assert.ok(counts.path > 5 && !counts.clipPath && !counts.linearGradient, JSON.stringify(counts));
    assert.equal([...text.matchAll(/ fill="(?!none")/g)].length, 0);
    assert.match(text, / mm: [a-z-, ]*park/);
    const picture = rasterizeSvg(text, 600);
    const ink = 1 - shareOf(picture, "#ffffff");
    assert.ok(ink > 0.03 && ink < 0.5, `${ink} of the paper`);
  });
});

describe("an exported poster that is dropped on a fresh page comes back whole:", () => {
  for (const format of ["png", "jpeg", "webp", "svg", "pdf", "plotter"]) {
    visit(format, async (visitor, stage) => {
      await visitor.chooseTheme("noir");
      await visitor.write("text-title", "Ärlig <b> & Co");
      await visitor.choosePaper("a4", "landscape");
      await visitor.setLayer("buildings", false);
      await visitor.write("paper-margin", "12.5");
      await visitor.page.locator("#line-weight").fill("5");
      await visitor.chooseFormat("pdf");
      await visitor.press("export-marks");
      const file = await visitor.download(format);
      await visitor.settled();
      const [picture, values] = [await visitor.picture(), await visitor.values()];
      const other = await stage.visit();
      try {
        await other.dropFile(file.name, readFileSync(file.path));
        await other.page.locator("#poster-note", { hasText: "The poster is as it was in" }).waitFor();
        await assertShows(other, picture, "the poster of the file");
        await other.chooseFormat(format);
        assert.deepEqual(await other.values(), values);
        assert.deepEqual(await other.errorCodes(), []);
        assert.equal(stage.overpass.requests.length, 0, "the map was there");
        const again = await other.download(format);
        assert.ok(readFileSync(again.path).equals(readFileSync(file.path)), "the same file again");
      } finally {
        await other.leave();
      }
    });
  }
});

describe("an exported poster that is dropped where another size was being typed", () => {
  visit("says the name of its paper", async (visitor) => {
    await visitor.choosePaper("a4");
    const file = await visitor.download("svg");
    await visitor.choosePaper("custom");
    await visitor.write("paper-width", "200");
    await visitor.dropFile(file.name, readFileSync(file.path));
    await visitor.page.locator("#poster-note", { hasText: "The poster is as it was in" }).waitFor();
    assert.equal(await visitor.page.locator("#paper-size").inputValue(), "a4");
    assert.equal(await visitor.page.locator("#paper-width").count(), 0);
  });
});

describe("a poster's file from elsewhere", () => {
  const poster = (design) => Buffer.from(`%PDF-1.7 <mapposter:design>${JSON.stringify(design)}</mapposter:design>`);
  const NOTE = "#poster-note";

  visit("with a theme that cannot be drawn is refused, and the poster stays", async (visitor) => {
    const [old, values] = [await visitor.picture(), await visitor.values()];
    await visitor.dropFile("new.pdf", poster({ theme: { version: 99, name: "Later" }, texts: { title: "Other" } }));
    await visitor.error("E-THEME-NEWER");
    assert.equal(compare(await visitor.picture(), old).differentShare, 0);
    assert.deepEqual(await visitor.values(), values);
  });

  visit("with a theme of another version tells which is shown instead", async (visitor) => {
    await visitor.dropFile("old.pdf", poster({ theme: "art_nouveau_99" }));
    await visitor.page.locator(NOTE, { hasText: /has no theme art_nouveau_99, .+ is shown/ }).waitFor();
  });

  visit("with colours of its own is shown in them, until another theme is chosen", async (visitor) => {
    const old = await visitor.picture();
    await visitor.dropFile("own.pdf", poster({ theme: "noir", colors: { bg: "#102840" } }));
    await visitor.page.locator(NOTE, { hasText: "as it was in own.pdf" }).waitFor();
    const own = await visitor.pictureAfter(old, "the poster of the file");
    assert.ok(shareOf(own, "#102840") > 0.1);
    await visitor.chooseTheme("terracotta");
    await visitor.chooseTheme("noir");
    const plain = await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.1, "the theme as it is");
    assert.ok(shareOf(plain, "#102840") < 0.001);
  });
});

describe("a size typed by hand", () => {
  visit("that is a paper's by chance can be typed on", async (visitor) => {
    await visitor.choosePaper("custom");
    await visitor.write("paper-width", "297");
    await visitor.write("paper-height", "420");
    assert.equal(await visitor.page.locator("#paper-size").inputValue(), "custom");
    await visitor.write("paper-height", "425");
    await visitor.settled();
    assert.match(await visitor.page.locator("#poster").getAttribute("aria-label"), /297 by 425 millimetres/);
  });
});

describe("pictures for the web", () => {
  visit("look like the PNG, and are refused where the format cannot hold them", async (visitor) => {
    await visitor.choosePaper("link");
    const png = decodePng(readFileSync((await visitor.download("png")).path));
    for (const format of ["jpeg", "webp"]) {
      const file = await visitor.download(format);
      assert.match(file.name, format === "jpeg" ? /\.jpg$/ : /\.webp$/);
      const picture = await visitor.decoded(readFileSync(file.path), `image/${format}`);
      assert.deepEqual([picture.width, picture.height], [1200, 630]);
      const { mean, differentShare } = compare(picture, png);
      if (format === "webp") assert.equal(differentShare, 0);
      else assert.ok(mean < 2, `mean difference ${mean}/255`);
    }
    await visitor.setPaper(500, 700);
    await visitor.chooseFormat("webp", 300);
    await visitor.page.locator("#export-download").click();
    assert.match(await visitor.error("E-EXPORT-TOO-LARGE"), /more than the 16 million pixels.*the nearest is 171 dpi/);
    // A small one: of a WebP no progress is told, and a worker that is silent for half a minute is given up.
    await visitor.download("webp", 96);
  });

  visit("may have no paper", async (visitor) => {
    await visitor.choosePaper("square-post");
    await visitor.chooseFormat("png");
    await visitor.press("export-transparent");
    const { path } = await visitor.download("png");
    assert.equal(readHeader(readFileSync(path)).colorType, 6);
    const clear = await visitor.clearShare(readFileSync(path), "image/png");
    assert.ok(clear > 0.1 && clear < 0.9, `${clear} of it is clear`);
    const webp = await visitor.download("webp");
    assert.ok(Math.abs((await visitor.clearShare(readFileSync(webp.path), "image/webp")) - clear) < 1e-9);
  });
});

describe("an exported poster of a place that is not at hand", () => {
  /** A poster of the fake server's town, as a file. */
  async function poster(visitor) {
    const old = await visitor.picture();
    await visitor.fetchPlace({ lat: 58.38, lon: 26.72, distance: 1500 });
    await visitor.pictureAfter(old, "the town");
    await visitor.write("text-title", "Tartu");
    await visitor.settled();
    const file = await visitor.download("png", 150);
    return { bytes: readFileSync(file.path), picture: await visitor.picture() };
  }

  visit("is fetched, once", async (visitor, stage) => {
    const { bytes, picture } = await poster(visitor);
    const other = await stage.visit();
    try {
      const n = stage.overpass.requests.length;
      await other.openFile("tartu.png", bytes);
      await other.page.locator("#poster-note", { hasText: "tartu.png" }).waitFor();
      await assertShows(other, picture, "the poster of the file");
      assert.equal(stage.overpass.requests.length, n + 1);
      assert.equal((await other.values())["text-title"], "Tartu");
    } finally {
      await other.leave();
    }
  });

  visit("leaves the poster as it is until its map is there, and can be tried again", async (visitor, stage) => {
    const { bytes, picture } = await poster(visitor);
    const other = await stage.visit();
    try {
      const [old, values] = [await other.picture(), await other.values()];
      stage.overpass.answers(replies.status(400));
      await other.openFile("tartu.png", bytes);
      await other.page.locator("#place-error").waitFor();
      assert.equal(compare(await other.picture(), old).differentShare, 0);
      assert.deepEqual(await other.values(), values);
      stage.overpass.answers(replies.town());
      await other.page.locator("#place-retry").click();
      await other.page.locator("#place-error").waitFor({ state: "detached" });
      await assertShows(other, picture, "the poster of the file");
    } finally {
      await other.leave();
    }
  });
});
