//! The bytes of a pack, whole or as they arrive → [`OsmData`] and what the pack says of itself.

use std::ops::Range;

use super::columns::{Cursor, malformed};
use super::lines::LineReader;
use super::write::{HOW_LINE, HOW_NONE, HOW_WAY};
use super::{
    ABOUT, END, HEADER_LEN, MAGIC, PackMeta, Precision, RELATIONS, SECTION_HEAD, STRINGS, TAG_SETS,
    VERSION, WAYS,
};
use crate::error::ReadError;
use crate::osm::{Member, OsmData, Relation, Role, StrId, Tag, Way};

/// A pack's content.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// What the pack says of itself.
    pub meta: PackMeta,
    /// The elements.
    pub data: OsmData,
}

/// Reads a whole pack.
pub fn read(bytes: &[u8]) -> Result<Pack, ReadError> {
    let mut reader = PackReader::new();
    let n_read = reader.sections(bytes)?;
    reader.finish_with(bytes.len() - n_read)
}

/// Reads what a pack says of itself from its beginning; a few hundred bytes are enough.
pub fn read_meta(bytes: &[u8]) -> Result<PackMeta, ReadError> {
    let header = Header::read(bytes)?;
    let section = Section::first(bytes.get(HEADER_LEN..).unwrap_or(&[]), header.len)?;
    match section {
        Some(Section { kind: ABOUT, payload, .. }) => about(payload),
        Some(_) => Err(malformed("it does not begin with what it is")),
        None => Err(ReadError::Truncated),
    }
}

/// Reads a pack as its bytes arrive, a section at a time.
#[derive(Debug, Default)]
pub struct PackReader {
    header: Option<Header>,
    /// Bytes of whole sections decoded so far, the header among them.
    n_decoded: usize,
    rest: Vec<u8>,
    has_end: bool,
    pack: Pack,
    strings: Vec<StrId>,
    tag_sets: Vec<Range<u32>>,
}

#[derive(Debug, Clone, Copy)]
struct Header {
    precision: Precision,
    len: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let n = bytes.len().min(MAGIC.len());
        if bytes.get(..n) != MAGIC.get(..n) {
            let starts_with =
                String::from_utf8_lossy(bytes.get(..80).unwrap_or(bytes)).into_owned();
            return Err(ReadError::NotOsmData { starts_with });
        }
        let header = bytes.first_chunk::<HEADER_LEN>().ok_or(ReadError::Truncated)?;
        let [_, _, _, _, v0, v1, decimals, _, l0, l1, l2, l3, c0, c1, c2, c3] = *header;
        let crc = crc32fast::hash(header.get(..HEADER_LEN - 4).unwrap_or(&[]));
        if crc != u32::from_le_bytes([c0, c1, c2, c3]) {
            return Err(ReadError::Damaged);
        }
        let version = u16::from_le_bytes([v0, v1]);
        if version > VERSION {
            let (found, supported) = (u32::from(version), u32::from(VERSION));
            return Err(ReadError::NewerVersion { found, supported });
        }
        let precision = match decimals {
            7 => Precision::E7,
            6 => Precision::E6,
            _ => return Err(malformed("its precision is unknown")),
        };
        Ok(Self { precision, len: u32::from_le_bytes([l0, l1, l2, l3]) as usize })
    }
}

struct Section<'a> {
    kind: u8,
    payload: &'a [u8],
    /// With kind, length and checksum.
    len: usize,
}

impl<'a> Section<'a> {
    /// The section `bytes` begin with; none if it is not whole yet. `most` is what the file's
    /// length still allows, so a damaged length is noticed at once.
    fn first(bytes: &'a [u8], most: usize) -> Result<Option<Self>, ReadError> {
        let Some([kind, l0, l1, l2, l3]) = bytes.first_chunk::<SECTION_HEAD>() else {
            return Ok(None);
        };
        let payload_len = u32::from_le_bytes([*l0, *l1, *l2, *l3]) as usize;
        let len = payload_len.saturating_add(SECTION_HEAD + 4);
        if len > most {
            return Err(ReadError::Damaged);
        }
        let Some((section, crc)) = bytes.get(..len).and_then(<[u8]>::split_last_chunk::<4>) else {
            return Ok(None);
        };
        if crc32fast::hash(section) != u32::from_le_bytes(*crc) {
            return Err(ReadError::Damaged);
        }
        let payload = section.get(SECTION_HEAD..).unwrap_or(&[]);
        Ok(Some(Self { kind: *kind, payload, len }))
    }
}

impl PackReader {
    /// A reader that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes. After an error the reader is of no more use.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), ReadError> {
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        let n_read = self.sections(&bytes)?;
        bytes.drain(..n_read);
        self.rest = bytes;
        Ok(())
    }

    /// What has been decoded so far, for a first picture before the end.
    #[must_use]
    pub fn so_far(&self) -> &Pack {
        &self.pack
    }

    /// Ends the pack and gives its content.
    pub fn finish(self) -> Result<Pack, ReadError> {
        let n_left = self.rest.len();
        self.finish_with(n_left)
    }

    fn finish_with(self, n_left: usize) -> Result<Pack, ReadError> {
        let Some(header) = self.header else { return Err(ReadError::Truncated) };
        if self.n_decoded + n_left < header.len {
            return Err(ReadError::Truncated);
        }
        if !self.has_end || n_left > 0 {
            return Err(ReadError::Damaged);
        }
        Ok(self.pack)
    }

    /// Decodes the whole sections at the beginning of `bytes`; returns how long they are.
    fn sections(&mut self, bytes: &[u8]) -> Result<usize, ReadError> {
        let mut n_read = 0;
        let header = match self.header {
            Some(header) => header,
            None => match Header::read(bytes) {
                Ok(header) => {
                    n_read = HEADER_LEN;
                    *self.header.insert(header)
                }
                Err(ReadError::Truncated) => return Ok(0),
                Err(error) => return Err(error),
            },
        };
        let n_before = self.n_decoded;
        while !self.has_end {
            let most = header.len.saturating_sub(n_before + n_read);
            let Some(section) = Section::first(bytes.get(n_read..).unwrap_or(&[]), most)? else {
                break;
            };
            n_read += section.len;
            self.section(section.kind, section.payload, header.precision)?;
        }
        self.n_decoded += n_read;
        Ok(n_read)
    }

    fn section(&mut self, kind: u8, payload: &[u8], precision: Precision) -> Result<(), ReadError> {
        let mut section = Cursor(payload);
        match kind {
            ABOUT => {
                self.pack.meta = about(payload)?;
                self.pack.data.timestamp = self.pack.meta.timestamp.clone();
                self.pack.data.area = self.pack.meta.bbox;
            }
            STRINGS => self.strings(&mut section)?,
            TAG_SETS => self.tag_sets(&mut section)?,
            WAYS => self.ways(&mut section, precision)?,
            RELATIONS => self.relations(&mut section, precision)?,
            END => self.has_end = true,
            _ => {}
        }
        Ok(())
    }

    fn strings(&mut self, section: &mut Cursor<'_>) -> Result<(), ReadError> {
        let n_strings = section.count()?;
        let (mut lengths, mut text) = (section.column()?, section.column()?);
        for _ in 0..n_strings {
            let len = lengths.at_most(text.0.len())?;
            let string = std::str::from_utf8(text.take(len)?);
            let string = string.map_err(|_| malformed("a text is not UTF-8"))?;
            self.strings.push(self.pack.data.strings.intern(string));
        }
        Ok(())
    }

    fn tag_sets(&mut self, section: &mut Cursor<'_>) -> Result<(), ReadError> {
        let n_sets = section.count()?;
        let (mut sizes, mut keys, mut values) =
            (section.column()?, section.column()?, section.column()?);
        let string = |column: &mut Cursor<'_>| {
            let number = column.at_most(self.strings.len())?;
            self.strings.get(number).copied().ok_or_else(|| malformed("a string is not there"))
        };
        for _ in 0..n_sets {
            let start = self.pack.data.tags.len() as u32;
            for _ in 0..sizes.at_most(keys.0.len())? {
                let tag = Tag { key: string(&mut keys)?, value: string(&mut values)? };
                self.pack.data.tags.push(tag);
            }
            self.tag_sets.push(start..self.pack.data.tags.len() as u32);
        }
        Ok(())
    }

    fn tag_set(&self, column: &mut Cursor<'_>) -> Result<Range<u32>, ReadError> {
        let number = column.at_most(self.tag_sets.len())?;
        self.tag_sets.get(number).cloned().ok_or_else(|| malformed("a tag set is not there"))
    }

    fn ways(&mut self, section: &mut Cursor<'_>, precision: Precision) -> Result<(), ReadError> {
        let n_ways = section.count()?;
        let (mut ids, mut tags) = (section.column()?, section.column()?);
        let mut lines = LineReader::new(section, precision)?;
        self.pack.data.ways.reserve(n_ways);
        self.pack.data.coords.reserve(lines.most_vertices());
        let mut id = 0_i64;
        for _ in 0..n_ways {
            id = id.wrapping_add(ids.signed()?);
            let tags = self.tag_set(&mut tags)?;
            let start = self.pack.data.coords.len() as u32;
            lines.line(&mut self.pack.data.coords)?;
            let coords = start..self.pack.data.coords.len() as u32;
            self.pack.data.ways.push(Way { id, coords, tags });
        }
        check_all_read(lines.is_empty() && ids.is_empty() && tags.is_empty())
    }

    fn relations(
        &mut self,
        section: &mut Cursor<'_>,
        precision: Precision,
    ) -> Result<(), ReadError> {
        let n_relations = section.count()?;
        let (mut ids, mut tags, mut sizes) =
            (section.column()?, section.column()?, section.column()?);
        let (mut kinds, mut refs) = (section.column()?, section.column()?);
        let n_lines = section.count()?;
        let mut line_numbers = section.column()?;
        let mut reader = LineReader::new(section, precision)?;
        let lines = self.lines(n_lines, &mut reader)?;

        let (mut id, mut way_number, mut way_id, mut line_number) = (0_i64, 0_i64, 0_i64, 0_i64);
        for _ in 0..n_relations {
            id = id.wrapping_add(ids.signed()?);
            let tags = self.tag_set(&mut tags)?;
            let start = self.pack.data.members.len() as u32;
            for _ in 0..sizes.at_most(kinds.0.len())? {
                let kind = kinds.at_most(usize::from(u8::MAX))? as u8;
                let member = if kind / 4 == HOW_WAY {
                    way_number = way_number.wrapping_add(refs.signed()?);
                    let way = usize::try_from(way_number).ok();
                    let way = way.and_then(|number| self.pack.data.ways.get(number));
                    let way = way.ok_or_else(|| malformed("a member's way is not there"))?;
                    Member { way_id: way.id, role: role(kind)?, coords: way.coords.clone() }
                } else {
                    way_id = way_id.wrapping_add(refs.signed()?);
                    let coords = match kind / 4 {
                        HOW_NONE => 0..0,
                        HOW_LINE => {
                            line_number = line_number.wrapping_add(line_numbers.signed()?);
                            let number = usize::try_from(line_number).ok();
                            let line = number.and_then(|number| lines.get(number)).cloned();
                            line.ok_or_else(|| malformed("a member's line is not there"))?
                        }
                        _ => return Err(malformed("a member is of an unknown kind")),
                    };
                    Member { way_id, role: role(kind)?, coords }
                };
                self.pack.data.members.push(member);
            }
            let members = start..self.pack.data.members.len() as u32;
            self.pack.data.relations.push(Relation { id, members, tags });
        }
        check_all_read(reader.is_empty() && ids.is_empty() && kinds.is_empty() && refs.is_empty())
    }

    fn lines(
        &mut self,
        n_lines: usize,
        reader: &mut LineReader<'_>,
    ) -> Result<Vec<Range<u32>>, ReadError> {
        self.pack.data.coords.reserve(reader.most_vertices());
        let mut lines = Vec::with_capacity(n_lines);
        for _ in 0..n_lines {
            let start = self.pack.data.coords.len() as u32;
            reader.line(&mut self.pack.data.coords)?;
            lines.push(start..self.pack.data.coords.len() as u32);
        }
        Ok(lines)
    }
}

fn about(payload: &[u8]) -> Result<PackMeta, ReadError> {
    serde_json::from_slice(payload).map_err(|error| malformed(&error.to_string()))
}

fn role(kind: u8) -> Result<Role, ReadError> {
    match kind % 4 {
        0 => Ok(Role::Other),
        1 => Ok(Role::Outer),
        2 => Ok(Role::Inner),
        _ => Err(malformed("a role is unknown")),
    }
}

fn check_all_read(is_empty: bool) -> Result<(), ReadError> {
    if is_empty { Ok(()) } else { Err(malformed("a column is longer than it should be")) }
}
