// A clock for the render worker, which Playwright's does not reach.

import { aheadOf } from "./ahead.mjs";

/**
 * Files of the site, for `replaced`, with which the render worker's waits for a time pass at once while its clock jumps as
 * far. `asked(visitor)` tells when it asked a server something, seconds by that clock.
 */
export function jumpingClock() {
  return aheadOf("render", jump);
}

export async function asked(visitor) {
  const workers = visitor.page.workers().filter((worker) => worker.url().includes("render_worker"));
  const times = await Promise.all(workers.map((worker) => worker.evaluate(() => globalThis.asked)));
  return times.flat();
}

/** Runs in the worker ahead of its own code. */
function jump() {
  // What waits for longer waits for something else than the clock: another tab's turn, which takes its own time.
  const [SHORT, LONG] = [200, 1000];
  let ahead = 0;
  globalThis.asked = [];
  const [now, wait, ask] = [Date.now, globalThis.setTimeout, globalThis.fetch];
  Date.now = () => now() + ahead;
  globalThis.setTimeout = (act, ms = 0, ...rest) => {
    const jumps = ms >= SHORT && ms < LONG;
    return wait(() => {
      if (jumps) ahead += ms;
      act(...rest);
    }, jumps ? 0 : ms);
  };
  globalThis.fetch = (request, ...rest) => {
    if (request.method === "POST") globalThis.asked.push(Date.now() / 1000);
    return ask(request, ...rest);
  };
}
