//! A run that was stopped, gone on with: what its evidence holds is told again, and only the rest runs.
//! The files of earlier attempts are put aside, and gone when the run has come to its end.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::merge::{Difference, difference};
use crate::evidence::bundle::{Bundle, BundleError, FILE};
use crate::evidence::feed::Feed;
use crate::evidence::{RunHeader, Shard};

/// Attempts that are looked for.
const ATTEMPTS: usize = 1_000;

/// Earlier attempts at a run.
#[derive(Debug)]
pub struct Resume {
    files: Vec<PathBuf>,
    done: BTreeSet<usize>,
}

/// Why a run cannot be gone on with.
#[derive(Debug, Error)]
pub enum ResumeError {
    /// Its evidence cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Its evidence cannot be put aside.
    #[error("{path}: {why}")]
    Aside {
        /// The file.
        path: String,
        /// Why.
        why: io::Error,
    },
    /// It was another run.
    #[error("{path} is of another run: {difference}")]
    Different {
        /// The file.
        path: String,
        /// In what it differs.
        difference: Difference,
    },
}

impl Resume {
    /// Finds the attempts in `out` at the run that begins like `header`, which does not yet say who
    /// is tested. There may be none.
    ///
    /// # Errors
    /// When they are of another run, or cannot be read.
    pub fn open(out: &Path, header: &RunHeader) -> Result<Self, ResumeError> {
        let current = out.join(FILE);
        let mut files: Vec<PathBuf> = (1..=ATTEMPTS)
            .map(|number| aside(out, number))
            .take_while(|path| path.exists())
            .collect();
        let mut done = BTreeSet::new();
        let has_current = current.exists();
        for path in files.iter().chain(has_current.then_some(&current)) {
            let Some(mut bundle) = open(path)? else {
                continue;
            };
            let of_same = RunHeader {
                terminal: bundle.header().terminal.clone(),
                ..header.clone()
            };
            check(path, bundle.header(), &of_same)?;
            while let Some(case) = bundle.next_case()? {
                if case.verdict.is_some() {
                    done.insert(case.place);
                }
            }
        }
        if has_current {
            let path = aside(out, files.len() + 1);
            fs::rename(&current, &path).map_err(|why| ResumeError::Aside {
                path: path.display().to_string(),
                why,
            })?;
            files.push(path);
        }
        Ok(Self { files, done })
    }

    /// How many cases need not run again.
    pub fn len(&self) -> usize {
        self.done.len()
    }

    /// Whether everything has to run.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }

    /// Whether there is evidence of the case at this place.
    pub fn has(&self, place: usize) -> bool {
        self.done.contains(&place)
    }

    /// Checks that it was this terminal that was tested.
    ///
    /// # Errors
    /// When it was another.
    pub fn check(&self, header: &RunHeader) -> Result<(), ResumeError> {
        for path in &self.files {
            if let Some(bundle) = open(path)?
                && bundle.header().terminal.is_some()
            {
                check(path, bundle.header(), header)?;
            }
        }
        Ok(())
    }

    /// Tells again what there is.
    ///
    /// # Errors
    /// When a file was changed, or cannot be read.
    pub fn tell(&self, feed: &mut Feed<'_>) -> Result<(), ResumeError> {
        let mut told = BTreeSet::new();
        for path in &self.files {
            let Some(mut bundle) = open(path)? else {
                continue;
            };
            while let Some(case) = bundle.next_case()? {
                if case.verdict.is_some() && told.insert(case.place) {
                    feed.case(case);
                }
            }
        }
        Ok(())
    }

    /// Forgets the attempts, because the run has come to its end.
    pub fn forget(&self) {
        for path in &self.files {
            // A file that stays is read once more at the worst.
            let _ = fs::remove_file(path);
        }
    }
}

fn aside(out: &Path, number: usize) -> PathBuf {
    out.join(format!("evidence.{number}.ndjson.gz"))
}

/// The bundle; `None` where the attempt was stopped before it wrote anything.
fn open(path: &Path) -> Result<Option<Bundle>, BundleError> {
    match Bundle::open(path) {
        Ok(bundle) => Ok(Some(bundle)),
        Err(BundleError::Empty { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

fn check(path: &Path, old: &RunHeader, new: &RunHeader) -> Result<(), ResumeError> {
    let part = |header: &RunHeader| {
        let shard = header.shard.unwrap_or(Shard { index: 1, total: 1 });
        (shard, header.show_codes)
    };
    let different = difference(old, new).or_else(|| {
        (part(old) != part(new)).then(|| Difference {
            what: "shard, codes shown",
            one: format!("{} {}", part(old).0, part(old).1),
            other: format!("{} {}", part(new).0, part(new).1),
        })
    });
    different.map_or(Ok(()), |difference| {
        Err(ResumeError::Different {
            path: path.display().to_string(),
            difference,
        })
    })
}
