//! Longitude and latitude → metres around a place: an ellipsoidal transverse Mercator whose
//! central meridian runs through the place.
//!
//! True to scale on that meridian and off by 1.2e-4 at 100 km beside it, conformal, and the same at
//! every latitude; longitudes are taken relative to the place, so the antimeridian is nowhere
//! special. Formulas: Karney, "Transverse Mercator with an accuracy of a few nanometers" (2011),
//! Krüger's series to the third order of the flattening, below 1 mm within 1000 km.

use geo::Coord;

use crate::lonlat::LonLat;

/// WGS84 semi-major axis, m.
const A: f64 = 6_378_137.0;
/// WGS84 flattening.
const F: f64 = 1.0 / 298.257_223_563;
/// Coefficients of a polynomial of degree 10, and as many nodes to fit it.
const N: usize = 11;
/// So many places are projected at a time.
const LANES: usize = 4;
/// Furthest from the central meridian, degrees; the projection has a pole at 90.
const MAX_D_LON: f64 = 80.0;

/// Maps a neighbourhood of a place to metres, x east, y north.
#[derive(Debug, Clone)]
pub struct Projection {
    lon0: f64,
    lat0: f64,
    /// Northing of the place from the equator, m.
    north0: f64,
    /// Half the side of the box in which the polynomials hold, rad of latitude.
    d_lat_max: f64,
    /// The same, rad of longitude and of isometric latitude.
    d_iso_max: f64,
    /// Isometric latitude by latitude, both relative to the place and to the box.
    iso: [f64; N],
    /// Northing, m, by isometric latitude relative to the place and to the box. The map is
    /// conformal, so the same polynomial of a complex argument gives the easting as well.
    north: [f64; N],
    /// How many terms of each matter: a small neighbourhood needs half of them.
    n_terms: (usize, usize),
}

impl Projection {
    /// A projection around a place, fast within about `radius` metres of it and exact everywhere.
    ///
    /// `lon` and `lat` in degrees; latitudes beyond ±89.9 are taken as ±89.9.
    #[must_use]
    pub fn new(lon: f64, lat: f64, radius: f64) -> Self {
        let lat0 = lat.clamp(-89.9, 89.9).to_radians();
        // The radius on the sphere, with some room for frames turned or enlarged by bleed.
        let d_lat_max = (1.5 * radius / A).clamp(1e-5, 0.03);
        let north0 = exact(lat0, 0.0).1;
        let nearest_pole = (lat0.abs() + d_lat_max).min(1.57);
        let d_iso_max = d_lat_max / libm::cos(nearest_pole);
        let iso0 = isometric(lat0);
        let iso = fit(|u| (isometric(lat0 + u * d_lat_max) - iso0) / d_iso_max);
        let north = fit(|u| exact(latitude(iso0 + u * d_iso_max), 0.0).1 - north0);
        // The first power of the northing is what a step of the other polynomial's value is worth.
        let n_terms = (n_terms(&iso, north[1].abs()), n_terms(&north, 1.0));
        Self { lon0: lon, lat0, north0, d_lat_max, d_iso_max, iso, north, n_terms }
    }

    /// Where a place is on the map, m.
    #[must_use]
    pub fn project(&self, at: LonLat) -> (f64, f64) {
        let (d_lon, d_lat) = self.away(at);
        if self.is_near((d_lon, d_lat)) {
            let [at] = self.near([(d_lon, d_lat)]);
            return at;
        }
        let limit = MAX_D_LON.to_radians();
        let (east, north) = exact(self.lat0 + d_lat, d_lon.clamp(-limit, limit));
        (east, north - self.north0)
    }

    /// Appends where places are on the map, as [`Self::project`] says, but several at a time.
    pub fn project_all(&self, places: &[LonLat], points: &mut Vec<Coord>) {
        let point = |(x, y): (f64, f64)| Coord { x, y };
        let (chunks, rest) = places.as_chunks::<LANES>();
        for chunk in chunks {
            let away = chunk.map(|at| self.away(at));
            if away.iter().all(|away| self.is_near(*away)) {
                points.extend(self.near(away).map(point));
            } else {
                points.extend(chunk.map(|at| point(self.project(at))));
            }
        }
        points.extend(rest.iter().map(|at| point(self.project(*at))));
    }

    /// How far east and north of the middle a place is, rad.
    fn away(&self, at: LonLat) -> (f64, f64) {
        let mut d_lon = at.lon() - self.lon0;
        if d_lon > 180.0 {
            d_lon -= 360.0;
        } else if d_lon < -180.0 {
            d_lon += 360.0;
        }
        (d_lon.to_radians(), at.lat().to_radians() - self.lat0)
    }

    /// Whether the polynomials hold there.
    fn is_near(&self, (d_lon, d_lat): (f64, f64)) -> bool {
        d_lat.abs() <= self.d_lat_max && d_lon.abs() <= self.d_iso_max
    }

    /// By the polynomials; in steps of all lanes, which compilers turn into vectors.
    fn near<const L: usize>(&self, away: [(f64, f64); L]) -> [(f64, f64); L] {
        let im = away.map(|(d_lon, _)| d_lon / self.d_iso_max);
        let u = away.map(|(_, d_lat)| d_lat / self.d_lat_max);
        let mut re = [0.0; L];
        for c in self.iso.iter().take(self.n_terms.0).rev() {
            re = std::array::from_fn(|i| re[i] * u[i] + c);
        }
        let (mut north, mut east) = ([0.0; L], [0.0; L]);
        for c in self.north.iter().take(self.n_terms.1).rev() {
            let step: [f64; L] = std::array::from_fn(|i| north[i] * re[i] - east[i] * im[i] + c);
            east = std::array::from_fn(|i| north[i] * im[i] + east[i] * re[i]);
            north = step;
        }
        std::array::from_fn(|i| (east[i], north[i]))
    }
}

/// How many of a polynomial's terms are needed for a hundredth of a millimetre, a value of 1 being
/// `unit` metres.
fn n_terms(polynomial: &[f64; N], unit: f64) -> usize {
    let mut rest = 0.0;
    for (power, c) in polynomial.iter().enumerate().rev() {
        rest += c.abs() * unit;
        if rest > 1e-5 {
            return power + 1;
        }
    }
    1
}

/// Isometric latitude of a latitude in radians.
fn isometric(lat: f64) -> f64 {
    let e = libm::sqrt(F * (2.0 - F));
    let sin = libm::sin(lat);
    libm::atanh(sin) - e * libm::atanh(e * sin)
}

/// Latitude in radians of an isometric latitude, by Newton's method.
fn latitude(iso: f64) -> f64 {
    let e2 = F * (2.0 - F);
    let mut lat = 2.0 * libm::atan(libm::exp(iso)) - std::f64::consts::FRAC_PI_2;
    for _ in 0..6 {
        let (sin, cos) = (libm::sin(lat), libm::cos(lat));
        // d iso / d lat = (1 − e²) / ((1 − e² sin²) cos)
        lat -= (isometric(lat) - iso) * (1.0 - e2 * sin * sin) * cos / (1.0 - e2);
    }
    lat
}

/// Easting and northing from the equator, m, by Krüger's series.
fn exact(lat: f64, d_lon: f64) -> (f64, f64) {
    let n = F / (2.0 - F);
    let radius = A / (1.0 + n) * (1.0 + n * n / 4.0 + n * n * n * n / 64.0);
    let alpha = [
        n / 2.0 - 2.0 * n * n / 3.0 + 5.0 * n * n * n / 16.0,
        13.0 * n * n / 48.0 - 3.0 * n * n * n / 5.0,
        61.0 * n * n * n / 240.0,
    ];
    let t = libm::sinh(isometric(lat));
    let xi = libm::atan2(t, libm::cos(d_lon));
    let eta = libm::atanh(libm::sin(d_lon) / libm::sqrt(1.0 + t * t));
    let (mut east, mut north) = (eta, xi);
    for (a, j) in alpha.into_iter().zip([2.0, 4.0, 6.0]) {
        east += a * libm::cos(j * xi) * libm::sinh(j * eta);
        north += a * libm::sin(j * xi) * libm::cosh(j * eta);
    }
    (radius * east, radius * north)
}

/// The polynomial through `f` at the Chebyshev nodes of −1..=1, lowest power first.
fn fit(f: impl Fn(f64) -> f64) -> [f64; N] {
    let mut nodes = [0.0; N];
    for (i, node) in nodes.iter_mut().enumerate() {
        *node = libm::cos(std::f64::consts::PI * (i as f64 + 0.5) / N as f64);
    }
    // Newton's divided differences, in place.
    let mut newton = nodes.map(f);
    for order in 1..N {
        for i in (order..N).rev() {
            newton[i] = (newton[i] - newton[i - 1]) / (nodes[i] - nodes[i - order]);
        }
    }
    let mut powers = [0.0; N];
    for i in (0..N).rev() {
        // powers = powers · (u − node) + newton
        for j in (1..N).rev() {
            powers[j] = powers[j - 1] - nodes[i] * powers[j];
        }
        powers[0] = newton[i] - nodes[i] * powers[0];
    }
    powers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::from_degrees(lon, lat).unwrap()
    }

    #[test]
    fn utm_zone_31_agrees_with_proj() {
        // What PROJ 9 gives for 4.5° E 52.25° N in EPSG:32631, whose central meridian is 3° E.
        let origin = Projection::new(3.0, 0.0, 1000.0);
        let (east, north) = origin.project(at(4.5, 52.25));
        let (east, north) = (east * 0.9996 + 500_000.0, north * 0.9996);
        assert!(
            (east - 602_398.276_2).abs() < 1e-3 && (north - 5_789_904.456_2).abs() < 1e-3,
            "{east} {north}"
        );
    }

    #[test]
    fn the_fast_way_agrees_with_the_exact_one_from_85_south_to_85_north() {
        for lat in [-85.0, -60.0, -0.5, 0.0, 33.0, 60.17, 78.2, 85.0] {
            for radius in [500.0, 20_000.0, 100_000.0] {
                let projection = Projection::new(24.9, lat, radius);
                let d_lat = (radius / A).to_degrees();
                let d_lon = d_lat / libm::cos(lat.to_radians());
                for (i, j) in
                    [(0.0, 0.0), (1.0, 1.0), (-1.0, 1.0), (0.3, -0.9), (1.0, 0.0), (-1.0, -1.0)]
                {
                    let place = at(24.9 + i * d_lon, lat + j * d_lat);
                    let fast = projection.project(place);
                    let mut all = Vec::new();
                    projection.project_all(&[place; LANES], &mut all);
                    assert!(all.iter().all(|at| (at.x, at.y) == fast));
                    let (e, n) = exact(place.lat().to_radians(), (place.lon() - 24.9).to_radians());
                    let off = (fast.0 - e).abs().max((fast.1 - (n - projection.north0)).abs());
                    assert!(off < 1e-3, "off by {off} m at {lat}, radius {radius}");
                }
            }
        }
    }

    #[test]
    fn a_step_of_a_kilometre_is_a_kilometre_everywhere() {
        for lat in [-80.0, 0.0, 45.0, 78.0] {
            let projection = Projection::new(180.0, lat, 5000.0);
            let (east, north) = projection.project(at(-179.99, lat));
            let e2 = F * (2.0 - F);
            let sin = libm::sin(lat.to_radians());
            let parallel = A / libm::sqrt(1.0 - e2 * sin * sin) * libm::cos(lat.to_radians());
            assert!((east - parallel * 0.01_f64.to_radians()).abs() < 0.01, "{east} at {lat}");
            assert!(north.abs() < 0.2);
        }
    }
}
