// A fake server of raster tiles: one green pixel for each, and a record of all it was asked.

import { FakeServer } from "./fake.mjs";

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mMw2OAAAAI0ASGbqrH9AAAAAElFTkSuQmCC", "base64");

/** What it can answer; each is called with (request, response). */
export const tileAnswers = {
  picture: () => (_, response) => response.writeHead(200, { "Content-Type": "image/png" }).end(PIXEL),
  /** Without `headers` no page of another site can read it. */
  status: (code, headers = {}) => (_, response) => response.writeHead(code, headers).end("no"),
  /** Every tile comes at its second request. */
  late: () => {
    const n = {};
    return (request, response) => {
      n[request.url] = (n[request.url] ?? 0) + 1;
      (n[request.url] === 1 ? tileAnswers.status(500) : tileAnswers.picture())(request, response);
    };
  },
  hang: () => () => {},
};

/** The server. No CORS: what is only looked at needs none. Of each request it remembers {path, referer, aborted}. */
export class FakeTiles extends FakeServer {
  answer = tileAnswers.picture();
  /** Requests under way, and most of them at a time. */
  n = 0;
  most = 0;

  handle(request, response) {
    this.remember({ path: request.url, referer: request.headers.referer }, response);
    this.most = Math.max(this.most, ++this.n);
    response.on("close", () => this.n--);
    this.answer(request, response);
  }

  /** What config.json says of it. */
  get config() {
    return { url: `${this.origin}/{z}/{x}/{y}.png`, name: "Green Tiles", attribution: "© Green Tiles Inc.", max_zoom: 17 };
  }

  answers(answer) {
    super.answers(answer);
    this.most = this.n;
  }
}
