//! The kinds of reports that can be asked for, in one table. Each is a [`Reporter`] over the same
//! evidence; a new one is a row here.

use std::path::{Path, PathBuf};

use counterproof_sim::vocabulary::Lang;

use super::html::{self, HtmlFile};
use super::junit::{self, Junit};
use super::markdown::{self, Markdown};
use super::messages::{self, Messages};
use super::pcap::{self, PcapFile};
use super::results::{self, ResultsFile};
use crate::evidence::Reporter;
use crate::evidence::bundle::{self, BundleFile};

/// What a report is made with.
#[derive(Clone, Debug)]
pub struct Making<'a> {
    /// The directory.
    pub out: &'a Path,
    /// The language of its sentences.
    pub lang: Lang,
    /// The file to which GitHub wants the summary of a step appended.
    pub step_summary: Option<PathBuf>,
}

/// A kind of report.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// As `--report` names it.
    pub name: &'static str,
    /// Name of its file.
    pub file: &'static str,
    /// Whether it tells the records of passed cases too.
    pub passed_records: bool,
    /// Whether it tells what went over the links, which is kept only then.
    pub captures: bool,
    /// Name of a file that is written beside it, for its readers.
    pub beside: Option<&'static str>,
    make: fn(PathBuf, &Making<'_>) -> Box<dyn Reporter>,
}

/// Every kind of report.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "results",
        file: results::FILE,
        passed_records: false,
        captures: false,
        beside: None,
        make: |path, making| Box::new(ResultsFile::new(path, making.lang)),
    },
    Kind {
        name: "evidence",
        file: bundle::FILE,
        passed_records: true,
        captures: false,
        beside: None,
        make: |path, _| Box::new(BundleFile::new(path)),
    },
    Kind {
        name: "html",
        file: html::FILE,
        passed_records: true,
        captures: false,
        beside: None,
        make: |path, making| Box::new(HtmlFile::new(path, making.lang)),
    },
    Kind {
        name: "junit",
        file: junit::FILE,
        passed_records: false,
        captures: false,
        beside: None,
        make: |path, making| Box::new(Junit::new(path, making.lang)),
    },
    Kind {
        name: "messages",
        file: messages::FILE,
        passed_records: true,
        captures: false,
        beside: None,
        make: |path, making| Box::new(Messages::new(path, making.lang)),
    },
    Kind {
        name: "markdown",
        file: markdown::FILE,
        passed_records: false,
        captures: false,
        beside: None,
        make: |path, making| {
            let summary = making.step_summary.clone();
            Box::new(Markdown::new(path, summary, making.lang))
        },
    },
    Kind {
        name: pcap::NAME,
        file: pcap::FILE,
        passed_records: true,
        captures: true,
        beside: Some(pcap::DISSECTOR),
        make: |path, making| Box::new(PcapFile::new(path, making.lang)),
    },
];

/// The kinds that every directory of reports has.
pub const ALWAYS: [&str; 2] = ["results", "evidence"];

impl Kind {
    /// The kind of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// A report of this kind in the making.
    pub fn make(&self, making: &Making<'_>) -> Box<dyn Reporter> {
        (self.make)(self.path(making.out), making)
    }

    /// Its file in that directory.
    pub fn path(&self, out: &Path) -> PathBuf {
        out.join(self.file)
    }
}
