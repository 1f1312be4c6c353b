//! The scanner as its driver shows it: armed or not, well or not, and the code it last delivered.

use super::code::Code;
use super::notes::Note;
use crate::terminal::ScannerFault;
use crate::time::{Span, Time};

/// How long a second read of a code that was taken is the same scan.
const DOUBLE_TRIGGER: Span = Span::from_secs(1);

/// The scanner.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanner {
    /// Whether it delivers what it reads.
    pub armed: bool,
    fault: Option<ScannerFault>,
    taken: Option<(Code, Time)>,
}

impl Scanner {
    /// The driver reports a state, or that it has read, which is as good as well. What is news is
    /// noted.
    pub(super) fn report(&mut self, state: ScannerFault) -> Option<Note> {
        let (fault, note) = match state {
            ScannerFault::Dead => (Some(state), Note::ScannerDead),
            ScannerFault::NoDecode => (Some(state), Note::ScannerBlind),
            ScannerFault::Ok => (None, Note::ScannerWell),
            // It gave up once, and is as well or ill as before.
            ScannerFault::Timeout => return None,
        };
        (std::mem::replace(&mut self.fault, fault) != fault).then_some(note)
    }

    /// Whether it does not work.
    pub(super) fn is_dead(&self) -> bool {
        self.fault == Some(ScannerFault::Dead)
    }

    /// Whether it sees something and decodes nothing.
    pub(super) fn decodes_nothing(&self) -> bool {
        self.fault == Some(ScannerFault::NoDecode)
    }

    /// The code is being paid with.
    pub(super) const fn take(&mut self, code: Code, now: Time) {
        self.taken = Some((code, now));
    }

    /// Whether this read is the second half of a double trigger.
    pub(super) fn is_echo(&self, code: Code, now: Time) -> bool {
        self.taken
            .is_some_and(|(taken, then)| taken == code && now.since(then) <= DOUBLE_TRIGGER)
    }
}
