//! The report for people: one page that needs nothing else – no network, no server – in both
//! languages, with every scenario as a sequence of messages.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`view`] | what the page shows of a case, as data |
//! | `story`, `facts`, `events`, `acts`, `messages` | a record turned into that |
//! | [`phrases`] | what is said, in both languages, each phrase once |
//! | [`page`](Page) | the file, written while the run goes on |
//! | `index` | what the page knows at once |
//! | `chunks` | what it unpacks when it is asked |
//! | `page/` | the page itself: markup, style, scripts |

mod acts;
mod chunks;
mod events;
mod facts;
mod index;
mod messages;
mod page;
pub mod phrases;
mod story;
#[cfg(test)]
mod tests;
pub mod view;

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;

use counterproof_sim::vocabulary::Lang;

pub use self::page::Page;
use crate::evidence::{CaseEvidence, Reporter, RunEnd, RunHeader};

/// Name of the file.
pub const FILE: &str = "report.html";

/// Both languages of a page.
const LANGUAGES: [Lang; 2] = [Lang::En, Lang::Zh];

/// The report as a file.
pub struct HtmlFile {
    path: PathBuf,
    lang: Lang,
    page: Option<Page<BufWriter<File>>>,
}

impl HtmlFile {
    /// The file at `path`, which opens in `lang`.
    pub const fn new(path: PathBuf, lang: Lang) -> Self {
        let page = None;
        Self { path, lang, page }
    }
}

impl Reporter for HtmlFile {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let file = BufWriter::new(File::create(&self.path)?);
        self.page = Some(Page::begin(file, header, self.lang)?);
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        self.page.as_mut().map_or(Ok(()), |page| page.case(case))
    }

    fn end(&mut self, end: &RunEnd) -> io::Result<()> {
        self.page.take().map_or(Ok(()), |page| page.end(end))
    }
}
