//! The port to the terminal under test: what is said to it and what it does. One trait for all of
//! them – the built-in reference terminal, a child process, a device on live sockets – so that
//! nothing else knows which one it talks to. The words and members are those of the terminal
//! protocol, version 1, and a contract.
//!
//! Not here: how a terminal is attached (the program does that) and the reference terminal itself
//! ([`crate::pos`]).

mod action;
mod bytes;
mod damage;
mod event;
mod lines;
mod live;
mod setup;

pub use action::{
    Action, LogLevel, Outcome, PaidOperation, PrintCopy, SelfTestParts, Status, Totals,
};
pub use action::{DeviceLogEntry, PartState};
pub(crate) use bytes::digits;
pub use bytes::{Bytes, hex, unhex};
pub use damage::{DamageKind, StorageDamage, places};
pub use event::{
    Event, Flow, LinkName, OrderId, PrinterFault, Refusal, ScannerFault, StreamEnd, Symbology,
};
pub use lines::Lines;
pub use live::{Live, Waited};
pub use setup::{
    Boot, Capabilities, HostAddress, HostLink, Identity, Mode, ScannerKind, Setup, TerminalAccount,
    Timing, Tls,
};

use thiserror::Error;

use crate::time::Time;

/// What a terminal answers to an event: the actions it takes at that instant, in order, and when
/// it next wants to be woken (`None`: not at all).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// In the order in which the terminal took them.
    pub actions: Vec<Action>,
    /// Replaces every earlier wish.
    pub wake_at: Option<Time>,
}

/// Why a terminal could not be talked to. None of these is a verdict about its behaviour at the
/// counter; the scenario ends as `error`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TerminalError {
    /// The terminal answers error -32001: it does not know the event, or does not claim the
    /// capability that it belongs to. The event changed nothing.
    #[error("the terminal does not support the event {event}")]
    Unsupported {
        /// The event's `type`.
        event: String,
    },
    /// A person who operates the terminal gave up, or did not answer: nothing can be said.
    #[error("{what}")]
    GivenUp {
        /// Of what.
        what: String,
    },
    /// The conversation broke: it died, was silent, sent garbage or too much.
    #[error("{what}; {remedy}")]
    Broken {
        /// What happened and where.
        what: String,
        /// What the vendor can do.
        remedy: String,
    },
}

/// A terminal under test.
pub trait Terminal {
    /// Power comes: the terminal starts, with empty storage (`factory`) or with what it had made
    /// durable (`cold`). The first thing after creation and after every power cut; called again
    /// without one, the terminal drops what it holds in memory and starts as asked.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when it does not start.
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError>;

    /// Something happens to the terminal. The reply is written to `reply`, which is empty.
    ///
    /// # Errors
    /// [`TerminalError`]; the reply is then void.
    fn event(&mut self, at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError>;

    /// The power fails now: whatever is not durable is gone, and no answer comes any more.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when the power cannot be cut.
    fn cut_power(&mut self) -> Result<(), TerminalError>;

    /// The power fails while the terminal handles this event: everything that it makes durable
    /// before it would answer is kept, the answer is lost. With `writes` the cut comes earlier,
    /// after that many storage writes; a terminal whose storage is out of reach cannot be cut
    /// there, and is cut in place of the answer.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when the power cannot be cut.
    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        writes: Option<u32>,
    ) -> Result<(), TerminalError>;

    /// Damages the storage of a terminal that has no power; the result is how many of its files
    /// changed, `None` where its storage is out of reach.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when the terminal has power, or a file cannot be written.
    fn damage_storage(&mut self, damage: StorageDamage) -> Result<Option<u32>, TerminalError> {
        let _ = damage;
        Ok(None)
    }

    /// The lengths of the files that [`Self::damage_storage`] can damage, in the order of their names;
    /// `None` where the storage is out of reach.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when they cannot be read.
    fn storage_files(&mut self) -> Result<Option<Vec<u64>>, TerminalError> {
        Ok(None)
    }

    /// How many storage writes the terminal has made so far, counted round, or how often the storage was
    /// found changed, where writes cannot be told from one another; `None` where it is out of reach.
    fn storage_writes(&mut self) -> Option<u32> {
        None
    }

    /// The pace of a terminal that keeps its own time; `None` for one in lockstep.
    fn live(&mut self) -> Option<&mut dyn Live> {
        None
    }

    /// The scenario is over and nothing more is asked: whether the terminal has said what it was asked
    /// for and no more, and is still there. What it says later nobody can lay to this scenario.
    ///
    /// # Errors
    /// [`TerminalError::Broken`] when it has not, or is not.
    fn at_rest(&mut self) -> Result<(), TerminalError> {
        Ok(())
    }

    /// What the terminal wrote outside of the protocol since this was last asked – a child process
    /// to its standard error – as evidence.
    fn evidence(&mut self) -> String {
        String::new()
    }
}
