//! The port to a terminal that keeps its own time (terminal protocol §2, live): it acts when it wants
//! to, and the bench waits for it instead of jumping. Its connections are real; here they are the
//! actions `host.open`, `host.send` and `host.close`, as in lockstep, and what the acquirer sends
//! reaches it as the events `host.*`. Nothing above the bench knows the difference.
//!
//! Not here: sockets and clocks. The program has them.

use super::{Action, TerminalError};
use crate::link::Listener;
use crate::time::{Span, Time};
use crate::vocabulary::Face;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waited {
    /// What time it is for the bench; never after the instant that was waited for.
    pub now: Time,
    /// By how much the instant that was waited for has been missed.
    pub late: Span,
}

/// A terminal that keeps its own time.
pub trait Live {
    /// Lets time pass up to `until`, or until the terminal has done something, which is added to
    /// `actions`.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when the terminal broke meanwhile.
    fn wait(&mut self, until: Time, actions: &mut Vec<Action>) -> Result<Waited, TerminalError>;

    /// What the terminal meets from now on when it connects over the link of this place, and whom,
    /// where connections are secured.
    fn listen(&mut self, link: usize, listener: Listener, face: Option<Face>);

    /// How many times slower than the bench's the terminal's own clock runs.
    fn scale(&self) -> u32;

    /// How exactly instants are known, in the time of the bench: what misses a limit by no more has
    /// not missed it, and where the suite itself was later than this nothing is judged.
    fn tolerance(&self) -> Span;
}
