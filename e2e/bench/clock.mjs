// What the kernel knows of a page's process: the CPU time of its threads and the most memory it ever held.

import { existsSync, readdirSync, readFileSync } from "node:fs";

/** How long threads are given to fall asleep before they are read: their time is exact only then. */
const REST = 30;

export const rest = (ms = REST) => new Promise((over) => setTimeout(over, ms));

/** Turns of a loop that a page makes to be found by; each takes about a nanosecond. */
const BURNT = 100_000_000;
/** CPU ms that they take at the least. */
const LEAST = 10;

/** Finds the process of a page by having it burn a little CPU, twice: another one may just be starting. */
export async function processOf(page, browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const burnt = renderers.map(() => Infinity);
  for (let round = 0; round < 2; round++) {
    await rest(200);
    const before = renderers.map(mainOf);
    // Work, not a time: on a busy machine a page may get none of that.
    await page.evaluate((n) => {
      let sum = 1;
      for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0;
      return sum;
    }, BURNT);
    renderers.forEach((id, i) => (burnt[i] = Math.min(burnt[i], mainOf(id) - before[i])));
  }
  const found = burnt.indexOf(Math.max(...burnt));
  if (!(burnt[found] > LEAST)) throw new Error("the page's process was not found: it burnt no CPU");
  return renderers[found];
}

/** Of one that has ended, nothing. */
function mainOf(id) {
  return existsSync(`/proc/${id}/task`) ? cpu(id).main : 0;
}

/**
 * CPU ms of a process so far: `main`, its main thread; `own`, that and its workers, where all code of a page runs;
 * `all`, with the browser's own helpers that compile, collect garbage and carry messages.
 */
export function cpu(id) {
  const time = { main: 0, own: 0, all: 0 };
  for (const thread of readdirSync(`/proc/${id}/task`)) {
    const of = (file) => readFileSync(`/proc/${id}/task/${thread}/${file}`, "utf8");
    try {
      const ms = Number(of("schedstat").split(" ")[0]) / 1e6;
      const isMain = Number(thread) === id;
      if (isMain) time.main += ms;
      if (isMain || of("comm").startsWith("DedicatedWorker")) time.own += ms;
      time.all += ms;
    } catch (error) {
      // A thread may end while it is looked at; one of a page's own does not.
      if (error.code !== "ENOENT" && error.code !== "ESRCH") throw error;
    }
  }
  return time;
}

/** What passed between two readings, over `n` things. */
export function passed(from, to, n = 1) {
  return Object.fromEntries(Object.keys(from).map((key) => [key, (to[key] - from[key]) / n]));
}

/** The most memory a process ever held, MiB. */
export function peak(id) {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))[1]) / 1024;
}
