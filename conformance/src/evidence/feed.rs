//! Results as they come, told to the reports in the order of the plan. What came too early waits; many
//! of those wait packed, so that one slow case does not fill the memory with the records of the others.
//! Packing is work, and those are packed that have to wait longest.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::{CaseEvidence, Reporter, RunEnd, RunHeader, Tally};

/// Cases that wait as they are; further ones are packed.
const UNPACKED: usize = 200;

/// Reports in the making, and what waits for its turn.
pub struct Feed<'r> {
    outlets: Vec<Outlet<'r>>,
    tally: Tally,
    /// Places that are still to come, last first.
    due: Vec<usize>,
    waiting: BTreeMap<usize, Waiting>,
    /// The places of those that wait as they are.
    unpacked: BTreeSet<usize>,
    /// Cases that are still to be told of.
    missing: usize,
}

/// A report, and what went wrong with it.
struct Outlet<'r> {
    reporter: &'r mut dyn Reporter,
    trouble: Option<io::Error>,
}

enum Waiting {
    Ready(Box<CaseEvidence>),
    Packed(Vec<u8>),
}

impl<'r> Feed<'r> {
    /// Begins the reports of a run. `places` are those of its cases in the plan, ascending.
    pub fn begin(
        reporters: Vec<&'r mut dyn Reporter>,
        header: &RunHeader,
        places: impl DoubleEndedIterator<Item = usize>,
    ) -> Self {
        let mut feed = Self {
            outlets: reporters
                .into_iter()
                .map(|reporter| Outlet {
                    reporter,
                    trouble: None,
                })
                .collect(),
            tally: Tally::new(header),
            due: places.rev().collect(),
            waiting: BTreeMap::new(),
            unpacked: BTreeSet::new(),
            missing: header.cases,
        };
        feed.tell(|reporter| reporter.begin(header));
        feed
    }

    /// One more case, in any order.
    pub fn case(&mut self, case: CaseEvidence) {
        if self.due.last() != Some(&case.place) {
            self.park(case);
            return;
        }
        self.tell_case(&case);
        while let Some(waiting) = self.due.last().and_then(|place| self.waiting.remove(place)) {
            match waiting {
                Waiting::Ready(case) => {
                    self.unpacked.remove(&case.place);
                    self.tell_case(&case);
                }
                Waiting::Packed(packed) => match unpack(&packed) {
                    Ok(case) => self.tell_case(&case),
                    Err(error) => unreachable!("what was packed here can be unpacked: {error}"),
                },
            }
        }
    }

    /// One more case, where they come in the order of the plan.
    pub fn in_order(&mut self, case: &CaseEvidence) {
        self.missing = self.missing.saturating_sub(1);
        self.tally.add(case);
        self.tell(|reporter| reporter.case(case));
    }

    /// The run is over, as far as there is evidence of it; what the header announced and nobody told
    /// of was not run.
    pub fn finish(mut self) -> (RunEnd, Vec<Option<io::Error>>) {
        self.tally.not_run(self.missing);
        let end = self.tally.end();
        self.tell(|reporter| reporter.end(&end));
        let troubles = self.outlets.into_iter().map(|outlet| outlet.trouble);
        (end, troubles.collect())
    }

    /// The run is over; `rest` makes the evidence of a case that it did not come to. The result is
    /// what came of it, and what went wrong with each report, in their order.
    pub fn end(
        mut self,
        mut rest: impl FnMut(usize) -> CaseEvidence,
    ) -> (RunEnd, Vec<Option<io::Error>>) {
        while let Some(place) = self.due.last().copied() {
            // What waits behind this one follows by itself.
            self.case(rest(place));
        }
        self.finish()
    }

    fn park(&mut self, case: CaseEvidence) {
        self.unpacked.insert(case.place);
        let before = self
            .waiting
            .insert(case.place, Waiting::Ready(Box::new(case)));
        debug_assert!(before.is_none(), "a case has one result");
        if self.unpacked.len() > UNPACKED
            && let Some(last) = self.unpacked.pop_last()
            && let Some(waiting) = self.waiting.get_mut(&last)
            && let Waiting::Ready(case) = waiting
        {
            *waiting = Waiting::Packed(pack(case));
        }
    }

    fn tell_case(&mut self, case: &CaseEvidence) {
        self.due.pop();
        self.in_order(case);
    }

    fn tell(&mut self, what: impl Fn(&mut dyn Reporter) -> io::Result<()>) {
        for outlet in self.outlets.iter_mut().filter(|o| o.trouble.is_none()) {
            outlet.trouble = what(outlet.reporter).err();
        }
    }
}

fn pack(case: &CaseEvidence) -> Vec<u8> {
    let json = serde_json::to_vec(case).expect("evidence is JSON");
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
    let packed = packer.write_all(&json).and_then(|()| packer.finish());
    packed.expect("memory can be written")
}

fn unpack(packed: &[u8]) -> serde_json::Result<CaseEvidence> {
    let mut json = Vec::new();
    // An error leaves the text short, which the next line notices.
    let _ = io::Read::read_to_end(&mut DeflateDecoder::new(packed), &mut json);
    serde_json::from_slice(&json)
}

#[cfg(test)]
mod tests {
    use counterproof_scenarios::requirements::Requirement::Rev01;

    use super::*;
    use crate::report::testing::{case, header, lost_answer};

    /// What a report was told.
    #[derive(Default)]
    struct Told {
        cases: Vec<CaseEvidence>,
        ends: usize,
        fails_at: Option<usize>,
    }

    impl Reporter for Told {
        fn begin(&mut self, _: &RunHeader) -> io::Result<()> {
            Ok(())
        }

        fn case(&mut self, case: &CaseEvidence) -> io::Result<()> {
            if self.fails_at == Some(case.place) {
                return Err(io::Error::other("the disk is full"));
            }
            self.cases.push(case.clone());
            Ok(())
        }

        fn end(&mut self, _: &RunEnd) -> io::Result<()> {
            self.ends += 1;
            Ok(())
        }
    }

    fn at(place: usize) -> CaseEvidence {
        let case = lost_answer(case(&format!("reversal/case-{place}"), &[Rev01]));
        CaseEvidence { place, ..case }
    }

    const CASES: usize = UNPACKED + 50;

    #[test]
    fn reports_are_told_in_the_order_of_the_plan_whatever_comes_first() {
        let mut told = Told::default();
        let mut feed = Feed::begin(vec![&mut told], &header(CASES), 0..CASES);
        for place in (0..CASES).rev() {
            feed.case(at(place));
        }
        let (end, troubles) = feed.end(|place| panic!("{place} has a result"));
        assert_eq!(end.counts.fail, CASES);
        assert!(troubles.iter().all(Option::is_none));
        let places: Vec<usize> = told.cases.iter().map(|case| case.place).collect();
        assert!(places.into_iter().eq(0..CASES));
        // Those that had to wait packed are what they were.
        assert!(told.cases[1] == at(1) && told.cases[CASES - 1] == at(CASES - 1));
        assert_eq!(told.ends, 1);
    }

    #[test]
    fn what_did_not_come_is_told_as_not_run() {
        let mut told = Told::default();
        let mut feed = Feed::begin(vec![&mut told], &header(3), [2, 5, 9].into_iter());
        feed.case(at(9));
        feed.case(at(2));
        let not_run = |place| CaseEvidence {
            place,
            ..case("reversal/stopped", &[Rev01])
        };
        let (end, _) = feed.end(not_run);
        assert_eq!((end.counts.fail, end.counts.not_run), (2, 1));
        let places: Vec<usize> = told.cases.iter().map(|case| case.place).collect();
        assert_eq!(places, [2, 5, 9]);
    }

    #[test]
    fn a_report_that_cannot_be_written_does_not_stop_the_others() {
        let mut broken = Told {
            fails_at: Some(1),
            ..Told::default()
        };
        let mut whole = Told::default();
        let mut feed = Feed::begin(vec![&mut broken, &mut whole], &header(3), 0..3);
        (0..3).for_each(|place| feed.case(at(place)));
        let (_, troubles) = feed.end(|place| panic!("{place} has a result"));
        assert!(troubles[0].is_some() && troubles[1].is_none());
        assert_eq!((broken.cases.len(), broken.ends), (1, 0));
        assert_eq!((whole.cases.len(), whole.ends), (3, 1));
    }
}
