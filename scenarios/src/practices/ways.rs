//! A set of ways, by practice: what is accepted, or what was seen.

use std::collections::{BTreeMap, BTreeSet};

use counterproof_sim::vocabulary::{Practice, Vocabulary, Way};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::of;
use crate::language::nearest;

/// A set of ways, by practice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways(BTreeSet<(Practice, Way)>);

/// Why a text does not say which ways are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotWays {
    /// It is not TOML of this form.
    #[error("{0}")]
    Form(String),
    /// It names a practice that there is not.
    #[error("there is no practice {name:?}")]
    Practice {
        /// As it was written.
        name: String,
        /// The one that was meant, perhaps.
        nearest: Option<&'static str>,
    },
    /// It names a way that this practice does not have.
    #[error("{practice} has no way {name:?}")]
    Way {
        /// Of which practice.
        practice: Practice,
        /// As it was written.
        name: String,
    },
    /// It accepts nothing: whatever a terminal does would be a breach.
    #[error("{0} accepts no way at all")]
    Nothing(Practice),
}

impl Ways {
    /// Whether this way is among them.
    pub fn contains(&self, practice: Practice, way: Way) -> bool {
        self.0.contains(&(practice, way))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by practice.
    pub fn iter(&self) -> impl Iterator<Item = (Practice, Way)> + '_ {
        self.0.iter().copied()
    }

    /// Those of one practice.
    pub fn of(&self, practice: Practice) -> impl Iterator<Item = Way> + '_ {
        let own = self.iter().filter(move |(of, _)| *of == practice);
        own.map(|(_, way)| way)
    }

    /// Adds this one to them.
    pub fn insert(&mut self, practice: Practice, way: Way) {
        self.0.insert((practice, way));
    }

    /// Adds these to them.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(&others.0);
    }

    /// The same, but for the practices that `text` speaks of: a TOML file of lines like
    /// `print-failure = ["kept", "reversed"]`.
    ///
    /// # Errors
    /// When it is no such file, or names what there is not.
    pub fn with(&self, text: &str) -> Result<Self, NotWays> {
        let table = toml::from_str(text).map_err(|error| NotWays::Form(error.to_string()))?;
        self.with_table(table)
    }

    /// The same where the file has been taken apart: practices, and what is accepted of each.
    ///
    /// # Errors
    /// When it names what there is not.
    pub fn with_table(&self, table: BTreeMap<String, Vec<String>>) -> Result<Self, NotWays> {
        let mut ways = self.clone();
        for (name, accepted) in table {
            let practice = Practice::from_id(&name).ok_or_else(|| NotWays::Practice {
                nearest: nearest(&name, Practice::ALL.iter().map(|known| known.id())),
                name,
            })?;
            if accepted.is_empty() {
                return Err(NotWays::Nothing(practice));
            }
            ways.0.retain(|(of, _)| *of != practice);
            for name in accepted {
                let way = Way::from_id(&name).filter(|way| of(practice).way(*way).is_some());
                let way = way.ok_or(NotWays::Way { practice, name })?;
                ways.0.insert((practice, way));
            }
        }
        Ok(ways)
    }
}

impl FromIterator<(Practice, Way)> for Ways {
    fn from_iter<I: IntoIterator<Item = (Practice, Way)>>(ways: I) -> Self {
        Self(ways.into_iter().collect())
    }
}

impl Serialize for Ways {
    /// An object: for each practice its ways.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut practices: BTreeMap<Practice, Vec<Way>> = BTreeMap::new();
        for (practice, way) in self.iter() {
            practices.entry(practice).or_default().push(way);
        }
        practices.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Ways {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let practices = BTreeMap::<Practice, Vec<Way>>::deserialize(from)?;
        let ways = practices.into_iter().flat_map(|(practice, ways)| {
            let own = ways.into_iter();
            own.map(move |way| (practice, way))
        });
        Ok(ways.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::accepted;
    use super::*;

    #[test]
    fn a_file_replaces_what_it_speaks_of_and_leaves_the_rest() {
        let ways = accepted().with("print-failure = ['kept', 'reversed']\nsilence = ['reversed']");
        let ways = ways.unwrap();
        assert!(ways.contains(Practice::PrintFailure, Way::Reversed));
        assert!(!ways.contains(Practice::Silence, Way::Queried));
        assert!(ways.contains(Practice::CutShort, Way::Completed));
    }

    #[test]
    fn what_a_file_names_must_be_there() {
        let refused = |text: &str| accepted().with(text).unwrap_err();
        assert_eq!(
            refused("print-falure = ['kept']"),
            NotWays::Practice {
                name: "print-falure".into(),
                nearest: Some("print-failure")
            }
        );
        let dropped = NotWays::Way {
            practice: Practice::Silence,
            name: "dropped".into(),
        };
        assert_eq!(refused("silence = ['dropped']"), dropped);
        assert_eq!(refused("silence = []"), NotWays::Nothing(Practice::Silence));
        assert!(matches!(refused("silence = 3"), NotWays::Form(_)));
    }

    #[test]
    fn ways_are_the_same_when_written_and_read() {
        let text = serde_json::to_string(accepted()).unwrap();
        assert_eq!(serde_json::from_str::<Ways>(&text).unwrap(), *accepted());
        assert!(text.contains(r#""print-failure":["kept"]"#), "{text}");
    }
}
