//! What is said and judged.

pub mod language;
