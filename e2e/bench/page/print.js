// Overpass elements → flat rings and lines, once; those → a PNG by Canvas 2D and `toBlob`.

import { classify, kindOf, kinds } from "./kinds.js";
import { Growing, isClosed, polygonsOf, Projection } from "./scene.js";

/** For each kind that is there, in draw order: {kind, points, ringEnds, pathEnds}, in metres around the place. */
export function buildPaths(elements, place) {
  const projection = new Projection(place);
  const layers = kinds.map(() => ({ points: new Growing(Float32Array), ringEnds: new Growing(Uint32Array), pathEnds: new Growing(Uint32Array) }));
  const end = (list, value) => {
    list.room(1);
    list.data[list.length++] = value;
  };
  const add = (kind, rings, isArea) => {
    const { points, ringEnds, pathEnds } = layers[kind];
    for (const ring of rings) {
      projection.put(points, ring, 0, ring.length - (isArea ? 1 : 0));
      end(ringEnds, points.length);
    }
    end(pathEnds, ringEnds.length);
  };
  const seen = {};
  for (const element of elements) {
    if (element.type === "way") {
      const { geometry } = element;
      if (geometry === undefined || geometry.length < 2) continue;
      classify(element.tags, seen);
      if (seen.area !== undefined && isClosed(geometry) && (seen.line === undefined || seen.isArea || seen.line < kindOf.steps)) {
        add(seen.area, [geometry], true);
      } else if (seen.line !== undefined) {
        add(seen.line, [geometry], false);
      }
      if (seen.rail !== undefined) add(seen.rail, [geometry], false);
    } else if (element.type === "relation" && element.members !== undefined) {
      classify(element.tags, seen);
      if (seen.area === undefined) continue;
      for (const polygon of polygonsOf(element.members)) add(seen.area, polygon, true);
    }
  }
  return layers
    .map(({ points, ringEnds, pathEnds }, kind) => ({ kind, points: points.whole(), ringEnds: ringEnds.whole(), pathEnds: pathEnds.whole() }))
    .filter(({ pathEnds }) => pathEnds.length > 0);
}

/** A PNG's blob. A path a way: longer ones take several times as long, as does a canvas on a GPU of software. */
export async function printPaths(layers, { distance }, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  context.fillStyle = "rgb(245 237 227)";
  context.fillRect(0, 0, width, height);
  context.lineCap = context.lineJoin = "round";
  const scale = height / 2 / distance;
  const [left, top] = [width / 2, height / 2];
  for (const { kind, points, ringEnds, pathEnds } of layers) {
    const { colour, width: mm } = kinds[kind];
    const paint = `rgb(${colour.map((part) => Math.round(part * 255)).join(" ")})`;
    if (mm) context.strokeStyle = paint;
    else context.fillStyle = paint;
    context.lineWidth = ((mm ?? 0) * height) / 400;
    let at = 0;
    let ring = 0;
    for (let path = 0; path < pathEnds.length; path++) {
      context.beginPath();
      for (; ring < pathEnds[path]; ring++) {
        const end = ringEnds[ring];
        context.moveTo(left + points[at] * scale, top - points[at + 1] * scale);
        for (at += 2; at < end; at += 2) context.lineTo(left + points[at] * scale, top - points[at + 1] * scale);
        if (!mm) context.closePath();
      }
      if (mm) context.stroke();
      else context.fill("evenodd");
    }
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
