// Code that runs in a worker ahead of the worker's own.

import { readFileSync } from "node:fs";
import path from "node:path";
import { builds, DIST } from "./app.mjs";

/**
 * Files of the site, for `replaced`: in the workers of this kind (`"render"`, `"print"`, `"library"`) `code`, a function
 * that takes these arguments, runs first. Of it only its text goes there.
 */
export function aheadOf(kind, code, ...args) {
  const call = `(${code})(${args.map((value) => JSON.stringify(value)).join(", ")});\n`;
  return loaders(kind, (text) => call + text);
}

/** Files of the site, for `replaced`: in place of the workers of this kind this code alone. */
export function inPlaceOf(kind, text) {
  return loaders(kind, () => text);
}

function loaders(kind, of) {
  if (!DIST) return {};
  return Object.fromEntries(builds().map(({ folder }) => {
    const file = `${folder}/${kind}_worker_loader.js`;
    return [file, of(readFileSync(path.join(DIST, file), "utf8"))];
  }));
}
