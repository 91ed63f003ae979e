//! Links of web maps and `geo:` addresses → a point, or what they search for.
//!
//! Whose map it is does not matter: the few ways of writing a place into a link are looked for in each.

use crate::query::{PlaceQuery, Point};
use crate::{METRES_PER_DEGREE, numbers, plus_code};

/// Hosts whose links only name an entry of the server's.
const SHORTENERS: [&str; 4] = ["goo.gl/", "maps.app.goo.gl/", "maps.apple/", "g.co/"];

/// `None` where the text is no link.
pub(crate) fn parse(text: &str) -> Option<PlaceQuery> {
    if text.contains(char::is_whitespace) {
        return None;
    }
    if text.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("geo:")) {
        return Some(of_geo(text.get(4..)?));
    }
    let without_scheme = text.split_once("://").map(|(_, rest)| rest);
    let address = match without_scheme {
        Some(address) => address,
        // Copied from an address bar that hides the scheme.
        None if text.contains('/') && text.split('/').next()?.contains('.') => text,
        None => return None,
    };
    if without_scheme.is_none() && numbers::parse(text).is_some() {
        return None;
    }
    let bare = address.trim_start_matches("www.");
    if SHORTENERS.iter().any(|host| bare.starts_with(host)) {
        return Some(PlaceQuery::ShortLink);
    }
    let link = Link::of(address);
    if let Some(place) = link.place() {
        return Some(place);
    }
    if link.is_object() {
        return Some(PlaceQuery::ObjectLink);
    }
    Some(PlaceQuery::Text(text.to_owned()))
}

/// `lat,lon[,altitude][;…][?z=…&q=…]` (RFC 5870; the query is Android's).
fn of_geo(rest: &str) -> PlaceQuery {
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = place.split(';').next().unwrap_or_default();
    let mut numbers = place.split(',').map(|part| part.trim().parse::<f64>().ok());
    let at = match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(lat), Some(lon)) => Point::at(lat, lon),
        _ => None,
    };
    let link = Link { path: String::new(), query, fragment: "" };
    let zoom = link.number("z");
    let asked = link.value("q").unwrap_or_default();
    let (asked_for, label) = asked.split_once('(').unwrap_or((&asked, ""));
    let label = label.trim_end_matches(')');
    if let Some(mut point) = numbers::parse(asked_for) {
        point.name = label.to_owned();
        return PlaceQuery::Point(point.zoomed(zoom));
    }
    match at {
        Some(point) if asked.is_empty() || (point.lat, point.lon) != (0.0, 0.0) => {
            PlaceQuery::Point(point.zoomed(zoom))
        }
        _ if !asked.is_empty() => PlaceQuery::Text(asked),
        _ => PlaceQuery::Text(format!("geo:{rest}")),
    }
}

struct Link<'a> {
    /// Host and path, decoded.
    path: String,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Link<'a> {
    fn of(address: &'a str) -> Self {
        let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self { path: decoded(path), query, fragment }
    }

    fn place(&self) -> Option<PlaceQuery> {
        let name = self.name();
        let zoom = self.zoom();
        if let Some(mut point) = self.pin().or_else(|| self.view()) {
            if point.distance.is_none() {
                point = point.zoomed(zoom);
            }
            point.name = name.filter(|name| numbers::parse(name).is_none()).unwrap_or_default();
            return Some(PlaceQuery::Point(point));
        }
        if let Some(point) = self.short_link() {
            return Some(PlaceQuery::Point(point));
        }
        let words = name.or_else(|| self.first_value(&["address", "destination", "daddr"]))?;
        if let Some(code) = plus_code::parse(&words) {
            return Some(code);
        }
        match numbers::parse(&words) {
            Some(point) => Some(PlaceQuery::Point(point.zoomed(zoom))),
            None => Some(PlaceQuery::Text(words)),
        }
    }

    /// Whether it is `OpenStreetMap`'s own page of an object.
    fn is_object(&self) -> bool {
        const KINDS: [&str; 3] = ["node", "way", "relation"];
        let path = self.path.trim_start_matches("www.");
        let Some((host, path)) = path.split_once('/') else { return false };
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = path.split('/');
        let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        matches!(host, "openstreetmap.org" | "osm.org")
            && (KINDS.contains(&kind) && is_id(id)
                || KINDS.iter().any(|kind| self.value(kind).is_some_and(|id| is_id(&id))))
    }

    /// The place that is marked.
    fn pin(&self) -> Option<Point> {
        let after = |mark: &str| {
            let (_, rest) = self.path.rsplit_once(mark)?;
            rest.split(['!', '/', '?']).next()?.parse::<f64>().ok()
        };
        if let (Some(lat), Some(lon)) = (after("!3d"), after("!4d")) {
            let view = self.view().and_then(|view| view.distance);
            return Point::at(lat, lon).map(|point| Point { distance: view, ..point });
        }
        if let (Some(lat), Some(lon)) = (self.number("mlat"), self.number("mlon")) {
            return Point::at(lat, lon);
        }
        let keys = ["coordinate", "ll", "q", "query", "destination", "daddr", "sll"];
        keys.iter().find_map(|key| numbers::parse(&self.value(key)?))
    }

    /// The middle of the view.
    fn view(&self) -> Option<Point> {
        if let Some((_, rest)) = self.path.split_once("/@") {
            let mut parts = rest.split(['/', ',']);
            let (lat, lon) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let point = Point::at(lat, lon)?;
            let size = parts.next().unwrap_or_default();
            let number = |unit| size.strip_suffix(unit).and_then(|n: &str| n.parse::<f64>().ok());
            // Google tells a satellite picture's height in metres.
            let metres = number('m').filter(|metres| *metres > 0.0).map(|metres| metres / 2.0);
            return Some(Point { distance: metres, ..point }.zoomed(number('z')));
        }
        let fields = self.fragment.split('&').find_map(|part| part.strip_prefix("map="));
        if let Some(fields) = fields {
            let mut fields = fields.split('/').map(|field| field.parse::<f64>().ok());
            let (zoom, lat, lon) = (fields.next()?, fields.next()??, fields.next()??);
            return Point::at(lat, lon).map(|point| point.zoomed(zoom));
        }
        if let (Some(lat), Some(lon)) = (self.number("lat"), self.number("lon")) {
            return Point::at(lat, lon);
        }
        let mut point =
            ["center", "cp"].iter().find_map(|key| numbers::parse(&self.value(key)?))?;
        // Apple tells a view's height in degrees.
        let span = self.value("span");
        let degrees = span.and_then(|span| span.split(',').next()?.parse::<f64>().ok());
        point.distance =
            degrees.filter(|d| *d > 0.0).map(|degrees| degrees * METRES_PER_DEGREE / 2.0);
        Some(point)
    }

    fn zoom(&self) -> Option<f64> {
        let of_fragment = self.fragment.split('&').find_map(|part| part.strip_prefix("map="));
        let of_fragment = of_fragment.and_then(|fields| fields.split('/').next()?.parse().ok());
        of_fragment.or_else(|| ["z", "zoom", "lvl"].iter().find_map(|key| self.number(key)))
    }

    /// What the link calls its place or searches for.
    fn name(&self) -> Option<String> {
        let of_path = ["/place/", "/search/", "plus.codes/"].iter().find_map(|mark| {
            let (_, rest) = self.path.split_once(mark)?;
            let name = rest.split('/').next()?;
            (!name.is_empty() && !name.starts_with('@')).then(|| name.replace('+', " "))
        });
        // A plus code's own sign is not a space.
        let of_path = match of_path {
            Some(_) if self.path.starts_with("plus.codes/") => {
                self.path.split_once('/').map(|(_, code)| code.to_owned())
            }
            other => other,
        };
        of_path.or_else(|| self.first_value(&["name", "q", "query"]))
    }

    /// `osm.org/go/…`: longitude and latitude bit by bit, six bits a letter; each `-` is one zoom less.
    fn short_link(&self) -> Option<Point> {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~";
        let (_, code) = self.path.split_once("/go/")?;
        let (mut x, mut y, mut n_bits, mut offset) = (0u64, 0u64, 0u32, 0i32);
        for letter in code.bytes() {
            let letter = if letter == b'@' { b'~' } else { letter };
            if let Some(value) = LETTERS.iter().position(|known| *known == letter) {
                for bit in [4, 2, 0] {
                    x = x << 1 | (value >> (bit + 1) & 1) as u64;
                    y = y << 1 | (value >> bit & 1) as u64;
                }
                n_bits += 3;
                if n_bits > 30 {
                    return None;
                }
            } else if matches!(letter, b'-' | b'=') {
                offset -= 1;
            } else {
                return None;
            }
        }
        if n_bits == 0 {
            return None;
        }
        let size = f64::from(1u32 << n_bits);
        let point = Point::at(y as f64 / size * 180.0 - 90.0, x as f64 / size * 360.0 - 180.0)?;
        let zoom = n_bits as i32 - 8 - offset.rem_euclid(3);
        Some(point.zoomed((zoom > 0).then_some(f64::from(zoom))))
    }

    fn value(&self, key: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)?;
        let value = decoded(&value.replace('+', "%20"));
        // Bing parts the two by a tilde.
        (!value.is_empty()).then(|| value.replace('~', ","))
    }

    fn first_value(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.value(key))
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.value(key)?.parse::<f64>().ok().filter(|number| number.is_finite())
    }
}

/// `%C3%A9` → `é`; what is no such escape stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = |digit: u8| char::from(digit).to_digit(16);
        match (byte, after) {
            (b'%', [high, low, after @ ..]) if hex(*high).is_some() && hex(*low).is_some() => {
                let value = hex(*high).unwrap_or_default() << 4 | hex(*low).unwrap_or_default();
                bytes.push(value as u8);
                rest = after;
            }
            _ => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
