// The replies the benchmark runs on, from the corpus or made up, and the map each is a reply for.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { boxAround, overpassJson, townElements } from "../lib/town.mjs";

/** Places benched on when none is named. */
const USUAL = ["helsinki-centre", "manhattan-midtown", "surprise-az-8km"];
/** Towns on each side of the made-up city: as many elements as in the middle of Manhattan. */
const TOWNS = 20;

/** The places to bench on. */
export function placesToBench(wanted) {
  if (process.env.MAPPOSTER_DATA) return wanted.length > 0 ? wanted : USUAL;
  console.log("MAPPOSTER_DATA names no corpus: this is a made-up city, not a real one\n");
  if (wanted.length > 0) throw new Error(`${wanted[0]} is a place of the corpus that MAPPOSTER_DATA should name`);
  return ["made-up-city"];
}

/** A place's reply, {bytes, place: {lat, lon, distance}}. */
export function replyOf(name) {
  const corpus = process.env.MAPPOSTER_DATA;
  if (!corpus) return madeUp();
  const file = path.join(corpus, "places", `${name}.json.gz`);
  if (!existsSync(file)) throw new Error(`the corpus has no ${file}`);
  const bytes = gunzipSync(readFileSync(file));
  return { bytes, place: placeOf(JSON.parse(bytes).elements) };
}

/** The map that a reply fills: from south to north all but the outermost fiftieths of its roads. */
function placeOf(elements) {
  const roads = elements.filter(({ tags, geometry }) => tags?.highway && geometry?.[0]).map(({ geometry }) => geometry[0]);
  if (roads.length === 0) throw new Error("a reply without roads does not say where its map is");
  const range = (values) => {
    const sorted = Float64Array.from(values).sort();
    const edge = Math.floor(sorted.length / 50);
    return [sorted[edge], sorted[sorted.length - 1 - edge]];
  };
  const [south, north] = range(roads.map(({ lat }) => lat));
  const [west, east] = range(roads.map(({ lon }) => lon));
  const round = (value) => Number(value.toFixed(5));
  return { lat: round((south + north) / 2), lon: round((west + east) / 2), distance: Math.round((north - south) * 55_600) };
}

/** A city of towns beside each other, with ids of its own for each. */
function madeUp() {
  const place = { lat: 58.38, lon: 26.72, distance: 4000 };
  const box = boxAround(place.lat, place.lon, place.distance * 0.75, place.distance);
  const elements = [];
  const share = (from, to, i) => from + ((to - from) * i) / TOWNS;
  for (let row = 0; row < TOWNS; row++) {
    for (let column = 0; column < TOWNS; column++) {
      const offset = (row * TOWNS + column) * 10_000_000;
      const town = townElements({
        south: share(box.south, box.north, row),
        north: share(box.south, box.north, row + 1),
        west: share(box.west, box.east, column),
        east: share(box.west, box.east, column + 1),
      });
      for (const element of town) {
        element.id += offset;
        element.nodes = element.nodes?.map((id) => id + offset);
        element.members?.forEach((member) => (member.ref += offset));
      }
      elements.push(...town);
    }
  }
  return { bytes: Buffer.from(overpassJson(elements, { form: "geom" })), place };
}
