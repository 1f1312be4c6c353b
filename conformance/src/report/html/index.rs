//! What a page knows without unpacking anything: the run, the requirements and what came of them,
//! one small row a case, and every word that it says, in both languages.

use std::collections::BTreeMap;

use counterproof_scenarios::practices;
use counterproof_scenarios::requirements::{Area, Requirement};
use counterproof_sim::iso8583::frame::PREFIX;
use counterproof_sim::iso8583::packet::{MTI_OFFSET, PREAMBLE};
use counterproof_sim::iso8583::{Dialect, Field};
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};
use serde::Serialize;
use serde_json::{Value, json};

use super::LANGUAGES;
use super::phrases::Said;
use crate::evidence::{Outcome, RunEnd};
use crate::report::glyph;
use crate::texts::{formats, page, report, timeline};

/// English and Chinese.
type Pair<'a> = (&'a str, &'a str);

/// A case in the list: what filters, sorts and searches need.
#[derive(Debug, Serialize)]
pub(super) struct CaseRow(
    /// The scenario.
    pub usize,
    /// What its id has behind the scenario's: row and seed.
    pub String,
    /// The radio profile.
    pub Option<usize>,
    /// The wallet.
    pub Option<usize>,
    /// The seed.
    pub u64,
    /// The outcome.
    pub u8,
    /// The requirements that it broke, by their places in the catalogue.
    pub Vec<usize>,
    /// Length of the simulated time in milliseconds.
    pub u64,
    /// Its chunk.
    pub usize,
    /// Its place there.
    pub usize,
    /// Why it is not a pass.
    pub Option<Said>,
);

/// A scenario of the list.
#[derive(Debug, Serialize)]
pub(super) struct ScenarioRow(
    /// Id.
    pub String,
    /// Name.
    pub String,
    /// Feature.
    pub String,
    /// File.
    pub String,
    /// Line.
    pub u32,
    /// The requirements that it is about, by their places in the catalogue.
    pub Vec<usize>,
);

/// The number that rows have for an outcome.
pub(super) fn number(outcome: Outcome) -> u8 {
    let place = Outcome::ALL.iter().position(|known| *known == outcome);
    place.unwrap_or_default() as u8
}

/// The place of a requirement in the catalogue.
pub(super) fn place(requirement: Requirement) -> usize {
    let place = Requirement::ALL.iter().position(|r| *r == requirement);
    place.unwrap_or_default()
}

/// What is the same on every page: requirements, areas, outcomes, fields of messages, words.
pub(super) fn fixed(dialect: &Dialect) -> Value {
    let areas: Vec<_> = Area::ALL.iter().map(|a| (a.id(), a.en(), a.zh())).collect();
    let requirements: Vec<_> = Requirement::ALL
        .iter()
        .map(|requirement| {
            let area = Area::ALL.iter().position(|a| *a == requirement.area());
            let both = |of: fn(Requirement, Lang) -> &'static str| {
                (of(*requirement, Lang::En), of(*requirement, Lang::Zh))
            };
            (
                requirement.id(),
                area,
                both(|r, lang| r.level().name(lang)),
                both(Requirement::sentence),
                both(|r, lang| r.help(lang).cause),
                both(|r, lang| r.help(lang).remedy),
                both(|r, lang| r.reason(lang).why),
                both(|r, lang| r.reason(lang).cashier),
                LANGUAGES.map(|lang| report::requirement_page(lang, requirement.page())),
            )
        })
        .collect();
    let outcomes: Vec<_> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome, glyph(*outcome)))
        .collect();
    let fields: BTreeMap<u8, Pair<'_>> = (1..=64)
        .filter_map(Field::new)
        .filter_map(|field| {
            let names = dialect.field_names(field)?;
            Some((field.number(), (&*names.en, &*names.zh)))
        })
        .collect();
    let table = |words: &[(&'static str, &'static str, &'static str)]| -> BTreeMap<_, Pair<'_>> {
        let pairs = words.iter();
        pairs.map(|(name, en, zh)| (*name, (*en, *zh))).collect()
    };
    json!({
        "areas": areas,
        "requirements": requirements,
        "outcomes": outcomes,
        "fields": fields,
        "preamble": preamble(),
        "words": {
            "formats": table(formats::WORDS),
            "page": table(page::WORDS),
            "report": table(report::WORDS),
            "timeline": table(timeline::WORDS),
        },
    })
}

/// What the terminal was seen to do where the sources disagree: the point, what it is about, and each way
/// with what it is, how many cases show it, and whether it is accepted.
pub(super) fn practices(end: &RunEnd) -> Value {
    let rows = end.practices.iter().map(|(practice, end)| {
        let row = practices::of(*practice);
        let ways: Vec<_> = end
            .seen()
            .map(|(way, cases, is_accepted)| {
                let says = row.way(way).map(|way| (&*way.says.en, &*way.says.zh));
                ((way.en(), way.zh()), says, cases, is_accepted)
            })
            .collect();
        let situation: Pair<'_> = (&row.situation.en, &row.situation.zh);
        json!([(practice.en(), practice.zh()), situation, ways])
    });
    rows.collect()
}

/// What stands before the first field of a frame: word, offset, length.
fn preamble() -> [(&'static str, usize, usize); 4] {
    let mti = PREFIX + MTI_OFFSET;
    [
        ("tpdu", PREFIX, 5),
        ("header", PREFIX + 5, MTI_OFFSET - 5),
        ("mti", mti, 2),
        ("bitmap", mti + 2, PREAMBLE - MTI_OFFSET - 2),
    ]
}
