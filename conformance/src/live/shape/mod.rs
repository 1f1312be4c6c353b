//! The link model on real sockets: what a terminal sends to the acquirer, and what comes back, takes
//! the way that a [`Link`](counterproof_sim::link::Link) has it take, at the pace of the wall.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`radio`] | the task that owns a link, and the handle to it |
//! | [`end`] | the task between a socket and one end of a connection of the link |
//! | [`chunks`] | a stream in the pieces in which it goes onto the link |
//! | [`socket`] | what a socket must be able to do |
//! | [`stamped`] | a TCP connection of which is known when its bytes came |
//! | [`listen`] | a listener of which every connection is relayed to another address |
//!
//! It is the same link as in lockstep, with the same generators: the same seed makes the same
//! decisions for the same packets in the same order. What lies between two packets is real here, so
//! that an acknowledgement may travel with an answer in one run and alone in the next.
//!
//! The kernel has completed a terminal's handshake before anybody hears of it. A connection that the
//! link refuses is therefore not refused but reset, and one that the link is slow to make takes what
//! the terminal sends and answers late.

pub mod chunks;
pub mod end;
pub mod listen;
pub mod radio;
pub mod socket;
pub mod stamped;

pub use chunks::{Chunks, Framing};
pub use radio::{Radio, Watcher};
pub use socket::Socket;
pub use stamped::Stamped;

#[cfg(test)]
mod tests;
