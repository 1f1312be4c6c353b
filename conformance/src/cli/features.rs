//! Where the scenarios come from: the certified set in the program, or a directory of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use counterproof_scenarios::language::diagnostic;
use counterproof_scenarios::suite::{FeatureFile, Suite, certified};
use counterproof_sim::vocabulary::Lang;

use crate::exit::Failure;
use crate::texts::cli as texts;

/// The suite in `from`, or the certified one.
///
/// # Errors
/// Every mistake in every file, with its place and what to do.
pub fn suite(from: Option<&Path>, lang: Lang) -> Result<Suite, Failure> {
    let files = match from {
        None => certified(),
        Some(path) => read(path, lang)?,
    };
    Suite::load(&files).map_err(|mistakes| Failure::usage(diagnostic::render(&mistakes).trim_end()))
}

/// Every feature file below a directory, or the one file.
fn read(path: &Path, lang: Lang) -> Result<Vec<FeatureFile>, Failure> {
    let mut paths = Vec::new();
    find(path, true, &mut paths)
        .map_err(|error| Failure::usage(texts::cannot_read(lang, path.display(), error)))?;
    paths.sort();
    if paths.is_empty() {
        return Err(Failure::usage(texts::no_features(lang, path.display())));
    }
    paths.iter().map(|path| text(path, lang)).collect()
}

fn find(path: &Path, is_named: bool, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            // Links are not followed: one that leads upwards would have no end.
            if !entry.file_type()?.is_symlink() {
                find(&entry.path(), false, found)?;
            }
        }
    } else if is_named
        || path
            .extension()
            .is_some_and(|extension| extension == "feature")
    {
        found.push(path.to_owned());
    }
    Ok(())
}

fn text(path: &Path, lang: Lang) -> Result<FeatureFile, Failure> {
    let shown = path.display().to_string();
    let bytes =
        fs::read(path).map_err(|error| Failure::usage(texts::cannot_read(lang, &shown, error)))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((shown, text)),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.split(|&byte| byte == b'\n').count();
            Err(Failure::usage(texts::not_utf8(lang, shown, line)))
        }
    }
}
