//! The HTTP API of the service.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `operations` | the table of operations: what each takes, answers and does |
//! | [`model`] | what travels, as types of which the schemas are made |
//! | `describe` | the OpenAPI description, made of both |
//! | `guard` | who may use it |
//! | `server` | HTTP: routing, limits, the guard asked |
//! | `stream` | the live record |
//!
//! Not here: what an operation means for the acquirer ([`super::service`]).

pub mod describe;
mod guard;
mod model;
mod operations;
mod server;
mod stream;

pub use guard::Guard;
pub use server::{Api, serve};
