// A fake server of raster tiles: one green pixel for each, and a record of all it was asked.

import { once } from "node:events";
import http from "node:http";

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mMw2OAAAAI0ASGbqrH9AAAAAElFTkSuQmCC", "base64");

/** What it can answer; each is called with (request, response). */
export const tileAnswers = {
  picture: () => (_, response) => response.writeHead(200, { "Content-Type": "image/png" }).end(PIXEL),
  status: (code) => (_, response) => response.writeHead(code).end("no"),
  hang: () => () => {},
};

/** The server. No CORS: what is only looked at needs none. */
export class FakeTiles {
  /** Every request: {path, referer, aborted}. */
  requests = [];
  answer = tileAnswers.picture();
  /** Requests under way, and most of them at a time. */
  n = 0;
  most = 0;
  #server = http.createServer((request, response) => {
    const seen = { path: request.url, referer: request.headers.referer, aborted: false };
    this.requests.push(seen);
    this.most = Math.max(this.most, ++this.n);
    response.on("close", () => {
      this.n--;
      seen.aborted = !response.writableFinished;
    });
    this.answer(request, response);
  });

  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  /** What config.json says of it. */
  get config() {
    const url = `http://127.0.0.1:${this.#server.address().port}/{z}/{x}/{y}.png`;
    return { url, name: "Green Tiles", attribution: "© Green Tiles Inc.", max_zoom: 17 };
  }

  /** Answers so from now on, and forgets what came before. */
  answers(answer) {
    this.answer = answer;
    this.requests = [];
    this.most = this.n;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
