//! Lines that people read, on a display or a receipt: one piece of memory for all of them, because
//! terminals write them and records keep them by the dozen.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};

/// Between lines where none of them has a break of its own.
const USUAL: char = '\n';

/// Texts, top to bottom.
#[derive(Clone)]
pub struct Lines {
    /// Every line, followed by `end`.
    text: String,
    /// A character that no line has.
    end: char,
}

impl Lines {
    /// No line, with room for `bytes` of them.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            end: USUAL,
        }
    }

    /// Adds a line.
    pub fn push(&mut self, line: &str) {
        self.write(|text| text.push_str(line));
    }

    /// Adds the line that `write` appends.
    pub fn write(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        if has(&self.text[start..], self.end) {
            let line = self.text.split_off(start);
            let end = absent([&*self.text, &line]);
            let lines = self.text.replace(self.end, end.encode_utf8(&mut [0; 4]));
            self.text = lines + &line;
            self.end = end;
        }
        self.text.push(self.end);
    }

    /// One after the other.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split_terminator(self.end)
    }

    /// All of them, with a line break between two.
    pub fn joined(&self) -> String {
        let mut joined = String::with_capacity(self.text.len());
        for (place, line) in self.iter().enumerate() {
            if place > 0 {
                joined.push('\n');
            }
            joined.push_str(line);
        }
        joined
    }
}

/// Whether a text has this character. Lines are short: no search is as fast as counting.
fn has(text: &str, end: char) -> bool {
    match u8::try_from(end) {
        Ok(end) if end.is_ascii() => text.bytes().filter(|byte| *byte == end).count() > 0,
        _ => text.contains(end),
    }
}

/// A character that none of these texts has.
fn absent<'t>(texts: impl IntoIterator<Item = &'t str>) -> char {
    let present: BTreeSet<char> = texts.into_iter().flat_map(str::chars).collect();
    let mut all = USUAL..=char::MAX;
    // Only a text of megabytes could have them all; it would be cut where it has a line break.
    all.find(|c| !present.contains(c)).unwrap_or(USUAL)
}

impl Default for Lines {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl<S: AsRef<str>> FromIterator<S> for Lines {
    fn from_iter<I: IntoIterator<Item = S>>(lines: I) -> Self {
        let lines: Vec<S> = lines.into_iter().collect();
        let is_usual = !lines.iter().any(|line| has(line.as_ref(), USUAL));
        let end = if is_usual {
            USUAL
        } else {
            absent(lines.iter().map(AsRef::as_ref))
        };
        let bytes = lines
            .iter()
            .map(|line| line.as_ref().len() + end.len_utf8());
        let mut text = String::with_capacity(bytes.sum());
        for line in &lines {
            text.push_str(line.as_ref());
            text.push(end);
        }
        Self { text, end }
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Lines {}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Lines {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Some formats want to know how many there are before the first.
        serializer.collect_seq(self.iter().collect::<Vec<_>>())
    }
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Box<str>>::deserialize(deserializer)?.iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_are_what_they_were_whatever_is_in_them(
            lines in proptest::collection::vec("[\n\u{b}\u{c}a测]{0,4}", 0..6)
        ) {
            let whole: Lines = lines.iter().collect();
            let mut pushed = Lines::default();
            for line in &lines {
                pushed.push(line);
            }
            prop_assert!(whole.iter().eq(&lines));
            prop_assert_eq!(&whole, &pushed);
            prop_assert_eq!(whole.joined(), lines.join("\n"));
            let json = serde_json::to_string(&whole).unwrap();
            prop_assert_eq!(&json, &serde_json::to_string(&lines).unwrap());
            prop_assert_eq!(serde_json::from_str::<Lines>(&json).unwrap(), whole);
        }
    }
}
