// A made-up town around any box, as an Overpass server would send it: what the fake server answers with.

const METRES_PER_DEGREE = 111_195;

/**
 * The town's elements for `bbox` ({south, west, north, east}, degrees): streets of every class, a railway,
 * a river (a multipolygon whose outer ring is two open ways, with an island), a park, a wood and buildings.
 * Everything is placed by shares of the box, so a picture of it looks the same wherever it is asked for.
 */
export function townElements(bbox) {
  const elements = [];
  let nextId = 1;
  const nodeIds = new Map();

  /** A point at shares of the box, 0,0 being its south-west corner; seven decimals, as OSM has. */
  const at = ([x, y]) => ({
    lat: Number((bbox.south + (bbox.north - bbox.south) * y).toFixed(7)),
    lon: Number((bbox.west + (bbox.east - bbox.west) * x).toFixed(7)),
  });
  const nodeId = ({ lat, lon }) => {
    const key = `${lat},${lon}`;
    if (!nodeIds.has(key)) nodeIds.set(key, 1_000_000 + nodeIds.size);
    return nodeIds.get(key);
  };
  const way = (tags, shares) => {
    const geometry = shares.map(at);
    const element = { type: "way", id: nextId++, nodes: geometry.map(nodeId), geometry };
    if (Object.keys(tags).length > 0) element.tags = tags;
    elements.push(element);
    return element;
  };
  const rectangle = (tags, x, y, width, height) =>
    way(tags, [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]]);

  // The river runs from west to east through the lower third, its banks two open ways.
  const south = [[-0.05, 0.3], [0.25, 0.27], [0.5, 0.3], [0.75, 0.27], [1.05, 0.3]];
  const north = [[1.05, 0.42], [0.75, 0.39], [0.5, 0.44], [0.25, 0.39], [-0.05, 0.42]];
  const banks = [
    way({}, [north.at(-1), ...south]),
    way({}, [south.at(-1), ...north]),
  ];
  const island = way({}, [[0.45, 0.34], [0.55, 0.34], [0.58, 0.37], [0.5, 0.4], [0.42, 0.37], [0.45, 0.34]]);
  const member = (role) => (w) => ({ type: "way", ref: w.id, role, geometry: w.geometry });
  elements.push({
    type: "relation",
    id: 900_001,
    members: [...banks.map(member("outer")), member("inner")(island)],
    tags: { type: "multipolygon", natural: "water", water: "river", name: "Testwater" },
  });

  rectangle({ leisure: "park", name: "Müller’s \"Green\"" }, 0.08, 0.55, 0.22, 0.16);
  rectangle({ natural: "wood" }, 0.72, 0.75, 0.3, 0.3);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 5; column++) {
      rectangle({ building: "yes" }, 0.36 + column * 0.06, 0.5 + row * 0.06, 0.035, 0.03);
    }
  }
  way({ highway: "motorway", ref: "T1" }, [[-0.05, 0.84], [0.5, 0.8], [1.05, 0.85]]);
  way({ highway: "primary" }, [[0.33, -0.05], [0.33, 0.5], [0.31, 1.05]]);
  way({ highway: "primary", bridge: "yes", layer: "1" }, [[0.66, 0.25], [0.66, 0.48]]);
  way({ highway: "secondary" }, [[-0.05, 0.48], [0.5, 0.47], [1.05, 0.49]]);
  way({ highway: "tertiary" }, [[-0.05, 0.76], [1.05, 0.73]]);
  for (let i = 0; i < 5; i++) way({ highway: "residential" }, [[0.35 + i * 0.06, 0.48], [0.35 + i * 0.06, 0.75]]);
  for (let i = 0; i < 4; i++) way({ highway: "residential" }, [[0.33, 0.55 + i * 0.06], [0.66, 0.55 + i * 0.06]]);
  way({ highway: "footway" }, [[0.08, 0.55], [0.3, 0.71]]);
  way({ railway: "rail" }, [[0.9, -0.05], [0.85, 0.5], [0.6, 1.05]]);
  return elements;
}

/** The box of a size in metres around a point. */
export function boxAround(lat, lon, halfWidth, halfHeight) {
  const dLat = halfHeight / METRES_PER_DEGREE;
  const dLon = halfWidth / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
  return { south: lat - dLat, west: lon - dLon, north: lat + dLat, east: lon + dLon };
}

/**
 * The whole reply as text, as a server writes it for a query's `out` form:
 * - "tags": `out tags geom` for ways, `out geom` for relations: geometry, no node ids, no untagged members;
 * - "geom": `out geom` after a recursion: geometry and node ids;
 * - "skel": `out body; >; out skel`: ways by their node ids, then the nodes.
 * A `remark` follows the elements, as from a server that gave up.
 */
export function overpassJson(elements, { form = "tags", remark } = {}) {
  const nodes = new Map();
  const written = [];
  for (const element of elements) {
    if (form === "tags" && element.type === "way" && !element.tags) continue;
    const copy = { ...element };
    if (form === "tags") delete copy.nodes;
    if (form === "skel") {
      element.geometry?.forEach((point, i) => {
        const id = element.nodes[i];
        nodes.set(id, { type: "node", id, ...point });
      });
      delete copy.geometry;
      if (copy.members) copy.members = copy.members.map(({ type, ref, role }) => ({ type, ref, role }));
    }
    written.push(copy);
  }
  const reply = {
    version: 0.6,
    generator: "Overpass API 0.7.62.10 test",
    osm3s: {
      timestamp_osm_base: "2026-01-02T03:04:05Z",
      copyright: "The data included in this document is from www.openstreetmap.org. The data is made available under ODbL.",
    },
    elements: [...written, ...nodes.values()],
  };
  if (remark !== undefined) reply.remark = remark;
  return `${JSON.stringify(reply, null, 2)}\n`;
}
