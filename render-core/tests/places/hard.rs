//! Made-up places named for what is hard about them: the scene as text, a small picture, and what
//! must be seen where, in words. `draw.py` draws them; `PLACES_LARGE` names a folder for pictures
//! that are large enough to look at.

use std::fs;

use render_core::color::Color;
use render_core::design::{Design, PaperSize};
use render_core::kind::FeatureKind::{
    self, Building, Farmland, Glacier, Motorway, Park, PierArea, Primary, Sand, Sea, Tertiary,
    Water, Wetland, Wood,
};
use render_core::osm::{self, Limits, OsmData};
use render_core::scene::dump;
use render_core::theme::builtin;

use super::{check_ref, folder, png, poster};

/// A kind, or bare ground.
type Seen = Option<FeatureKind>;

struct Place {
    name: &'static str,
    lat: f64,
    lon: f64,
    distance: f64,
    theme: &'static str,
    /// Codes of what assembling says, in order.
    warnings: &'static [&'static str],
    /// What is on top, and where: metres east and north of the middle.
    seen: Vec<(Seen, f64, f64)>,
}

/// `lat` and `lon` as in `draw.py`; `distance` is half the map's height, m.
fn place(name: &'static str, lat: f64, lon: f64, distance: f64, theme: &'static str) -> Place {
    Place { name, lat, lon, distance, theme, warnings: &[], seen: Vec::new() }
}

/// Fine enough to hit a road.
const PROBE_DPI: f64 = 150.0;

impl Place {
    fn shows(mut self, kind: FeatureKind, points: &[(f64, f64)]) -> Self {
        self.seen.extend(points.iter().map(|(x, y)| (Some(kind), *x, *y)));
        self
    }

    fn bare(mut self, points: &[(f64, f64)]) -> Self {
        self.seen.extend(points.iter().map(|(x, y)| (None, *x, *y)));
        self
    }

    fn warns(self, warnings: &'static [&'static str]) -> Self {
        Self { warnings, ..self }
    }

    fn design(&self) -> Design {
        let mut design = Design::default();
        design.distance = self.distance;
        design.paper = PaperSize { width: 84.0, height: 112.0 };
        design.place.lat = self.lat;
        design.place.lon = self.lon;
        design.place.name = self.name.replace('_', " ");
        design.place.country = "Nowhere".into();
        design
    }

    fn check(self) {
        let bytes = fs::read(folder().join(format!("{0}/{0}.json", self.name)));
        let bytes = bytes.expect("the place is in the repository");
        let data = osm::read(&bytes, Limits::default(), &mut Vec::new()).expect("well formed");
        let (scene, warnings) = poster(&data, &self.design(), self.theme);
        if let Some(folder) = std::env::var_os("PLACES_LARGE") {
            let path = std::path::Path::new(&folder).join(format!("{}.png", self.name));
            fs::write(path, png(&scene, 200.0)).expect("the folder is there");
        }
        let codes: Vec<_> = warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, self.warnings, "{warnings:#?}");
        self.check_seen(&data);
        check_ref(&format!("{}/scene.txt", self.name), dump::dump(&scene).as_bytes());
        let small = png(&scene, 36.0);
        assert!(small.len() <= 20 << 10, "the picture has {} bytes", small.len());
        check_ref(&format!("{}/poster.png", self.name), &small);
    }

    /// Reads the colours of the map alone, without text and fades.
    fn check_seen(&self, data: &OsmData) {
        let mut design = self.design();
        design.bare = true;
        let (bare, _) = poster(data, &design, self.theme);
        let picture = Picture::of(&png(&bare, PROBE_DPI));
        let theme = builtin::theme(self.theme).expect("a built-in theme");
        let color = |kind: Seen| kind.map_or(theme.background, |kind| theme.color(kind));
        let name = |kind: Seen| kind.map_or("bare ground", FeatureKind::name);
        let mut wrong = Vec::new();
        for (kind, x, y) in self.seen.iter().copied() {
            let found = picture.at(self, x, y);
            let kinds = FeatureKind::ALL.into_iter().map(Some).chain([None]);
            let like: Vec<_> = kinds.filter(|kind| color(*kind) == found).map(name).collect();
            if found != color(kind) {
                wrong.push(format!("{x} m east, {y} m north: {}, not {like:?}", name(kind)));
            }
        }
        assert!(wrong.is_empty(), "{} should show at {wrong:#?}", self.name);
    }
}

struct Picture {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
    channels: usize,
}

impl Picture {
    fn of(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("small")];
        let info = reader.next_frame(&mut pixels).expect("a frame");
        let channels = info.color_type.samples();
        Self { pixels, width: info.width as usize, height: info.height as usize, channels }
    }

    /// The colour at a place, given in metres from the middle.
    fn at(&self, place: &Place, x: f64, y: f64) -> Color {
        let per_metre = self.height as f64 / (2.0 * place.distance);
        let column = (self.width as f64 / 2.0 + x * per_metre) as usize;
        let row = (self.height as f64 / 2.0 - y * per_metre) as usize;
        let start = (row * self.width + column) * self.channels;
        let pixel = &self.pixels[start..start + 3];
        Color { r: pixel[0], g: pixel[1], b: pixel[2] }
    }
}

#[test]
fn venice_like_lagoon() {
    place("venice_like_lagoon", 45.4, 12.3, 600.0, "terracotta")
        .shows(Sea, &[(-89.0, 23.0), (61.0, 34.0), (-350.0, -300.0), (340.0, -450.0)])
        .bare(&[(-30.0, 169.0), (430.0, -450.0), (-400.0, 580.0)])
        .shows(Building, &[(-57.0, 137.0)])
        .shows(Wetland, &[(250.0, 460.0)])
        .check();
}

#[test]
fn atoll() {
    place("atoll", -5.3, 72.4, 1400.0, "ocean")
        .shows(Sea, &[(350.0, 600.0), (-900.0, -900.0), (1000.0, 0.0), (-80.0, 130.0)])
        .bare(&[(60.0, 342.0), (621.0, 638.0)])
        .shows(Wood, &[(20.0, 160.0)])
        .shows(Sand, &[(60.0, -190.0)])
        .check();
}

#[test]
fn strait() {
    place("strait", 41.1, 29.0, 480.0, "noir")
        .shows(Sea, &[(0.0, 100.0), (0.0, -300.0), (0.0, 460.0)])
        .bare(&[(-20.0, -60.0), (-320.0, -200.0), (320.0, -300.0)])
        .shows(Motorway, &[(-30.0, 321.0)])
        .check();
}

#[test]
fn island_cut_by_the_frame() {
    place("island_cut_by_the_frame", 36.4, 25.4, 480.0, "blueprint")
        .shows(Sea, &[(-200.0, -300.0), (-200.0, 100.0), (300.0, -450.0), (345.0, 450.0)])
        .bare(&[(200.0, 100.0), (340.0, -300.0), (-240.0, 260.0)])
        .shows(Wood, &[(300.0, 180.0)])
        .shows(Water, &[(170.0, -150.0)])
        .check();
}

#[test]
fn estuary() {
    place("estuary", 51.6, 1.1, 480.0, "terracotta")
        .shows(Sea, &[(-20.0, -300.0), (-30.0, 60.0)])
        .shows(Water, &[(-60.0, 240.0), (-70.0, 470.0)])
        .shows(Wetland, &[(-150.0, -95.0), (190.0, 60.0)])
        .shows(Sand, &[(45.0, -110.0)])
        .bare(&[(-200.0, 100.0), (300.0, 100.0)])
        .shows(Farmland, &[(200.0, 520.0 - 60.0)])
        .warns(&["W-RING-OPEN"])
        .check();
}

#[test]
fn lake_with_island_with_pond() {
    place("lake_with_island_with_pond", 61.8, 28.3, 480.0, "forest")
        .shows(Water, &[(-100.0, -60.0), (65.0, 118.0), (200.0, 100.0)])
        .shows(Wood, &[(-50.0, 110.0), (42.0, 118.0), (-170.0, 60.0)])
        .shows(Park, &[(280.0, 330.0)])
        .bare(&[(-330.0, 400.0)])
        .check();
}

#[test]
fn enclosing_forest() {
    place("enclosing_forest", 48.2, 13.4, 480.0, "forest")
        .shows(Wood, &[(-300.0, 300.0), (300.0, -50.0), (-350.0, 470.0)])
        .bare(&[(60.0, 40.0)])
        .shows(Water, &[(-130.0, 190.0)])
        .shows(Park, &[(250.0, 330.0)])
        .shows(Wetland, &[(0.0, -400.0), (300.0, -400.0)])
        .warns(&["W-RING-OPEN"])
        .check();
}

#[test]
fn antimeridian_frame() {
    place("antimeridian_frame", -16.8, 180.0, 800.0, "ocean")
        .shows(Sea, &[(-500.0, -400.0), (500.0, -400.0), (0.0, 600.0)])
        .bare(&[(-300.0, 150.0), (250.0, 50.0), (0.0, 740.0), (-590.0, 330.0)])
        .shows(Water, &[(110.0, 150.0)])
        .shows(Wood, &[(60.0, 350.0)])
        .shows(Sand, &[(85.0, -278.0)])
        .check();
}

#[test]
fn seventy_eight_north() {
    place("seventy_eight_north", 78.2, 15.6, 1500.0, "midnight_blue")
        .shows(Sea, &[(0.0, -600.0), (-1000.0, 0.0)])
        .bare(&[(0.0, -1400.0), (-600.0, 400.0), (880.0, 1050.0)])
        .shows(Glacier, &[(900.0, 800.0)])
        .shows(Sand, &[(-700.0, 900.0)])
        .shows(PierArea, &[(-190.0, -40.0)])
        .check();
}

#[test]
fn courtyards() {
    place("courtyards", 48.2, 16.4, 240.0, "warm_beige")
        .shows(
            Building,
            &[
                (-160.0, 110.0),
                (0.0, 110.0),
                (-155.0, 10.0),
                (0.0, 44.0),
                (150.0, 20.0),
                (107.0, 10.0),
                (-80.0, -75.0),
            ],
        )
        .bare(&[
            (-120.0, 125.0),
            (-20.0, 125.0),
            (98.0, 100.0),
            (138.0, 122.0),
            (-120.0, 10.0),
            (150.0, 5.0),
            (48.0, -85.0),
        ])
        .shows(Park, &[(22.0, 20.0), (-120.0, 205.0)])
        .shows(Water, &[(0.0, 10.0)])
        .check();
}

#[test]
fn bridge_over_bridge() {
    place("bridge_over_bridge", 50.1, 8.6, 320.0, "terracotta")
        // Over the primary bridge, the quay road and the railway bridge.
        .shows(Motorway, &[(-93.2, 3.2), (-150.8, -45.2), (-59.7, 32.4)])
        .shows(Primary, &[(-87.3, -51.8)])
        .shows(Tertiary, &[(196.7, -51.6), (184.0, 93.9)])
        .shows(Water, &[(-200.0, 10.0)])
        .check();
}

#[test]
fn tunnel_under_park() {
    place("tunnel_under_park", 52.5, 13.4, 420.0, "emerald")
        .shows(Park, &[(-150.0, 20.0)])
        .shows(Wood, &[(-90.0, 170.0)])
        .shows(Water, &[(100.0, 105.0)])
        .shows(Building, &[(-130.0, 66.0)])
        .bare(&[(-300.0, 350.0)])
        .check();
}

#[test]
fn tidal_flat_and_pier() {
    place("tidal_flat_and_pier", 53.7, 7.7, 440.0, "terracotta")
        .shows(Sea, &[(0.0, -250.0), (125.0, 115.0), (100.0, -60.0)])
        .shows(Water, &[(125.0, 260.0)])
        .shows(Wetland, &[(-250.0, 0.0)])
        .shows(Sand, &[(-240.0, -140.0)])
        .shows(PierArea, &[(219.0, -69.0), (320.0, -185.0)])
        .bare(&[(-60.0, 110.0)])
        .check();
}

#[test]
fn broken_multipolygons() {
    place("broken_multipolygons", 47.0, 8.0, 480.0, "warm_beige")
        .shows(
            Wood,
            &[
                (-240.0, 300.0),
                (-128.0, 340.0),
                (-54.0, 300.0),
                (65.0, 290.0),
                (108.0, 328.0),
                (240.0, 345.0),
                (-280.0, 135.0),
                (-200.0, 135.0),
                (-80.0, 135.0),
                (80.0, 178.0),
                (200.0, 135.0),
                (290.0, 180.0),
                (-270.0, -30.0),
                (-80.0, -30.0),
                (80.0, 12.0),
                (260.0, -20.0),
            ],
        )
        .bare(&[
            (-102.0, 300.0),
            (-70.0, 300.0),
            (46.0, 266.0),
            (240.0, 300.0),
            (-240.0, 170.0),
            (80.0, 135.0),
            (280.0, 135.0),
            (-206.0, -30.0),
            (210.0, -60.0),
        ])
        .shows(Water, &[(80.0, -30.0)])
        .warns(&[
            "W-RING-CROSS",
            "W-RING-OPEN",
            "W-RING-ROLE",
            "W-RING-CROSS",
            "W-RING-INNER",
            "W-RING-OPEN",
        ])
        .check();
}

/// The box of data is one of parallels and meridians, and the page is not: a parallel bends.
#[test]
fn the_sea_reaches_every_corner_of_every_page() {
    let theme = builtin::theme("terracotta").expect("a built-in theme");
    let sea = theme.color(Sea);
    for (lat, (width, height)) in [-84.0, -60.0, 0.0, 45.0, 70.0, 78.0, 84.0]
        .into_iter()
        .flat_map(|lat| [(84.0, 112.0), (112.0, 84.0), (150.0, 50.0)].map(|size| (lat, size)))
    {
        for distance in [500.0, 10_000.0, 50_000.0] {
            let mut design = place("sea", lat, 180.0, distance, "terracotta").design();
            design.paper = PaperSize { width, height };
            design.bare = true;
            // Open sea south of a coast along a parallel.
            let north = lat + 2.0;
            let json = format!(
                r#"{{"elements":[{{"type":"way","id":1,"tags":{{"natural":"coastline"}},"geometry":[
                {{"lat":{north},"lon":170}},{{"lat":{north},"lon":-170}}]}}]}}"#
            );
            let data = osm::read(json.as_bytes(), Limits::default(), &mut Vec::new());
            let (scene, _) = poster(&data.expect("well formed"), &design, "terracotta");
            let picture = Picture::of(&png(&scene, 72.0));
            let dry = picture
                .pixels
                .chunks(picture.channels)
                .filter(|pixel| !pixel.starts_with(&[sea.r, sea.g, sea.b]));
            assert_eq!(
                dry.count(),
                0,
                "dry pixels at {lat}° and {distance} m, {width} × {height} mm"
            );
        }
    }
}
