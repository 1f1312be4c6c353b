//! What is said about a counter, in Gherkin, and judged from its record.

pub mod language;
pub mod requirements;
pub mod verdict;
