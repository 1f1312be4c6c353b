//! What is known before the first case: what is tested with what, and what was planned.

use std::fmt;

use counterproof_scenarios::practices::{self, Ways};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::terminal::Identity;
use counterproof_sim::vocabulary::Wallet;
use serde::{Deserialize, Serialize};

use super::Digest;
use super::expectation::Expectations;
use crate::attach::LiveMode;
use crate::dialect;

/// The schema of the evidence.
pub const SCHEMA: &str = "counterproof/evidence/1";

/// What is known before the first case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunHeader {
    /// The schema: `counterproof/evidence/1`.
    pub schema: String,
    /// Version of the program.
    pub version: String,
    /// Digest of the feature files, paths and texts.
    pub suite: Digest,
    /// Directory of the feature files; `None` for the certified ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<String>,
    /// What is tested, as the terminal says itself; `None` where none came to saying so.
    pub terminal: Option<Identity>,
    /// Name of the dialect of the acquirer.
    pub dialect: String,
    /// The text of the file that describes it; `None` for one that is built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialect_file: Option<String>,
    /// How the terminal's own time was kept up with; `None` where time was virtual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LivePace>,
    /// What the terminal may do where the sources disagree; `None` for what is accepted by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Ways>,
    /// First seed.
    pub seed: u64,
    /// How many seeds.
    pub seeds: u64,
    /// Radio profiles of the matrix; empty for what each scenario says itself.
    pub profiles: Vec<String>,
    /// Wallets of the matrix; empty for what each scenario says itself.
    pub wallets: Vec<Wallet>,
    /// Cases of the whole plan, all shards together.
    pub planned: usize,
    /// Digest of the ids of all these cases.
    pub plan: Digest,
    /// Which part of the plan this is; `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Cases of this part.
    pub cases: usize,
    /// The failures that are expected, where a file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectations: Option<Expectations>,
    /// Whether payment codes stand in the evidence in clear.
    pub show_codes: bool,
}

/// The pace of a run in live mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LivePace {
    /// How many times faster than the wall the counter's time passed.
    pub scale: u32,
    /// How exactly instants were known, in milliseconds of the wall.
    pub tolerance_ms: u64,
}

/// `live ×20, ±50 ms`: the same in every language.
impl fmt::Display for LivePace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "live ×{}, ±{} ms", self.scale, self.tolerance_ms)
    }
}

impl LivePace {
    /// The pace of this mode.
    pub fn of(mode: &LiveMode) -> Self {
        Self {
            scale: mode.scale,
            tolerance_ms: mode.tolerance.as_millis() as u64,
        }
    }
}

impl RunHeader {
    /// By which clock it ran: `lockstep`, or the pace of live mode.
    pub fn mode(&self) -> String {
        self.live
            .map_or_else(|| "lockstep".to_owned(), |pace| pace.to_string())
    }

    /// What the terminal may do where the sources disagree.
    pub fn accepts(&self) -> &Ways {
        self.accepted
            .as_ref()
            .unwrap_or_else(|| practices::accepted())
    }

    /// How the acquirer spoke; `None` where the header names a dialect that this program does not know
    /// and brings no file, or one that does not describe it.
    pub fn speaks(&self) -> Option<&'static Dialect> {
        match &self.dialect_file {
            Some(text) => dialect::of_text(text)
                .ok()
                .filter(|dialect| dialect.name() == self.dialect)
                .filter(|dialect| Dialect::named(dialect.name()).is_none()),
            None => Dialect::named(&self.dialect),
        }
    }

    /// The terminal in a few words: maker, product, version; `?` where none came to saying so.
    pub fn product(&self) -> String {
        self.terminal
            .as_ref()
            .map_or_else(|| "?".to_owned(), product)
    }
}

/// A terminal in a few words: maker, product, version.
pub fn product(identity: &Identity) -> String {
    let (vendor, name) = (&*identity.vendor, &*identity.name);
    // Many a product already has its maker's name in front.
    let vendor = if name.starts_with(vendor) { "" } else { vendor };
    let words = [vendor, name, &identity.version];
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// One of several parts of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// Which, from 1.
    pub index: u32,
    /// Of how many, at least 1.
    pub total: u32,
}

impl fmt::Display for Shard {
    /// As on the command line: `2/5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.total)
    }
}
