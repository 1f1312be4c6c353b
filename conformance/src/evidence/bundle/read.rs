//! A bundle read again, case by case.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use thiserror::Error;

use super::{FILE, Line};
use crate::evidence::header::SCHEMA;
use crate::evidence::{CaseEvidence, RunEnd, RunHeader};

/// A bundle that is being read.
#[derive(Debug)]
pub struct Bundle {
    path: PathBuf,
    lines: BufReader<MultiGzDecoder<BufReader<File>>>,
    header: RunHeader,
    line: Vec<u8>,
    number: usize,
    end: Option<RunEnd>,
}

/// Why a file is no bundle.
#[derive(Debug, Error)]
pub enum BundleError {
    /// It cannot be read.
    #[error("{path}: {why}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        why: io::Error,
    },
    /// It breaks off before the first line ends.
    #[error("{path}: the run was stopped before anything was written")]
    Empty {
        /// The file.
        path: String,
    },
    /// It is something else, or was changed.
    #[error("{path}: line {line} is no evidence of a run: {why}")]
    Form {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// It was written by another version.
    #[error("{path}: the evidence has the schema {schema}, and this program reads {SCHEMA}")]
    Schema {
        /// The file.
        path: String,
        /// Its schema.
        schema: String,
    },
}

impl Bundle {
    /// Opens the bundle at `path`, or the one in that directory.
    ///
    /// # Errors
    /// When there is none, or none that this program reads.
    pub fn open(path: &Path) -> Result<Self, BundleError> {
        let path = if path.is_dir() {
            path.join(FILE)
        } else {
            path.to_owned()
        };
        let name = path.display().to_string();
        let file = File::open(&path).map_err(|why| BundleError::Unreadable {
            path: name.clone(),
            why,
        })?;
        let mut lines = BufReader::new(MultiGzDecoder::new(BufReader::new(file)));
        let mut line = Vec::new();
        let header = match next(&mut lines, &mut line, &name, 1)? {
            None => return Err(BundleError::Empty { path: name }),
            Some(Line::Header(header)) => *header,
            Some(Line::Case(_) | Line::End(_)) => {
                return Err(BundleError::Form {
                    path: name,
                    line: 1,
                    why: "it does not begin with a header".into(),
                });
            }
        };
        if header.schema != SCHEMA {
            return Err(BundleError::Schema {
                path: name,
                schema: header.schema,
            });
        }
        if header.speaks().is_none() {
            return Err(BundleError::Form {
                path: name,
                line: 1,
                why: format!(
                    "this program does not know the dialect {:?}",
                    header.dialect
                ),
            });
        }
        Ok(Self {
            path,
            lines,
            header,
            line,
            number: 1,
            end: None,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the run began.
    pub const fn header(&self) -> &RunHeader {
        &self.header
    }

    /// The next case; `None` behind the last one, and where a run was stopped that had not ended.
    ///
    /// # Errors
    /// When the file was changed, or cannot be read.
    pub fn next_case(&mut self) -> Result<Option<CaseEvidence>, BundleError> {
        if self.end.is_some() {
            return Ok(None);
        }
        self.number += 1;
        let name = self.path.display().to_string();
        match next(&mut self.lines, &mut self.line, &name, self.number)? {
            Some(Line::Case(case)) => Ok(Some(*case)),
            Some(Line::End(end)) => {
                self.end = Some(end);
                Ok(None)
            }
            None => Ok(None),
            Some(Line::Header(_)) => Err(BundleError::Form {
                path: name,
                line: self.number,
                why: "a second header".into(),
            }),
        }
    }

    /// The line that was read last, as it stands in the file, with its end.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// Whether nothing follows the last line.
    pub fn is_at_end(&mut self) -> bool {
        self.lines.fill_buf().is_ok_and(<[u8]>::is_empty)
    }

    /// How the run ended; `None` before the last case, and where it was stopped.
    pub const fn end(&self) -> Option<&RunEnd> {
        self.end.as_ref()
    }
}

/// No scenario's evidence comes near it. A few kilobytes can be packed so that they fill the memory.
const LONGEST_LINE: u64 = 64 << 20;

/// The next whole line; `None` where the file ends or is torn.
fn next(
    lines: &mut BufReader<MultiGzDecoder<BufReader<File>>>,
    line: &mut Vec<u8>,
    path: &str,
    number: usize,
) -> Result<Option<Line>, BundleError> {
    line.clear();
    let form = |why: String| BundleError::Form {
        path: path.to_owned(),
        line: number,
        why,
    };
    match lines.take(LONGEST_LINE).read_until(b'\n', line) {
        Ok(read) if read as u64 == LONGEST_LINE => {
            return Err(form("it is longer than any evidence".into()));
        }
        Ok(_) if line.last() == Some(&b'\n') => {}
        Ok(_) => return Ok(None),
        Err(why) if why.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(why)
            if why.kind() == ErrorKind::InvalidInput || why.kind() == ErrorKind::InvalidData =>
        {
            return Err(form(why.to_string()));
        }
        Err(why) => {
            return Err(BundleError::Unreadable {
                path: path.to_owned(),
                why,
            });
        }
    }
    serde_json::from_slice(line)
        .map(Some)
        .map_err(|why| form(why.to_string()))
}

#[cfg(test)]
mod tests {
    use std::io::{Write as _, repeat};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let mut packed = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
        io::copy(&mut repeat(b'x').take(LONGEST_LINE + 1), &mut packed).unwrap();
        packed.flush().unwrap();
        packed.finish().unwrap();
        let error = Bundle::open(&path).unwrap_err().to_string();
        assert!(error.contains("longer than any evidence"), "{error}");
    }
}
