// The made-up town's elements as the files that people have: OSM XML, .osm.pbf, GeoJSON.

import { deflateSync } from "node:zlib";

/** Nodes by place, as ways that meet share them: {id, lat, lon}. */
function nodesOf(elements) {
  const nodes = new Map();
  for (const { nodes: ids, geometry } of elements) {
    geometry?.forEach((place, i) => nodes.set(ids[i], { id: ids[i], ...place }));
  }
  return [...nodes.values()];
}

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

export function osmXml(elements, { south, west, north, east }) {
  const tags = ({ tags = {} }) => Object.entries(tags).map(([k, v]) => `<tag k="${k}" v="${escaped(v)}"/>`).join("");
  const way = (element) => `<way id="${element.id}">${element.nodes.map((id) => `<nd ref="${id}"/>`).join("")}${tags(element)}</way>`;
  const relation = (element) => `<relation id="${element.id}">${element.members.map(({ ref, role }) => `<member type="way" ref="${ref}" role="${role}"/>`).join("")}${tags(element)}</relation>`;
  const body = [
    ...nodesOf(elements).map(({ id, lat, lon }) => `<node id="${id}" lat="${lat}" lon="${lon}"/>`),
    ...elements.filter(({ type }) => type === "way").map(way),
    ...elements.filter(({ type }) => type === "relation").map(relation),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="test">\n`
    + `<bounds minlat="${south}" minlon="${west}" maxlat="${north}" maxlon="${east}"/>\n${body.join("\n")}\n</osm>\n`;
}

// Protocol buffers, as far as the format needs them.
const varint = (value) => {
  const bytes = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    if (rest <= 127n) return Buffer.from(bytes);
  }
};
const zigzag = (value) => (BigInt(value) << 1n) ^ (BigInt(value) >> 63n);
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
};
const packed = (field, values) => bytes(field, Buffer.concat(values.map(varint)));
const deltas = (values) => values.map((value, i) => zigzag(BigInt(value) - BigInt(i ? values[i - 1] : 0)));

function blob(kind, block) {
  const body = Buffer.concat([number(2, block.length), bytes(3, deflateSync(block))]);
  const header = Buffer.concat([bytes(1, kind), number(3, body.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

/** Dense nodes, ways and relations in one block, zlib-packed. */
export function osmPbf(elements, { south, west, north, east }) {
  const strings = [""];
  const text = (string) => {
    if (!strings.includes(string)) strings.push(string);
    return strings.indexOf(string);
  };
  const e7 = (degrees) => Math.round(degrees * 1e7);
  const tags = ({ tags = {} }) => [packed(2, Object.keys(tags).map(text)), packed(3, Object.values(tags).map(text))];
  const nodes = nodesOf(elements);
  const dense = Buffer.concat([
    packed(1, deltas(nodes.map(({ id }) => id))),
    packed(8, deltas(nodes.map(({ lat }) => e7(lat)))),
    packed(9, deltas(nodes.map(({ lon }) => e7(lon)))),
  ]);
  const ways = elements.filter(({ type }) => type === "way").map((way) =>
    bytes(3, Buffer.concat([number(1, way.id), ...tags(way), packed(8, deltas(way.nodes))])));
  const relations = elements.filter(({ type }) => type === "relation").map((relation) => bytes(4, Buffer.concat([
    number(1, relation.id),
    ...tags(relation),
    packed(8, relation.members.map(({ role }) => text(role))),
    packed(9, deltas(relation.members.map(({ ref }) => ref))),
    packed(10, relation.members.map(() => 1)),
  ])));
  const groups = [bytes(2, bytes(2, dense)), bytes(2, Buffer.concat(ways)), bytes(2, Buffer.concat(relations))];
  const table = bytes(1, Buffer.concat(strings.map((string) => bytes(1, string))));
  const e9 = (field, degrees) => number(field, zigzag(Math.round(degrees * 1e9)));
  const header = Buffer.concat([
    bytes(1, Buffer.concat([e9(1, west), e9(2, east), e9(3, north), e9(4, south)])),
    bytes(4, "OsmSchema-V0.6"),
    bytes(4, "DenseNodes"),
  ]);
  return Buffer.concat([blob("OSMHeader", header), blob("OSMData", Buffer.concat([table, ...groups]))]);
}

/** As osmtogeojson writes it: tags as properties, closed ways of areas as polygons, the river as one with a hole. */
export function geojson(elements) {
  const places = (geometry) => geometry.map(({ lon, lat }) => [lon, lat]);
  const isArea = ({ tags, geometry }) => !tags?.highway && geometry.at(0).lat === geometry.at(-1).lat && geometry.at(0).lon === geometry.at(-1).lon;
  const feature = (properties, type, coordinates) => ({ type: "Feature", id: "x", properties, geometry: { type, coordinates } });
  const ways = elements.filter(({ type, tags }) => type === "way" && tags).map((way) => (isArea(way)
    ? feature(way.tags, "Polygon", [places(way.geometry)])
    : feature(way.tags, "LineString", places(way.geometry))));
  const areas = elements.filter(({ type }) => type === "relation").map(({ tags, members }) => {
    const [south, north] = members.filter(({ role }) => role === "outer").map(({ geometry }) => places(geometry));
    const inner = members.filter(({ role }) => role === "inner").map(({ geometry }) => places(geometry));
    return feature(tags, "Polygon", [[...south, ...north.slice(1)], ...inner]);
  });
  return { type: "FeatureCollection", generator: "test", features: [...ways, ...areas] };
}
