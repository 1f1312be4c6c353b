//! The reference terminal against a scripted host.

mod bench;
mod host;

mod counter;
mod defects;
mod network;
mod payments;
mod power;
mod random;
mod reversals;
mod sessions;
