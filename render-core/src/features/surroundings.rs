//! What is known of an area besides the lines that are to be closed in it.

use std::cell::OnceCell;

use geo::Coord;

use super::classify::Classified;
use super::plane::Plane;
use crate::kind::FeatureKind;
use crate::osm::OsmData;
use crate::planar::Frame;

/// Most places on land that are looked at; of more, every so many-th.
const MOST_LAND_PLACES: usize = 6000;

/// How near to its edge a source may have cut a line, as a share of the source's size.
const SOURCE_EDGE: f64 = 0.03;

/// An area and what lies in it.
pub(super) struct Surroundings<'a> {
    pub(super) plane: Plane,
    /// What may be seen.
    pub(super) frame: Frame,
    /// What the source says its data fill; a line that ends at its edge goes on there.
    pub(super) source: Option<Frame>,
    pub(super) land: &'a Land<'a>,
}

impl Surroundings<'_> {
    /// Whether a line that ends here may have been cut by the source.
    pub(super) fn is_cut(&self, at: Coord) -> bool {
        self.source.is_some_and(|source| source.depth(at) < source_edge(&source))
    }
}

/// How far from its edge a source may have cut a line.
pub(super) fn source_edge(source: &Frame) -> f64 {
    SOURCE_EDGE * source.shorter_side()
}

/// Where the sea cannot be.
pub(super) struct Land<'a> {
    data: &'a OsmData,
    ways: &'a [Classified],
    plane: Plane,
    frame: Frame,
    /// Looked for when first asked for: most areas have neither a coast nor an open shore.
    places: OnceCell<Vec<Coord>>,
}

impl<'a> Land<'a> {
    pub(super) fn new(
        data: &'a OsmData,
        ways: &'a [Classified],
        plane: Plane,
        frame: Frame,
    ) -> Self {
        Self { data, ways, plane, frame, places: OnceCell::new() }
    }

    /// Vertices of streets on the ground and corners of buildings.
    pub(super) fn places(&self) -> &[Coord] {
        self.places.get_or_init(|| self.find())
    }

    fn find(&self) -> Vec<Coord> {
        let is_street = |what: &Classified| {
            what.structure.is_none()
                && what.layer == 0
                && what.line.is_some_and(|kind| {
                    (FeatureKind::Residential..=FeatureKind::Motorway).contains(&kind)
                })
        };
        let mut land: Vec<Coord> = Vec::new();
        for (way, what) in self.data.ways.iter().zip(self.ways) {
            let coords = self.data.coords(&way.coords);
            let coords = match what {
                what if is_street(what) => coords,
                what if what.area == Some(FeatureKind::Building) => coords.get(..1).unwrap_or(&[]),
                _ => continue,
            };
            let places = coords.iter().filter(|at| !at.is_missing()).map(|at| self.plane.to(*at));
            land.extend(places.filter(|at| self.frame.contains(*at)));
        }
        let step = land.len().div_ceil(MOST_LAND_PLACES).max(1);
        land.into_iter().step_by(step).collect()
    }
}
