//! Terminals and clients that behave as badly as they can. Two tables: [`adapters`] that speak the
//! terminal protocol, and [`wire`], what arrives at the acquirer's port. Each behaviour ends in a
//! verdict, or in a connection that is closed, within its limit; what it says is clear; memory stays
//! bounded; nobody else is disturbed.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod acquirer;
mod adapters;
mod port;
mod program;
mod wire;
