//! Coordinates as people write them → a point.

use crate::query::Point;

/// What a coordinate is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Number {
        value: f64,
        is_negative: bool,
        has_fraction: bool,
    },
    /// A hemisphere, or the word latitude or longitude: whether it is of latitudes, and whether negative.
    Axis {
        is_lat: bool,
        sign: Option<f64>,
    },
    /// Degree, minute, second: 0, 1, 2.
    Unit(usize),
    /// A comma, semicolon or slash.
    Break,
}

/// Whether a comma between digits may stand for a point.
#[derive(Clone, Copy, PartialEq)]
enum Comma {
    Point,
    Break,
}

/// Two coordinates and nothing else, in any order that can be told; `None` for all else.
pub(crate) fn parse(text: &str) -> Option<Point> {
    if text.len() > 120 || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let with = |comma| tokens(text, comma).and_then(|tokens| point(&tokens));
    let has_points = text
        .match_indices('.')
        .any(|(at, _)| text[at + 1..].starts_with(|next: char| next.is_ascii_digit()));
    if has_points { with(Comma::Break) } else { with(Comma::Point).or_else(|| with(Comma::Break)) }
}

fn tokens(text: &str, comma: Comma) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        if letter.is_ascii_digit() || matches!(letter, '+' | '-' | '−') && is_digit(after) {
            let (token, after) = number(rest, comma)?;
            tokens.push(token);
            rest = after;
            continue;
        }
        if letter.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            tokens.push(word(&rest[..end].to_ascii_lowercase())?);
            rest = rest[end..].trim_start_matches(['.', '=', ':']);
            continue;
        }
        match letter {
            '°' | 'º' | '˚' => tokens.push(Token::Unit(0)),
            '\'' | '’' | '′' | '´' | '‘' => {
                // Two of them are a second's mark.
                match tokens.last_mut() {
                    Some(Token::Unit(unit @ 1)) => *unit = 2,
                    _ => tokens.push(Token::Unit(1)),
                }
            }
            '"' | '″' | '”' | '“' => tokens.push(Token::Unit(2)),
            ',' | ';' | '/' => tokens.push(Token::Break),
            ':' | '(' | ')' | '[' | ']' => {}
            letter if letter.is_whitespace() => {}
            _ => return None,
        }
        rest = after;
    }
    Some(tokens)
}

fn number(text: &str, comma: Comma) -> Option<(Token, &str)> {
    let digits = text.trim_start_matches(['+', '-', '−']);
    let sign = &text[..text.len() - digits.len()];
    let n_digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = n_digits(digits);
    let point =
        digits[end..].starts_with('.') || comma == Comma::Point && digits[end..].starts_with(',');
    let n_decimals = if point { n_digits(&digits[end + 1..]) } else { 0 };
    if n_decimals > 0 {
        end += 1 + n_decimals;
    }
    let rest = &digits[end..];
    let value: f64 = digits[..end].replace(',', ".").parse().ok()?;
    // “1.2.3” is no number.
    let is_whole = sign.chars().count() <= 1 && !rest.starts_with('.');
    let token = Token::Number {
        value,
        is_negative: sign.starts_with(['-', '−']),
        has_fraction: n_decimals > 0,
    };
    is_whole.then_some((token, rest))
}

fn word(word: &str) -> Option<Token> {
    let axis = |is_lat, sign| Some(Token::Axis { is_lat, sign });
    match word {
        "n" | "north" => axis(true, Some(1.0)),
        "s" | "south" => axis(true, Some(-1.0)),
        "e" | "east" => axis(false, Some(1.0)),
        "w" | "west" => axis(false, Some(-1.0)),
        "lat" | "latitude" => axis(true, None),
        "lon" | "lng" | "long" | "longitude" => axis(false, None),
        "d" | "deg" | "degree" | "degrees" => Some(Token::Unit(0)),
        "m" | "min" | "minute" | "minutes" => Some(Token::Unit(1)),
        "sec" | "second" | "seconds" => Some(Token::Unit(2)),
        _ => None,
    }
}

fn point(tokens: &[Token]) -> Option<Point> {
    let tokens = &seconds_by_letter(tokens)[..];
    let is_number = |token: &Token| matches!(token, Token::Number { .. });
    let n_numbers = tokens.iter().filter(|token| is_number(token)).count();
    if !(2..=6).contains(&n_numbers) {
        return None;
    }
    let (first, second) = tokens.split_at(second_begins(tokens, n_numbers)?);
    let (first, second) = (coordinate(first)?, coordinate(second)?);
    let (lat, lon) = match (first.is_lat, second.is_lat) {
        (Some(true), Some(false)) => (first, second),
        (Some(false), Some(true)) => (second, first),
        // GeoJSON writes the longitude first.
        (None, None) if first.value.abs() > 90.0 => (second, first),
        (None, None) => (first, second),
        _ => return None,
    };
    Point::at(lat.value, lon.value)
}

/// “60d10m19s”: an s behind minutes and a number is a second, not the south.
fn seconds_by_letter(tokens: &[Token]) -> Vec<Token> {
    let mut told = tokens.to_vec();
    for i in 2..told.len() {
        let is_s = matches!(told[i], Token::Axis { is_lat: true, sign: Some(-1.0) });
        if is_s && told[i - 2] == Token::Unit(1) && matches!(told[i - 1], Token::Number { .. }) {
            let is_followed = matches!(told.get(i + 1), Some(Token::Axis { is_lat: true, .. }));
            let has_other =
                told[i + 1..].iter().any(|t| matches!(t, Token::Axis { is_lat: true, .. }));
            if is_followed || has_other || told[..i].iter().any(|t| matches!(t, Token::Axis { .. }))
            {
                told[i] = Token::Unit(2);
            }
        }
    }
    told
}

/// Where the second coordinate begins.
fn second_begins(tokens: &[Token], n_numbers: usize) -> Option<usize> {
    let places = |is: fn(&Token) -> bool| {
        tokens.iter().enumerate().filter(move |(_, token)| is(token)).map(|(at, _)| at)
    };
    let axes: Vec<usize> = places(|token| matches!(token, Token::Axis { .. })).collect();
    if let (Some(first), Some(last)) = (axes.first(), axes.last()) {
        return match axes.len() {
            // Letters stand in front of both or behind both.
            2 if *first == 0 => Some(*last),
            2 if *last == tokens.len() - 1 => Some(first + 1),
            _ => None,
        };
    }
    let breaks: Vec<usize> = places(|token| *token == Token::Break).collect();
    if let [only] = breaks[..]
        && only + 1 < tokens.len()
    {
        return Some(only);
    }
    let numbers: Vec<usize> = places(|token| matches!(token, Token::Number { .. })).collect();
    let degrees: Vec<usize> = places(|token| *token == Token::Unit(0)).collect();
    match degrees[..] {
        [_, second] => numbers.iter().rev().find(|at| **at < second).copied(),
        _ if n_numbers.is_multiple_of(2) => numbers.get(n_numbers / 2).copied(),
        _ => None,
    }
}

struct Coordinate {
    value: f64,
    is_lat: Option<bool>,
}

/// Degrees, with minutes and seconds or without.
fn coordinate(tokens: &[Token]) -> Option<Coordinate> {
    let mut parts: Vec<(f64, bool)> = Vec::new();
    let (mut sign, mut axis, mut is_negative) = (None, None, false);
    for token in tokens {
        match *token {
            Token::Number { value, is_negative: negative, has_fraction } => {
                // Only the first may have a sign, only the last a fraction.
                if negative && !parts.is_empty()
                    || parts.last().is_some_and(|(_, fraction)| *fraction)
                {
                    return None;
                }
                is_negative |= negative;
                parts.push((value, has_fraction));
            }
            Token::Axis { is_lat, sign: of_letter } => {
                axis = Some(is_lat);
                sign = of_letter;
            }
            Token::Unit(unit) if unit + 1 != parts.len() => return None,
            Token::Unit(_) | Token::Break => {}
        }
    }
    if parts.is_empty() || parts.len() > 3 || sign.is_some() && is_negative {
        return None;
    }
    if parts.iter().skip(1).any(|(part, _)| *part >= 60.0) {
        return None;
    }
    let value = parts.iter().rev().fold(0.0, |rest, (part, _)| part + rest / 60.0);
    let sign = sign.unwrap_or(if is_negative { -1.0 } else { 1.0 });
    Some(Coordinate { value: sign * value, is_lat: axis })
}
