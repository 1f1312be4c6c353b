//! Failures that are known and expected, and which cases an entry speaks of. Not here: the file with
//! them ([`crate::run::expectations`]).

use std::fmt;

use counterproof_scenarios::requirements::Requirement;
use serde::{Deserialize, Serialize};

use super::{CaseEvidence, Digest};

/// The failures that are expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expectations {
    /// The file, as it was named.
    pub file: String,
    /// Digest of the file.
    pub digest: Digest,
    /// Its entries, in the order of the file.
    pub entries: Vec<Expectation>,
}

/// A failure that is expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expectation {
    /// The requirement that is broken.
    pub requirement: Requirement,
    /// In which scenarios: an id or a pattern; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Under which radio profile; `None` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Why it is known and borne with.
    pub reason: String,
    /// Where it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The last day on which it counts, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Whether that day was over when the run began: the entry then counts no more.
    #[serde(default)]
    pub expired: bool,
}

impl Expectations {
    /// What of this case is expected to be broken.
    pub fn expected(&self, case: &CaseEvidence) -> Vec<Requirement> {
        let entries = self.entries.iter();
        let counting = entries.filter(|entry| !entry.expired && entry.speaks_of(case));
        let mut expected: Vec<Requirement> = counting
            .map(|entry| entry.requirement)
            .filter(|requirement| case.broken.contains(requirement))
            .collect();
        expected.sort_unstable();
        expected.dedup();
        expected
    }
}

impl Expectation {
    /// Whether the entry is about this case.
    pub fn speaks_of(&self, case: &CaseEvidence) -> bool {
        let profile = self.profile.as_ref();
        profile.is_none_or(|profile| case.profile.as_ref() == Some(profile))
            && self.scenario.as_deref().is_none_or(|pattern| {
                fits(pattern, &case.scenario.id)
                    || fits(pattern, &case.id)
                    || case
                        .id
                        .rsplit_once('#')
                        .is_some_and(|(row, _)| fits(pattern, row))
            })
    }
}

impl fmt::Display for Expectation {
    /// What the entry is about: `REV-01 reversal/* @weak`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.requirement)?;
        if let Some(scenario) = &self.scenario {
            write!(f, " {scenario}")?;
        }
        self.profile
            .iter()
            .try_for_each(|name| write!(f, " @{name}"))
    }
}

/// Whether a text fits a pattern, in which `*` stands for any characters and `?` for one.
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '?' || pattern[p] == text[t]) {
            p += 1;
            t += 1;
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            p = at + 1;
            t = taken + 1;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text) in [
            ("reversal/*", "reversal/消费无应答后先冲正"),
            ("*", ""),
            ("*无应答*", "reversal/消费无应答后先冲正"),
            ("a*b*c", "a-b-b-c"),
            ("code/?", "code/码"),
            ("code/a", "code/a"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("a", "ab"),
            ("a*b", "a-c"),
            ("?", ""),
            ("", "a"),
            ("*b", "ba"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
