// What the UI thread does between two frames, from Chromium's own trace: an average hides the one that is seen.

/** Names of a task of a thread, in its trace. */
const TASKS = ["RunTask", "ThreadControllerImpl::RunTask"];

/** The most CPU ms of a page's UI thread between two frames while `act` goes on. */
export async function worstFrame(browser, page, id, act) {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"] });
  await act();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return Math.max(...framesOf(traceEvents, id));
}

/** CPU ms of the main thread of a process from each frame to the next. */
export function framesOf(events, id) {
  const main = events.filter(({ pid, tid }) => pid === id && tid === id);
  const starts = main.filter(({ name }) => name === "FireAnimationFrame").map(({ ts }) => ts).sort((a, b) => a - b);
  const frames = starts.map(() => 0);
  // Of a task within a task the outer one tells all.
  const tasks = main.filter(({ name, tdur }) => TASKS.includes(name) && tdur !== undefined).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  let end = -Infinity;
  for (const { ts, dur, tdur } of tasks) {
    if (ts < end) continue;
    end = ts + dur;
    // The task that fires a frame begins before it does.
    const frame = starts.findLastIndex((start) => start <= end);
    if (frame >= 0) frames[frame] += tdur / 1000;
  }
  if (frames.length === 0) throw new Error("the trace has no frame of the page");
  return frames;
}
