//! From what is asked for on the command line to the cases of the plan: which scenarios, on which
//! rows of the matrix, with which seeds. Names that do not exist are mistakes; a selection that
//! fits nothing is another.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, CaseId, Matrix, Scenario, plan};
use counterproof_scenarios::language::nearest;
use counterproof_scenarios::language::tags::Expression;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::suite::Suite;
use counterproof_sim::link::profiles::{self, Profile};
use counterproof_sim::vocabulary::{Lang, Vocabulary, Wallet};
use regex::Regex;

use crate::exit::{Exit, Failure};
use crate::texts::cli as texts;

/// What is asked for, as it was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// A tag expression.
    pub tags: Option<&'a str>,
    /// A regular expression for names.
    pub name: Option<&'a str>,
    /// Ids of requirements, any of which a scenario checks.
    pub requirements: &'a [String],
    /// Ids of cases or of scenarios.
    pub scenarios: &'a [String],
    /// Names of radio profiles.
    pub profiles: &'a [String],
    /// Ids of wallets.
    pub wallets: &'a [String],
    /// First seed.
    pub seed: u64,
    /// How many seeds.
    pub seeds: u64,
}

/// The cases that are asked for, in the order of the suite.
///
/// # Errors
/// When a name does not exist, an expression does not parse, or nothing fits.
pub fn select(suite: &Suite, wish: &Wish<'_>, lang: Lang) -> Result<Vec<Case>, Failure> {
    if wish.seeds == 0 {
        return Err(Failure::usage(texts::no_seeds(lang)));
    }
    let matrix = Matrix {
        profiles: each(wish.profiles, |name| profile(name, lang))?,
        wallets: each(wish.wallets, |name| wallet(name, lang))?,
        seed: wish.seed,
        seeds: wish.seeds,
    };
    let fits = filter(suite, wish, lang)?;
    let fitting: Vec<Arc<Scenario>> = suite
        .scenarios()
        .iter()
        .filter(|scenario| fits(scenario))
        .cloned()
        .collect();
    let cases = if wish.scenarios.is_empty() {
        plan(&fitting, &matrix)
    } else {
        let mut cases: Vec<Case> = Vec::new();
        for id in wish.scenarios {
            for case in named(suite, id, &matrix, lang)? {
                let is_new = !cases.iter().any(|other| other.id == case.id);
                if is_new && fits(&case.scenario) {
                    cases.push(case);
                }
            }
        }
        cases
    };
    if cases.is_empty() {
        return Err(Failure {
            exit: Exit::NothingSelected,
            text: texts::nothing_selected(lang),
        });
    }
    Ok(cases)
}

type Filter = Box<dyn Fn(&Scenario) -> bool>;

fn filter(suite: &Suite, wish: &Wish<'_>, lang: Lang) -> Result<Filter, Failure> {
    let tags = wish
        .tags
        .map(|text| expression(suite, text, lang))
        .transpose()?;
    let name = wish.name.map(|pattern| regex(pattern, lang)).transpose()?;
    let requirements = each(wish.requirements, |id| requirement(id, lang))?;
    Ok(Box::new(move |scenario| {
        tags.as_ref()
            .is_none_or(|tags| tags.matches(&scenario.tags))
            && name
                .as_ref()
                .is_none_or(|name| name.is_match(&scenario.name))
            && (requirements.is_empty()
                || requirements
                    .iter()
                    .any(|r| scenario.requirements.contains(r)))
    }))
}

/// The cases of one id: exactly one where it names row and seed, else those of its scenario.
fn named(suite: &Suite, id: &str, matrix: &Matrix, lang: Lang) -> Result<Vec<Case>, Failure> {
    let CaseId {
        scenario: name,
        row,
        seed,
        point,
    } = CaseId::split(id);
    let scenario = suite
        .scenarios()
        .iter()
        .find(|scenario| scenario.id == name);
    let Some(scenario) = scenario else {
        let ids = suite
            .scenarios()
            .iter()
            .map(|scenario| scenario.id.as_str());
        let text = texts::unknown_scenario(lang, name);
        return Err(unknown(text, nearest(name, ids), "scenarios", lang));
    };
    let mut matrix = matrix.clone();
    for part in row.split('+').filter(|part| !part.is_empty()) {
        match Wallet::from_id(part) {
            Some(wallet) => matrix.wallets = vec![wallet],
            None => matrix.profiles = vec![profile(part, lang)?],
        }
    }
    if let Some(seed) = seed {
        (matrix.seed, matrix.seeds) = (seed, 1);
    }
    let mut cases = plan([scenario], &matrix);
    if row.is_empty() && seed.is_none() {
        return Ok(cases);
    }
    // A row that the scenario is not played on is a name that does not exist.
    cases.retain(|case| CaseId::split(&case.id).row == row);
    if let Some(point) = point {
        // Only the terminal decides how many points there are; a case of one run has none.
        cases.retain(|case| case.scenario.varied().is_some());
        cases = cases.into_iter().map(|case| case.only_at(point)).collect();
    }
    if cases.is_empty() {
        let ids = plan([scenario], &matrix);
        let ids: Vec<&str> = ids.iter().map(|case| &*case.id).collect();
        let text = texts::unknown_scenario(lang, id);
        return Err(unknown(text, ids.first().copied(), "scenarios", lang));
    }
    Ok(cases)
}

fn expression(suite: &Suite, text: &str, lang: Lang) -> Result<Expression, Failure> {
    let expression: Expression =
        text.parse()
            .map_err(|error: counterproof_scenarios::language::tags::Error| {
                Failure::usage(format!("--tags: {error}"))
            })?;
    let known = |tag: &str| {
        suite
            .scenarios()
            .iter()
            .any(|s| s.tags.iter().any(|t| t == tag))
    };
    if let Some(tag) = expression.mentions().into_iter().find(|tag| !known(tag)) {
        let tags = suite
            .scenarios()
            .iter()
            .flat_map(|s| s.tags.iter().map(String::as_str));
        let near = nearest(tag, tags);
        return Err(unknown(
            texts::unknown_tag(lang, tag),
            near,
            "scenarios",
            lang,
        ));
    }
    Ok(expression)
}

fn regex(pattern: &str, lang: Lang) -> Result<Regex, Failure> {
    Regex::new(pattern).map_err(|error| {
        // The last line of the message says it; those before point with carets.
        let why = error.to_string();
        let why = why
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        Failure::usage(texts::bad_name(lang, pattern, why))
    })
}

/// The requirement of this id.
fn requirement(id: &str, lang: Lang) -> Result<Requirement, Failure> {
    Requirement::from_id(id).ok_or_else(|| {
        let near = Requirement::nearest(id).id();
        unknown(
            texts::unknown_requirement(lang, id),
            Some(near),
            "requirements",
            lang,
        )
    })
}

/// The radio profile of this name.
///
/// # Errors
/// When there is none.
pub fn profile(name: &str, lang: Lang) -> Result<&'static Profile, Failure> {
    profiles::find(name).map_err(|error| {
        let text = texts::unknown_profile(lang, name);
        unknown(text, Some(error.did_you_mean), "profiles", lang)
    })
}

fn wallet(name: &str, lang: Lang) -> Result<Wallet, Failure> {
    let found = Wallet::find(name).or_else(|| {
        let is = |wallet: &&Wallet| wallet.id().eq_ignore_ascii_case(name);
        Wallet::ALL.iter().find(is).copied()
    });
    found.ok_or_else(|| {
        let ids: Vec<String> = Wallet::ALL
            .iter()
            .map(|w| format!("{} ({})", w.id(), w.name(lang)))
            .collect();
        let text = texts::unknown_wallet(lang, name);
        Failure::usage(format!("{text}\n  {}", texts::one_of(lang, ids.join(", "))))
    })
}

fn each<T>(names: &[String], find: impl Fn(&str) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    names.iter().map(|name| find(name.trim())).collect()
}

/// A name that does not exist, with the one that was meant and where to see them all.
pub fn unknown(text: String, near: Option<&str>, list: &str, lang: Lang) -> Failure {
    let mut text = text;
    if let Some(near) = near {
        text.push_str("\n  ");
        text.push_str(&texts::did_you_mean(lang, near));
    }
    text.push_str("\n  ");
    text.push_str(&texts::see_list(lang, list));
    Failure::usage(text)
}
