//! One block of an OSM PBF file: nodes, ways and relations with a string table of their own.

use super::wire::{Fields, Packed, Value, malformed, zigzag};
use crate::error::{ReadError, Warning};
use crate::lonlat::LonLat;
use crate::osm::keys::key_id;
use crate::osm::{ElementKind, OsmDataBuilder, OsmId, Role};

/// Reads a `PrimitiveBlock`.
pub(super) fn read(
    block: &[u8],
    builder: &mut OsmDataBuilder,
    warnings: &mut Vec<Warning>,
) -> Result<(), ReadError> {
    let header = Header::read(block)?;
    let mut reader = BlockReader { header, builder, warnings };
    let mut fields = Fields(block);
    while let Some(field) = fields.next()? {
        if let (2, Value::Bytes(group)) = field {
            reader.group(group)?;
        }
    }
    Ok(())
}

/// What holds for a whole block; some of it is written after the elements it is needed for.
struct Header<'a> {
    strings: Vec<&'a [u8]>,
    /// Unit of places, in 1e-9 degree.
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'a> Header<'a> {
    fn read(block: &'a [u8]) -> Result<Self, ReadError> {
        let mut header =
            Self { strings: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
        let mut fields = Fields(block);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(table)) => {
                    let mut table = Fields(table);
                    while let Some(string) = table.next()? {
                        if let (1, Value::Bytes(string)) = string {
                            header.strings.push(string);
                        }
                    }
                }
                (17, Value::Number(n)) => header.granularity = n as i64,
                (19, Value::Number(n)) => header.lat_offset = n as i64,
                (20, Value::Number(n)) => header.lon_offset = n as i64,
                _ => {}
            }
        }
        Ok(header)
    }

    /// `None` off the globe.
    fn place(&self, lon: i64, lat: i64) -> Option<LonLat> {
        let lon_e7 = self.to_e7(lon, self.lon_offset, 1_800_000_000)?;
        let lat_e7 = self.to_e7(lat, self.lat_offset, 900_000_000)?;
        Some(LonLat { lon_e7, lat_e7 })
    }

    fn to_e7(&self, value: i64, offset: i64, most: i32) -> Option<i32> {
        let nano = value.checked_mul(self.granularity)?.checked_add(offset)?;
        // To the nearest, halves away from zero, as every reader here does it.
        let e7 = i32::try_from(nano.checked_add(50 * nano.signum())? / 100).ok()?;
        (-most..=most).contains(&e7).then_some(e7)
    }
}

struct BlockReader<'a, 'b> {
    header: Header<'a>,
    builder: &'b mut OsmDataBuilder,
    warnings: &'b mut Vec<Warning>,
}

impl BlockReader<'_, '_> {
    fn group(&mut self, group: &[u8]) -> Result<(), ReadError> {
        let mut fields = Fields(group);
        while let Some((field, value)) = fields.next()? {
            let Value::Bytes(message) = value else { continue };
            match field {
                1 => self.node(message)?,
                2 => self.dense_nodes(message)?,
                3 => self.way(message)?,
                4 => self.relation(message)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&mut self, message: &[u8]) -> Result<(), ReadError> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let mut fields = Fields(message);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Number(n)) => id = zigzag(n),
                (8, Value::Number(n)) => lat = zigzag(n),
                (9, Value::Number(n)) => lon = zigzag(n),
                _ => {}
            }
        }
        self.end_node(id, lon, lat)
    }

    fn dense_nodes(&mut self, message: &[u8]) -> Result<(), ReadError> {
        let [mut ids, mut lats, mut lons] = <[Packed<'_>; 3]>::default();
        let mut fields = Fields(message);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Bytes(packed)) => ids = Packed(packed),
                (8, Value::Bytes(packed)) => lats = Packed(packed),
                (9, Value::Bytes(packed)) => lons = Packed(packed),
                _ => {}
            }
        }
        let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
        while let Some(step) = ids.signed()? {
            let (Some(lat_step), Some(lon_step)) = (lats.signed()?, lons.signed()?) else {
                return Err(malformed("there are fewer places than nodes"));
            };
            id = id.wrapping_add(step);
            lat = lat.wrapping_add(lat_step);
            lon = lon.wrapping_add(lon_step);
            self.end_node(id, lon, lat)?;
        }
        Ok(())
    }

    fn end_node(&mut self, id: i64, lon: i64, lat: i64) -> Result<(), ReadError> {
        if let Some(place) = self.header.place(lon, lat) {
            return self.builder.end_node(id, place);
        }
        let what = "a place without a latitude of ±90° and a longitude of ±180°".to_owned();
        let element = Some(OsmId { kind: ElementKind::Node, id });
        self.builder.warn(self.warnings, Warning { code: "W-OFF-GLOBE", element, what });
        Ok(())
    }

    fn way(&mut self, message: &[u8]) -> Result<(), ReadError> {
        let mut id = 0;
        let [mut keys, mut values, mut refs, mut lats, mut lons] = <[Packed<'_>; 5]>::default();
        let mut fields = Fields(message);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Number(n)) => id = n as i64,
                (2, Value::Bytes(packed)) => keys = Packed(packed),
                (3, Value::Bytes(packed)) => values = Packed(packed),
                (8, Value::Bytes(packed)) => refs = Packed(packed),
                (9, Value::Bytes(packed)) => lats = Packed(packed),
                (10, Value::Bytes(packed)) => lons = Packed(packed),
                _ => {}
            }
        }
        self.tags(keys, values)?;
        let mut node = 0_i64;
        while let Some(step) = refs.signed()? {
            node = node.wrapping_add(step);
            self.builder.node_ref(node)?;
        }
        // Places on the ways themselves, which extracts without nodes have.
        self.builder.begin_geometry();
        let (mut lat, mut lon) = (0_i64, 0_i64);
        while let (Some(lat_step), Some(lon_step)) = (lats.signed()?, lons.signed()?) {
            lat = lat.wrapping_add(lat_step);
            lon = lon.wrapping_add(lon_step);
            self.builder.vertex(self.header.place(lon, lat))?;
        }
        self.builder.end_geometry();
        self.builder.end_way(id)
    }

    fn relation(&mut self, message: &[u8]) -> Result<(), ReadError> {
        let mut id = 0;
        let [mut keys, mut values, mut roles, mut members, mut kinds] =
            <[Packed<'_>; 5]>::default();
        let mut fields = Fields(message);
        while let Some(field) = fields.next()? {
            match field {
                (1, Value::Number(n)) => id = n as i64,
                (2, Value::Bytes(packed)) => keys = Packed(packed),
                (3, Value::Bytes(packed)) => values = Packed(packed),
                (8, Value::Bytes(packed)) => roles = Packed(packed),
                (9, Value::Bytes(packed)) => members = Packed(packed),
                (10, Value::Bytes(packed)) => kinds = Packed(packed),
                _ => {}
            }
        }
        self.tags(keys, values)?;
        const WAY: u64 = 1;
        let mut member = 0_i64;
        while let Some(step) = members.signed()? {
            let (Some(role), Some(kind)) = (roles.number()?, kinds.number()?) else {
                return Err(malformed("there are fewer roles than members"));
            };
            member = member.wrapping_add(step);
            if kind == WAY {
                let role = match self.string(role)? {
                    b"outer" => Role::Outer,
                    b"inner" => Role::Inner,
                    _ => Role::Other,
                };
                self.builder.begin_member();
                self.builder.end_member(member, role)?;
            }
        }
        self.builder.end_relation(id)
    }

    fn tags(&mut self, mut keys: Packed<'_>, mut values: Packed<'_>) -> Result<(), ReadError> {
        while let Some(key) = keys.number()? {
            let Some(value) = values.number()? else {
                return Err(malformed("there are fewer values than keys"));
            };
            let Some(key) = key_id(self.string(key)?) else { continue };
            let value = String::from_utf8_lossy(self.string(value)?).into_owned();
            self.builder.tag_by_id(key, &value)?;
        }
        Ok(())
    }

    fn string(&self, number: u64) -> Result<&[u8], ReadError> {
        let string = usize::try_from(number).ok().and_then(|n| self.header.strings.get(n));
        string.copied().ok_or_else(|| malformed("a string is not in the table"))
    }
}
