//! The simulated counter: everything that stands around a scan-to-pay terminal, as state
//! machines without I/O, and the bench that wires them to one clock, one seed and one record.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`time`], [`money`], [`random`] | the newtypes everything is counted in, and seeded chance |
//! | [`vocabulary`], [`fault`] | the words and the faults that everything shares |
//! | [`terminal`] | the port to the terminal under test |
//! | [`bench`], [`record`] | the clock and the wiring, and what happened |
//! | [`capture`] | what went over the links, packet by packet, where somebody asks for it |
//! | [`secrets`] | what nobody may see in clear, masked in texts and in records |
//! | [`link`] | radio and wire: packets that suffer, a stream that survives them |
//! | [`iso8583`], [`emvco`] | the dialect of the acquirer, and merchant-presented codes |
//! | [`host`], [`phone`] | the acquirer network with its wallets and ledger, the customer's phone |
//! | [`pos`] | the reference terminal and its defects |
//!
//! Nothing in this crate sleeps, reads a clock, spawns, opens a socket or a file. A part takes an
//! input and the [`time::Time`], and returns outputs and the instant at which it wants to be woken.

pub mod bench;
pub mod capture;
pub mod emvco;
pub mod fault;
pub mod host;
pub mod iso8583;
pub mod link;
pub mod money;
pub mod phone;
pub mod pos;
pub mod random;
pub mod record;
pub mod secrets;
pub mod terminal;
pub mod time;
pub mod vocabulary;
