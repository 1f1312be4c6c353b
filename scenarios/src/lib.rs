//! What is said and judged.
