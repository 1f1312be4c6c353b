//! The evidence of a certificate in the making: the bundle, the leaves beside it, and what the statement
//! says of both.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::leaf::{Leaf, Line, hashes};
use super::{LEAVES, tree};
use crate::evidence::bundle::{self, BundleFile};
use crate::evidence::{CaseEvidence, Digest, Reporter, RunEnd, RunHeader};

/// What a statement says of its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// How many leaves the tree has.
    pub size: usize,
    /// Its root.
    pub root: Digest,
    /// Digest of the file of leaves.
    pub leaves: Digest,
    /// Digest of the bundle, as a file.
    pub bundle: Digest,
    /// Digest of the first line in the bundle.
    pub header: Digest,
    /// Digest of the last line in the bundle.
    pub end: Digest,
}

/// Evidence in the making.
#[derive(Debug)]
pub struct Sealer {
    folder: PathBuf,
    bundle: BundleFile,
    lines: Vec<Line>,
    header: Option<Digest>,
    seal: Option<Seal>,
}

impl Sealer {
    /// Evidence in this directory, which is there.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            bundle: BundleFile::new(folder.join(bundle::FILE)),
            lines: Vec::new(),
            header: None,
            seal: None,
        }
    }

    /// What is to be said of it; `None` before the run is over, or where it could not be written.
    pub const fn seal(&self) -> Option<Seal> {
        self.seal
    }

    fn line(&self) -> Digest {
        Digest(Sha256::digest(self.bundle.line()).into())
    }
}

impl Reporter for Sealer {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.bundle.begin(header)?;
        self.header = Some(self.line());
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        self.bundle.case(case)?;
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(io::Error::other)?;
        let leaf = Leaf::of(case, self.line(), salt);
        self.lines.push(Line::Leaf(Box::new(leaf)));
        Ok(())
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        self.bundle.end(end)?;
        let end = self.line();
        write(&self.folder.join(LEAVES), &self.lines)?;
        let hashes = hashes(&self.lines);
        self.seal = Some(Seal {
            size: hashes.len(),
            root: tree::root(&hashes),
            leaves: of_file(&self.folder.join(LEAVES))?,
            bundle: of_file(&self.folder.join(bundle::FILE))?,
            header: self.header.unwrap_or(end),
            end,
        });
        Ok(())
    }
}

/// Writes the file of leaves.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, lines: &[Line]) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for line in lines {
        writeln!(file, "{}", line.write())?;
    }
    file.flush()
}

/// Digest of a file.
///
/// # Errors
/// When it cannot be read.
pub fn of_file(path: &Path) -> io::Result<Digest> {
    Ok(Digest(Sha256::digest(fs::read(path)?).into()))
}
