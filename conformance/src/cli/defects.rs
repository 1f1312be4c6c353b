//! The reference terminal, sound or broken on purpose.

use counterproof_scenarios::language::nearest;
use counterproof_sim::pos::Defect;
use counterproof_sim::vocabulary::{Lang, Vocabulary as _};

use crate::attach::Attachment;
use crate::exit::Failure;
use crate::run::select::unknown;
use crate::texts::cli as texts;

/// The reference terminal with the defects of these names.
///
/// # Errors
/// When there is no such defect.
pub fn reference(names: &[String], lang: Lang) -> Result<Attachment, Failure> {
    let defects = names.iter().map(|name| {
        Defect::find(name).ok_or_else(|| {
            let near = nearest(name, Defect::ALL.iter().map(|defect| defect.id()));
            unknown(texts::unknown_defect(lang, name), near, "defects", lang)
        })
    });
    defects.collect::<Result<_, _>>().map(Attachment::Reference)
}
