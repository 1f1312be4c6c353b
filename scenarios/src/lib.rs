//! What is said and judged.

pub mod requirements;
pub mod verdict;
