// A fake Overpass server: answers as scripted, and remembers every request it got.

import { once } from "node:events";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { FakeServer } from "./fake.mjs";
import { overpassJson, townElements } from "./town.mjs";

/** The error pages of the real server, in its own words (web-facts §2.1). */
const PAGES = {
  400: "<p><strong style=\"color:#FF0000\">Error</strong>: line 3: parse error: Unknown type \"wayy\" </p>",
  403: "<h1>Forbidden</h1>",
  406: "<h1>Not Acceptable</h1><p>An appropriate representation of the requested resource could not be found.</p>",
  429: "<p><strong style=\"color:#FF0000\">Error</strong>: runtime error: open64: 0 Success /osm3s_osm_base "
    + "Dispatcher_Client::request_read_and_idx::rate_limited. Please check /api/status for the quota of your IP address. </p>",
  500: "<h1>Internal Server Error</h1>",
  502: "<h1>Bad Gateway</h1>",
  504: "<p><strong style=\"color:#FF0000\">Error</strong>: runtime error: open64: 0 Success /osm3s_osm_base "
    + "Dispatcher_Client::request_read_and_idx::timeout. The server is probably too busy to handle your request. </p>",
};
/** Status 504 too: the server runs, and its database does not. */
const DISPATCHER_OFF = "<p><strong style=\"color:#FF0000\">Error</strong>: runtime error: The dispatcher (i.e. the database management "
  + "system) is turned off. </p>";
const page = (body) => `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html><head><title>OSM3S Response`
  + `</title></head>\n<body>\n${body}\n</body></html>\n`;

/** What a server can answer; each is called with (request, response, {query, bbox, cors}). */
export const replies = {
  /** The made-up town around the box that was asked for; in the form that the query asks for. */
  town: () => (_, response, asked) => json(response, asked, townText(asked)),

  /** An error page with this status; without CORS the page's script sees only a failed fetch. */
  status: (code, { cors = true } = {}) => (_, response, asked) => {
    response.writeHead(code, { "Content-Type": "text/html; charset=utf-8", ...(cors ? asked.cors : {}) });
    response.end(page(PAGES[code] ?? `<h1>${code}</h1>`));
  },

  /** The server's database is off. */
  dispatcherOff: () => (_, response, asked) => {
    response.writeHead(504, { "Content-Type": "text/html; charset=utf-8", ...asked.cors });
    response.end(page(DISPATCHER_OFF));
  },

  /** Status 200, but XML: a server that does not heed what was asked for. */
  xml: () => (_, response, asked) => {
    response.writeHead(200, { "Content-Type": "application/osm3s+xml", ...asked.cors });
    response.end('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="Overpass API">\n'
      + '<node id="1" lat="58.38" lon="26.72"><tag k="name" v="Tartu"/></node>\n</osm>\n');
  },

  /** Status 200 and not one byte. */
  nothing: () => (_, response, asked) => json(response, asked, ""),

  /** The town's bytes until the middle of a letter of two. */
  cutInLetter: () => (_, response, asked) => {
    const bytes = Buffer.from(townText(asked));
    json(response, asked, bytes.subarray(0, bytes.indexOf("\u00fc") + 1));
  },

  /** Status 200, but a page: how a duplicate query and database errors are told. */
  html: () => (_, response, asked) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...asked.cors });
    response.end(page("<p><strong>Error</strong>: runtime error: open64: 0 Success /osm3s duplicate_query</p>"));
  },

  /** Some elements, then the server's remark that it gave up: `timeout` or `memory`. */
  remark: (kind) => (_, response, asked) => {
    const remark = {
      timeout: "runtime error: Query timed out in \"query\" at line 4 after 61 seconds.",
      memory: "runtime error: Query ran out of memory in \"query\" at line 4. It would need at least 512 MB of RAM to continue.",
    }[kind];
    json(response, asked, overpassJson(townElements(asked.bbox).slice(0, 6), { remark }));
  },

  /** The first `percent` of the town's bytes as if they were all: the JSON ends in the middle. */
  cut: (percent) => (_, response, asked) => {
    const text = townText(asked);
    json(response, asked, text.slice(0, Math.floor((text.length * percent) / 100)));
  },

  /** Announces the whole town, sends `percent` of it and drops the connection. */
  dropped: (percent) => (_, response, asked) => {
    const bytes = Buffer.from(townText(asked));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": bytes.length, ...asked.cors });
    response.write(bytes.subarray(0, Math.floor((bytes.length * percent) / 100)), () => response.destroy());
  },

  /** A whole reply with nothing in it. */
  empty: () => (_, response, asked) => json(response, asked, overpassJson([])),

  /** JSON, but not Overpass's. */
  otherJson: () => (_, response, asked) => json(response, asked, '{"type":"FeatureCollection","features":[]}'),

  /** The town in `chunks` pieces; the wait between them is for progress to be seen. It ends when `until` is resolved. */
  slow: ({ chunks = 10, wait = 100, until } = {}) => async (_, response, asked) => {
    const bytes = Buffer.from(townText(asked));
    response.writeHead(200, { "Content-Type": "application/json", ...asked.cors });
    const size = Math.ceil(bytes.length / chunks);
    for (let start = 0; start < bytes.length && !response.destroyed; start += size) {
      response.write(bytes.subarray(start, start + size));
      await sleep(wait);
    }
    await until;
    response.end();
  },

  /** The town's roads at once, all else when `rest` is resolved. */
  roadsFirst: (rest) => async (_, response, asked) => {
    const elements = townElements(asked.bbox);
    const roads = elements.filter(({ tags }) => tags?.highway);
    const text = overpassJson([...roads, ...elements.filter(({ tags }) => !tags?.highway)]);
    const roadsAlone = overpassJson(roads);
    let end = 0;
    while (text[end] === roadsAlone[end]) end++;
    response.writeHead(200, { "Content-Type": "application/json", ...asked.cors });
    response.write(text.slice(0, end));
    await rest;
    response.end(text.slice(end));
  },

  /** The town, so many blanks ahead of its elements, which come when `rest` is resolved. */
  padded: (blanks, rest) => async (_, response, asked) => {
    const text = townText(asked);
    response.writeHead(200, { "Content-Type": "application/json", ...asked.cors });
    response.write(text.slice(0, 1) + " ".repeat(blanks));
    await rest;
    response.end(text.slice(1));
  },

  /** Begins to answer, and sends no more. */
  stall: () => (_, response, asked) => {
    response.writeHead(200, { "Content-Type": "application/json", ...asked.cors });
    response.write(townText(asked).slice(0, 20));
  },

  /** Takes the request and never answers. */
  hang: () => () => {},

  /** Closes the connection unanswered. */
  reset: () => (request) => request.socket.destroy(),
};

function townText({ bbox, query }) {
  const form = /\bout tags geom\b/.test(query) ? "tags" : /\bout\b[^;]*\bgeom\b/.test(query) ? "geom" : "skel";
  return overpassJson(townElements(bbox), { form });
}

function json(response, { cors }, text) {
  response.writeHead(200, { "Content-Type": "application/json", ...cors });
  response.end(text);
}

/** The box named in a query (`[bbox:s,w,n,e]` or `(s,w,n,e)`), or null. */
export function queryBbox(query) {
  const number = "\\s*(-?\\d+(?:\\.\\d+)?)\\s*";
  const found = new RegExp(`[(:]${[number, number, number, number].join(",")}[)\\]]`).exec(query);
  if (!found) return null;
  const [south, west, north, east] = found.slice(1).map(Number);
  return { south, west, north, east };
}

/** The server. Set `script` to the replies of the coming requests; the last one is repeated. */
export class FakeOverpass extends FakeServer {
  // Of each request: {method, path, headers, body, query, bbox, aborted}.
  script = [replies.town()];
  #n = 0;

  get url() {
    return `${this.origin}/api/interpreter`;
  }

  /** Answers from now on with these, and forgets what came before. */
  answers(...script) {
    this.script = script;
    this.requests = [];
    this.#n = 0;
  }

  async handle(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const url = new URL(request.url, "http://localhost");
    const form = /^application\/x-www-form-urlencoded/.test(request.headers["content-type"] ?? "");
    const query = url.searchParams.get("data") ?? (form ? new URLSearchParams(body).get("data") : body) ?? "";
    const bbox = queryBbox(query);
    this.remember({ method: request.method, path: url.pathname, headers: request.headers, body, query, bbox }, response);
    const cors = { "Access-Control-Allow-Origin": "*" };
    if (request.method === "OPTIONS") {
      // The real server allows it too, but each costs a request: the tests count them.
      response.writeHead(204, { ...cors, "Access-Control-Allow-Headers": "*" }).end();
      return;
    }
    const reply = this.script[Math.min(this.#n++, this.script.length - 1)];
    if (!bbox) {
      response.writeHead(400, { "Content-Type": "text/html", ...cors }).end(page(PAGES[400]));
      return;
    }
    await reply(request, response, { query, bbox, cors });
  }
}

/** An address at which nothing listens: the browser gets "connection refused". */
export async function refusedUrl() {
  const server = http.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}/api/interpreter`;
}
