//! TLS as the acquirer shows it, in order and not: the material of NET-07.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`certificates`] | the authority and the certificates, made when the suite starts |
//! | [`accept`] | a connection secured, or what the terminal did instead |
//! | [`old`] | a host that knows only TLS 1.0, as far as a terminal needs to see of it |
//! | [`prefix`] | a stream of which the beginning was read already |
//!
//! Keys are of the curve P-256, because `ring` makes no RSA keys. Not here: who is shown which face
//! ([`counterproof_sim::vocabulary::Face`]), and what is judged of what a terminal then did.

pub mod accept;
pub mod certificates;
pub mod old;
pub mod prefix;

#[cfg(test)]
mod tests;

pub use accept::{Accepted, Refusal, Tls};
pub use certificates::{MaterialError, SERVER_NAME};
pub use prefix::Prefixed;
