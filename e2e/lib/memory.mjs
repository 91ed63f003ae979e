// How much memory a page and its workers have: their wasm memories, which never shrink, the page's JavaScript and what
// the kernel knows of the process.

import { readFileSync, writeFileSync } from "node:fs";
import { aheadOf } from "./ahead.mjs";

/**
 * Runs ahead of a module's own code, in the page or a worker: finds its memory, and tells of it who asks. A worker is
 * told that there are two cores, as on the smallest of machines, and gives up none of its helpers, however slow or idle.
 */
export function watchMemory(kind) {
  if (globalThis.WorkerNavigator) {
    Object.defineProperty(WorkerNavigator.prototype, "hardwareConcurrency", { get: () => 2 });
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
  line.onmessage = ({ data }) => {
    if (data !== "?" || !globalThis.wasmMemory) return;
    line.postMessage({ kind: globalThis.name || kind, bytes: globalThis.wasmMemory.buffer.byteLength });
  };
}

/** Files of the site whose render, print and helping workers are watched. */
export function watchedWorkers() {
  return { ...aheadOf("render", watchMemory, "render"), ...aheadOf("print", watchMemory, "print") };
}

/** Bytes of wasm memory of these workers, by kind: "render", "print", or "bands" for a helper of the print worker. */
export async function wasmOf(page, kinds) {
  return page.evaluate((kinds) => new Promise((done) => {
    const found = {};
    const line = new BroadcastChannel("memory");
    line.onmessage = ({ data }) => {
      if (kinds.includes(data.kind)) found[data.kind] = data.bytes;
      if (!kinds.every((kind) => found[kind] !== undefined)) return;
      clearInterval(asking);
      line.close();
      done(found);
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

/** Bytes of memory that a process has now, and has had at most since `forgetPeak`. */
export function processMemory(id) {
  const status = readFileSync(`/proc/${id}/status`, "utf8");
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) * 1024;
  return { now: of("VmRSS"), most: of("VmHWM") };
}

export function forgetPeak(id) {
  writeFileSync(`/proc/${id}/clear_refs`, "5");
}
