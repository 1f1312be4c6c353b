//! TCP, as far as an application can see it: a connection stands or does not, bytes arrive in
//! order and once, late or never, and it ends by end-of-file or by reset. What packets lose comes
//! again after a time-out that doubles; corruption that a checksum sees is loss.
//!
//! Left out, because messages here are smaller than a window: congestion control (a fixed window
//! of [`WINDOW`] segments that shrinks to one after a time-out, as in slow start), fast
//! retransmission and Nagle's delay. Sequence numbers count bytes from 0.

mod connection;
mod end;
mod faults;
mod packet;
mod receiver;
mod round_trip;
mod sender;

pub(super) use self::connection::Connection;
pub use self::faults::{Chop, Flip, StreamFaultKind, StreamFaults};
pub(super) use self::packet::Packet;
pub use self::packet::PacketKind;
use crate::time::Span;

/// Bytes of IP and TCP header in every packet.
pub const HEADER: u32 = 40;
/// The most bytes of payload that a packet carries.
pub const MSS: u32 = 1_400;
/// The most segments on their way at a time, as Linux begins (RFC 6928).
pub const WINDOW: u32 = 10;
/// The shortest wait before a segment is sent again, as in Linux. It is three round trips or more
/// where those are longer (RFC 6298), and doubles with each try.
pub const RETRY_MIN: Span = Span::from_millis(200);
/// The first wait where no round trip was measured: for a SYN, and for what follows one that had
/// to be repeated (RFC 6298).
pub const RETRY_FIRST: Span = Span::from_secs(1);
/// How long an acknowledgement waits for something to travel with (RFC 1122, Linux's minimum). The
/// second segment in a row, anything out of order and an end with nothing left to send do not wait.
pub const ACK_DELAY: Span = Span::from_millis(40);
/// The longest wait, as in Linux.
pub const RETRY_MAX: Span = Span::from_secs(120);
/// A sender whose data is not acknowledged for so long gives up, and its end is reset. Linux counts
/// 15 tries instead, about a quarter of an hour; terminals and their modems give up earlier.
/// Connecting has a time-out of its own, the caller's.
pub const GIVE_UP: Span = Span::from_secs(120);
