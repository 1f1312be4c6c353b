//! What of one case is proven: a line of the file of leaves, whose bytes are hashed into the tree. A
//! case that is not shown leaves the hash of its line.

use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::Verdict;
use counterproof_sim::terminal::hex;
use serde::{Deserialize, Serialize};

use super::tree;
use crate::evidence::{CaseEvidence, Digest, Outcome};

/// What of one case is proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Leaf {
    /// Its place in the plan, from 0.
    pub place: usize,
    /// Its id.
    pub id: String,
    /// The requirements of its scenario.
    pub requirements: Vec<Requirement>,
    /// What the judge said.
    pub verdict: Option<Verdict>,
    /// What came of it.
    pub outcome: Outcome,
    /// What it broke.
    pub broken: Vec<Requirement>,
    /// What of that was expected.
    pub expected: Vec<Requirement>,
    /// Digest of everything that happened, before anything was masked.
    pub record_digest: Option<Digest>,
    /// Digest of its line in the bundle, where secrets are masked.
    pub evidence: Digest,
    /// The command that runs it again.
    pub replay: String,
    /// Chance, so that a leaf that is not shown cannot be guessed from its hash.
    pub salt: String,
}

/// A line of the file of leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    /// A case that is shown.
    Leaf(Box<Leaf>),
    /// The hash of a leaf that is not.
    Redacted(Digest),
}

impl Leaf {
    /// Of a case whose line in the bundle has the digest `evidence`.
    pub fn of(case: &CaseEvidence, evidence: Digest, salt: [u8; 16]) -> Self {
        Self {
            place: case.place,
            id: case.id.clone(),
            requirements: case.scenario.requirements.clone(),
            verdict: case.verdict,
            outcome: case.outcome(),
            broken: case.broken.clone(),
            expected: case.expected.clone(),
            record_digest: case.record_digest,
            evidence,
            replay: case.replay.clone(),
            salt: hex(&salt),
        }
    }

    /// Whether this is what is proven of that case; its line in the bundle is compared elsewhere.
    pub fn is_of(&self, case: &CaseEvidence) -> bool {
        let same = Self {
            salt: self.salt.clone(),
            ..Self::of(case, self.evidence, [0; 16])
        };
        *self == same
    }
}

impl Line {
    /// The line that is written like this, if it is written in the one form that there is.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let line: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if line.write() == text {
            Ok(line)
        } else {
            Err(text.chars().take(40).collect())
        }
    }

    /// Its text, without the end of the line.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a leaf is JSON")
    }

    /// Its hash in the tree.
    pub fn hash(&self) -> Digest {
        match self {
            Self::Leaf(_) => tree::leaf(self.write().as_bytes()),
            Self::Redacted(hash) => *hash,
        }
    }

    /// The leaf, where it is shown.
    pub fn shown(&self) -> Option<&Leaf> {
        match self {
            Self::Leaf(leaf) => Some(leaf),
            Self::Redacted(_) => None,
        }
    }
}

/// The hashes of all lines, in their order.
pub fn hashes(lines: &[Line]) -> Vec<Digest> {
    lines.iter().map(Line::hash).collect()
}
