//! The cases of a certificate run again, and compared with its leaves: the digests of their records, and
//! what was found broken. A case that is not shown cannot be compared.

use std::io;

use counterproof_sim::terminal::Identity;

use super::leaf::Line;
use super::refusal::Refusal;
use crate::evidence::header::product;
use crate::evidence::{CaseEvidence, Reporter, RunEnd, RunHeader};

/// Names of cases that are listed.
const LISTED: usize = 5;

/// A comparison in the making.
#[derive(Debug)]
pub struct Comparison<'a> {
    lines: &'a [Line],
    certified: &'a Identity,
    found: Option<Identity>,
    compared: usize,
    differing: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// With these leaves, of this terminal.
    pub const fn new(lines: &'a [Line], certified: &'a Identity) -> Self {
        Self {
            lines,
            certified,
            found: None,
            compared: 0,
            differing: Vec::new(),
        }
    }

    /// How many cases went as they had gone.
    ///
    /// # Errors
    /// When it was another terminal, or any case went otherwise.
    pub fn end(self) -> Result<usize, Refusal> {
        let name = |identity: &Identity| format!("{} ({})", product(identity), identity.build);
        if self.found.as_ref() != Some(self.certified) {
            return Err(Refusal::OtherTerminal {
                certified: name(self.certified),
                found: self.found.as_ref().map_or_else(|| "?".to_owned(), name),
            });
        }
        if self.differing.is_empty() {
            return Ok(self.compared);
        }
        Err(Refusal::Replay {
            differing: self.differing.len(),
            compared: self.compared,
            first: self.differing[..self.differing.len().min(LISTED)].join(", "),
        })
    }
}

impl Reporter for Comparison<'_> {
    fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        self.found.clone_from(&header.terminal);
        Ok(())
    }

    fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
        let line = self.lines.get(case.place);
        let Some(leaf) = line.and_then(Line::shown) else {
            return Ok(());
        };
        self.compared += 1;
        let was = (&leaf.id, leaf.verdict, &leaf.broken, leaf.record_digest);
        let is = (&case.id, case.verdict, &case.broken, case.record_digest);
        if was != is {
            self.differing.push(case.id.clone());
        }
        Ok(())
    }

    fn end(&mut self, _: &RunEnd) -> io::Result<()> {
        Ok(())
    }
}
