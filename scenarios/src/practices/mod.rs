//! Where the sources disagree: the points on which sound terminals act in more than one way, the ways,
//! and which of them are accepted. Data, in `practices.toml`.
//!
//! Not here: which way a record shows ([`crate::checks`] does that), and what a certification profile
//! accepts beyond or short of the default.

mod ways;

use std::sync::LazyLock;

use counterproof_sim::vocabulary::{Practice, Way};
use serde::Deserialize;

use crate::requirements::Requirement;
use crate::verdict::Sentence;

pub use ways::{NotWays, Ways};

/// A point on which the sources disagree, as the table has it.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Which.
    #[serde(rename = "id")]
    pub practice: Practice,
    /// What a way breaks that is not accepted.
    pub requirement: Requirement,
    /// What the situation is.
    #[serde(flatten)]
    pub situation: Sentence,
    /// Who says what.
    pub why: Sentence,
    /// What terminals do, in the order in which it is shown.
    #[serde(rename = "way")]
    pub ways: Vec<WayRow>,
}

/// One of the ways.
#[derive(Debug, Deserialize)]
pub struct WayRow {
    /// Which.
    #[serde(rename = "id")]
    pub way: Way,
    /// Whether it is accepted where nobody says otherwise.
    pub accepted: bool,
    /// What the terminal does.
    #[serde(flatten)]
    pub says: Sentence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    practice: Vec<Row>,
}

static TABLE: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("practices.toml")).expect("a test reads it");
    file.practice
});

static ACCEPTED: LazyLock<Ways> = LazyLock::new(|| {
    let rows = TABLE.iter().flat_map(|row| {
        let accepted = row.ways.iter().filter(|way| way.accepted);
        accepted.map(|way| (row.practice, way.way))
    });
    rows.collect()
});

/// The whole table.
pub fn all() -> &'static [Row] {
    &TABLE
}

/// What is accepted where nobody says otherwise.
pub fn accepted() -> &'static Ways {
    &ACCEPTED
}

/// The row of a practice.
pub fn of(practice: Practice) -> &'static Row {
    let row = TABLE.iter().find(|row| row.practice == practice);
    row.expect("a test finds every practice in the table")
}

impl Row {
    /// The row of one of its ways.
    pub fn way(&self, way: Way) -> Option<&WayRow> {
        self.ways.iter().find(|row| row.way == way)
    }
}

#[cfg(test)]
mod tests {
    use counterproof_sim::vocabulary::Vocabulary as _;

    use super::*;

    #[test]
    fn every_practice_has_ways_to_choose_from_and_one_that_is_accepted() {
        for practice in Practice::ALL {
            let row = of(*practice);
            assert!(row.ways.len() > 1, "{practice}");
            assert!(row.ways.iter().any(|way| way.accepted), "{practice}");
            for way in &row.ways {
                let same = row.ways.iter().filter(|other| other.way == way.way);
                assert_eq!(same.count(), 1, "{practice} {}", way.way);
            }
        }
        assert_eq!(all().len(), Practice::ALL.len());
    }

    #[test]
    fn every_way_belongs_to_a_practice() {
        for way in Way::ALL {
            assert!(all().iter().any(|row| row.way(*way).is_some()), "{way}");
        }
    }
}
