//! Radio and wire between a terminal and the acquirer's host, in two layers, so that a terminal
//! sees what it would see in the field.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`netem`] | packets: delayed, lost, doubled, damaged and reordered as by Linux's tc-netem |
//! | [`stream`] | TCP on top: what is lost comes later, stalls or ends by reset, and is never missing |
//! | [`profiles`] | named radio conditions, in a data file |
//! | [`counters`] | what a link counted |
//!
//! A [`Link`] is one radio or wire with everything that runs over it. It does no I/O and has no
//! clock: calls carry the time, [`Link::wake_at`] says when [`Link::wake`] is due, [`Link::poll`]
//! hands out what happened. The same seed and the same calls make the same decisions.

pub mod counters;
mod driver;
pub mod netem;
mod output;
pub mod profiles;
pub mod stream;
mod wire;

use serde::{Deserialize, Serialize};

pub use self::driver::{Link, NotOpen};
pub use self::output::{FaultFired, Output, PacketTrace};
/// How a connection ended, and why one could not be made: the words of the terminal protocol.
pub use crate::terminal::{Refusal, StreamEnd as Closing};

/// A connection over a link. Unique for the life of the bench: a terminal counts its own afresh
/// after a restart.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ConnId(pub u32);

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Who connects.
    Terminal,
    /// Who is connected to.
    Host,
}

/// One direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// Terminal to host.
    Up,
    /// Host to terminal.
    Down,
}

/// What the far end does with a wish to connect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Listener {
    /// Somebody is there.
    #[default]
    Accepting,
    /// Nobody listens: connecting is refused at once.
    Refusing,
    /// Whoever is there says nothing: connecting times out.
    Silent,
}

impl Side {
    /// The end across.
    #[must_use]
    pub const fn peer(self) -> Self {
        match self {
            Self::Terminal => Self::Host,
            Self::Host => Self::Terminal,
        }
    }

    /// The direction in which this end sends.
    pub const fn sends(self) -> Direction {
        match self {
            Self::Terminal => Direction::Up,
            Self::Host => Direction::Down,
        }
    }

    const fn index(self) -> usize {
        self as usize
    }
}

impl Direction {
    /// The end at which packets of this direction arrive.
    pub const fn to(self) -> Side {
        match self {
            Self::Up => Side::Host,
            Self::Down => Side::Terminal,
        }
    }

    const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests;
