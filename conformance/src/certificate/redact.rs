//! Evidence of which some cases are not shown: their leaves become hashes, and their lines in the bundle
//! are left out. Everything else stays as it was, and can be checked as before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::leaf::{Leaf, Line};
use super::refusal::Refusal;
use super::{LEAVES, proof, seal};
use crate::evidence::bundle::{self, Bundle};

/// Why nothing was taken out.
#[derive(Debug)]
pub enum RedactError {
    /// The evidence is none.
    Evidence(Refusal),
    /// The other one cannot be written.
    Write(io::Error),
}

impl From<io::Error> for RedactError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Writes the evidence in `from` to the directory `to` without the cases that `hides`. The result is how
/// many those are; where there is none, nothing is written.
///
/// # Errors
/// When the evidence is none, or the other one cannot be written.
pub fn redact(from: &Path, to: &Path, hides: impl Fn(&Leaf) -> bool) -> Result<usize, RedactError> {
    let mut lines = proof::read(from).map_err(RedactError::Evidence)?;
    let mut hidden = 0;
    for line in &mut lines {
        if line.shown().is_some_and(&hides) {
            *line = Line::Redacted(line.hash());
            hidden += 1;
        }
    }
    if hidden == 0 {
        return Ok(0);
    }
    fs::create_dir_all(to)?;
    let unreadable = |error| RedactError::Evidence(proof::unreadable(error));
    let mut bundle = Bundle::open(&from.join(bundle::FILE)).map_err(unreadable)?;
    let file = BufWriter::new(File::create(to.join(bundle::FILE))?);
    let mut file = GzEncoder::new(file, Compression::default());
    file.write_all(bundle.line())?;
    while let Some(case) = bundle.next_case().map_err(unreadable)? {
        if lines
            .get(case.place)
            .is_some_and(|line| line.shown().is_some())
        {
            file.write_all(bundle.line())?;
        }
    }
    if bundle.end().is_some() {
        file.write_all(bundle.line())?;
    }
    file.finish()?.flush()?;
    seal::write(&to.join(LEAVES), &lines)?;
    Ok(hidden)
}
