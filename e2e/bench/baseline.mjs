// The JavaScript baseline, measured as our page is.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../lib/server.mjs";
import { cpu, passed, peak, processOf, rest } from "./clock.mjs";

const FOLDER = path.join(path.dirname(fileURLToPath(import.meta.url)), "page");

/** Serves the baseline with a reply, `reply.bytes`, which may be changed between visits. */
export async function serveBaseline(reply) {
  const earcut = readFileSync(fileURLToPath(import.meta.resolve("earcut")));
  return serve(FOLDER, {
    replaced: {
      "earcut.js": (_, response) => response.writeHead(200, { "Content-Type": "text/javascript" }).end(earcut),
      "reply.json": (_, response) => response.writeHead(200, { "Content-Type": "application/json" }).end(reply.bytes),
      "empty.html": (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>"),
    },
  });
}

/** Everything measured of one fresh visit. */
export async function measureBaseline(chromium, site, place) {
  return withPage(chromium, `${site.url}index.html`, async (page) => {
    await page.waitForFunction(() => window.baseline !== undefined);
    const id = await processOf(page, chromium.browser);
    await page.evaluate(() => window.baseline.take("reply.json"));
    const frame = async () => {
      await rest(300);
      const from = cpu(id);
      const made = await page.evaluate((place) => window.baseline.frame(place), place);
      const to = cpu(id);
      await page.evaluate(() => window.baseline.draw());
      return { frame: passed(from, to), made };
    };
    const cold = await frame();
    const most = peak(id);
    const warm = await frame();
    return { cold, warm, peak: most };
  });
}

/** A page with a place ready to print, until `leave()`: `print(width, height)` gives {ms, size}. */
export async function openBaselinePrints(chromium, site, place) {
  const session = await chromium.browser.newContext({ viewport: { width: 1100, height: 1000 } });
  const page = await session.newPage();
  await page.goto(`${site.url}index.html`);
  await page.waitForFunction(() => window.baseline !== undefined);
  await page.evaluate(() => window.baseline.take("reply.json"));
  await page.evaluate((place) => window.baseline.getReady(place), place);
  return {
    print: (width, height) => page.evaluate(([w, h]) => window.baseline.print(w, h), [width, height]),
    leave: () => session.close(),
  };
}

/** The most memory of a page with nothing on it, MiB. */
export async function peakOfEmptyPage(chromium, site) {
  return withPage(chromium, `${site.url}empty.html`, async (page) => peak(await processOf(page, chromium.browser)));
}

async function withPage(chromium, url, act) {
  const session = await chromium.browser.newContext({ viewport: { width: 1100, height: 1000 } });
  try {
    const page = await session.newPage();
    await page.goto(url);
    return await act(page);
  } finally {
    await session.close();
  }
}
