// A fake Photon (and Nominatim): answers as scripted, and remembers every question it got.

import { FakeServer } from "./fake.mjs";

/** One of Photon's places. */
export function feature({ name, lat, lon, city, state, country, street, housenumber, extent }) {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties: { name, city, state, country, street, housenumber, extent, osm_key: "place" },
  };
}

/** The same place as Nominatim tells it. */
export function entry({ name, lat, lon, city, state, country }) {
  return { name, lat: String(lat), lon: String(lon), display_name: name, address: { city, state, country } };
}

/** What a geocoder can answer; each is called with (request, response). */
export const answers = {
  places: (...places) => (request, response) => {
    const isNominatim = new URL(request.url, "http://localhost").searchParams.has("format");
    json(response, isNominatim ? places.map(entry) : { type: "FeatureCollection", features: places.map(feature) });
  },
  status: (code) => (_, response) => response.writeHead(code, CORS).end("{}"),
  html: () => (_, response) => response.writeHead(200, CORS).end("<html>busy</html>"),
  reset: () => (request) => request.socket.destroy(),
  /** Answers when `go` is resolved. */
  after: (go, answer) => async (request, response) => {
    await go;
    answer(request, response);
  },
};

const CORS = { "Access-Control-Allow-Origin": "*" };

function json(response, value) {
  response.writeHead(200, { "Content-Type": "application/json", ...CORS }).end(JSON.stringify(value));
}

/** The server. Of each question it remembers {path, q, at, headers, aborted}, `at` in ms. */
export class FakeGeocoder extends FakeServer {
  answer = answers.places();

  get url() {
    return this.origin;
  }

  handle(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    this.remember({ path: pathname, q: searchParams.get("q"), at: Date.now(), headers: request.headers }, response);
    this.answer(request, response);
  }
}
