//! Named profiles: which scenarios, on which rows of the matrix, with how many seeds have to run for a
//! certificate, and which requirements may not be left open. They are data, in `profiles.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use counterproof_scenarios::case::Case;
use counterproof_scenarios::language::nearest;
use counterproof_scenarios::practices::{self, Ways};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::suite::Suite;
use counterproof_sim::vocabulary::Lang;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::evidence::Digest;
use crate::exit::Failure;
use crate::run::select::{Wish, select};

/// What has to run for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name on the command line and in certificates.
    pub name: String,
    en: String,
    zh: String,
    /// Only the scenarios whose tags fit; `None` for every one.
    #[serde(default)]
    tags: Option<String>,
    /// Radio profiles of the matrix.
    #[serde(default)]
    pub radio: Vec<String>,
    /// Wallets of the matrix.
    #[serde(default)]
    pub wallets: Vec<String>,
    /// How many seeds.
    pub seeds: u64,
    /// What the terminal may do where the sources disagree: what is accepted by default, but for what the
    /// profile says.
    #[serde(default = "by_default", deserialize_with = "over_default")]
    pub accepts: Ways,
    /// Requirements that must have been decided.
    #[serde(default)]
    pub decided: Vec<Requirement>,
}

fn by_default() -> Ways {
    practices::accepted().clone()
}

fn over_default<'de, D: Deserializer<'de>>(from: D) -> Result<Ways, D::Error> {
    let table = BTreeMap::<String, Vec<String>>::deserialize(from)?;
    practices::accepted()
        .with_table(table)
        .map_err(D::Error::custom)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    profile: Vec<Profile>,
}

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("profiles.toml")).expect("a test reads it");
    file.profile
});

impl Profile {
    /// All of them.
    pub fn all() -> &'static [Self] {
        &PROFILES
    }

    /// The one of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// The name that was meant by `name`, which is none.
    pub fn nearest(name: &str) -> Option<&'static str> {
        nearest(name, PROFILES.iter().map(|profile| &*profile.name))
    }

    /// What it is, in a few words.
    pub fn title(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// Digest of everything that it says.
    pub fn digest(&self) -> Digest {
        let json = serde_json::to_vec(self).expect("a profile is JSON");
        Digest(Sha256::digest(json).into())
    }

    /// The cases that it demands, from this seed on.
    ///
    /// # Errors
    /// When the catalogue does not know what it names.
    pub fn cases(&self, suite: &Suite, seed: u64, lang: Lang) -> Result<Vec<Case>, Failure> {
        let wish = Wish {
            tags: self.tags.as_deref(),
            profiles: &self.radio,
            wallets: &self.wallets,
            seed,
            seeds: self.seeds,
            ..Wish::default()
        };
        select(suite, &wish, lang)
    }
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::suite::certified;

    use super::*;

    #[test]
    fn every_profile_can_be_planned_and_full_leaves_nothing_out() {
        let suite = Suite::load(&certified()).unwrap();
        for profile in Profile::all() {
            let cases = profile.cases(&suite, 1, Lang::En).unwrap();
            for scenario in suite.scenarios() {
                let is_there = cases.iter().any(|case| case.scenario.id == scenario.id);
                assert!(is_there, "{} lacks {}", profile.name, scenario.id);
            }
            for requirement in &profile.decided {
                let tagged = |case: &Case| case.scenario.requirements.contains(requirement);
                assert!(cases.iter().any(tagged), "{requirement}");
            }
            assert_eq!(Profile::find(&profile.name), Some(profile));
        }
        assert_eq!(Profile::nearest("ful"), Some("full"));
    }
}
