//! The evidence of the shards of a run, put together: one order, one verdict, as if one machine had run
//! it all. What does not belong together is refused; what is missing is said.

use std::fmt;
use std::io;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::evidence::bundle::{Bundle, BundleError};
use crate::evidence::feed::Feed;
use crate::evidence::{CaseEvidence, Digest, Reporter, RunEnd, RunHeader, Shard};

/// Bundles that belong together.
#[derive(Debug)]
pub struct Merge {
    bundles: Vec<Bundle>,
    header: RunHeader,
}

/// What was put together, and what is missing of it.
#[derive(Debug)]
pub struct Merged {
    /// What came of the run.
    pub end: RunEnd,
    /// What went wrong with each report.
    pub troubles: Vec<Option<io::Error>>,
    /// Shards of which there is no bundle.
    pub missing: Vec<Shard>,
    /// Bundles of runs that were stopped: the file.
    pub torn: Vec<String>,
}

/// Why bundles do not belong together.
#[derive(Debug, Error)]
pub enum MergeError {
    /// One of them is none.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// They are of different runs.
    #[error("{path} is of another run: {difference}")]
    Different {
        /// The bundle.
        path: String,
        /// In what it differs from the first.
        difference: Difference,
    },
    /// The same part is there twice.
    #[error("{path} is the same part of the run as {other}")]
    Doubled {
        /// The bundle.
        path: String,
        /// The other.
        other: String,
    },
    /// The same case is there twice, or in the wrong order.
    #[error("{path}: {id} is there twice, or in the wrong place")]
    Order {
        /// The bundle.
        path: String,
        /// The case.
        id: String,
    },
}

/// In what two runs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Member of the header.
    pub what: &'static str,
    /// What one says.
    pub one: String,
    /// What the other says.
    pub other: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} – {}", self.what, self.one, self.other)
    }
}

/// The first thing in which two headers are not of the same run; which part of it each is does not
/// matter.
pub fn difference(one: &RunHeader, other: &RunHeader) -> Option<Difference> {
    let known = |header: &RunHeader| {
        let file = header.expectations.as_ref();
        file.map_or_else(|| "–".to_owned(), |file| file.digest.to_string())
    };
    let terminal = |header: &RunHeader| {
        let identity = header.terminal.as_ref();
        identity.map_or_else(
            || "–".to_owned(),
            |t| format!("{} {} {} {:?}", t.name, t.version, t.build, t.capabilities),
        )
    };
    let spoken = |header: &RunHeader| match &header.dialect_file {
        Some(text) => format!("{} {}", header.dialect, Digest(Sha256::digest(text).into())),
        None => header.dialect.clone(),
    };
    // Of what is accepted, only what the other does not accept is worth telling.
    let accepted = |header: &RunHeader, other: &RunHeader| {
        let only = header.accepts().iter();
        let only = only.filter(|(practice, way)| !other.accepts().contains(*practice, *way));
        let only: Vec<String> = only.map(|(of, way)| format!("{of}={way}")).collect();
        if only.is_empty() {
            "–".to_owned()
        } else {
            only.join(" ")
        }
    };
    let total = |header: &RunHeader| header.shard.map_or(1, |shard| shard.total);
    let rows: [(&'static str, String, String); 13] = [
        ("version", one.version.clone(), other.version.clone()),
        ("suite", one.suite.to_string(), other.suite.to_string()),
        ("terminal", terminal(one), terminal(other)),
        ("dialect", spoken(one), spoken(other)),
        ("practices", accepted(one, other), accepted(other, one)),
        ("mode", one.mode(), other.mode()),
        ("seed", one.seed.to_string(), other.seed.to_string()),
        ("seeds", one.seeds.to_string(), other.seeds.to_string()),
        ("profiles", one.profiles.join(","), other.profiles.join(",")),
        (
            "wallets",
            format!("{:?}", one.wallets),
            format!("{:?}", other.wallets),
        ),
        ("plan", one.plan.to_string(), other.plan.to_string()),
        ("shards", total(one).to_string(), total(other).to_string()),
        ("expectations", known(one), known(other)),
    ];
    let found = rows.into_iter().find(|(_, one, other)| one != other);
    found.map(|(what, one, other)| Difference { what, one, other })
}

impl Merge {
    /// Puts bundles together.
    ///
    /// # Errors
    /// When they are of different runs, or one part is there twice.
    ///
    /// # Panics
    /// When there is none.
    pub fn of(bundles: Vec<Bundle>) -> Result<Self, MergeError> {
        let (first, others) = bundles.split_first().expect("at least one bundle");
        for (place, bundle) in others.iter().enumerate() {
            let path = bundle.path().display().to_string();
            if let Some(difference) = difference(first.header(), bundle.header()) {
                return Err(MergeError::Different { path, difference });
            }
            let same = |other: &&Bundle| other.header().shard == bundle.header().shard;
            if let Some(other) = bundles[..=place].iter().find(same) {
                let other = other.path().display().to_string();
                return Err(MergeError::Doubled { path, other });
            }
        }
        let of_first = first.header();
        let header = RunHeader {
            shard: None,
            cases: of_first.planned,
            show_codes: bundles.iter().any(|bundle| bundle.header().show_codes),
            ..of_first.clone()
        };
        Ok(Self { bundles, header })
    }

    /// The header of the whole.
    pub const fn header(&self) -> &RunHeader {
        &self.header
    }

    /// Shards of which there is no bundle.
    fn missing(&self) -> Vec<Shard> {
        let shards: Vec<Shard> = self
            .bundles
            .iter()
            .filter_map(|b| b.header().shard)
            .collect();
        let total = shards.first().map_or(0, |shard| shard.total);
        (1..=total)
            .map(|index| Shard { index, total })
            .filter(|shard| !shards.contains(shard))
            .collect()
    }

    /// Tells the reports of the whole.
    ///
    /// # Errors
    /// When a bundle was changed or cannot be read.
    pub fn tell(mut self, reporters: Vec<&mut dyn Reporter>) -> Result<Merged, MergeError> {
        let missing = self.missing();
        let mut feed = Feed::begin(reporters, &self.header, std::iter::empty());
        let mut heads: Vec<Option<CaseEvidence>> = Vec::new();
        for bundle in &mut self.bundles {
            heads.push(bundle.next_case()?);
        }
        let mut last = None;
        loop {
            let next = heads.iter().enumerate();
            let next = next.filter_map(|(which, head)| Some((head.as_ref()?.place, which)));
            let Some((place, which)) = next.min() else {
                break;
            };
            let bundle = &mut self.bundles[which];
            let case = std::mem::replace(&mut heads[which], bundle.next_case()?);
            if let Some(case) = case {
                if last.is_some_and(|last| place <= last) || place >= self.header.planned {
                    return Err(MergeError::Order {
                        path: bundle.path().display().to_string(),
                        id: case.id,
                    });
                }
                feed.in_order(&case);
            }
            last = Some(place);
        }
        let torn = self.bundles.iter().filter(|bundle| bundle.end().is_none());
        let torn = torn.map(|bundle| bundle.path().display().to_string());
        let torn = torn.collect();
        let (end, troubles) = feed.finish();
        Ok(Merged {
            end,
            troubles,
            missing,
            torn,
        })
    }
}
