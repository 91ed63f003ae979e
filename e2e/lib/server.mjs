// A static server for the built folder, at any path below its origin, with a config.json of the test's own.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";

const TYPES = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  ttf: "font/ttf",
  woff2: "font/woff2",
};

/**
 * Serves `folder` below `prefix` ("/" or "/some/where/"). `replaced` maps paths inside the folder to what is
 * sent instead: text, bytes, or a function (request, response) that answers. Resolves to {url, origin, requests, isCut,
 * close}; as long as `isCut` is set, every connection ends unanswered.
 */
export async function serve(folder, { prefix = "/", replaced = {} } = {}) {
  const requests = [];
  const site = { isCut: false };
  const server = http.createServer(async (request, response) => {
    const url = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    requests.push({ method: request.method, path: url });
    if (site.isCut) return request.socket.destroy();
    if (!url.startsWith(prefix)) return notFound(response);
    let below = url.slice(prefix.length);
    if (below === "" || below.endsWith("/")) below += "index.html";
    const file = path.join(folder, below);
    if (!file.startsWith(path.resolve(folder) + path.sep)) return notFound(response);
    try {
      const body = replaced[below] ?? (await readFile(file));
      if (typeof body === "function") return body(request, response);
      const type = TYPES[path.extname(file).slice(1)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff" });
      response.end(body);
    } catch (error) {
      if (error.code !== "ENOENT" && error.code !== "EISDIR") throw error;
      notFound(response);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  Object.assign(site, {
    origin,
    url: origin + prefix,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return site;
}

function notFound(response) {
  response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
}
