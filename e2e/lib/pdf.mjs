// Checks of a PDF file by poppler's tools, and its picture by pdftoppm.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { decodePng } from "./png.mjs";

const run = (tool, ...args) => execFileSync(tool, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** {pages, width, height} in points, {images, fonts} counts, and how often each path operator is used. */
export function inspectPdf(file) {
  const info = run("pdfinfo", "-box", file);
  const size = /^Page size:\s+([\d.]+) x ([\d.]+) pts/m.exec(info);
  const box = (name) => new RegExp(`^${name}:\\s+([-\\d.]+)\\s+([-\\d.]+)\\s+([-\\d.]+)\\s+([-\\d.]+)`, "m").exec(info)?.slice(1).map(Number);
  // Both list two header lines, then one line for each.
  const listed = (text) => text.trim().split("\n").length - 2;
  return {
    pages: Number(/^Pages:\s+(\d+)/m.exec(info)[1]),
    width: Number(size[1]),
    height: Number(size[2]),
    mediaBox: box("MediaBox"),
    bleedBox: box("BleedBox"),
    trimBox: box("TrimBox"),
    images: listed(run("pdfimages", "-list", file)),
    fonts: listed(run("pdffonts", file)),
    operators: pathOperators(readFileSync(file)),
  };
}

/** Counts of the operators that build and paint paths, over all content streams. */
function pathOperators(bytes) {
  const counts = {};
  for (const content of streams(bytes)) {
    for (const [operator] of content.matchAll(/(?<=[\s\d])(?:re|[mlchSsfBb]|f\*|B\*)(?=\s)/g)) {
      counts[operator] = (counts[operator] ?? 0) + 1;
    }
  }
  return counts;
}

/** The file's streams as text, those that are not images or programs of a shading. */
function* streams(bytes) {
  const text = bytes.toString("latin1");
  for (const found of text.matchAll(/<<((?:[^<>]|<<[^<>]*>>|<[0-9a-fA-F]*>)*)>>\s*stream\r?\n/g)) {
    const start = found.index + found[0].length;
    const end = text.indexOf("endstream", start);
    const packed = bytes.subarray(start, end);
    if (/\/Subtype\s*\/Image/.test(found[1])) continue;
    yield /FlateDecode/.test(found[1]) ? inflateSync(packed).toString("latin1") : packed.toString("latin1");
  }
}

/** Poppler's picture of the first page, at exactly this size in pixels. */
export function rasterizePdf(file, width, height) {
  const folder = mkdtempSync(path.join(tmpdir(), "mapposter-pdf-"));
  try {
    const out = path.join(folder, "page");
    run("pdftoppm", "-png", "-singlefile", "-scale-to-x", String(width), "-scale-to-y", String(height), file, out);
    return decodePng(readFileSync(`${out}.png`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
