//! Elements one by one, as a reader meets them → [`OsmData`] with references resolved.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::keys::{KEYS, key_id};
use super::{ElementKind, Member, OsmData, OsmId, Relation, Role, StrId, Tag, Way};
use crate::error::{ReadError, Warning};
use crate::lonlat::{Bbox, LonLat};

/// What a reader accepts before it says [`ReadError::TooLarge`].
///
/// The defaults hold a city of a million people and keep the memory under 512 MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of input (after decompression, for sources that are compressed).
    pub bytes: u64,
    /// Most nodes, ways and relations together.
    pub elements: u32,
    /// Most vertices, node references, members or tags, each counted by itself.
    pub vertices: u32,
    /// Deepest nesting of JSON arrays and objects; Overpass needs 6.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 20, elements: 8_000_000, vertices: 24_000_000, depth: 64 }
    }
}

/// Collects the elements of one source.
///
/// Vertices, tags, references and members are pushed first; `end_way` and its sisters then make
/// an element of everything pushed since the last one. So a reader never holds an element itself.
#[derive(Debug)]
pub struct OsmDataBuilder {
    data: OsmData,
    limits: Limits,
    n_elements: u32,
    open: OpenElement,
    nodes: HashMap<i64, LonLat, IdHash>,
    way_indexes: HashMap<i64, u32, IdHash>,
    relation_indexes: HashMap<i64, u32, IdHash>,
    /// First vertices seen for a way inside relations, shared by its later memberships.
    member_coords: HashMap<i64, Range<u32>, IdHash>,
    refs: Vec<i64>,
    /// Ways that came with references alone, and where these are in `refs`.
    unresolved: Vec<(u32, Range<u32>)>,
    n_nulls: u64,
    reporter: Reporter,
    /// Of each of [`KEYS`].
    last_values: [Option<StrId>; KEYS.len()],
    /// Equal tags are kept once: where those of a hash are.
    tag_sets: HashMap<i64, Range<u32>, IdHash>,
}

/// Where the element being read begins in each array.
#[derive(Debug, Default)]
struct OpenElement {
    coords: u32,
    tags: u32,
    members: u32,
    refs: u32,
    member_coords: u32,
    geometry: Option<Range<u32>>,
    n_nulls: u64,
}

impl OsmDataBuilder {
    /// An empty collection.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let mut data = OsmData::default();
        for key in KEYS {
            data.strings.intern(key);
        }
        Self {
            data,
            limits,
            n_elements: 0,
            open: OpenElement::default(),
            nodes: HashMap::default(),
            way_indexes: HashMap::default(),
            relation_indexes: HashMap::default(),
            member_coords: HashMap::default(),
            refs: Vec::new(),
            unresolved: Vec::new(),
            n_nulls: 0,
            reporter: Reporter::default(),
            last_values: [None; KEYS.len()],
            tag_sets: HashMap::default(),
        }
    }

    /// Adds a tag to the open element, if its key is one of [`KEYS`].
    pub fn tag(&mut self, key: &str, value: &str) -> Result<(), ReadError> {
        match key_id(key.as_bytes()) {
            Some(key) => self.tag_by_id(key, value),
            None => Ok(()),
        }
    }

    /// As [`Self::tag`], by a key's number in [`KEYS`].
    pub(super) fn tag_by_id(&mut self, key: StrId, value: &str) -> Result<(), ReadError> {
        check_limit(self.data.tags.len(), self.limits.vertices, "tags")?;
        // Neighbours mostly agree: the last value of a key is right more often than not.
        let last = self.last_values.get_mut(key.0 as usize);
        let value = match last {
            Some(Some(last)) if self.data.strings.get(*last) == value => *last,
            last => {
                let value = self.data.strings.intern(value);
                if let Some(last) = last {
                    *last = Some(value);
                }
                value
            }
        };
        self.data.tags.push(Tag { key, value });
        Ok(())
    }

    /// Forgets the open element's tags; a repeated JSON key replaces the first.
    pub fn begin_tags(&mut self) {
        self.data.tags.truncate(self.open.tags as usize);
    }

    /// Adds a vertex to the open geometry. `None` is a place the source left out.
    pub fn vertex(&mut self, vertex: Option<LonLat>) -> Result<(), ReadError> {
        check_limit(self.data.coords.len(), self.limits.vertices, "vertices")?;
        self.open.n_nulls += u64::from(vertex.is_none());
        self.data.coords.push(vertex.unwrap_or(LonLat::MISSING));
        Ok(())
    }

    /// From here vertices belong to the way itself.
    pub fn begin_geometry(&mut self) {
        self.open.geometry = Some(self.n_coords()..self.n_coords());
    }

    /// To here vertices belong to the way itself.
    pub fn end_geometry(&mut self) {
        let end = self.n_coords();
        if let Some(geometry) = &mut self.open.geometry {
            geometry.end = end;
        }
    }

    /// Adds a node of the open way, whose place is given elsewhere in the source.
    pub fn node_ref(&mut self, id: i64) -> Result<(), ReadError> {
        check_limit(self.refs.len(), self.limits.vertices, "node references")?;
        self.refs.push(id);
        Ok(())
    }

    /// Forgets the open way's references; see [`Self::begin_tags`].
    pub fn begin_refs(&mut self) {
        self.refs.truncate(self.open.refs as usize);
    }

    /// From here vertices belong to one member of a relation.
    pub fn begin_member(&mut self) {
        self.open.member_coords = self.n_coords();
    }

    /// Makes a member of the vertices since [`Self::begin_member`].
    pub fn end_member(&mut self, way_id: i64, role: Role) -> Result<(), ReadError> {
        check_limit(self.data.members.len(), self.limits.vertices, "members")?;
        let mut coords = self.open.member_coords..self.n_coords();
        if !coords.is_empty() {
            let own = self.data.coords(&coords);
            let way = self.way_indexes.get(&way_id).and_then(|i| self.data.ways.get(*i as usize));
            let earlier = way.map(|way| &way.coords).or_else(|| self.member_coords.get(&way_id));
            if let Some(earlier) = earlier.filter(|earlier| self.data.coords(earlier) == own) {
                let earlier = earlier.clone();
                self.data.coords.truncate(coords.start as usize);
                coords = earlier;
            } else {
                self.member_coords.insert(way_id, coords.clone());
            }
        }
        self.data.members.push(Member { way_id, role, coords });
        self.open.member_coords = self.n_coords();
        Ok(())
    }

    /// Drops a member that is not a way.
    pub fn drop_member(&mut self) {
        self.data.coords.truncate(self.open.member_coords as usize);
    }

    /// Ends a node: only its place is kept, for ways that refer to it.
    pub fn end_node(&mut self, id: i64, place: LonLat) -> Result<(), ReadError> {
        self.count_element()?;
        self.nodes.entry(id).or_insert(place);
        self.discard();
        Ok(())
    }

    /// Ends a way. A second copy of a way adds what the first lacked (`out body; >; out skel`).
    pub fn end_way(&mut self, id: i64) -> Result<(), ReadError> {
        self.count_element()?;
        let tags = self.end_tags();
        let geometry = self.open.geometry.clone().filter(|geometry| !geometry.is_empty());
        let refs = self.open.refs..self.refs.len() as u32;
        if geometry.is_none() {
            self.data.coords.truncate(self.open.coords as usize);
        }

        let n_ways = self.data.ways.len() as u32;
        let index = *self.way_indexes.entry(id).or_insert(n_ways);
        if index == n_ways {
            let end = self.n_coords();
            self.data.ways.push(Way { id, coords: end..end, tags: tags.start..tags.start });
        }
        if let Some(way) = self.data.ways.get_mut(index as usize) {
            if way.tags.is_empty() {
                way.tags = tags;
            }
            match geometry {
                Some(geometry) if way.coords.is_empty() => {
                    way.coords = geometry;
                    self.refs.truncate(refs.start as usize);
                }
                Some(_) => {
                    self.data.coords.truncate(self.open.coords as usize);
                    self.open.n_nulls = 0;
                }
                None if way.coords.is_empty() && !refs.is_empty() => {
                    self.unresolved.push((index, refs));
                }
                None => {}
            }
        }
        self.data.members.truncate(self.open.members as usize);
        self.n_nulls += self.open.n_nulls;
        self.open_next();
        Ok(())
    }

    /// Ends a relation; of two copies the first is kept, unless it had no members.
    pub fn end_relation(&mut self, id: i64) -> Result<(), ReadError> {
        self.count_element()?;
        let tags = self.end_tags();
        let members = self.open.members..self.data.members.len() as u32;
        let n_relations = self.data.relations.len() as u32;
        let index = *self.relation_indexes.entry(id).or_insert(n_relations);
        if index == n_relations {
            self.data.relations.push(Relation { id, members, tags });
        } else if let Some(relation) = self.data.relations.get_mut(index as usize) {
            if relation.tags.is_empty() {
                relation.tags = tags;
            }
            if relation.members.is_empty() {
                relation.members = members;
            } else {
                self.data.members.truncate(members.start as usize);
                self.open.n_nulls = 0;
            }
        }
        self.refs.truncate(self.open.refs as usize);
        self.n_nulls += self.open.n_nulls;
        self.open_next();
        Ok(())
    }

    /// How many elements were pushed, as often as they came.
    #[must_use]
    pub fn n_elements(&self) -> u32 {
        self.n_elements
    }

    /// Counts on from a number of elements: those after it will come again.
    pub fn count_from(&mut self, n_elements: u32) {
        self.n_elements = n_elements;
    }

    /// Forgets what was pushed since the last element.
    pub fn discard(&mut self) {
        self.data.coords.truncate(self.open.coords as usize);
        self.data.tags.truncate(self.open.tags as usize);
        self.data.members.truncate(self.open.members as usize);
        self.refs.truncate(self.open.refs as usize);
        self.open_next();
    }

    /// Says when the data are from, in the source's own words.
    pub fn set_timestamp(&mut self, timestamp: &str) {
        self.data.timestamp = Some(timestamp.to_owned());
    }

    /// Says which box the data fill.
    pub fn set_area(&mut self, area: Bbox) {
        self.data.area = Some(area);
    }

    /// Reports something odd; after the first hundred only their number is kept.
    pub fn warn(&mut self, warnings: &mut Vec<Warning>, warning: Warning) {
        self.reporter.warn(warnings, warning);
    }

    /// Makes room for so many vertices.
    pub fn reserve(&mut self, n_vertices: usize) {
        self.data.coords.reserve(n_vertices);
    }

    /// The elements that have ended so far, references not resolved.
    #[must_use]
    pub fn data(&self) -> &OsmData {
        &self.data
    }

    /// Resolves references and hands the data over.
    pub fn finish(mut self, warnings: &mut Vec<Warning>) -> Result<OsmData, ReadError> {
        self.resolve_nodes(warnings)?;
        self.resolve_members(warnings);
        if self.n_nulls > 0 {
            let what = format!("{} vertices were left out by the source", self.n_nulls);
            warnings.push(Warning { code: "W-VERTEX-MISSING", element: None, what });
        }
        self.reporter.finish(warnings);
        if self.data.coords.iter().all(|place| place.is_missing()) {
            return Err(ReadError::Empty);
        }
        Ok(self.data)
    }

    fn resolve_nodes(&mut self, warnings: &mut Vec<Warning>) -> Result<(), ReadError> {
        for (index, refs) in std::mem::take(&mut self.unresolved) {
            let Some(way) = self.data.ways.get_mut(index as usize) else { continue };
            if !way.coords.is_empty() {
                continue; // A later copy of the way brought its geometry.
            }
            let ids = self.refs.get(refs.start as usize..refs.end as usize).unwrap_or(&[]);
            let start = self.data.coords.len();
            check_limit(start + ids.len(), self.limits.vertices, "vertices")?;
            let place = |id| self.nodes.get(id).copied().unwrap_or(LonLat::MISSING);
            self.data.coords.extend(ids.iter().map(place));
            way.coords = start as u32..self.data.coords.len() as u32;
            let n_missing = ids.iter().filter(|id| place(id).is_missing()).count();
            if n_missing > 0 {
                let what = format!("{n_missing} of its {} nodes are not in the data", ids.len());
                let element = Some(OsmId { kind: ElementKind::Way, id: way.id });
                self.reporter.warn(warnings, Warning { code: "W-NODE-MISSING", element, what });
            }
        }
        Ok(())
    }

    fn resolve_members(&mut self, warnings: &mut Vec<Warning>) {
        for relation in &self.data.relations {
            let range = relation.members.start as usize..relation.members.end as usize;
            let members = self.data.members.get_mut(range).unwrap_or(&mut []);
            let n_members = members.len();
            let mut n_missing = 0;
            for member in members.iter_mut().filter(|member| member.coords.is_empty()) {
                let index = self.way_indexes.get(&member.way_id);
                let way = index.and_then(|index| self.data.ways.get(*index as usize));
                match way.filter(|way| !way.coords.is_empty()) {
                    Some(way) => member.coords = way.coords.clone(),
                    None => n_missing += 1,
                }
            }
            if n_missing > 0 {
                let what = format!("{n_missing} of its {n_members} ways are not in the data");
                let element = Some(OsmId { kind: ElementKind::Relation, id: relation.id });
                self.reporter.warn(warnings, Warning { code: "W-MEMBER-MISSING", element, what });
            }
        }
    }

    /// The open element's tags, or equal ones that are there already.
    fn end_tags(&mut self) -> Range<u32> {
        let range = self.open.tags..self.data.tags.len() as u32;
        let tags = |range: &Range<u32>| {
            self.data.tags.get(range.start as usize..range.end as usize).unwrap_or(&[])
        };
        let own = tags(&range);
        if own.is_empty() {
            return range;
        }
        let mut hasher = IdHasher::default();
        for tag in own {
            hasher.write_u64(u64::from(tag.key.0) << 32 | u64::from(tag.value.0));
        }
        let earlier = self.tag_sets.entry(hasher.finish() as i64).or_insert_with(|| range.clone());
        if *earlier == range || tags(earlier) != own {
            return range;
        }
        let earlier = earlier.clone();
        self.data.tags.truncate(range.start as usize);
        earlier
    }

    fn n_coords(&self) -> u32 {
        self.data.coords.len() as u32
    }

    fn count_element(&mut self) -> Result<(), ReadError> {
        check_limit(self.n_elements as usize, self.limits.elements, "elements")?;
        self.n_elements += 1;
        Ok(())
    }

    fn open_next(&mut self) {
        self.open = OpenElement {
            coords: self.n_coords(),
            tags: self.data.tags.len() as u32,
            members: self.data.members.len() as u32,
            refs: self.refs.len() as u32,
            member_coords: self.n_coords(),
            geometry: None,
            n_nulls: 0,
        };
    }
}

/// One more must still be allowed; the limit is 32 bits wide, so lengths cast to `u32` fit.
fn check_limit(len: usize, limit: u32, unit: &'static str) -> Result<(), ReadError> {
    if len < limit as usize {
        return Ok(());
    }
    Err(ReadError::TooLarge { found: len as u64 + 1, limit: u64::from(limit), unit })
}

/// Keeps a hostile or very broken source from filling the memory with warnings.
#[derive(Debug, Default)]
struct Reporter {
    n_warnings: usize,
}

impl Reporter {
    const MOST: usize = 100;

    fn warn(&mut self, warnings: &mut Vec<Warning>, warning: Warning) {
        self.n_warnings += 1;
        if self.n_warnings <= Self::MOST {
            warnings.push(warning);
        }
    }

    fn finish(&self, warnings: &mut Vec<Warning>) {
        if let Some(more) = self.n_warnings.checked_sub(Self::MOST).filter(|more| *more > 0) {
            let what = format!("{more} more warnings were left out");
            warnings.push(Warning { code: "W-READ-MORE", element: None, what });
        }
    }
}

/// OSM ids are well spread once multiplied; the standard hasher costs more than the lookup.
pub(crate) type IdHash = BuildHasherDefault<IdHasher>;

/// Multiplies by an odd constant and folds the high half down.
#[derive(Debug, Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_i64(&mut self, id: i64) {
        self.write_u64(id as u64);
    }

    fn write_u64(&mut self, id: u64) {
        let product = (self.0 ^ id).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ (product >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(n: i32) -> LonLat {
        LonLat { lon_e7: n, lat_e7: -n }
    }

    #[test]
    fn node_references_resolve_in_any_order() {
        let mut builder = OsmDataBuilder::new(Limits::default());
        for id in [1, 2, 3] {
            builder.node_ref(id).unwrap();
        }
        builder.end_way(7).unwrap();
        builder.end_node(3, place(30)).unwrap();
        builder.end_node(1, place(10)).unwrap();
        let mut warnings = Vec::new();
        let data = builder.finish(&mut warnings).unwrap();
        assert_eq!(data.coords(&data.ways[0].coords), [place(10), LonLat::MISSING, place(30)]);
        assert_eq!(
            warnings[0].to_string(),
            "W-NODE-MISSING way 7: 1 of its 3 nodes are not in the data"
        );
    }

    #[test]
    fn a_second_copy_of_a_way_adds_only_what_the_first_lacked() {
        let mut builder = OsmDataBuilder::new(Limits::default());
        builder.tag("highway", "path").unwrap();
        builder.end_way(7).unwrap();
        builder.begin_geometry();
        builder.vertex(Some(place(1))).unwrap();
        builder.end_geometry();
        builder.end_way(7).unwrap();
        builder.begin_geometry();
        builder.vertex(Some(place(2))).unwrap();
        builder.end_geometry();
        builder.end_way(7).unwrap();
        let data = builder.finish(&mut Vec::new()).unwrap();
        assert_eq!((data.ways.len(), data.coords.len()), (1, 1));
        assert_eq!(data.tags(&data.ways[0].tags).collect::<Vec<_>>(), [("highway", "path")]);
        assert_eq!(data.coords(&data.ways[0].coords), [place(1)]);
    }

    #[test]
    fn a_member_shares_the_vertices_of_its_way() {
        let mut builder = OsmDataBuilder::new(Limits::default());
        builder.begin_geometry();
        builder.vertex(Some(place(1))).unwrap();
        builder.vertex(Some(place(2))).unwrap();
        builder.end_geometry();
        builder.end_way(7).unwrap();
        for way_id in [7, 8, 8] {
            builder.begin_member();
            builder.vertex(Some(place(1))).unwrap();
            builder.vertex(Some(place(2))).unwrap();
            builder.end_member(way_id, Role::Outer).unwrap();
        }
        builder.begin_member();
        builder.end_member(7, Role::Inner).unwrap();
        builder.end_relation(9).unwrap();
        let data = builder.finish(&mut Vec::new()).unwrap();
        let ranges: Vec<_> = data.members.iter().map(|member| member.coords.clone()).collect();
        assert_eq!(ranges, [0..2, 2..4, 2..4, 0..2]);
        assert_eq!(data.coords.len(), 4);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { vertices: 1, elements: 1, ..Limits::default() };
        let mut builder = OsmDataBuilder::new(limits);
        builder.vertex(None).unwrap();
        let error = builder.vertex(None).unwrap_err();
        assert_eq!(error, ReadError::TooLarge { found: 2, limit: 1, unit: "vertices" });
        builder.end_way(1).unwrap();
        assert_eq!(builder.end_way(2).unwrap_err().code(), "E-READ-TOO-LARGE");
    }

    #[test]
    fn a_source_without_a_single_place_is_empty() {
        let mut builder = OsmDataBuilder::new(Limits::default());
        builder.node_ref(1).unwrap();
        builder.end_way(1).unwrap();
        assert_eq!(builder.finish(&mut Vec::new()).unwrap_err(), ReadError::Empty);
    }

    #[test]
    fn warnings_are_capped() {
        let mut builder = OsmDataBuilder::new(Limits::default());
        let mut warnings = Vec::new();
        builder.end_node(1_000, place(1)).unwrap();
        builder.node_ref(1_000).unwrap();
        builder.end_way(1_000).unwrap();
        for id in 0..250 {
            builder.node_ref(id).unwrap();
            builder.end_way(id).unwrap();
        }
        builder.finish(&mut warnings).unwrap();
        assert_eq!(warnings.len(), 101);
        assert_eq!(warnings[100].what, "150 more warnings were left out");
    }
}
