// A server at which a page or worker asks to go on and waits until it may, so that its threads sleep while their
// CPU time is read.

import { once } from "node:events";
import http from "node:http";
import { PATIENCE } from "../lib/app.mjs";

export class Gate {
  #waiting = new Map();
  #server = http.createServer((request, response) => {
    const name = request.url.slice(1);
    const letGo = () => response.writeHead(200, { "Access-Control-Allow-Origin": "*" }).end();
    const expected = this.#waiting.get(name);
    this.#waiting.delete(name);
    // Nobody looks: go on at once.
    if (expected) expected(letGo);
    else letGo();
  });

  async open() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/`;
  }

  /** Resolves when the page is at the gate `name`, to the function that lets it go on. */
  at(name) {
    return new Promise((arrived, fail) => {
      const never = setTimeout(() => fail(new Error(`the page never came to \`${name}\``)), 2 * PATIENCE);
      this.#waiting.set(name, (letGo) => {
        clearTimeout(never);
        arrived(letGo);
      });
    });
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
