//! `--practices`: a file of what is accepted where the sources disagree.

use std::fs;
use std::path::Path;

use counterproof_scenarios::practices::{self, NotWays, Ways};
use counterproof_sim::vocabulary::{Lang, Practice, Vocabulary as _};

use crate::exit::Failure;
use crate::texts::cli as texts;

/// What the terminal may do where the sources disagree: by default, or as a file says.
///
/// # Errors
/// When the file cannot be read, or names what there is not.
pub(super) fn accepted(path: Option<&Path>, lang: Lang) -> Result<&'static Ways, Failure> {
    let Some(path) = path else {
        return Ok(practices::accepted());
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(texts::cannot_read(lang, &name, error)))?;
    let ways = practices::accepted().with(&text);
    let ways = ways.map_err(|error| Failure::usage(not_ways(&error, &name, lang)))?;
    // One for the whole run, as a dialect is.
    Ok(Box::leak(Box::new(ways)))
}

fn not_ways(error: &NotWays, file: &str, lang: Lang) -> String {
    let ids = |all: Vec<&'static str>| texts::one_of(lang, all.join(", "));
    let (text, hint) = match error {
        NotWays::Form(why) => return texts::practices_form(lang, file, why.trim_end()),
        NotWays::Nothing(practice) => return texts::practice_of_nothing(lang, file, practice),
        NotWays::Practice { name, nearest } => {
            let all = || ids(Practice::ALL.iter().map(|practice| practice.id()).collect());
            let hint = nearest.map_or_else(all, |near| texts::did_you_mean(lang, near));
            (texts::no_such_practice(lang, file, name), hint)
        }
        NotWays::Way { practice, name } => {
            let ways = practices::of(*practice).ways.iter();
            let hint = ids(ways.map(|row| row.way.id()).collect());
            (texts::no_such_way(lang, file, practice, name), hint)
        }
    };
    format!("{text}\n  {hint}")
}
