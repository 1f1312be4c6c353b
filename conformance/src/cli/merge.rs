//! `counterproof merge` and `counterproof report`: reports made of evidence, without a run.

use std::path::Path;

use counterproof_sim::vocabulary::Lang;

use super::args::MergeArgs;
use super::console::{Console, complain};
use super::reports::Reports;
use crate::evidence::bundle::{Bundle, BundleError};
use crate::exit::{Exit, Failure};
use crate::run::merge::{Merge, MergeError};
use crate::run::summary::Summary;
use crate::texts::cli as texts;

/// Puts the evidence of shards together and tells it.
///
/// # Errors
/// When a bundle is none, bundles do not belong together, or a report cannot be written.
pub fn merge(args: &MergeArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let bundles = args.bundle.iter().map(|path| open(path, lang));
    let bundles: Vec<Bundle> = bundles.collect::<Result<_, _>>()?;
    let merge = Merge::of(bundles).map_err(|error| failure(&error, lang))?;
    let mut reports = Reports::of(&args.reports, lang)?;
    if let Some(out) = reports.out()
        && let Some(path) = args.bundle.iter().find(|path| is_in(path, out))
    {
        return Err(Failure::usage(texts::merge_into_itself(
            lang,
            path.display(),
        )));
    }
    let mut summary = Summary::new(merge.header().clone());
    let merged = merge
        .tell(reports.begin(&mut summary))
        .map_err(|error| failure(&error, lang))?;
    if !merged.missing.is_empty() {
        let list: Vec<String> = merged.missing.iter().map(ToString::to_string).collect();
        complain(&texts::warning(
            lang,
            texts::missing_shards(lang, list.join(", ")),
        ));
    }
    for path in &merged.torn {
        complain(&texts::warning(lang, texts::torn(lang, path)));
    }
    reports.print(&summary, console, args.quiet, args.verbose)?;
    reports.end(merged.troubles)?;
    Ok(merged.end.verdict.exit())
}

/// Whether the bundle at `path` is the one that would be written into `out`.
fn is_in(path: &Path, out: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    let folder = if path.is_dir() {
        Some(path)
    } else {
        path.parent()
    };
    // A file of another name stays where it is.
    let is_ours = path.is_dir()
        || path
            .file_name()
            .is_some_and(|n| n == crate::evidence::bundle::FILE);
    is_ours && folder.is_some_and(|folder| whole(folder).is_some() && whole(folder) == whole(out))
}

fn open(path: &Path, lang: Lang) -> Result<Bundle, Failure> {
    Bundle::open(path).map_err(|error| unreadable(&error, lang))
}

/// What to say of a bundle that is none.
pub(super) fn unreadable(error: &BundleError, lang: Lang) -> Failure {
    match error {
        BundleError::Unreadable { path, why } => {
            Failure::usage(texts::cannot_read(lang, path, why))
        }
        BundleError::Empty { path } => Failure {
            exit: Exit::Incomplete,
            text: texts::bundle_empty(lang, path),
        },
        BundleError::Form { path, line, why } => Failure {
            exit: Exit::Invalid,
            text: texts::bundle_form(lang, path, line, why),
        },
        BundleError::Schema { path, schema } => Failure {
            exit: Exit::Invalid,
            text: texts::bundle_schema(lang, path, schema),
        },
    }
}

fn failure(error: &MergeError, lang: Lang) -> Failure {
    let text = match error {
        MergeError::Bundle(error) => return unreadable(error, lang),
        MergeError::Different { path, difference } => texts::other_run(lang, path, difference),
        MergeError::Doubled { path, other } => texts::doubled_shard(lang, path, other),
        MergeError::Order { path, id } => texts::doubled_case(lang, path, id),
    };
    Failure {
        exit: Exit::Incomplete,
        text,
    }
}
