// The suite's own tools, tested: a check that cannot fail proves nothing about the app.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import { FakeOverpass, queryBbox, refusedUrl, replies } from "./lib/overpass.mjs";
import { inspectPdf, rasterizePdf } from "./lib/pdf.mjs";
import { compare, commonColors, crop, resample, shareOf } from "./lib/pixels.mjs";
import { crc32, decodePng, readChunks, readHeader } from "./lib/png.mjs";
import { serve } from "./lib/server.mjs";
import { inspectSvg, rasterizeSvg } from "./lib/svg.mjs";

describe("PNG", () => {
  test("all five row filters give the same pixels back", () => {
    const image = noise(7, 10);
    const decoded = decodePng(encode(image, (y) => y % 5));
    assert.deepEqual(decoded, image);
  });

  test("a wrong checksum, a cut file and bytes after the end are refused", () => {
    const good = encode(noise(3, 3), () => 0);
    const flipped = Buffer.from(good);
    flipped[45] ^= 1;
    assert.throws(() => readChunks(flipped), /checksum/);
    assert.throws(() => readChunks(good.subarray(0, -6)), /cut/);
    assert.throws(() => readChunks(Buffer.concat([good, Buffer.of(0)])), /after its end/);
  });

  test("pHYs counts only in metres", () => {
    const phys = (unit) => encode(noise(2, 2), () => 0, [["pHYs", Buffer.from([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, unit])]]);
    assert.deepEqual(readHeader(phys(1)).pixelsPerMetre, [11811, 11811]);
    assert.equal(readHeader(phys(0)).pixelsPerMetre, null);
  });
});

describe("pixels", () => {
  test("pictures off by two everywhere agree, off by three do not", () => {
    const gray = (value) => ({ width: 10, height: 10, rgb: new Uint8Array(300).fill(value) });
    assert.ok(compare(gray(100), gray(102)).agree);
    assert.ok(!compare(gray(100), gray(103)).agree);
  });

  test("one pixel in a hundred far off is too many, one in two hundred is not", () => {
    const other = (width) => {
      const [a, b] = [0, 1].map(() => ({ width, height: 10, rgb: new Uint8Array(width * 30).fill(100) }));
      b.rgb[0] += 40;
      return compare(a, b).agree;
    };
    assert.equal(other(10), false);
    assert.equal(other(20), true);
  });

  test("resampling keeps the mean and averages areas", () => {
    const image = { width: 4, height: 2, rgb: new Uint8Array([0, 0, 0, 80, 80, 80, 200, 200, 200, 200, 200, 200, 40, 40, 40, 80, 80, 80, 0, 0, 0, 0, 0, 0]) };
    assert.deepEqual([...resample(image, 2, 1).rgb], [50, 50, 50, 100, 100, 100]);
    assert.deepEqual([...resample(image, 3, 1).rgb].filter((_, i) => i % 3 === 0), [35, 90, 100]);
  });

  test("colours are counted within their tolerance, in the box asked for", () => {
    const image = { width: 2, height: 1, rgb: new Uint8Array([10, 20, 30, 200, 0, 0]) };
    assert.equal(shareOf(image, "#0b151f", 1), 0.5);
    assert.equal(shareOf(image, "#0d1720", 1), 0);
    assert.equal(commonColors(crop(image, { left: 0.5 }))[0].hex, "#c80000");
  });
});

describe("SVG", () => {
  const svg = (inside, head = "") =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="30mm" height="40mm" viewBox="0 0 30 40" ${head}>${inside}</svg>`;

  test("its picture has the width asked for and the right colours", () => {
    const image = rasterizeSvg(svg('<path d="M0 0H30V20H0Z" fill="#a03020"/>'), 60);
    assert.deepEqual([image.width, image.height], [60, 80]);
    assert.equal(shareOf(image, "#a03020", 0), 0.5);
  });

  test("links inside the file are fine", () => {
    const { counts } = inspectSvg(svg('<defs><path id="a" d="M0 0"/></defs><use xlink:href="#a"/><path fill="url(#g)" d=""/>'));
    assert.deepEqual(counts, { svg: 1, defs: 1, path: 2, use: 1 });
  });

  for (const [what, text] of [
    ["an image", svg('<image href="#a"/>')],
    ["a script", svg("<script>1</script>")],
    ["a handler", svg("", 'onload="alert(1)"')],
    ["a link out", svg('<a xlink:href="https://example.org/"/>')],
    ["a picture by url()", svg('<path fill="url(http://example.org/a)"/>')],
    ["live text", svg("<text>a</text>")],
    ["a DOCTYPE", `<!DOCTYPE svg [<!ENTITY a "b">]>${svg("")}`],
    ["an open tag", svg("<g>")],
    ["a bare ampersand", svg("<title>a & b</title>")],
    ["a control character", svg("<title>\u0001</title>")],
    ["another root", '<html xmlns="http://www.w3.org/1999/xhtml"/>'],
  ]) {
    test(`${what} is refused`, () => assert.throws(() => inspectSvg(text)));
  }
});

describe("PDF", () => {
  let folder;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "mapposter-lib-"))));
  after(() => rmSync(folder, { recursive: true }));

  const write = (content, resources = "") => {
    const file = path.join(folder, "a.pdf");
    const packed = deflateSync(content);
    const objects = [
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 144] /Contents 4 0 R /Resources << ${resources} >> >>`,
      [`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`, packed, "\nendstream"],
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let bytes = Buffer.from("%PDF-1.4\n");
    const offsets = objects.map((object, i) => {
      const at = bytes.length;
      const parts = [object].flat().map((part) => Buffer.from(part));
      bytes = Buffer.concat([bytes, Buffer.from(`${i + 1} 0 obj\n`), ...parts, Buffer.from("\nendobj\n")]);
      return at;
    });
    const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(
      `xref\n0 6\n0000000000 65535 f \n${table}trailer << /Root 1 0 R /Size 6 >>\nstartxref\n${bytes.length}\n%%EOF\n`,
    )]));
    return file;
  };

  test("size, operators and the picture are read", () => {
    const file = write("1 0 0 rg\n0 0 72 72 re f\n0 0 m 10 10 l S\n");
    const { pages, width, height, images, fonts, operators } = inspectPdf(file);
    assert.deepEqual({ pages, width, height, images, fonts }, { pages: 1, width: 72, height: 144, images: 0, fonts: 0 });
    assert.deepEqual(operators, { re: 1, f: 1, m: 1, l: 1, S: 1 });
    const image = rasterizePdf(file, 50, 100);
    assert.deepEqual([image.width, image.height], [50, 100]);
    assert.ok(shareOf(crop(image, { top: 0.5 }), "#ff0000", 0) > 0.95);
  });

  test("a picture and a font inside are counted", () => {
    const inline = "q 10 0 0 10 0 0 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI Q";
    const { images, fonts } = inspectPdf(write(`${inline}\nBT /F 9 Tf (a) Tj ET\n`, "/Font << /F 5 0 R >>"));
    assert.deepEqual({ images, fonts }, { images: 1, fonts: 1 });
  });
});

describe("the fake Overpass server", () => {
  const query = "[out:json][timeout:60][bbox:60.1,24.9,60.2,25.05];way[highway];out geom;";
  let overpass;
  before(async () => (overpass = await new FakeOverpass().listen()));
  after(() => overpass.close());

  const ask = (body = `data=${encodeURIComponent(query)}`) =>
    fetch(overpass.url, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded", Referer: "http://a/" } });

  test("answers with a town in the box, and remembers the request", async () => {
    overpass.answers(replies.town());
    const reply = await (await ask()).json();
    const nodes = reply.elements.flatMap((element) => element.geometry ?? []);
    assert.ok(nodes.length > 100 && nodes.every(({ lat, lon }) => Math.abs(lat - 60.15) < 0.07 && Math.abs(lon - 24.975) < 0.1));
    const [seen] = overpass.requests;
    assert.deepEqual([seen.method, seen.query, seen.headers.referer], ["POST", query, "http://a/"]);
    assert.deepEqual(seen.bbox, { south: 60.1, west: 24.9, north: 60.2, east: 25.05 });
  });

  test("without `geom` the ways name nodes, which follow", async () => {
    overpass.answers(replies.town());
    const reply = await (await ask(`data=${query.replace("out geom", "out body;>;out skel")}`)).json();
    const nodes = new Set(reply.elements.filter((e) => e.type === "node").map((e) => e.id));
    const ways = reply.elements.filter((e) => e.type === "way");
    assert.ok(ways.length > 20 && ways.every((w) => !w.geometry && w.nodes.every((n) => nodes.has(n))));
  });

  test("replies follow the script and the last one stays", async () => {
    overpass.answers(replies.status(429), replies.status(504, { cors: false }));
    const got = [await ask(), await ask(), await ask()];
    assert.deepEqual(got.map((r) => r.status), [429, 504, 504]);
    assert.deepEqual(got.map((r) => r.headers.get("access-control-allow-origin")), ["*", null, null]);
    assert.equal(overpass.requests.length, 3);
  });

  test("a cut reply is no JSON, a remark follows some elements, a dropped one fails", async () => {
    overpass.answers(replies.cut(50), replies.remark("timeout"), replies.dropped(50), replies.reset());
    await assert.rejects((await ask()).json(), SyntaxError);
    const { elements, remark } = await (await ask()).json();
    assert.ok(elements.length > 0 && /timed out/.test(remark));
    const dropped = await ask();
    await assert.rejects(dropped.text());
    await assert.rejects(ask());
  });

  test("a slow reply comes in several pieces and whole", async () => {
    overpass.answers(replies.slow({ chunks: 5, wait: 5 }));
    let pieces = 0;
    let text = "";
    const decoder = new TextDecoder();
    for await (const piece of (await ask()).body) {
      pieces++;
      text += decoder.decode(piece, { stream: true });
    }
    assert.ok(pieces > 1 && JSON.parse(text).elements.length > 20);
  });

  test("a given-up request is seen as aborted", async () => {
    overpass.answers(replies.hang());
    const stop = new AbortController();
    const asked = fetch(`${overpass.url}?data=${encodeURIComponent(query)}`, { signal: stop.signal });
    while (overpass.requests.length === 0) await new Promise((next) => setTimeout(next, 5));
    stop.abort();
    await assert.rejects(asked);
    while (!overpass.requests[0].aborted) await new Promise((next) => setTimeout(next, 5));
  });

  test("boxes are found in both ways of writing, and four numbers elsewhere are none", () => {
    assert.deepEqual(queryBbox("way(-1.5, 2,3.25 ,4);"), { south: -1.5, west: 2, north: 3.25, east: 4 });
    assert.equal(queryBbox("[timeout:60][maxsize:1];way(1,2,3);out;"), null);
  });

  test("nothing listens at the refused address", async () => {
    await assert.rejects(fetch(await refusedUrl()), (error) => error.cause.code === "ECONNREFUSED");
  });
});

describe("the static server", () => {
  let folder, site;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "mapposter-site-"));
    writeFileSync(path.join(folder, "index.html"), "<p>hello");
    writeFileSync(path.join(folder, "a.wasm"), "asm");
    site = await serve(folder, { prefix: "/some/where/", replaced: { "config.json": "{}" } });
  });
  after(async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  });

  test("serves the folder below its prefix only, with types, and what is replaced", async () => {
    assert.equal(await (await fetch(site.url)).text(), "<p>hello");
    assert.equal((await fetch(`${site.url}a.wasm`)).headers.get("content-type"), "application/wasm");
    assert.equal(await (await fetch(`${site.url}config.json`)).text(), "{}");
    for (const wrong of ["/a.wasm", "/some/where/none.js", "/some/where/..%2f..%2fetc/passwd"]) {
      assert.equal((await fetch(site.origin + wrong)).status, 404, wrong);
    }
  });
});

/** A picture without any regularity that a wrong filter could hide behind; the same in every run. */
function noise(width, height) {
  let state = 12345;
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
  return { width, height, rgb };
}

/** A PNG of the picture whose row `y` uses filter `filterOf(y)`. */
function encode({ width, height, rgb }, filterOf, extra = []) {
  const stride = width * 3;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const filter = filterOf(y);
    rows[y * (stride + 1)] = filter;
    for (let i = 0; i < stride; i++) {
      const pixel = (dx, dy) => (i - dx * 3 >= 0 && y - dy >= 0 ? rgb[(y - dy) * stride + i - dx * 3] : 0);
      const [a, b, c] = [pixel(1, 0), pixel(0, 1), pixel(1, 1)];
      const nearest = [a, b, c].map((v) => [Math.abs(a + b - c - v), v]).reduce((best, next) => (next[0] < best[0] ? next : best))[1];
      rows[y * (stride + 1) + 1 + i] = rgb[y * stride + i] - [0, a, b, (a + b) >> 1, nearest][filter];
    }
  }
  const chunk = (type, data) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type), data]);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...extra.map(([type, data]) => chunk(type, data)),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
