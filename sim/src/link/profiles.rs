//! Named conditions of a link: what "weak signal" means, in figures and with their reasons. The
//! figures stand in `profiles.toml`, a file of the same form can bring more; nothing here knows
//! one of them.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Listener;
use super::netem::{Impairment, time_text};
use crate::time::Span;

/// A named condition of a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// The name in scenarios, on the command line and in reports.
    pub name: String,
    /// What it is, in English.
    pub en: String,
    /// Its name in Chinese, which finds it as well.
    pub zh: String,
    /// Where its figures come from.
    pub reason: String,
    /// Whether the modem has a network.
    #[serde(default = "yes")]
    pub carrier: bool,
    /// What the far end does with connections, where that belongs to the condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listener: Option<Listener>,
    /// The first phase is entered anywhere in the cycle, as the link's chance has it.
    #[serde(default)]
    pub random_start: bool,
    /// What follows what, over and over; a single one stays.
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
}

/// A stretch of time within a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Phase {
    /// How long it lasts, as tc writes times; left out where there is only one.
    #[serde(default, with = "time_text", skip_serializing_if = "is_zero")]
    pub lasts: Span,
    /// The strength of the signal in dBm (RSRP), where there is a radio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_dbm: Option<i16>,
    /// Terminal to host.
    pub up: Impairment,
    /// Host to terminal.
    pub down: Impairment,
}

/// No profile has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no link profile is called {name:?}; did you mean {did_you_mean:?}?")]
pub struct UnknownProfile {
    /// The name asked for.
    pub name: String,
    /// The nearest that exists.
    pub did_you_mean: &'static str,
}

/// A file of profiles that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfilesError {
    /// It is not of the form of `profiles.toml`.
    #[error("link profiles: {0}")]
    Form(#[from] toml::de::Error),
    /// Two profiles of one name, English or Chinese.
    #[error("link profiles: there are two called {0:?}; rename one")]
    Twice(String),
    /// A profile without a phase, or with several of which one does not say how long it lasts.
    #[error(
        "link profile {0:?}: needs one [[profile.phase]], or several that each say how long they \
         last"
    )]
    Phases(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    profile: Vec<Profile>,
}

static ALL: LazyLock<Vec<Profile>> =
    LazyLock::new(|| read(include_str!("profiles.toml")).expect("the tests read it"));

/// All profiles that come with the program, the best conditions first.
pub fn all() -> &'static [Profile] {
    &ALL
}

/// The profile of this name, English or Chinese.
///
/// # Errors
/// [`UnknownProfile`], with the nearest name.
pub fn find(name: &str) -> Result<&'static Profile, UnknownProfile> {
    let is = |profile: &&Profile| profile.name == name || profile.zh == name;
    all().iter().find(is).ok_or_else(|| UnknownProfile {
        name: name.to_owned(),
        did_you_mean: nearest(name),
    })
}

/// Reads a file of the form of `profiles.toml`.
///
/// # Errors
/// [`ProfilesError`].
pub fn read(toml: &str) -> Result<Vec<Profile>, ProfilesError> {
    let profiles = toml::from_str::<File>(toml)?.profile;
    for (place, profile) in profiles.iter().enumerate() {
        let same = |other: &Profile| other.name == profile.name || other.zh == profile.zh;
        if profiles[..place].iter().any(same) {
            return Err(ProfilesError::Twice(profile.name.clone()));
        }
        let endless = profile.phases.iter().any(|phase| is_zero(&phase.lasts));
        if profile.phases.is_empty() || (endless && profile.phases.len() > 1) {
            return Err(ProfilesError::Phases(profile.name.clone()));
        }
    }
    Ok(profiles)
}

impl Profile {
    /// A condition of one's own, for a link that is up.
    pub fn custom(name: &str, up: Impairment, down: Impairment) -> Self {
        Self {
            name: name.to_owned(),
            en: name.to_owned(),
            zh: name.to_owned(),
            reason: String::new(),
            carrier: true,
            listener: None,
            random_start: false,
            phases: vec![Phase {
                lasts: Span::ZERO,
                signal_dbm: None,
                up,
                down,
            }],
        }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(span: &Span) -> bool {
    *span == Span::ZERO
}

/// The name that takes the fewest changes to get to.
fn nearest(name: &str) -> &'static str {
    let names = all().iter().flat_map(|p| [p.name.as_str(), p.zh.as_str()]);
    names
        .min_by_key(|candidate| distance(name, candidate))
        .unwrap_or_default()
}

/// Levenshtein's distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
