//! A bundle in the making. After every case what was written can be read, even if nothing follows.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::LineOf;
use crate::evidence::{CaseEvidence, Reporter, RunEnd, RunHeader};

/// A bundle in the making.
#[derive(Debug)]
pub struct BundleFile {
    path: PathBuf,
    file: Option<GzEncoder<BufWriter<File>>>,
    line: Vec<u8>,
}

impl BundleFile {
    /// The bundle at `path`, which is written anew.
    pub const fn new(path: PathBuf) -> Self {
        Self {
            path,
            file: None,
            line: Vec::new(),
        }
    }

    /// The line that was written last, with its end.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    fn write(&mut self, line: &LineOf<'_>) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        file.write_all(&self.line)?;
        file.flush()
    }
}

impl Reporter for BundleFile {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let file = BufWriter::new(File::create(&self.path)?);
        self.file = Some(GzEncoder::new(file, Compression::fast()));
        self.write(&LineOf::Header(header))
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        self.write(&LineOf::Case(case))
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        self.write(&LineOf::End(end))?;
        match self.file.take() {
            Some(file) => file.finish()?.flush(),
            None => Ok(()),
        }
    }
}
