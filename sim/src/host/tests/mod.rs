//! The host as a terminal and a customer meet it.

mod durable;
mod faults;
mod keys;
mod money;
mod orders;
mod properties;
mod settlement;
mod till;
