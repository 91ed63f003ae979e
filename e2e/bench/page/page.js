// The baseline as a page: `baseline.take(url)` fetches a reply, `baseline.frame(view)` makes all of it ready to draw
// on the GPU, `baseline.draw()` draws it; `baseline.getReady(view)`
// makes what prints are drawn of, `baseline.print(width, height)` one of them.

import { Canvas } from "./canvas.js";
import { kinds } from "./kinds.js";
import { buildPaths, printPaths } from "./print.js";
import { buildScene } from "./scene.js";

const canvas = new Canvas(document.getElementById("map"));
let bytes;
let view;
let paths;

/** Wall time of each step since `from`, ms; one thread does it all, so that it is nearly its CPU time. */
function steps(from) {
  const all = {};
  return {
    all,
    ends(name) {
      const now = performance.now();
      all[name] = now - from;
      from = now;
    },
  };
}

window.baseline = {
  async take(url) {
    bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    return bytes.length;
  },

  /** Reply in hand → frame data on the GPU. `place`: {lat, lon, distance}, distance in metres. */
  frame(place) {
    view = place;
    const time = steps(performance.now());
    let text = new TextDecoder().decode(bytes);
    time.ends("decode");
    const { elements } = JSON.parse(text);
    text = undefined;
    time.ends("parse");
    const scene = buildScene(elements, place);
    time.ends("scene");
    canvas.upload(scene);
    time.ends("upload");
    const sum = (of) => scene.reduce((n, layer) => n + (of(layer) ?? 0), 0);
    return {
      steps: time.all,
      triangles: sum((layer) => layer.indices && layer.indices.length / 3),
      segments: sum((layer) => layer.quads && layer.quads.length / 20),
      kinds: Object.fromEntries(scene.map((layer) => [kinds[layer.kind].name, layer.n])),
    };
  },

  draw() {
    canvas.draw(view.distance);
  },

  /** Reply in hand → all that a print is drawn of. */
  getReady(place) {
    view = place;
    paths = buildPaths(JSON.parse(new TextDecoder().decode(bytes)).elements, place);
    bytes = undefined;
  },

  /** Draws a print and packs it: wall ms from the wish to the file, and its bytes. */
  async print(width, height) {
    const from = performance.now();
    const { size } = await printPaths(paths, view, width, height);
    return { ms: performance.now() - from, size };
  },
};
