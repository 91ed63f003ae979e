//! Bytes of JSON, in chunks → events for a [`Sink`].
//!
//! Written for map data: what a format is nearly all made of, such as `{ "lat": …, "lon": … }`, its
//! sink takes in one step, and no token is copied unless it has an escape or a chunk's end in it.

use crate::error::{ReadError, Warning};

/// Some servers put it before UTF-8; it means nothing there.
pub(in crate::osm) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A token that means something by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::osm) enum Event<'a> {
    StartObject,
    EndObject,
    StartArray,
    EndArray,
    Key(&'a str),
    Text(&'a str),
    Number(&'a str),
    Boolean(bool),
    Null,
}

/// Follows the events of a text.
pub(in crate::osm) trait Sink {
    /// Takes whole values at the beginning of `token`, if it can; returns how many bytes they were.
    fn values(&mut self, token: &[u8]) -> Result<usize, ReadError>;

    /// Takes one event.
    fn event(&mut self, event: Event<'_>, warnings: &mut Vec<Warning>) -> Result<(), ReadError>;
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

/// Where in the nesting of arrays and objects the text is.
#[derive(Debug)]
pub(in crate::osm) struct Scanner {
    next: Next,
    /// Whether each open bracket is an object's.
    open: Vec<bool>,
    most_open: usize,
    /// Bytes scanned before the ones in hand.
    offset: u64,
    /// A text with its escapes resolved.
    unescaped: String,
}

impl Scanner {
    pub(in crate::osm) fn new(most_open: usize) -> Self {
        let open = Vec::new();
        Self { next: Next::Value, open, most_open, offset: 0, unescaped: String::new() }
    }

    /// Gives every whole token of `bytes` to `sink`; returns how many bytes they took.
    pub(in crate::osm) fn scan(
        &mut self,
        bytes: &[u8],
        sink: &mut impl Sink,
        warnings: &mut Vec<Warning>,
    ) -> Result<usize, ReadError> {
        let mut at = 0;
        if self.offset == 0 && !bytes.is_empty() {
            if bytes.starts_with(BYTE_ORDER_MARK) {
                at = BYTE_ORDER_MARK.len();
            } else if BYTE_ORDER_MARK.starts_with(bytes) {
                return Ok(0);
            }
        }
        loop {
            at += count_blanks(bytes.get(at..).unwrap_or(&[]));
            let token = bytes.get(at..).unwrap_or(&[]);
            if matches!(self.next, Next::Value | Next::ValueOrEnd) {
                let n_taken = sink.values(token)?;
                if n_taken > 0 {
                    at += n_taken;
                    self.next = Next::CommaOrEnd;
                    continue;
                }
            }
            match self.token(token, sink, warnings) {
                Ok(0) => {
                    self.offset += at as u64;
                    return Ok(at);
                }
                Ok(len) => at += len,
                Err(Stop::Syntax(what)) => {
                    let what = format!("byte {}: {what}", self.offset + at as u64);
                    return Err(ReadError::Malformed { what });
                }
                Err(Stop::Read(error)) => return Err(error),
            }
        }
    }

    /// Takes one token; 0 says that it is not whole yet.
    fn token(
        &mut self,
        token: &[u8],
        sink: &mut impl Sink,
        warnings: &mut Vec<Warning>,
    ) -> Result<usize, Stop> {
        let Some(first) = token.first() else { return Ok(0) };
        match (self.next, first) {
            (Next::Colon, b':') => self.next = Next::Value,
            (Next::CommaOrEnd, b',') => {
                self.next = if self.is_in_object() { Next::Key } else { Next::Value };
            }
            (Next::KeyOrEnd | Next::CommaOrEnd, b'}') if self.is_in_object() => {
                self.close();
                sink.event(Event::EndObject, warnings)?;
            }
            (Next::ValueOrEnd | Next::CommaOrEnd, b']') if !self.is_in_object() => {
                self.close();
                sink.event(Event::EndArray, warnings)?;
            }
            (Next::Key | Next::KeyOrEnd, b'"') => {
                let Some((text, len)) = self.text(token)? else { return Ok(0) };
                sink.event(Event::Key(text.of(token, &self.unescaped).as_ref()), warnings)?;
                self.next = Next::Colon;
                return Ok(len);
            }
            (Next::Value | Next::ValueOrEnd, _) => return self.value(token, sink, warnings),
            (Next::Nothing, _) => return Err(Stop::Syntax("text after the end")),
            (Next::Colon, _) => return Err(Stop::Syntax("a colon should be here")),
            (Next::Key | Next::KeyOrEnd, _) => return Err(Stop::Syntax("a key should be here")),
            (Next::CommaOrEnd, _) => return Err(Stop::Syntax("a comma should be here")),
        }
        Ok(1)
    }

    fn value(
        &mut self,
        token: &[u8],
        sink: &mut impl Sink,
        warnings: &mut Vec<Warning>,
    ) -> Result<usize, Stop> {
        let (event, len) = match token {
            [b'{', ..] => {
                self.open(true)?;
                sink.event(Event::StartObject, warnings)?;
                return Ok(1);
            }
            [b'[', ..] => {
                self.open(false)?;
                sink.event(Event::StartArray, warnings)?;
                return Ok(1);
            }
            [b'"', ..] => {
                let Some((text, len)) = self.text(token)? else { return Ok(0) };
                sink.event(Event::Text(text.of(token, &self.unescaped).as_ref()), warnings)?;
                self.next = self.after_value();
                return Ok(len);
            }
            [b'-' | b'0'..=b'9', ..] => {
                let Some(len) = number_len(token)? else { return Ok(0) };
                let digits = token.get(..len).and_then(|digits| std::str::from_utf8(digits).ok());
                (Event::Number(digits.unwrap_or("")), len)
            }
            [b't', b'r', b'u', b'e', ..] => (Event::Boolean(true), 4),
            [b'f', b'a', b'l', b's', b'e', ..] => (Event::Boolean(false), 5),
            [b'n', b'u', b'l', b'l', ..] => (Event::Null, 4),
            _ if ["true", "false", "null"].iter().any(|w| w.as_bytes().starts_with(token)) => {
                return Ok(0);
            }
            _ => return Err(Stop::Syntax("a value should be here")),
        };
        sink.event(event, warnings)?;
        self.next = self.after_value();
        Ok(len)
    }

    /// A text's place in the token, or in `unescaped`; and the token's length.
    fn text(&mut self, token: &[u8]) -> Result<Option<(Text, usize)>, Stop> {
        let mut at = 1;
        let mut has_escape = false;
        loop {
            at += plain_len(token.get(at..).unwrap_or(&[]));
            match token.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escape = true;
                    at += 2;
                }
                Some(0..=0x1F) => return Err(Stop::Syntax("a control character in a text")),
                Some(_) | None => return Ok(None),
            }
        }
        if has_escape {
            unescape(token.get(1..at).unwrap_or(&[]), &mut self.unescaped)?;
            return Ok(Some((Text::Unescaped, at + 1)));
        }
        Ok(Some((Text::AsItIs { end: at }, at + 1)))
    }

    fn is_in_object(&self) -> bool {
        self.open.last().copied().unwrap_or(false)
    }

    fn open(&mut self, is_object: bool) -> Result<(), Stop> {
        if self.open.len() >= self.most_open {
            let (found, limit) = (self.open.len() as u64 + 1, self.most_open as u64);
            return Err(Stop::Read(ReadError::TooLarge { found, limit, unit: "nested levels" }));
        }
        self.open.push(is_object);
        self.next = if is_object { Next::KeyOrEnd } else { Next::ValueOrEnd };
        Ok(())
    }

    fn close(&mut self) {
        self.open.pop();
        self.next = self.after_value();
    }

    fn after_value(&self) -> Next {
        if self.open.is_empty() { Next::Nothing } else { Next::CommaOrEnd }
    }
}

/// Why scanning stops.
enum Stop {
    /// What is wrong with the text; where, the caller knows.
    Syntax(&'static str),
    Read(ReadError),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// Where a text's characters are.
enum Text {
    AsItIs { end: usize },
    Unescaped,
}

impl Text {
    /// Bytes that are no UTF-8 become replacement characters: one broken name spoils no poster.
    fn of<'a>(&self, token: &'a [u8], unescaped: &'a str) -> std::borrow::Cow<'a, str> {
        match self {
            Self::AsItIs { end } => {
                let bytes = token.get(1..*end).unwrap_or(&[]);
                std::str::from_utf8(bytes)
                    .map_or_else(|_| String::from_utf8_lossy(bytes), Into::into)
            }
            Self::Unescaped => unescaped.into(),
        }
    }
}

fn count_blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_blank(byte)).count()
}

/// What follows the white space.
pub(super) fn blanks(text: &[u8]) -> &[u8] {
    text.get(count_blanks(text)..).unwrap_or(&[])
}

/// JSON's white space, which is less than ASCII's.
pub(in crate::osm) fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Has values taken for as long as one follows the other; returns how many bytes they were. `take`
/// gives what follows the value it took.
pub(super) fn run_len<'a>(
    token: &'a [u8],
    mut take: impl FnMut(&'a [u8]) -> Result<Option<&'a [u8]>, ReadError>,
) -> Result<usize, ReadError> {
    let (mut rest, mut end) = (token, token);
    while let Some(after) = take(rest)? {
        end = after;
        let Some(next) = blanks(after).strip_prefix(b",") else { break };
        rest = blanks(next);
    }
    Ok(token.len() - end.len())
}

/// The length of a number by JSON's grammar; `None` where it may go on in the next chunk.
fn number_len(token: &[u8]) -> Result<Option<usize>, Stop> {
    let digits = |at: usize| {
        let digits = token.get(at..).unwrap_or(&[]);
        at + digits.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let is_at = |at: usize, any: &[u8]| token.get(at).is_some_and(|byte| any.contains(byte));
    const WRONG: Stop = Stop::Syntax("a number is written wrong");
    let start = usize::from(is_at(0, b"-"));
    // As few digits as the grammar asks for; missing ones are an error once something follows.
    let check = |from: usize, to: usize| if to > from { Ok(to) } else { Err(WRONG) };
    let mut at = digits(start);
    if at < token.len() {
        check(start, at)?;
        if at > start + 1 && is_at(start, b"0") {
            return Err(WRONG);
        }
    }
    if is_at(at, b".") {
        let end = digits(at + 1);
        at = if end < token.len() { check(at + 1, end)? } else { end };
    }
    if is_at(at, b"eE") {
        let sign = at + 1 + usize::from(is_at(at + 1, b"+-"));
        let end = digits(sign);
        at = if end < token.len() { check(sign, end)? } else { end };
    }
    Ok((at < token.len()).then_some(at))
}

/// How many characters of a text mean themselves, up to its end, an escape or what may not be
/// there. By words of eight bytes: the lowest mark is exact, those above it may be false.
pub(super) fn plain_len(text: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const MARKS: u64 = 0x80 * ONES;
    let below = |word: u64, least: u8| word.wrapping_sub(u64::from(least) * ONES) & !word & MARKS;
    let equal = |word: u64, byte: u8| below(word ^ (u64::from(byte) * ONES), 1);
    let (words, rest) = text.as_chunks::<8>();
    let mut n = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let marks = equal(word, b'"') | equal(word, b'\\') | below(word, 0x20);
        if marks != 0 {
            return n + marks.trailing_zeros() as usize / 8;
        }
        n += 8;
    }
    let is_plain = |byte: &&u8| **byte != b'"' && **byte != b'\\' && **byte >= 0x20;
    n + rest.iter().take_while(is_plain).count()
}

/// Resolves the escapes of a text. Half a surrogate pair becomes a replacement character.
fn unescape(mut text: &[u8], out: &mut String) -> Result<(), Stop> {
    out.clear();
    while let Some(at) = text.iter().position(|byte| *byte == b'\\') {
        let (before, escape) = text.split_at(at);
        out.push_str(&String::from_utf8_lossy(before));
        let (character, len) = match escape {
            [_, b'u', ..] => unicode_escape(escape)?,
            [_, b'n', ..] => ('\n', 2),
            [_, b't', ..] => ('\t', 2),
            [_, b'r', ..] => ('\r', 2),
            [_, b'b', ..] => ('\u{8}', 2),
            [_, b'f', ..] => ('\u{c}', 2),
            [_, same @ (b'"' | b'\\' | b'/'), ..] => (char::from(*same), 2),
            _ => return Err(Stop::Syntax("an unknown escape in a text")),
        };
        out.push(character);
        text = escape.get(len..).unwrap_or(&[]);
    }
    out.push_str(&String::from_utf8_lossy(text));
    Ok(())
}

/// `\u263a`, or two of them for a character beyond U+FFFF; and how long it is.
fn unicode_escape(escape: &[u8]) -> Result<(char, usize), Stop> {
    let unit = |from: usize| {
        let [b'\\', b'u', digits @ ..] = escape.get(from..from + 6)? else { return None };
        let value = |n: u32, digit: &u8| Some(n * 16 + char::from(*digit).to_digit(16)?);
        digits.iter().try_fold(0, value)
    };
    let first = unit(0).ok_or(Stop::Syntax("a \\u escape without four digits"))?;
    let second = unit(6).filter(|second| (0xDC00..0xE000).contains(second));
    Ok(match (first, second) {
        (0xD800..0xDC00, Some(second)) => {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12)
        }
        _ => (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn len(text: &str) -> Option<Option<usize>> {
        number_len(text.as_bytes()).ok()
    }

    #[test]
    fn numbers_end_where_the_grammar_says() {
        for (text, expected) in [
            ("12,", Some(Some(2))),
            ("-0.5e+10 ", Some(Some(8))),
            ("0}", Some(Some(1))),
            ("12", Some(None)),
            ("-", Some(None)),
            ("1.", Some(None)),
            ("1e", Some(None)),
            ("1e+", Some(None)),
            ("-,", None),
            ("01,", None),
            ("1.,", None),
            ("1e,", None),
            ("1e+,", None),
        ] {
            assert_eq!(len(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_is_plain_up_to_the_first_special_byte() {
        let plain = "Jäger–Straße 駅, \u{7f}\u{a0}#!]^ and so on".as_bytes();
        assert_eq!(plain_len(plain), plain.len());
        for special in [b'"', b'\\', 0, 0x1F, b'\n'] {
            for at in 0..plain.len() {
                let mut text = plain.to_vec();
                text[at] = special;
                // What follows the first must not matter.
                text.extend([b'"', 0x80, 0x21, 0, 0x22, 0x5D]);
                assert_eq!(plain_len(&text), at, "{special} at {at}");
            }
        }
    }

    #[test]
    fn escapes_are_resolved() {
        let check = |text: &str| {
            let mut out = String::new();
            unescape(text.as_bytes(), &mut out).ok().map(|()| out)
        };
        assert_eq!(check(r#"a\n\"\\\/\u00e4\ud83d\ude80z"#).unwrap(), "a\n\"\\/ä🚀z");
        assert_eq!(check(r"\ud83dx\ude80").unwrap(), "\u{fffd}x\u{fffd}");
        for wrong in [r"\x", r"\u12", r"\u12g4", r"\"] {
            assert_eq!(check(wrong), None, "{wrong}");
        }
    }
}
