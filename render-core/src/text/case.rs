//! Upper case for titles, by the rules of their language, and only where nothing is lost.

use harfrust::{Script, unicode};

/// `text` in capitals, as its language writes them. Letters of scripts without case, or whose
/// capitals are rarely used (Georgian) or change the spelling (Armenian), stay as they are.
#[must_use]
pub fn upper(text: &str, locale: &str) -> String {
    let language = locale.split(['-', '_']).next().unwrap_or_default();
    // Only Turkic spelling has these two; a name with one of them is one of its names.
    let is_turkic = language.eq_ignore_ascii_case("tr")
        || language.eq_ignore_ascii_case("az")
        || text.contains(['ı', 'İ']);
    let mut capitals = String::with_capacity(text.len());
    let mut follows_greek = false;
    for c in text.chars() {
        let script = unicode::script(c.into());
        match c {
            'i' if is_turkic => capitals.push('İ'),
            // Greek capitals drop the accent, also where it is a character of its own.
            '\u{301}' if follows_greek => {}
            _ if script == Script::GREEK => capitals.push_str(&greek_capital(c)),
            _ if script == Script::LATIN || script == Script::CYRILLIC => {
                capitals.extend(c.to_uppercase());
            }
            _ => capitals.push(c),
        }
        follows_greek = script == Script::GREEK || (follows_greek && script == Script::INHERITED);
    }
    capitals
}

/// A Greek capital without tonos; the dialytika, which keeps vowels apart, stays.
fn greek_capital(c: char) -> String {
    let plain = match c {
        'ά' | 'Ά' => 'Α',
        'έ' | 'Έ' => 'Ε',
        'ή' | 'Ή' => 'Η',
        'ί' | 'Ί' => 'Ι',
        'ό' | 'Ό' => 'Ο',
        'ύ' | 'Ύ' => 'Υ',
        'ώ' | 'Ώ' => 'Ω',
        'ΐ' => 'Ϊ',
        'ΰ' => 'Ϋ',
        _ => return c.to_uppercase().collect(),
    };
    plain.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, locale: &str, expected: &str) {
        assert_eq!(upper(text, locale), expected);
    }

    #[test]
    fn cased_scripts_are_raised() {
        check("Helsinki", "en", "HELSINKI");
        check("São Paulo", "pt-BR", "SÃO PAULO");
        check("Москва", "", "МОСКВА");
        check("Gießen", "de", "GIESSEN");
        check("東京 Tokyo", "ja", "東京 TOKYO");
    }

    #[test]
    fn scripts_without_case_stay() {
        for text in ["القاهرة", "ירושלים", "दिल्ली", "東京", "თბილისი", "Երևան"]
        {
            check(text, "en", text);
        }
    }

    #[test]
    fn turkish_dots_stay_on_their_letters() {
        check("İstanbul", "en", "İSTANBUL");
        check("Diyarbakır", "en", "DİYARBAKIR");
        check("izmir", "tr-TR", "İZMİR");
        check("Iiro", "fi", "IIRO");
    }

    #[test]
    fn greek_capitals_have_no_tonos() {
        check("Αθήνα", "el", "ΑΘΗΝΑ");
        check("Ήλιδα", "", "ΗΛΙΔΑ");
        check("Μαΐου", "", "ΜΑΪΟΥ");
        check("Αθη\u{301}να", "", "ΑΘΗΝΑ");
        check("Ναύπακτος", "", "ΝΑΥΠΑΚΤΟΣ");
    }
}
