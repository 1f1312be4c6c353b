//! The scanner as its driver shows it: armed or not, well or not, and the code it last delivered.

use super::code::Code;
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
    /// The driver reports a state.
    pub(super) const fn report(&mut self, state: ScannerFault) {
        self.fault = match state {
            ScannerFault::Dead | ScannerFault::NoDecode => Some(state),
            ScannerFault::Ok => None,
            // It gave up once, and is as well or ill as before.
            ScannerFault::Timeout => self.fault,
        };
    }

    /// A scanner that reads is well.
    pub(super) const fn has_read(&mut self) {
        self.fault = None;
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
