// Each file that is downloaded is opened and checked as a print shop would, and against the native example's.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe } from "node:test";
import { DIST, suite, themeFile } from "./lib/app.mjs";
import { inspectPdf, rasterizePdf } from "./lib/pdf.mjs";
import { compare, resample, shareOf } from "./lib/pixels.mjs";
import { decodePng, readHeader } from "./lib/png.mjs";
import { inspectSvg, rasterizeSvg } from "./lib/svg.mjs";

const { visit } = suite();

/** Pixels on a side of `mm` at `dpi`, rounded half up: the project's word on picture sizes. */
const pixels = (mm, dpi) => Math.floor((mm * dpi) / 25.4 + 0.5);

function assertAgree(a, b, what) {
  const found = compare(a, b);
  assert.ok(found.agree, `${what}: mean difference ${found.mean.toFixed(2)}/255, ${(found.farShare * 100).toFixed(2)} % far off`);
}

describe("a PNG", () => {
  visit("has the paper's pixels at its resolution, and says so", async (visitor) => {
    await visitor.choosePaper("a5");
    const { path: file } = await visitor.download("png", 150);
    const header = readHeader(readFileSync(file));
    assert.deepEqual(
      [header.width, header.height, header.bitDepth, header.interlace],
      [pixels(148, 150), pixels(210, 150), 8, 0],
    );
    assert.deepEqual(header.pixelsPerMetre, [5906, 5906]);
    assert.ok([2, 6].includes(header.colorType));
  });

  visit("shows what is on screen", async (visitor) => {
    await visitor.chooseTheme("midnight_blue");
    await visitor.pictureWhen((p) => shareOf(p, themeFile("midnight_blue").bg) > 0.05, "the theme");
    const screen = await visitor.picture();
    const { path: file } = await visitor.download("png", 150);
    const print = resample(decodePng(readFileSync(file)), screen.width, screen.height);
    const { mean } = compare(print, screen);
    // Two rasterisers at two sizes: hairlines differ, but a shift or a missing layer gives far more.
    assert.ok(mean < 4, `mean difference ${mean.toFixed(2)}/255`);
  });
});

describe("an SVG", () => {
  visit("is strict XML of vectors alone, at the paper's size, and resvg draws it as the PNG is", async (visitor) => {
    const text = readFileSync((await visitor.download("svg")).path, "utf8");
    const { root, counts } = inspectSvg(text);
    assert.deepEqual([root.attributes.width, root.attributes.height], ["300mm", "400mm"]);
    assert.ok(counts.path > 10, JSON.stringify(counts));
    const png = decodePng(readFileSync((await visitor.download("png", 150)).path));
    assertAgree(resample(rasterizeSvg(text, png.width), png.width, png.height), png, "SVG and PNG");
  });

  visit("carries any title as it was typed, as outlines", async (visitor) => {
    const title = `<script>"&amp;' ]]> \u{1F30D} Æ`;
    await visitor.write("text-title", title);
    const { counts } = inspectSvg(readFileSync((await visitor.download("svg")).path, "utf8"));
    assert.equal(counts.text, undefined);
  });
});

describe("a PDF", () => {
  visit("has one page of the paper's exact size, paths alone, and poppler draws it as the PNG is", async (visitor) => {
    const { path: file } = await visitor.download("pdf");
    const pdf = inspectPdf(file);
    assert.deepEqual([pdf.pages, pdf.images, pdf.fonts], [1, 0, 0]);
    for (const [points, mm] of [[pdf.width, 300], [pdf.height, 400]]) {
      assert.ok(Math.abs(points - (mm * 72) / 25.4) < 0.01, `${points} pt for ${mm} mm`);
    }
    const { m = 0, l = 0, c = 0, f = 0, S = 0 } = pdf.operators;
    assert.ok(m > 500 && l > 2000 && c > 50 && f + (pdf.operators["f*"] ?? 0) > 3 && S > 3, JSON.stringify(pdf.operators));
    const png = decodePng(readFileSync((await visitor.download("png", 150)).path));
    assertAgree(rasterizePdf(file, png.width, png.height), png, "PDF and PNG");
  });
});

describe("a download", () => {
  visit("is named after the place, with its ending", async (visitor) => {
    for (const format of ["png", "svg", "pdf"]) {
      const { name } = await visitor.download(format, format === "png" ? 150 : undefined);
      assert.match(name, new RegExp(`^[^/\\\\:*?"<>|]*helsinki[^/\\\\:*?"<>|]*\\.${format}$`, "i"));
    }
  });

  visit("of 3600×4800 pixels comes whole", async (visitor, stage, context) => {
    await visitor.choosePaper("12x16in");
    await visitor.download("svg");
    const start = performance.now();
    const { path: file } = await visitor.download("png", 300);
    const took = performance.now() - start;
    const { width, height, rgb } = decodePng(readFileSync(file));
    assert.deepEqual([width, height], [3600, 4800]);
    assert.ok(shareOf({ width, height: 1, rgb: rgb.subarray(-width * 3) }, themeFile("terracotta").gradient_color) > 0.9, "the last row is paper");
    context.diagnostic(`PNG 3600×4800, click to file, text engine warm: ${took.toFixed(0)} ms, ${readFileSync(file).length} bytes`);
  });

  visit("can be cancelled, and the next one works", async (visitor) => {
    // A large one: what is there in no time shows no button.
    await visitor.setPaper(500, 700);
    await visitor.chooseFormat("png", 600);
    let came = false;
    visitor.page.on("download", () => (came = true));
    // Both within the page: a click of Playwright's may come after the file on a busy machine.
    await visitor.page.evaluate(async () => {
      document.querySelector("#export-download").click();
      const isShown = (button) => button !== null && button.checkVisibility();
      while (!isShown(document.querySelector("#export-cancel"))) await new Promise((resolve) => setTimeout(resolve));
      document.querySelector("#export-cancel").click();
    });
    await visitor.page.locator("#export-cancel").waitFor({ state: "hidden" });
    assert.equal(came, false);
    assert.deepEqual(await visitor.errorCodes(), [], "a cancel is no error");
    assert.equal(readHeader(readFileSync((await visitor.download("png", 150)).path)).width, pixels(500, 150));
  });

  visit("makes the same picture twice", async (visitor) => {
    for (const format of ["png", "svg", "pdf"]) {
      const [first, second] = [await visitor.download(format, format === "png" ? 150 : undefined), await visitor.download(format, format === "png" ? 150 : undefined)];
      assert.ok(readFileSync(first.path).equals(readFileSync(second.path)), format);
    }
  });
});

describe("the same bytes as from the native example:", () => {
  const designs = {
    "the first poster": [async () => {}, {}],
    "another theme, text, paper and layers": [
      async (visitor) => {
        await visitor.chooseTheme("noir");
        await visitor.write("text-title", "Hélsinki – Ääni");
        await visitor.choosePaper("a4", "landscape");
        await visitor.setLayer("buildings", false);
      },
      { theme: "noir", texts: { title: "Hélsinki – Ääni" }, paper: { width: 297, height: 210 }, layers: { buildings: false } },
    ],
  };
  for (const [name, [change, design]] of Object.entries(designs)) {
    visit(name, async (visitor) => {
      const example = process.env.MAPPOSTER_POSTER;
      assert.ok(example, "MAPPOSTER_POSTER names no example");
      await change(visitor);
      // On wider paper the loaded map may reach less far than was asked.
      const distance = Number((await visitor.values())["place-distance"]);
      const folder = visitor.folder();
      const file = path.join(folder, "design.json");
      writeFileSync(file, JSON.stringify({ version: 1, ...design, distance, dpi: 150 }));
      for (const format of ["png", "svg", "pdf"]) {
        const browser = readFileSync((await visitor.download(format, format === "png" ? 150 : undefined)).path);
        const out = path.join(folder, `native.${format}`);
        execFileSync(example, [path.join(DIST, "places", "helsinki.mpk"), "--design", file, "--out", out], { stdio: ["ignore", "ignore", "pipe"] });
        const native = readFileSync(out);
        if (format === "png") {
          assert.equal(compare(decodePng(browser), decodePng(native)).largest, 0, "PNG pixels");
        } else {
          assert.ok(browser.equals(native), `${format}: ${browser.length} bytes, the example's ${native.length}`);
        }
      }
    });
  }
});
