//! What a terminal was seen to do where the sources disagree, in words: for every report that names it.
//!
//! Not here: what is accepted ([`counterproof_scenarios::practices`]).

use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use crate::evidence::PracticeEnd;
use crate::texts::report as texts;

/// The ways that were seen, each with the number of scenarios that show it, and whether that is a
/// breach: `reversed (58), dropped (1, not accepted)`.
pub fn seen(end: &PracticeEnd, lang: Lang) -> String {
    let ways: Vec<String> = end
        .seen()
        .map(|(way, cases, is_accepted)| {
            let way = way.name(lang);
            if is_accepted {
                texts::way(lang, way, cases)
            } else {
                texts::way_not_accepted(lang, way, cases)
            }
        })
        .collect();
    ways.join(match lang {
        Lang::En => ", ",
        Lang::Zh => "、",
    })
}
