// `cargo xtask bench --browser`: our page and the JavaScript baseline in one Chromium on the same replies → a table,
// and the figures one a line for scripts.

import { parseArgs } from "node:util";
import { aheadOf } from "../lib/ahead.mjs";
import { Stage } from "../lib/app.mjs";
import { measureApp, visitFreely } from "./app.mjs";
import { measureBaseline, peakOfEmptyPage, serveBaseline } from "./baseline.mjs";
import { median, show, table } from "./figures.mjs";
import { Gate } from "./gate.mjs";
import { benchPrints } from "./prints.mjs";
import { placesToBench, replyOf } from "./replies.mjs";
import { benchTyping } from "./typing.mjs";

/**
 * Has the canvas put on screen by the GPU, if only one made of software, as a browser of everyday does: without these
 * the page's own thread waits for each picture and copies it, 2.6 ms for one of 1000 × 1334 pixels with nothing on it.
 */
const COMPOSITED = ["--use-angle=swiftshader", "--ignore-gpu-blocklist", "--enable-gpu-rasterization"];

const { values } = parseArgs({
  options: { prints: { type: "boolean", default: false }, typing: { type: "boolean", default: false }, place: { type: "string", multiple: true, default: [] }, runs: { type: "string", default: "5" } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs} is no number of runs`);
if (process.platform !== "linux") throw new Error("CPU times are read from /proc, which only Linux has");

const names = values.typing ? [] : placesToBench(values.place);
const reply = {};
const stage = await Stage.up({ args: COMPOSITED });
const gate = await new Gate().open();
const site = await serveBaseline(reply);
try {
  console.log(`Chromium ${stage.chromium.browser.version()}, ${runs} runs, CPU ms of the page's own threads: median (least–most)\n`);
  const lines = values.prints ? [] : await benchTyping(stage, runs);
  for (const name of names) {
    if (!values.prints) lines.push(...(await benchPlace(name)));
    lines.push(...(await printsOf(name)));
  }
  console.log(lines.join("\n"));
} finally {
  site.close();
  gate.close();
  await stage.down();
}

/** Files of one place. */
async function printsOf(name) {
  const { bytes, place } = replyOf(name);
  reply.bytes = bytes;
  stage.reset();
  stage.overpass.answers((_, response, { cors }) => response.writeHead(200, { "Content-Type": "application/json", ...cors }).end(bytes));
  return benchPrints(stage, site, name, place, runs, (cores) => aheadOf("print", (cores) => {
    Object.defineProperty(globalThis.WorkerNavigator.prototype, "hardwareConcurrency", { get: () => cores });
  }, cores));
}

/** Measures one place, prints its table and returns its lines for scripts. */
async function benchPlace(name) {
  const { bytes, place } = replyOf(name);
  reply.bytes = bytes;
  const sends = (_, response, { cors }) => response.writeHead(200, { "Content-Type": "application/json", ...cors }).end(bytes);
  const app = [];
  const baseline = [];
  const free = [];
  for (let run = 0; run < runs; run++) {
    // In turns, so that a machine that slows down slows both.
    stage.reset();
    stage.overpass.answers(sends);
    app.push(await measureApp(stage, gate, place));
    baseline.push(await measureBaseline(stage.chromium, site, place));
    stage.reset();
    stage.overpass.answers(sends);
    const empty = await peakOfEmptyPage(stage.chromium, site);
    // Over the network and unwrapped: a reply kept for its measure would count as the page's.
    const { peak, longTasks } = await visitFreely(stage, place);
    free.push({ longTasks, app: peak - empty, baseline: baseline.at(-1).peak - empty });
  }
  const of = (all, pick) => all.map(pick);
  const cold = of(app, (run) => run.cold.frame.own);
  const warm = of(app, (run) => run.warm.frame.own);
  const coldJs = of(baseline, (run) => run.cold.frame.own);
  const warmJs = of(baseline, (run) => run.warm.frame.own);
  const tail = of(app, (run) => run.cold.tail.own);
  const pan = of(app, (run) => run.pan.own);
  const zoom = of(app, (run) => run.zoom.own);
  const restyle = of(app, (run) => run.restyle.own);
  const worst = (name) => of(app, (run) => run.worst[name]);
  const most = of(free, (run) => run.app);
  const longTasks = of(free, (run) => run.longTasks);
  const { triangles, segments } = baseline[0].cold.made;
  console.log(`${name}: ${(bytes.length / 1e6).toFixed(1)} MB around ${place.lat}, ${place.lon}, ${place.distance} m;`
    + ` the baseline's scene has ${triangles} triangles and ${segments} segments`);
  const steps = (step) => of(baseline, (run) => run.cold.made.steps[step]);
  table([
    ["", "MapPoster", "JavaScript"],
    ["reply in hand → frame data uploaded, cold", show(cold), show(coldJs)],
    ["  the same with the browser's helper threads", show(of(app, (run) => run.cold.frame.all)), show(of(baseline, (run) => run.cold.frame.all))],
    ["  on the UI thread", show(of(app, (run) => run.cold.frame.main)), "all of it"],
    ["  decode, parse, scene, upload (wall ms)", "", ["decode", "parse", "scene", "upload"].map((step) => median(steps(step)).toFixed(1)).join(" + ")],
    ["the same reply again, warm", show(warm), show(warmJs)],
    ["after the last part of the reply, cold", show(tail), ""],
    ["after the last part of the reply, warm", show(of(app, (run) => run.warm.tail.own)), ""],
    ["a frame while the map is pulled", show(pan), ""],
    ["  on the UI thread", show(of(app, (run) => run.pan.main)), ""],
    ["  the worst, on the UI thread", show(worst("pan")), ""],
    ["a frame while it is zoomed", show(zoom), ""],
    ["  on the UI thread", show(of(app, (run) => run.zoom.main)), ""],
    ["  the worst, on the UI thread", show(worst("zoom")), ""],
    ["a frame of another theme", show(restyle), ""],
    ["  on the UI thread", show(of(app, (run) => run.restyle.main)), ""],
    ["  the worst, on the UI thread", show(worst("restyle")), ""],
    ["a frame in which nothing moves", show(of(app, (run) => run.still.own)), ""],
    ["peak memory above an empty page, MiB", show(most), show(of(free, (run) => run.baseline))],
    ["tasks of over 50 ms on the UI thread, first load to last theme", longTasks.join(", "), ""],
  ]);
  return [
    ["frame-cold", median(cold) / median(coldJs)],
    ["frame-warm", median(warm) / median(warmJs)],
    ["tail-ms", median(tail)],
    ["pan-frame-ms", median(pan)],
    ["pan-worst-ms", Math.max(...worst("pan"))],
    ["zoom-frame-ms", median(zoom)],
    ["zoom-worst-ms", Math.max(...worst("zoom"))],
    ["restyle-frame-ms", median(restyle)],
    ["restyle-worst-ms", Math.max(...worst("restyle"))],
    ["long-tasks", Math.max(...longTasks)],
    ["peak-mib", median(most)],
  ].map(([figure, value]) => `ratio ${figure} ${name} ${value.toFixed(3)}`);
}
