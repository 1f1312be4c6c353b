//! What an acquirer gets of a run: a signed statement that can be checked without a network, without
//! the terminal, and without trust in the machine that ran it.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`profile`] | named profiles: what has to run for a certificate |
//! | [`statement`] | what is certified, as an in-toto statement |
//! | [`test_result`] | the same in the words of the standard `test-result` predicate |
//! | [`envelope`] | DSSE: the statement with its signatures |
//! | [`key`] | Ed25519 keys and their files |
//! | [`leaf`] | what of one case is proven, and what a case that is not shown leaves |
//! | [`tree`] | the Merkle tree over the leaves, as RFC 6962 has it |
//! | [`seal`] | the evidence in the making, and the digests that the statement has of it |
//! | [`check`] | a statement checked against the catalogue |
//! | [`proof`] | the evidence checked against a statement |
//! | [`redact`] | evidence of which some cases are not shown |
//! | [`replay`] | the cases run again, and compared |
//! | [`refusal`] | why a certificate is not accepted |
//!
//! Not here: how cases are run ([`crate::run`]) and what the evidence holds ([`crate::evidence`]).
//! The form of the files is described in `docs/certificate.md`.

pub mod check;
pub mod envelope;
pub mod key;
pub mod leaf;
pub mod profile;
pub mod proof;
pub mod redact;
pub mod refusal;
pub mod replay;
pub mod seal;
pub mod statement;
#[cfg(test)]
mod tampering;
pub mod test_result;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod tree;

/// Name of the certificate.
pub const CERTIFICATE: &str = "certificate.dsse.json";
/// Name of the same in the words of the standard predicate.
pub const TEST_RESULT: &str = "test-result.dsse.json";
/// Name of the directory of the evidence beside them.
pub const EVIDENCE: &str = "evidence";
/// Name of the leaves in that directory; the bundle beside them is [`crate::evidence::bundle::FILE`].
pub const LEAVES: &str = "leaves.ndjson";
