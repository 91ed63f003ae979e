// Overpass elements → what the GPU takes: triangles of areas, and for each segment of a line a quad around it, in
// metres around the place. Does less than the app: no sea, bridges, casings, simplifying or cutting to the page.

import earcut from "earcut";
import { classify, kindOf, kinds } from "./kinds.js";

/** Of the sphere, m. */
const RADIUS = 6_378_137;
/** Floats of a segment: four corners of x, y, along, across, length. */
const QUAD = 20;

/** A typed array that grows. */
export class Growing {
  constructor(Type) {
    this.data = new Type(4096);
    this.length = 0;
  }

  /** Makes room for `n` more. */
  room(n) {
    if (this.length + n <= this.data.length) return;
    const larger = new this.data.constructor(Math.max(this.data.length * 2, this.length + n));
    larger.set(this.data.subarray(0, this.length));
    this.data = larger;
  }

  whole() {
    return this.data.subarray(0, this.length);
  }
}

/** Longitude and latitude → metres of a Mercator map that is true to scale at the place. */
export class Projection {
  constructor({ lat, lon }) {
    const angle = (lat * Math.PI) / 180;
    this.lat = lat;
    this.lon = lon;
    this.east = (RADIUS * Math.cos(angle) * Math.PI) / 180;
    // The first terms of Mercator's y around the place: a hand's breadth off at 50 km, without a tangent and a logarithm a vertex.
    this.north = (RADIUS * Math.PI) / 180;
    this.bend = (this.north * Math.tan(angle) * Math.PI) / 360;
    this.bend3 = (this.north * (0.5 + Math.tan(angle) ** 2) * (Math.PI / 180) ** 2) / 3;
  }

  /** Appends the vertices `from..to` to `out`; those left out by the server are `null`. */
  put(out, geometry, from, to) {
    out.room((to - from) * 2);
    const { data } = out;
    let n = out.length;
    for (let i = from; i < to; i++) {
      const point = geometry[i];
      if (point === null) continue;
      const d = point.lat - this.lat;
      data[n++] = (point.lon - this.lon) * this.east;
      data[n++] = d * (this.north + d * (this.bend + d * this.bend3));
    }
    out.length = n;
  }
}

/** A layer for each kind that is there, in draw order: {kind, n, points, indices} or {kind, n, quads}. */
export function buildScene(elements, place) {
  const projection = new Projection(place);
  const areas = kinds.map(({ width }) => (width ? undefined : { n: 0, points: new Growing(Float32Array), indices: new Growing(Uint32Array) }));
  // Room for a pixel of soft edge on a canvas 900 high, beside half the width.
  const lines = kinds.map(({ width }) => (width ? { n: 0, quads: new Growing(Float32Array), reach: (width / 2 + 0.5) * (place.distance / 200) } : undefined));
  const path = new Growing(Float32Array);
  const seen = {};
  for (const element of elements) {
    if (element.type === "way") {
      const { geometry } = element;
      if (geometry === undefined || geometry.length < 2) continue;
      classify(element.tags, seen);
      if (seen.area !== undefined && isClosed(geometry) && (seen.line === undefined || seen.isArea || seen.line < kindOf.steps)) {
        addArea(areas[seen.area], projection, [geometry]);
      } else if (seen.line !== undefined) {
        addLine(lines[seen.line], projection, geometry, path);
      }
      if (seen.rail !== undefined) addLine(lines[seen.rail], projection, geometry, path);
    } else if (element.type === "relation" && element.members !== undefined) {
      classify(element.tags, seen);
      if (seen.area === undefined) continue;
      for (const polygon of polygonsOf(element.members)) addArea(areas[seen.area], projection, polygon);
    }
  }
  return kinds.flatMap((_, kind) => {
    const area = areas[kind];
    if (area) return area.n ? [{ kind, n: area.n, points: area.points.whole(), indices: area.indices.whole() }] : [];
    return lines[kind].n ? [{ kind, n: lines[kind].n, quads: lines[kind].quads.whole() }] : [];
  });
}

/** Adds a polygon: an outer ring, then its holes, each closed by its first vertex once more. */
function addArea(layer, projection, rings) {
  const { points, indices } = layer;
  const first = points.length;
  const holes = [];
  for (const ring of rings) {
    if (points.length > first) holes.push((points.length - first) / 2);
    projection.put(points, ring, 0, ring.length - 1);
  }
  const corners = points.data.subarray(first, points.length);
  // Most houses: two triangles need no search for ears.
  const triangles = holes.length === 0 && isConvexQuad(corners) ? TWO : earcut(corners, holes, 2);
  indices.room(triangles.length);
  const base = first / 2;
  const { data } = indices;
  let n = indices.length;
  for (let i = 0; i < triangles.length; i++) data[n++] = triangles[i] + base;
  indices.length = n;
  layer.n++;
}

const TWO = [0, 1, 2, 0, 2, 3];

function isConvexQuad(at) {
  if (at.length !== 8) return false;
  let turns = 0;
  for (let i = 0; i < 8; i += 2) {
    const [b, c] = [(i + 2) & 7, (i + 4) & 7];
    const turn = (at[b] - at[i]) * (at[c + 1] - at[b + 1]) - (at[b + 1] - at[i + 1]) * (at[c] - at[b]);
    turns += Math.sign(turn);
  }
  return Math.abs(turns) === 4;
}

/** Adds a quad around each segment; the shader rounds their ends. */
function addLine(layer, projection, geometry, path) {
  path.length = 0;
  projection.put(path, geometry, 0, geometry.length);
  const segments = path.length / 2 - 1;
  if (segments < 1) return;
  const { quads, reach } = layer;
  quads.room(segments * QUAD);
  const { data: out } = quads;
  const { data: at } = path;
  let n = quads.length;
  let x0 = at[0];
  let y0 = at[1];
  for (let i = 2; i < path.length; i += 2) {
    const x1 = at[i];
    const y1 = at[i + 1];
    const dx = x1 - x0;
    const dy = y1 - y0;
    const length = Math.sqrt(dx * dx + dy * dy);
    const tx = length > 0 ? (dx / length) * reach : reach;
    const ty = length > 0 ? (dy / length) * reach : 0;
    out[n] = x0 - tx - ty; out[n + 1] = y0 - ty + tx; out[n + 2] = -reach; out[n + 3] = reach; out[n + 4] = length;
    out[n + 5] = x0 - tx + ty; out[n + 6] = y0 - ty - tx; out[n + 7] = -reach; out[n + 8] = -reach; out[n + 9] = length;
    out[n + 10] = x1 + tx - ty; out[n + 11] = y1 + ty + tx; out[n + 12] = length + reach; out[n + 13] = reach; out[n + 14] = length;
    out[n + 15] = x1 + tx + ty; out[n + 16] = y1 + ty - tx; out[n + 17] = length + reach; out[n + 18] = -reach; out[n + 19] = length;
    n += QUAD;
    x0 = x1;
    y0 = y1;
  }
  quads.length = n;
  layer.n++;
}

/** Polygons of a relation's members: for each, the outer ring and the holes in it. */
export function polygonsOf(members) {
  const outers = ringsOf(members, false);
  const polygons = outers.map((outer) => [outer]);
  if (outers.length === 0) return polygons;
  for (const inner of ringsOf(members, true)) {
    const around = outers.length === 1 ? 0 : outers.findIndex((outer) => isInside(inner[0], outer));
    if (around >= 0) polygons[around].push(inner);
  }
  return polygons;
}

/** Ways of one role, joined at equal ends to rings; what does not close is left out. */
function ringsOf(members, isInner) {
  const rings = [];
  const open = [];
  for (const { type, role, geometry } of members) {
    if (type !== "way" || (role === "inner") !== isInner || geometry === undefined) continue;
    const whole = geometry.includes(null) ? geometry.filter((point) => point !== null) : geometry;
    if (whole.length < 2) continue;
    if (isClosed(whole)) rings.push(whole);
    else open.push(whole);
  }
  if (open.length > 0) join(open, rings);
  return rings;
}

function join(open, rings) {
  const atEnd = new Map();
  const key = ({ lat, lon }) => `${lat},${lon}`;
  for (const way of open) {
    for (const end of [key(way[0]), key(way.at(-1))]) {
      const there = atEnd.get(end);
      if (there) there.push(way);
      else atEnd.set(end, [way]);
    }
  }
  const used = new Set();
  for (const way of open) {
    if (used.has(way)) continue;
    used.add(way);
    const ring = way.slice();
    while (!isClosed(ring)) {
      const last = ring.at(-1);
      const next = atEnd.get(key(last)).find((other) => !used.has(other));
      if (next === undefined) break;
      used.add(next);
      const isForward = isSame(next[0], last);
      for (let i = 1; i < next.length; i++) ring.push(next[isForward ? i : next.length - 1 - i]);
    }
    if (isClosed(ring)) rings.push(ring);
  }
}

function isSame(a, b) {
  return a.lat === b.lat && a.lon === b.lon;
}

export function isClosed(geometry) {
  const [first, last] = [geometry[0], geometry[geometry.length - 1]];
  return geometry.length > 3 && first !== null && last !== null && isSame(first, last);
}

/** Whether a ray from the point to the east crosses the ring an odd number of times. */
function isInside({ lat, lon }, ring) {
  let is = false;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a.lat > lat !== b.lat > lat && lon < ((b.lon - a.lon) * (lat - a.lat)) / (b.lat - a.lat) + a.lon) is = !is;
  }
  return is;
}
