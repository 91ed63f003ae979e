// A clock for the render worker, which Playwright's does not reach.

import { aheadOf } from "./ahead.mjs";

/**
 * Files of the site, for `replaced`, with which the render worker's waits for a time pass at once while its clock jumps as
 * far; but for that it stands still. `asked(visitor)` tells when it asked a server something, seconds by that clock since the
 * worker's start. `beats`: the clock jumps with the
 * heartbeat of a download too, as long as its answer has not begun (`"unanswered"`) or has (`"answered"`).
 */
export function jumpingClock({ beats = "" } = {}) {
  return aheadOf("render", jump, beats);
}

export async function asked(visitor) {
  const workers = visitor.page.workers().filter((worker) => worker.url().includes("render_worker"));
  const times = await Promise.all(workers.map((worker) => worker.evaluate(() => globalThis.asked)));
  return times.flat();
}

/** Runs in the worker ahead of its own code. */
function jump(beats) {
  // What waits for longer waits for something else than the clock: another tab's turn, which takes its own time.
  const [SHORT, LONG] = [200, 1000];
  let ahead = 0;
  globalThis.asked = [];
  const [start, wait, ask] = [Date.now(), globalThis.setTimeout, globalThis.fetch];
  Date.now = () => start + ahead;
  globalThis.setTimeout = (act, ms = 0, ...rest) => {
    const jumps = ms >= SHORT && ms < LONG;
    return wait(() => {
      if (jumps) ahead += ms;
      act(...rest);
    }, jumps ? 0 : ms);
  };
  let hasAnswer = false;
  globalThis.fetch = async (request, ...rest) => {
    if (request.method === "POST") globalThis.asked.push(ahead / 1000);
    hasAnswer = false;
    const answer = await ask(request, ...rest);
    hasAnswer = true;
    return answer;
  };
  const repeat = globalThis.setInterval;
  globalThis.setInterval = (act, ms, ...rest) => {
    const jumps = beats && ms >= SHORT && ms < LONG;
    return repeat(() => {
      if (jumps && hasAnswer === (beats === "answered")) ahead += ms;
      act(...rest);
    }, jumps ? 10 : ms);
  };
}
