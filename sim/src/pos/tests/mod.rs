//! The reference terminal against a scripted host.

mod bench;
mod host;

mod counter;
mod defects;
mod device;
mod give_back;
mod network;
mod payments;
mod power;
mod random;
mod reversals;
mod sessions;
mod settlement;
mod show;
mod storage;
mod stories;
