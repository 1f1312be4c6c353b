//! Placeholder.
use serde::Serialize;
/// A posting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posting {}
