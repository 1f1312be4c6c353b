//! The acquirer network.
pub mod ledger;
