//! The files that a command writes: which were asked for, where they go, and what is said of them.

use std::env;
use std::fs;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use counterproof_scenarios::language::nearest;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::vocabulary::Lang;

use super::args::ReportArgs;
use super::console::{Console, complain};
use crate::evidence::Reporter;
use crate::exit::Failure;
use crate::report::annotations::Annotations;
use crate::report::console::Report;
use crate::report::failure::Telling;
use crate::report::kinds::{ALWAYS, KINDS, Kind, Making};
use crate::report::timeline::Teller;
use crate::report::{pcap, results};
use crate::run::summary::Summary;
use crate::texts::{cli as texts, formats};

/// Where reports go that were asked for without a directory.
const DIRECTORY: &str = "counterproof-report";

/// The files that a command writes.
pub struct Reports {
    out: Option<PathBuf>,
    kinds: Vec<&'static Kind>,
    made: Vec<Box<dyn Reporter>>,
    /// Whether reports were asked for by name.
    is_asked: bool,
    lang: Lang,
}

impl Reports {
    /// Those that `args` ask for, in a directory that can be written.
    ///
    /// # Errors
    /// When there is no such report, or the directory cannot be made.
    pub fn of(args: &ReportArgs, lang: Lang) -> Result<Self, Failure> {
        let mut kinds: Vec<&'static Kind> = Vec::new();
        let names = args.report.iter().map(|name| name.trim());
        let names = names.chain(args.pcap.then_some(pcap::NAME));
        for name in ALWAYS.into_iter().chain(names) {
            let kind = Kind::find(name).ok_or_else(|| unknown(name, lang))?;
            if !kinds.iter().any(|known| known.name == kind.name) {
                kinds.push(kind);
            }
        }
        let is_asked = args.pcap || !args.report.is_empty();
        let out = args
            .out
            .clone()
            .or_else(|| is_asked.then(|| DIRECTORY.into()));
        if let Some(out) = &out {
            // Not being able to write is found out before the run, not after it.
            fs::create_dir_all(out).map_err(|error| unwritable(out, &error, lang))?;
        } else {
            kinds.clear();
        }
        Ok(Self {
            out,
            kinds,
            made: Vec::new(),
            is_asked,
            lang,
        })
    }

    /// The directory, where anything is written.
    pub fn out(&self) -> Option<&Path> {
        self.out.as_deref()
    }

    /// Whether digests of records are asked for.
    pub fn want_digests(&self) -> bool {
        !self.kinds.is_empty()
    }

    /// Whether a report tells the records of passed cases too.
    pub fn want_passed_records(&self) -> bool {
        self.kinds.iter().any(|kind| kind.passed_records)
    }

    /// Whether a report tells what went over the links.
    pub fn want_captures(&self) -> bool {
        self.kinds.iter().any(|kind| kind.captures)
    }

    /// The reports in the making, behind the summary for the console.
    pub fn begin<'r>(&'r mut self, summary: &'r mut Summary) -> Vec<&'r mut dyn Reporter> {
        let mut reporters: Vec<&mut dyn Reporter> = vec![summary];
        let Some(out) = &self.out else {
            return reporters;
        };
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        let making = Making {
            out,
            lang: self.lang,
            step_summary: set("GITHUB_STEP_SUMMARY").map(PathBuf::from),
        };
        self.made = self.kinds.iter().map(|kind| kind.make(&making)).collect();
        if self.is_asked && set("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
            self.made
                .push(Box::new(Annotations::new(io::stdout(), self.lang)));
        }
        reporters.extend(
            self.made
                .iter_mut()
                .map(|report| report.as_mut() as &mut dyn Reporter),
        );
        reporters
    }

    /// Says which files were written.
    ///
    /// # Errors
    /// When one could not be: `troubles` are those of [`Reports::begin`].
    pub fn end(&self, troubles: Vec<Option<io::Error>>) -> Result<(), Failure> {
        let Some(out) = &self.out else {
            return Ok(());
        };
        // The first is that of the summary, which is in memory.
        for (place, trouble) in troubles.into_iter().skip(1).enumerate() {
            if let Some(error) = trouble {
                let path = self.kinds.get(place).map(|kind| kind.path(out));
                return Err(unwritable(
                    path.as_deref().unwrap_or(out),
                    &error,
                    self.lang,
                ));
            }
        }
        if self.is_asked {
            let names = self.kinds.iter();
            let names = names.flat_map(|kind| iter::once(kind.file).chain(kind.beside));
            let files: Vec<String> = names
                .map(|name| out.join(name).display().to_string())
                .collect();
            complain(&formats::written(self.lang, files.join(", ")));
        }
        Ok(())
    }

    /// The report on the console.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print(
        &self,
        summary: &Summary,
        console: Console,
        is_quiet: bool,
        is_verbose: bool,
    ) -> Result<(), Failure> {
        let results = self.out.as_ref().map(|out| out.join(results::FILE));
        let results = results.map(|path| path.display().to_string());
        let report = Report {
            telling: Telling {
                teller: Teller {
                    // A header that was read has a dialect that is known.
                    dialect: summary.header.speaks().unwrap_or(Dialect::cup()),
                    lang: console.lang,
                    show_codes: summary.header.show_codes,
                },
                style: console.style,
                whole: is_verbose,
            },
            results: results.as_deref(),
        };
        let text = if is_quiet {
            report.verdict(summary)
        } else {
            report.write(summary)
        };
        console.print(&text)
    }
}

fn unknown(name: &str, lang: Lang) -> Failure {
    let names = || KINDS.iter().map(|kind| kind.name);
    let mut text = texts::unknown_report(lang, name);
    if let Some(near) = nearest(name, names()) {
        text.push_str("\n  ");
        text.push_str(&texts::did_you_mean(lang, near));
    }
    text.push_str("\n  ");
    text.push_str(&texts::one_of(lang, names().collect::<Vec<_>>().join(", ")));
    Failure::usage(text)
}

/// A file or directory that cannot be written.
pub fn unwritable(path: &Path, error: &io::Error, lang: Lang) -> Failure {
    Failure::usage(texts::cannot_write(lang, path.display(), error))
}
