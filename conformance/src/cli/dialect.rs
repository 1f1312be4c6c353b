//! `--dialect`: the name of a dialect that is built in, or a file with one.

use std::fs;
use std::path::Path;

use counterproof_scenarios::language::nearest;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::vocabulary::Lang;

use crate::dialect;
use crate::exit::Failure;
use crate::texts::cli as texts;

/// The dialect that is meant, with the text of its file where it comes from one.
///
/// # Errors
/// When there is neither a dialect nor a file of that name, or the file describes none.
pub fn find(name: &str, lang: Lang) -> Result<(&'static Dialect, Option<String>), Failure> {
    if let Some(dialect) = Dialect::named(name) {
        return Ok((dialect, None));
    }
    if !Path::new(name).is_file() {
        let known = || Dialect::built_in().iter().map(Dialect::name);
        let hint = match nearest(name, known()) {
            Some(near) => texts::did_you_mean(lang, near),
            None => texts::one_of(lang, known().collect::<Vec<_>>().join(", ")),
        };
        let text = texts::unknown_dialect(lang, name);
        return Err(Failure::usage(format!("{text}\n  {hint}")));
    }
    let text = fs::read_to_string(name)
        .map_err(|error| Failure::usage(texts::cannot_read(lang, name, error)))?;
    let dialect =
        dialect::of_text(&text).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok((dialect, Some(text)))
}

/// The same for a run, whose terminal is told the name and nothing else.
///
/// # Errors
/// Also when a file describes another dialect under the name of one that is built in.
pub fn find_for_a_run(
    name: &str,
    lang: Lang,
) -> Result<(&'static Dialect, Option<String>), Failure> {
    let (dialect, text) = find(name, lang)?;
    if text.is_some() && Dialect::named(dialect.name()).is_some() {
        let text = texts::dialect_without_name(lang, name, dialect.name());
        return Err(Failure::usage(text));
    }
    Ok((dialect, text))
}
