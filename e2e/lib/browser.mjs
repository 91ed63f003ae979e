// One Chromium for a test file, a fresh context for each test, and a record of all that happens on its pages.

import { once } from "node:events";
import http from "node:http";
import { chromium } from "playwright-core";

/** What Chromium asks for itself: updates, who is signed in, how forms are filled in, messages for service workers. */
const ERRANDS = ["update.googleapis.com", "accounts.google.com", "clients2.google.com", "android.clients.google.com", "content-autofill.googleapis.com", "optimizationguide-pa.googleapis.com"];

/**
 * Starts the browser. Everything beyond this machine goes to a proxy of ours, which refuses it and keeps the
 * host's name: unlike a page's own network log it misses no worker, preload or beacon.
 */
export async function launch({ args = [] } = {}) {
  const executablePath = process.env.MAPPOSTER_CHROMIUM;
  if (!executablePath) throw new Error("run me by `cargo xtask test --only e2e`, which names the browser");
  const strangers = [];
  const proxy = http.createServer((request, response) => {
    strangers.push(request.url);
    response.writeHead(502).end();
  });
  proxy.on("connect", (request, socket) => {
    strangers.push(request.url);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const browser = await chromium.launch({
    executablePath,
    // The software renderer, so that WebGL2 is there on a machine without a GPU.
    // Names in .invalid are unknown, as are others without a network; no resolver is asked.
    args: ["--no-sandbox", "--enable-unsafe-swiftshader", "--host-resolver-rules=MAP *.invalid ^NOTFOUND", ...args],
    proxy: { server: `http://127.0.0.1:${proxy.address().port}`, bypass: "127.0.0.1,*.invalid" },
  });
  return {
    browser,
    /** Hosts other than this machine that were asked, without Chromium's own errands. */
    strangers: () => strangers.filter((host) => !ERRANDS.some((errand) => host.includes(errand))),
    async close() {
      await browser.close();
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
