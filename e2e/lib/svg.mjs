// Checks of an SVG file: strict XML, vectors only, nothing that runs or loads; and its picture by resvg.

import { Resvg } from "@resvg/resvg-js";
import { SaxesParser } from "saxes";
import { overWhite } from "./png.mjs";

/** Reads the file strictly and throws on what a poster may not hold; gives the root and the element counts. */
export function inspectSvg(text) {
  const counts = {};
  let root = null;
  const parser = new SaxesParser({ xmlns: true });
  const refuse = (what) => {
    throw new Error(`SVG holds ${what}`);
  };
  parser.on("error", (error) => {
    throw error;
  });
  // Entities expand and may load; no viewer needs a document type.
  parser.on("doctype", () => refuse("a DOCTYPE"));
  parser.on("processinginstruction", ({ target }) => refuse(`a processing instruction <?${target}>`));
  parser.on("opentag", (tag) => {
    const attributes = Object.fromEntries(Object.values(tag.attributes).map(({ name, value }) => [name, value]));
    root ??= { local: tag.local, uri: tag.uri, attributes };
    counts[tag.local] = (counts[tag.local] ?? 0) + 1;
    if (["image", "feImage", "script", "foreignObject", "text", "style"].includes(tag.local)) refuse(`<${tag.local}>`);
    for (const { local, value, uri } of Object.values(tag.attributes)) {
      if (/^on/i.test(local)) refuse(`the handler ${local}`);
      if (local === "href" && !value.startsWith("#")) refuse(`a link to ${value}`);
      if (/url\((?!\s*["']?#)/i.test(value) || (/javascript:|data:/i.test(value) && !uri.includes("xmlns"))) {
        refuse(`${local}="${value.slice(0, 60)}"`);
      }
    }
  });
  parser.write(text).close();
  if (root?.local !== "svg" || root.uri !== "http://www.w3.org/2000/svg") throw new Error("the root is not SVG's <svg>");
  return { root, counts };
}

/** What resvg draws at this width; text needs no font, since all is outlines. */
export function rasterizeSvg(text, width) {
  const picture = new Resvg(text, { fitTo: { mode: "width", value: width }, font: { loadSystemFonts: false } }).render();
  return { width: picture.width, height: picture.height, rgb: overWhite(picture.pixels) };
}
