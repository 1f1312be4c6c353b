//! What a run is told as: to people on the console, to programs as `results.json`. All of it is
//! made from the record and the verdicts; nothing here judges.

pub mod columns;
pub mod mask;
pub mod style;
