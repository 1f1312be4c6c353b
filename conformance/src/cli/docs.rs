//! `counterproof docs`: the pages of the documentation that the program writes itself.

use std::fs;
use std::path::Path;

use counterproof_scenarios::pages::{self, Page};

use super::args::DocsArgs;
use super::console::Console;
use super::{features, mutants, run};
use crate::exit::{Exit, Failure};
use crate::texts::cli as texts;

/// Writes the pages below a directory, and prints which.
///
/// # Errors
/// When the command line is wrong, or a page cannot be written.
pub fn docs(args: &DocsArgs, console: Console) -> Result<Exit, Failure> {
    let lang = console.lang;
    let jobs = run::jobs(args.jobs, lang)?;
    let suite = features::suite(None, lang)?;
    for page in pages::requirements(&suite) {
        write(&args.dir, &page, console)?;
    }
    let matrix = mutants::matrix(&suite, jobs, run::stop_on_interrupt(), console);
    if !matrix.is_complete() {
        // Half a matrix is no page.
        return Ok(Exit::Incomplete);
    }
    for page in pages::kill_matrix(&matrix) {
        write(&args.dir, &page, console)?;
    }
    Ok(Exit::Conformant)
}

fn write(dir: &Path, page: &Page, console: Console) -> Result<(), Failure> {
    let path = dir.join(page.path);
    let folder = path.parent().unwrap_or(dir);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, &page.text))
        .map_err(|error| {
            Failure::usage(texts::cannot_write(console.lang, path.display(), error))
        })?;
    console.print(&format!("{}\n", path.display()))
}
