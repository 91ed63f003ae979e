//! [`OsmData`] → the bytes of a pack. The same data give the same bytes.

use std::collections::HashMap;

use super::columns::{Column, put_unsigned};
use super::lines::LineWriter;
use super::{
    ABOUT, END, HEADER_LEN, MAGIC, PackMeta, Precision, RELATIONS, STRINGS, TAG_SETS, VERSION,
    WAYS, WAYS_PER_SECTION,
};
use crate::osm::builder::IdHash;
use crate::osm::{Member, OsmData, Role, StrId, Tag, Way};

/// Packs `data`; only strings that some tag uses are kept.
///
/// `meta.timestamp` is taken from the data where it is not given.
#[must_use]
pub fn write(data: &OsmData, meta: &PackMeta, precision: Precision) -> Vec<u8> {
    let mut meta = meta.clone();
    meta.timestamp = meta.timestamp.or_else(|| data.timestamp.clone());
    let mut tags = TagSets::default();
    let way_sets: Vec<u32> = data.ways.iter().map(|way| tags.number(data, &way.tags)).collect();
    let relation_sets: Vec<u32> =
        data.relations.iter().map(|relation| tags.number(data, &relation.tags)).collect();

    let mut pack = Vec::with_capacity(64 + data.coords.len() * 4);
    pack.extend_from_slice(&MAGIC);
    pack.extend_from_slice(&VERSION.to_le_bytes());
    pack.extend_from_slice(&[precision.decimals(), 0]);
    pack.extend_from_slice(&[0; 8]); // Length and checksum, known at the end.
    // A struct of plain fields has no way to fail here.
    put_section(&mut pack, ABOUT, &serde_json::to_vec(&meta).unwrap_or_default());
    put_section(&mut pack, STRINGS, &tags.strings_section(data));
    put_section(&mut pack, TAG_SETS, &tags.sets_section());
    for (ways, sets) in data.ways.chunks(WAYS_PER_SECTION).zip(way_sets.chunks(WAYS_PER_SECTION)) {
        put_section(&mut pack, WAYS, &ways_section(data, ways, sets, precision));
    }
    if !data.relations.is_empty() {
        put_section(&mut pack, RELATIONS, &relations_section(data, &relation_sets, precision));
    }
    put_section(&mut pack, END, &[]);

    let len = (pack.len() as u32).to_le_bytes();
    put_bytes(&mut pack, 8, len);
    let crc = crc32fast::hash(pack.get(..HEADER_LEN - 4).unwrap_or(&[])).to_le_bytes();
    put_bytes(&mut pack, HEADER_LEN - 4, crc);
    pack
}

fn put_bytes(pack: &mut [u8], at: usize, bytes: [u8; 4]) {
    if let Some(place) = pack.get_mut(at..at + 4) {
        place.copy_from_slice(&bytes);
    }
}

fn put_section(pack: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    let start = pack.len();
    pack.push(kind);
    pack.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    pack.extend_from_slice(payload);
    let crc = crc32fast::hash(pack.get(start..).unwrap_or(&[]));
    pack.extend_from_slice(&crc.to_le_bytes());
}

/// Numbers for sets of tags and for the strings in them, in order of first use.
#[derive(Debug, Default)]
struct TagSets<'a> {
    sets: Vec<&'a [Tag]>,
    /// Only looked up, never iterated.
    numbers: HashMap<&'a [Tag], u32>,
    strings: Vec<StrId>,
    string_numbers: HashMap<i64, u32, IdHash>,
}

impl<'a> TagSets<'a> {
    fn number(&mut self, data: &'a OsmData, range: &std::ops::Range<u32>) -> u32 {
        let tags = data.tags.get(range.start as usize..range.end as usize).unwrap_or(&[]);
        let next = self.sets.len() as u32;
        let number = *self.numbers.entry(tags).or_insert(next);
        if number == next {
            self.sets.push(tags);
            for id in tags.iter().flat_map(|tag| [tag.key, tag.value]) {
                let next = self.strings.len() as u32;
                if *self.string_numbers.entry(i64::from(id.0)).or_insert(next) == next {
                    self.strings.push(id);
                }
            }
        }
        number
    }

    fn string_number(&self, id: StrId) -> u64 {
        self.string_numbers.get(&i64::from(id.0)).copied().unwrap_or(0).into()
    }

    fn strings_section(&self, data: &OsmData) -> Vec<u8> {
        let mut section = Vec::new();
        let (mut lengths, mut text) = (Column::default(), Column::default());
        for id in &self.strings {
            let string = data.strings.get(*id);
            lengths.unsigned(string.len() as u64);
            text.text(string);
        }
        put_unsigned(&mut section, self.strings.len() as u64);
        lengths.end(&mut section);
        text.end(&mut section);
        section
    }

    fn sets_section(&self) -> Vec<u8> {
        let mut section = Vec::new();
        let [mut sizes, mut keys, mut values] = <[Column; 3]>::default();
        for set in &self.sets {
            sizes.unsigned(set.len() as u64);
            for tag in *set {
                keys.unsigned(self.string_number(tag.key));
                values.unsigned(self.string_number(tag.value));
            }
        }
        put_unsigned(&mut section, self.sets.len() as u64);
        for column in [sizes, keys, values] {
            column.end(&mut section);
        }
        section
    }
}

fn ways_section(data: &OsmData, ways: &[Way], sets: &[u32], precision: Precision) -> Vec<u8> {
    let mut section = Vec::new();
    let (mut ids, mut tags) = (Column::default(), Column::default());
    let mut lines = LineWriter::new(precision);
    let mut last_id = 0_i64;
    for (way, set) in ways.iter().zip(sets) {
        ids.signed(way.id.wrapping_sub(last_id));
        last_id = way.id;
        tags.unsigned(u64::from(*set));
        lines.line(data.coords(&way.coords));
    }
    put_unsigned(&mut section, ways.len() as u64);
    ids.end(&mut section);
    tags.end(&mut section);
    lines.end(&mut section);
    section
}

/// Where a member's vertices are, as the member column has it.
pub(super) const HOW_NONE: u8 = 0;
pub(super) const HOW_WAY: u8 = 1;
pub(super) const HOW_LINE: u8 = 2;

fn relations_section(data: &OsmData, sets: &[u32], precision: Precision) -> Vec<u8> {
    let ways = way_numbers(data);
    let [mut ids, mut tags, mut sizes, mut kinds, mut refs, mut line_numbers] =
        <[Column; 6]>::default();
    let mut lines = LineWriter::new(precision);
    let mut lines_by_start = HashMap::<i64, (u32, i64), IdHash>::default();
    let (mut last_id, mut last_way, mut last_member, mut last_line) = (0_i64, 0_i64, 0_i64, 0_i64);
    for (relation, set) in data.relations.iter().zip(sets) {
        ids.signed(relation.id.wrapping_sub(last_id));
        last_id = relation.id;
        tags.unsigned(u64::from(*set));
        let members = data.members(&relation.members);
        sizes.unsigned(members.len() as u64);
        for member in members {
            let way = way_with_its_vertices(data, &ways, member);
            let how = match way {
                _ if data.coords(&member.coords).is_empty() => HOW_NONE,
                Some(_) => HOW_WAY,
                None => HOW_LINE,
            };
            kinds.unsigned(u64::from(role_number(member.role) + 4 * how));
            if let Some(way) = way.filter(|_| how == HOW_WAY) {
                refs.signed(way - last_way);
                last_way = way;
                continue;
            }
            refs.signed(member.way_id.wrapping_sub(last_member));
            last_member = member.way_id;
            if how == HOW_LINE {
                // Members that share vertices (see OsmDataBuilder) do so after reading back.
                let start = i64::from(member.coords.start);
                let next = lines_by_start.len() as i64;
                let (end, line) = *lines_by_start.entry(start).or_insert((member.coords.end, next));
                debug_assert_eq!(end, member.coords.end, "ranges are shared whole");
                if line == next {
                    lines.line(data.coords(&member.coords));
                }
                line_numbers.signed(line - last_line);
                last_line = line;
            }
        }
    }
    let mut section = Vec::new();
    put_unsigned(&mut section, data.relations.len() as u64);
    for column in [ids, tags, sizes, kinds, refs] {
        column.end(&mut section);
    }
    put_unsigned(&mut section, lines_by_start.len() as u64);
    line_numbers.end(&mut section);
    lines.end(&mut section);
    section
}

fn way_numbers(data: &OsmData) -> HashMap<i64, u32, IdHash> {
    let mut numbers = HashMap::default();
    for (number, way) in data.ways.iter().enumerate() {
        numbers.entry(way.id).or_insert(number as u32);
    }
    numbers
}

/// The number of the way whose vertices a member repeats.
fn way_with_its_vertices(
    data: &OsmData,
    numbers: &HashMap<i64, u32, IdHash>,
    member: &Member,
) -> Option<i64> {
    let number = *numbers.get(&member.way_id)?;
    let way = data.ways.get(number as usize)?;
    let is_same =
        way.coords == member.coords || data.coords(&way.coords) == data.coords(&member.coords);
    is_same.then_some(i64::from(number))
}

fn role_number(role: Role) -> u8 {
    match role {
        Role::Other => 0,
        Role::Outer => 1,
        Role::Inner => 2,
    }
}
