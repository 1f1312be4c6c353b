//! The acquirer network.
pub mod key;
pub mod ledger;
pub mod ruling;
/// Number of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AskId(pub u32);
