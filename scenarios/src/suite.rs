//! The suite: feature files read, linted and matched against the table of steps, so that what is
//! left for a run cannot be misspelt. Not here: which of it runs ([`crate::case`]).

use std::sync::Arc;

use counterproof_sim::fault::Site;
use sha2::{Digest, Sha256};

use crate::case::{EVERY_CUT_TAG, EVERY_PLACE_TAG, Need, ReadyStep, Scenario};
use crate::language::{self, Diagnostic, Match, lint};
use crate::requirements::Requirement;
use crate::steps::{self, Args};

include!(concat!(env!("OUT_DIR"), "/certified.rs"));

/// A feature file: the path that people are shown, and its text.
pub type FeatureFile = (String, String);

/// Scenarios that are ready to run.
#[derive(Debug)]
pub struct Suite {
    scenarios: Vec<Arc<Scenario>>,
    digest: [u8; 32],
}

/// The feature files that certify, as they were when the program was built.
pub fn certified() -> Vec<FeatureFile> {
    CERTIFIED
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

impl Suite {
    /// Reads, lints and matches the files.
    ///
    /// # Errors
    /// Every mistake in every file, with its place and what to do.
    pub fn load(files: &[FeatureFile]) -> Result<Self, Vec<Diagnostic>> {
        let mut mistakes = Vec::new();
        let mut features = Vec::new();
        for (path, text) in files {
            let parsed = language::parse(path, text);
            mistakes.extend(parsed.diagnostics);
            features.extend(parsed.feature);
        }
        mistakes.extend(lint::lint(&features, steps::matcher()));
        for feature in &features {
            unknown_requirements(feature, &mut mistakes);
        }
        if !mistakes.is_empty() {
            mistakes.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
            mistakes.dedup();
            return Err(mistakes);
        }
        let scenarios = features
            .iter()
            .flat_map(language::Feature::cases)
            .map(|case| Arc::new(ready(case)));
        Ok(Self {
            scenarios: scenarios.collect(),
            digest: digest(files),
        })
    }

    /// Every scenario, in the order of the files.
    pub fn scenarios(&self) -> &[Arc<Scenario>] {
        &self.scenarios
    }

    /// The scenarios that are about this requirement.
    pub fn of(&self, requirement: Requirement) -> impl Iterator<Item = &Arc<Scenario>> {
        let all = self.scenarios.iter();
        all.filter(move |scenario| scenario.requirements.contains(&requirement))
    }

    /// SHA-256 over the paths and texts of the files.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

fn digest(files: &[FeatureFile]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in files.iter().flat_map(|(path, text)| [path, text]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// A tag that looks like a requirement and is none.
fn unknown_requirements(feature: &language::Feature, mistakes: &mut Vec<Diagnostic>) {
    let tags = feature.cases().flat_map(|case| &case.scenario.tags);
    for tag in tags.filter(|tag| looks_like_requirement(&tag.name)) {
        let id = tag.name.trim_start_matches('@');
        if Requirement::from_id(id).is_none() {
            let near = Requirement::nearest(id).id();
            mistakes.push(Diagnostic {
                path: feature.source.path().to_owned(),
                line: tag.line,
                column: tag.column,
                length: tag.name.chars().count(),
                message: format!("{id} is no requirement of the catalogue"),
                help: format!(
                    "did you mean @{near}? `counterproof list requirements` shows them all"
                ),
                source: feature.source.line(tag.line).to_owned(),
            });
        }
    }
}

/// Letters, a hyphen, digits: `@REV-01`.
fn looks_like_requirement(tag: &str) -> bool {
    tag.strip_prefix('@')
        .and_then(|tag| tag.split_once('-'))
        .is_some_and(|(area, number)| {
            (2..=4).contains(&area.len())
                && area.bytes().all(|b| b.is_ascii_uppercase())
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        })
}

fn ready(case: language::Case<'_>) -> Scenario {
    let steps: Vec<ReadyStep> = case.steps().filter_map(ready_step).collect();
    let mut needs: Vec<_> = steps
        .iter()
        .flat_map(|s| s.step.needs.iter().copied())
        .collect();
    let everywhere = case
        .scenario
        .tags
        .iter()
        .any(|tag| [EVERY_CUT_TAG, EVERY_PLACE_TAG].contains(&&*tag.name));
    let cut = everywhere || steps.iter().any(cuts_power);
    needs.extend(cut.then_some(Need::PowerCut));
    needs.sort_unstable();
    needs.dedup();
    let tags: Vec<String> = case
        .scenario
        .tags
        .iter()
        .map(|tag| tag.name.clone())
        .collect();
    let mut requirements: Vec<Requirement> = tags
        .iter()
        .filter_map(|tag| Requirement::from_id(tag.trim_start_matches('@')))
        .collect();
    requirements.dedup();
    Scenario {
        id: case.scenario.id.clone(),
        name: case.scenario.name.clone(),
        feature: case.feature.name.clone(),
        language: case.feature.language.clone(),
        path: case.feature.source.path().into(),
        line: case.scenario.place() as u32,
        tags,
        requirements,
        needs,
        steps,
    }
}

/// Whether the step arms a fault of the terminal's power.
fn cuts_power(step: &ReadyStep) -> bool {
    let args = Args {
        args: &step.args,
        docstring: None,
    };
    args.fault_if_any()
        .is_some_and(|fault| fault.site() == Site::Power)
}

fn ready_step(step: &language::Step) -> Option<ReadyStep> {
    // The linter has seen every step match exactly one pattern.
    let Match::One { index, args } = steps::matcher().find(&step.plain()) else {
        return None;
    };
    let blank = if step.keyword.is_ascii() { " " } else { "" };
    Some(ReadyStep {
        text: format!("{}{blank}{}", step.keyword, step.text),
        keyword: step.keyword.len() + blank.len(),
        line: step.line as u32,
        role: step.role,
        step: steps::step_of(index),
        args,
        docstring: step.docstring.as_ref().map(|doc| doc.text.clone()),
    })
}
