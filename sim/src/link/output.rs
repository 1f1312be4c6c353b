//! What a link tells the bench.

use serde::{Deserialize, Serialize};

use super::netem::Fate;
use super::stream::{PacketKind, StreamFaultKind};
use super::{Closing, ConnId, Direction, Refusal, Side};
use crate::time::Time;

/// Something that happened on a link, at the instant at which the link was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A connection stands, as seen from one end. The host's end sees it half a round trip later.
    Connected {
        /// Which.
        conn: ConnId,
        /// Who sees it.
        side: Side,
    },
    /// The terminal's connection could not be made. The host sees nothing of it.
    Refused {
        /// Which.
        conn: ConnId,
        /// Why.
        reason: Refusal,
    },
    /// A call came that nobody hears; the terminal's end does not know.
    Unheard {
        /// Which.
        conn: ConnId,
    },
    /// Bytes arrived, in the order in which they were written, each once.
    Data {
        /// On which connection.
        conn: ConnId,
        /// At which end.
        to: Side,
        /// The bytes, never none.
        bytes: Vec<u8>,
    },
    /// A connection ended, as seen from one end. After `Eof` this end may still write.
    Closed {
        /// Which.
        conn: ConnId,
        /// Who sees it.
        side: Side,
        /// How.
        reason: Closing,
    },
    /// The modem lost or regained its network.
    Carrier {
        /// Whether it has one now.
        up: bool,
    },
    /// An armed fault of a stream struck.
    Fault(FaultFired),
    /// A packet was sent. Only with [`super::Link::set_tracing`].
    Packet(Box<PacketTrace>),
}

/// An armed fault of a stream that struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultFired {
    /// On which connection.
    pub conn: ConnId,
    /// At the end that suffers it.
    pub to: Side,
    /// Which fault.
    pub kind: StreamFaultKind,
    /// At which byte of the stream to that end, counted from 0.
    pub offset: u64,
}

/// A packet, as it was sent and with what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketTrace {
    /// When it was sent.
    pub at: Time,
    /// Whose it is.
    pub conn: ConnId,
    /// Which way.
    pub direction: Direction,
    /// What it is.
    pub kind: PacketKind,
    /// The first byte it carries, counted from 0 on each stream; for the others the next one.
    pub seq: u64,
    /// The next byte that its sender waits for. A FIN counts as one byte.
    pub ack: u64,
    /// The bytes of payload.
    pub len: u32,
    /// What becomes of it.
    pub fate: Fate,
}
