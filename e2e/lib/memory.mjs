// How much memory a page and its workers have: their wasm memories, which never shrink, the page's JavaScript and what
// the kernel knows of the process.

import { readFileSync, writeFileSync } from "node:fs";
import { aheadOf } from "./ahead.mjs";

/**
 * Runs ahead of a module's own code, in the page or a worker: finds its memory, and tells of it who asks. A worker is
 * told that there are so many cores; two, as on the smallest of machines, unless others are said; and gives up none of
 * its helpers, however slow or idle.
 */
export function watchMemory(kind, cores = 2) {
  if (globalThis.WorkerNavigator) {
    Object.defineProperty(WorkerNavigator.prototype, "hardwareConcurrency", { get: () => cores });
    const { setInterval, setTimeout } = globalThis;
    globalThis.setInterval = (act, ms, ...rest) => (ms === 2000 ? 0 : setInterval(act, ms, ...rest));
    globalThis.setTimeout = (act, ms, ...rest) => (ms === 20_000 ? 0 : setTimeout(act, ms, ...rest));
  }
  const note = (instance) => (globalThis.wasmMemory = instance.exports.memory ?? globalThis.wasmMemory);
  const { instantiate, instantiateStreaming, Instance } = WebAssembly;
  WebAssembly.instantiate = async (...all) => {
    const made = await instantiate(...all);
    note(made.instance ?? made);
    return made;
  };
  WebAssembly.instantiateStreaming = async (...all) => {
    const made = await instantiateStreaming(...all);
    note(made.instance);
    return made;
  };
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, all) {
      const made = new target(...all);
      note(made);
      return made;
    },
  });
  const line = new BroadcastChannel("memory");
  const id = Math.random();
  line.onmessage = ({ data }) => {
    if (data !== "?" || !globalThis.wasmMemory) return;
    line.postMessage({ kind: globalThis.name || kind, id, bytes: globalThis.wasmMemory.buffer.byteLength });
  };
}

/** Files of the site whose render, print and helping workers are watched. */
export function watchedWorkers(cores = 2) {
  return { ...aheadOf("render", watchMemory, "render", cores), ...aheadOf("print", watchMemory, "print", cores) };
}

/**
 * Bytes of wasm memory of these workers, by kind: "render", "print", or "bands", once for each helper of the print
 * worker, whose bytes are added up.
 */
export async function wasmOf(page, kinds) {
  return page.evaluate((kinds) => new Promise((done) => {
    const heard = new Map();
    const line = new BroadcastChannel("memory");
    line.onmessage = ({ data }) => {
      heard.set(data.id, data);
      const of = (kind) => [...heard.values()].filter((one) => one.kind === kind);
      if (!kinds.every((kind) => of(kind).length >= kinds.filter((other) => other === kind).length)) return;
      clearInterval(asking);
      line.close();
      done(Object.fromEntries(kinds.map((kind) => [kind, of(kind).reduce((sum, { bytes }) => sum + bytes, 0)])));
    };
    // Again and again, as one that has just been started does not listen yet.
    const asking = setInterval(() => line.postMessage("?"), 100);
  }), kinds);
}

/** Bytes of the page's JavaScript after its garbage is gone, with its buffers. */
export async function heapOf(visitor) {
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize + backingStorageSize;
}

/** What DevTools says to the page or a worker, and to the workers of each. */
class Line {
  constructor(post) {
    Object.assign(this, { post, n: 0, waiting: new Map(), workers: new Map() });
  }

  /** The result; nothing where whoever is asked is gone. */
  ask(method, params = {}) {
    const id = ++this.n;
    return new Promise((done) => {
      this.waiting.set(id, done);
      this.post({ id, method, params });
    });
  }

  hear({ id, method, params, result }) {
    this.waiting.get(id)?.(result);
    this.waiting.delete(id);
    if (method === "Target.attachedToTarget") {
      const { sessionId } = params;
      const worker = new Line((message) => this.ask("Target.sendMessageToTarget", { sessionId, message: JSON.stringify(message) }));
      this.workers.set(sessionId, worker);
      worker.watch();
    } else if (method === "Target.detachedFromTarget") {
      this.workers.get(params.sessionId)?.waiting.forEach((done) => done());
      this.workers.delete(params.sessionId);
    } else if (method === "Target.receivedMessageFromTarget") {
      this.workers.get(params.sessionId)?.hear(JSON.parse(params.message));
    }
  }

  watch() {
    return this.ask("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  }

  /** Bytes of JavaScript with its buffers, here and in all workers; after their garbage is gone, where `clean`. */
  async bytes(clean) {
    if (clean) await this.ask("HeapProfiler.collectGarbage");
    const { usedSize = 0, backingStorageSize = 0 } = (await this.ask("Runtime.getHeapUsage")) ?? {};
    const others = await Promise.all([...this.workers.values()].map((worker) => worker.bytes(clean)));
    return others.reduce((sum, bytes) => sum + bytes, usedSize + backingStorageSize);
  }
}

/** Bytes of JavaScript of a page and all its workers: `bytes(clean)`, `n()` of them, and `leave()`. */
export async function heapsOf(visitor) {
  const session = await visitor.context.newCDPSession(visitor.page);
  const page = new Line(({ id, method, params }) => session.send(method, params).then((result) => page.hear({ id, result }), () => page.hear({ id })));
  for (const method of ["Target.attachedToTarget", "Target.detachedFromTarget", "Target.receivedMessageFromTarget"]) {
    session.on(method, (params) => page.hear({ method, params }));
  }
  await page.watch();
  const n = (line) => [...line.workers.values()].reduce((sum, worker) => sum + n(worker), 1);
  return { bytes: (clean) => page.bytes(clean), n: () => n(page), leave: () => session.detach() };
}

/** Bytes of memory that a process has now, and has had at most since `forgetPeak`. */
export function processMemory(id) {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) * 1024;
  return { now: of("VmRSS"), most: of("VmHWM") };
}

export function forgetPeak(id) {
  writeFileSync(`/proc/${id}/clear_refs`, "5");
}
