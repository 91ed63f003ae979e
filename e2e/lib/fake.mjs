// What fake servers share: a port of their own, and a record of all they were asked.

import { once } from "node:events";
import http from "node:http";

/** A server; what it answers is its `handle(request, response)`. */
export class FakeServer {
  /** Every request; `aborted` where its answer was not taken to the end. */
  requests = [];
  #server = http.createServer((request, response) => this.handle(request, response));

  /** Listens on a free port; an origin of its own, as in life. */
  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get origin() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Remembers a request and how it ends. */
  remember(seen, response) {
    Object.assign(seen, { aborted: false });
    this.requests.push(seen);
    response.on("close", () => (seen.aborted = !response.writableFinished));
  }

  /** Answers so from now on, and forgets what came before. */
  answers(answer) {
    this.answer = answer;
    this.requests = [];
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
