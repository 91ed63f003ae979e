// Tags → kinds: as render-core/src/features/classify.rs has them, so that both sides do the same work.

/** Every kind in draw order; lines have a width in mm on a page 400 mm high. */
export const kinds = [
  { name: "farmland", colour: [0.93, 0.9, 0.82] },
  { name: "park", colour: [0.87, 0.88, 0.78] },
  { name: "wood", colour: [0.8, 0.84, 0.72] },
  { name: "sand", colour: [0.95, 0.91, 0.78] },
  { name: "wetland", colour: [0.8, 0.86, 0.82] },
  { name: "glacier", colour: [0.92, 0.95, 0.97] },
  { name: "water", colour: [0.66, 0.77, 0.77] },
  { name: "aeroway_area", colour: [0.88, 0.86, 0.84] },
  { name: "plaza", colour: [0.92, 0.87, 0.83] },
  { name: "building", colour: [0.87, 0.82, 0.75] },
  { name: "pier_area", colour: [0.96, 0.93, 0.89] },
  { name: "stream", colour: [0.66, 0.77, 0.77], width: 0.15 },
  { name: "canal", colour: [0.66, 0.77, 0.77], width: 0.3 },
  { name: "river", colour: [0.66, 0.77, 0.77], width: 0.4 },
  { name: "pier", colour: [0.96, 0.93, 0.89], width: 0.3 },
  { name: "taxiway", colour: [0.88, 0.86, 0.84], width: 0.4 },
  { name: "runway", colour: [0.88, 0.86, 0.84], width: 0.9 },
  { name: "steps", colour: [0.85, 0.63, 0.54], width: 0.1 },
  { name: "path", colour: [0.85, 0.63, 0.54], width: 0.1 },
  { name: "cycleway", colour: [0.85, 0.63, 0.54], width: 0.1 },
  { name: "track", colour: [0.85, 0.63, 0.54], width: 0.1 },
  { name: "service", colour: [0.85, 0.63, 0.54], width: 0.12 },
  { name: "residential", colour: [0.85, 0.63, 0.54], width: 0.2 },
  { name: "tertiary", colour: [0.9, 0.77, 0.69], width: 0.25 },
  { name: "secondary", colour: [0.85, 0.63, 0.54], width: 0.35 },
  { name: "primary", colour: [0.79, 0.52, 0.42], width: 0.45 },
  { name: "trunk", colour: [0.72, 0.4, 0.23], width: 0.5 },
  { name: "motorway", colour: [0.63, 0.32, 0.18], width: 0.6 },
  { name: "tram", colour: [0.59, 0.51, 0.47], width: 0.1 },
  { name: "subway", colour: [0.59, 0.51, 0.47], width: 0.15 },
  { name: "light_rail", colour: [0.59, 0.51, 0.47], width: 0.15 },
  { name: "rail", colour: [0.59, 0.51, 0.47], width: 0.2 },
];

/** A kind's number by its name. */
export const kindOf = Object.fromEntries(kinds.map(({ name }, i) => [name, i]));

/** "water: bay strait; wood: wood" → a map of values to numbers of kinds. */
const table = (text) =>
  new Map(text.split(";").flatMap((row) => {
    const [kind, values] = row.split(":").map((part) => part.trim());
    return values.split(" ").map((value) => [value, kindOf[kind]]);
  }));

const NATURAL = table("water: water bay strait; wood: wood; park: scrub heath grassland fell tundra;"
  + "sand: beach sand shingle dune shoal bare_rock scree; wetland: wetland; glacier: glacier");
const LANDUSE = table("wood: forest; park: grass meadow recreation_ground village_green cemetery greenfield flowerbed;"
  + "farmland: farmland orchard vineyard allotments plant_nursery; water: reservoir basin salt_pond");
const LEISURE = table("park: park garden golf_course pitch playground dog_park common recreation_ground; water: swimming_pool");
const WATERWAY = table("river: river; canal: canal; stream: stream ditch drain tidal_channel");
const HIGHWAY = table("motorway: motorway motorway_link; trunk: trunk trunk_link; primary: primary primary_link;"
  + "secondary: secondary secondary_link; tertiary: tertiary tertiary_link;"
  + "residential: residential living_street unclassified road; service: service busway; track: track;"
  + "cycleway: cycleway; path: path footway pedestrian bridleway; steps: steps");
const RAILWAY = table("rail: rail; subway: subway; tram: tram; light_rail: light_rail monorail funicular narrow_gauge");
const AEROWAY = table("runway: runway; taxiway: taxiway");
const AEROWAY_AREAS = new Set(["apron", "runway", "taxiway", "helipad"]);
const PIERS = new Set(["pier", "breakwater", "groyne"]);
const SQUARES = new Set(["pedestrian", "footway", "path", "service"]);

/**
 * Writes into `seen` what an element is drawn as: `area`, `line` and `rail`, numbers of kinds or undefined, and
 * `isArea`, whether the area is meant where the line could be.
 */
export function classify(tags, seen) {
  seen.area = seen.line = seen.rail = undefined;
  seen.isArea = false;
  if (tags === undefined) return;
  // Streets and houses are most of a city; what else a few of them are is not worth ten more look-ups each.
  const { highway } = tags;
  if (highway !== undefined) {
    if (tags.indoor !== undefined && tags.indoor !== "no") return;
    seen.line = HIGHWAY.get(highway);
    seen.rail = RAILWAY.get(tags.railway);
    if (SQUARES.has(highway) && tags.area === "yes") {
      seen.isArea = true;
      seen.area = kindOf.plaza;
    }
    return;
  }
  const { building } = tags;
  if (building !== undefined && building !== "no") {
    seen.area = kindOf.building;
    return;
  }
  const { waterway, aeroway } = tags;
  const manMade = tags.man_made;
  seen.area = areaOf(manMade, waterway, aeroway, tags);
  if (waterway !== undefined) seen.line = WATERWAY.get(waterway);
  if (PIERS.has(manMade)) seen.line = kindOf.pier;
  if (aeroway !== undefined) seen.line = AEROWAY.get(aeroway);
  seen.rail = RAILWAY.get(tags.railway);
}

/** The more telling key wins. */
function areaOf(manMade, waterway, aeroway, { natural, leisure, landuse, amenity }) {
  if (PIERS.has(manMade)) return kindOf.pier_area;
  if (waterway === "riverbank" || waterway === "dock") return kindOf.water;
  if (AEROWAY_AREAS.has(aeroway)) return kindOf.aeroway_area;
  return NATURAL.get(natural) ?? LEISURE.get(leisure) ?? LANDUSE.get(landuse)
    ?? (amenity === "grave_yard" ? kindOf.park : manMade === "bridge" ? kindOf.pier_area : undefined);
}
