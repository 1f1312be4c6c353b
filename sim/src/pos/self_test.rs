//! The self-test: what the drivers of scanner and printer say, each link by connecting, the host by
//! an echo over each link that connects.
//!
//! Not here: the echo itself (see [`super::engine`]).

use std::collections::BTreeMap;

use super::defects::Defect;
use super::device::{Device, Task};
use super::notes::Note;
use super::storage::Health;
use super::texts::Text;
use crate::terminal::{Action, LinkName, PartState, SelfTestParts};
use crate::time::{Span, Time};
use crate::vocabulary::Reason;

/// How long a scanner's driver may take to say what is wrong with it.
const DRIVER: Span = Span::from_secs(1);

/// A self-test that is under way.
#[derive(Clone, Debug)]
pub(super) struct Test {
    until: Time,
    count: usize,
    /// What was found of the links, one after the other.
    found: Vec<Found>,
    /// The host has answered an echo.
    host: bool,
}

/// What was found of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Its modem has no network.
    Down,
    /// Nobody has answered at its other end.
    Silent,
    /// Somebody has, be it with a refusal.
    Reached,
}

impl Test {
    /// The link to be tested next.
    pub(super) fn link(&self) -> Option<usize> {
        Some(self.found.len()).filter(|next| *next < self.count)
    }

    /// Until when the scanner's driver is waited for.
    pub(super) const fn until(&self) -> Time {
        self.until
    }

    /// Whether everything was tested.
    pub(super) fn is_over(&self, now: Time) -> bool {
        self.link().is_none() && self.until <= now
    }

    /// State of each link, and of the host where a link reached it.
    fn judge(&self, blames_link: bool) -> (Vec<PartState>, Option<PartState>) {
        let of = |found| self.found.iter().filter(|f| **f == found).count();
        let (silent, reached) = (of(Found::Silent), of(Found::Reached));
        // That two networks with a signal fail at once is less likely than that the one host does
        // to which both lead.
        let all_silent = reached == 0 && silent > 1;
        let failed = !self.host && (reached > 0 || all_silent);
        let link = |found: &Found| {
            let well = match found {
                Found::Down => false,
                Found::Silent => all_silent,
                Found::Reached => true,
            };
            state(well && !(blames_link && failed))
        };
        let host = match (self.host, failed) {
            (true, _) => Some(PartState::Ok),
            (false, true) => Some(state(blames_link)),
            (false, false) => None,
        };
        (self.found.iter().map(link).collect(), host)
    }
}

impl Device {
    /// The cashier wants a self-test.
    pub(super) fn test_wanted(&mut self) {
        if self.task.is_some() {
            return self.show_problem(Text::Problem, Reason::Busy);
        }
        self.task = Some(Task::Test(Test {
            until: self.now + DRIVER,
            count: self.config.links.len(),
            found: Vec::new(),
            host: false,
        }));
        self.show(Text::Testing);
        if !self.defects.has(Defect::SelfTestStale) {
            // An armed scanner says what is wrong with it.
            self.scanner.armed = true;
            self.out.push(Action::ScannerOn);
        }
    }

    /// The next link to be connected over; those without a network need no trying.
    pub(super) fn next_link_to_test(&mut self) -> Option<usize> {
        let Some(Task::Test(test)) = &mut self.task else {
            return None;
        };
        while let Some(link) = test.link() {
            if self.line.is_up(link) {
                return Some(link);
            }
            test.found.push(Found::Down);
        }
        None
    }

    /// The echo over a link is over: it found no connection, for that reason, or it was answered
    /// well or not.
    pub(super) fn link_tested(&mut self, failure: Option<Reason>, answered: bool) {
        if let Some(Task::Test(test)) = &mut self.task {
            test.host |= answered;
            test.found.push(match failure {
                Some(Reason::NoSignal) => Found::Down,
                Some(Reason::NetworkTimeout) => Found::Silent,
                Some(_) | None => Found::Reached,
            });
        }
        self.hang_up();
    }

    /// Everything was tested.
    pub(super) fn test_is_over(&mut self) {
        let Some(Task::Test(test)) = self.task.take() else {
            return;
        };
        self.disarm();
        let always_ok = self.defects.has(Defect::SelfTestAlwaysOk);
        let stale = self.defects.has(Defect::SelfTestStale);
        let (links, host) = test.judge(self.defects.has(Defect::HostBlamedOnLink));
        let part = |well: bool| state(well || always_ok);
        let scanner = !self.scanner.is_dead() && !self.scanner.decodes_nothing();
        let links: BTreeMap<LinkName, PartState> = self
            .config
            .links
            .iter()
            .cloned()
            .zip(links.iter().map(|link| part(*link == PartState::Ok)))
            .collect();
        let parts = SelfTestParts {
            scanner: part(scanner || stale),
            display: PartState::Ok,
            keypad: PartState::Ok,
            printer: Some(part(!self.printer.is_faulty() || stale)),
            storage: part(!matches!(self.health, Health::Empty | Health::Lost)),
            host: host.map(|host| part(host == PartState::Ok)),
            links,
        };
        let faults = [parts.scanner, parts.storage]
            .into_iter()
            .chain(parts.printer)
            .chain(parts.host)
            .chain(parts.links.values().copied());
        let well = faults.into_iter().all(|part| part == PartState::Ok);
        self.note(if well {
            Note::SelfTestPassed
        } else {
            Note::SelfTestFailed
        });
        self.out.push(Action::SelfTest { parts });
        self.show(if well {
            Text::TestPassed
        } else {
            Text::TestFailed
        });
    }
}

const fn state(well: bool) -> PartState {
    if well {
        PartState::Ok
    } else {
        PartState::Fault
    }
}
