//! What happened last: the live record. It is kept in memory, the latest entries only, and numbered
//! from 1 since the service began.

use std::collections::VecDeque;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::record::{Entry, Fact, Record};
use counterproof_sim::time::Time;
use serde::Serialize;

/// So many entries are kept: more would no longer stay in the cache of the processor.
const KEPT: usize = 5_000;

/// The latest entries.
#[derive(Debug, Default)]
pub struct History {
    entries: VecDeque<Entry>,
    /// Entries that are not kept any more.
    gone: u64,
}

/// Some entries, and the number of the one that follows.
#[derive(Debug)]
pub struct Excerpt {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Number of the first of them.
    pub first: u64,
}

impl History {
    /// Appends what happened.
    pub fn push(&mut self, at: Time, fact: Fact) {
        if self.entries.len() == KEPT {
            self.entries.pop_front();
            self.gone += 1;
        }
        self.entries.push_back(Entry { at, fact });
    }

    /// The number of the latest entry; zero before there is one.
    pub fn latest(&self) -> u64 {
        self.gone + self.entries.len() as u64
    }

    /// At most `most` entries behind that with the number `after`, as far as they are kept.
    pub fn after(&self, after: u64, most: usize) -> Excerpt {
        let skipped = after
            .saturating_sub(self.gone)
            .min(self.entries.len() as u64);
        let entries = self.entries.iter().skip(skipped as usize).take(most);
        Excerpt {
            entries: entries.cloned().collect(),
            first: self.gone + skipped + 1,
        }
    }
}

impl Excerpt {
    /// One JSON object a line: the entry and its number. Codes are masked unless they are to be
    /// shown, keys always.
    pub fn lines(self, dialect: &Dialect, show_codes: bool) -> Vec<u8> {
        let mut lines = Vec::new();
        for (number, entry) in (self.first..).zip(self.entries) {
            let record = Record::from_iter([entry]);
            let record = if show_codes && !has_keys(&record, dialect) {
                record
            } else {
                record.masked(dialect)
            };
            for entry in record.entries() {
                let line = Line { n: number, entry };
                // Writing to memory fails only for maps with keys that are no strings.
                if serde_json::to_writer(&mut lines, &line).is_ok() {
                    lines.push(b'\n');
                }
            }
        }
        lines
    }
}

/// An entry as it is told.
#[derive(Serialize)]
struct Line<'e> {
    n: u64,
    #[serde(flatten)]
    entry: &'e Entry,
}

/// Whether there is an answer to a sign-in in it, or what may be one.
fn has_keys(record: &Record, dialect: &Dialect) -> bool {
    record.entries().iter().any(|entry| match &entry.fact {
        Fact::Sent { frame, .. } => dialect.parse_frame(frame).map_or(true, |packet| {
            packet.message.has(counterproof_sim::iso8583::Field::KEYS)
        }),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_entries_stay_and_keep_their_numbers() {
        let mut history = History::default();
        for at in 0..KEPT as u64 + 5 {
            history.push(Time::from_micros(at), Fact::Concluding);
        }
        assert_eq!(history.latest(), KEPT as u64 + 5);
        let first = history.after(0, 2);
        assert_eq!((first.first, first.entries[0].at.as_micros()), (6, 5));
        let last = history.after(KEPT as u64 + 4, 10);
        assert_eq!((last.first, last.entries.len()), (KEPT as u64 + 5, 1));
        let none = history.after(u64::MAX, 10);
        assert!(none.entries.is_empty());
        let lines = last.lines(Dialect::cup(), false);
        let lines = String::from_utf8(lines).unwrap();
        assert!(
            lines.ends_with('\n') && lines.contains("\"n\":5005"),
            "{lines}"
        );
    }
}
