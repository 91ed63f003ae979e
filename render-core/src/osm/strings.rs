//! Each tag key and value stored once.

use std::collections::HashMap;

use super::builder::IdHash;

/// The number of an interned string, in order of first appearance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StrId(pub u32);

/// Interned strings in one buffer.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    text: String,
    /// End of each string in `text`.
    ends: Vec<u32>,
    /// Only looked up, never iterated, so the order of output does not depend on it.
    ids: HashMap<Box<str>, StrId, IdHash>,
}

impl Strings {
    /// The id of `text`, which is stored if it is new.
    pub fn intern(&mut self, text: &str) -> StrId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = StrId(self.ends.len() as u32);
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.ids.insert(text.into(), id);
        id
    }

    /// The text of `id`; empty for an id of another table.
    #[must_use]
    pub fn get(&self, id: StrId) -> &str {
        let index = id.0 as usize;
        let start = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// How many strings are stored.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nothing is stored.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_stored_once_and_read_back() {
        let mut strings = Strings::default();
        let (a, b) = (strings.intern("highway"), strings.intern(""));
        assert_eq!(strings.intern("highway"), a);
        assert_eq!((strings.get(a), strings.get(b), strings.len()), ("highway", "", 2));
        assert_eq!(strings.get(StrId(99)), "");
    }
}
