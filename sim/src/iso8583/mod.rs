//! The language between a terminal and its acquirer: ISO 8583:1987 as it is spoken over TCP in
//! China, framed, authenticated and described.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`mti`], [`field`], [`message`], [`packet`] | a message, and how it lay on the wire |
//! | [`dialect`] | the formats as data (`cup.toml`), read once into tables |
//! | [`decode`], [`encode`] | the two directions of the codec, walking those tables |
//! | [`mac`], [`keys`] | message authentication, working keys and their check values |
//! | [`frame`] | messages out of a byte stream |
//! | [`de48`], [`de59`], [`de60`], [`de61`], [`de63`] | what stands inside the private fields |
//! | [`gbk`], [`hex`] | text and digits for people |
//! | [`show`] | a packet described for people and for `decode --json`, secrets masked |
//! | [`mask`] | secrets masked in the bytes of a frame |
//! | [`flaw`] | messages that are wrong on purpose |
//!
//! Not here: who sends what and when (the host, the terminal), nor any socket.

mod bcd;
pub mod de48;
pub mod de59;
pub mod de60;
pub mod de61;
pub mod de63;
pub mod decode;
pub mod dialect;
mod digits;
pub mod encode;
pub mod field;

pub mod flaw;
pub mod frame;
pub mod gbk;
pub mod hex;
pub mod keys;
pub mod mac;
pub mod mask;
pub mod message;
pub mod mti;
pub mod operation;
pub mod packet;
#[cfg(test)]
mod properties;
pub mod show;
#[cfg(test)]
mod vectors;

pub use decode::DecodeError;
pub use dialect::Dialect;
pub use encode::EncodeError;
pub use field::Field;
pub use frame::Deframer;
pub use mac::{Algorithm, MacKey};
pub use message::Message;
pub use mti::Mti;
pub use packet::{Header, Packet, Tpdu};
