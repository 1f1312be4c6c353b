//! What is said about a counter, in Gherkin, and judged from its record.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`language`] | feature files read and linted, step patterns, tag expressions |
//! | [`steps`] | the one table of steps, in English and Chinese |
//! | [`suite`], [`case`] | scenarios ready to run, and the plan over the matrix |
//! | [`world`] | what a running scenario is |
//! | [`run`] | shares of the plan on threads, through cucumber |
//! | [`history`] | the record interpreted once |
//! | [`checks`] | the checkers: what every requirement asks of a record |
//! | [`requirements`] | the catalogue |
//! | [`practices`] | where sources disagree, and what is accepted |
//! | [`verdict`] | what comes of it |
//! | [`mutants`] | every defect of the reference terminal, and what catches it |
//! | [`pages`] | pages of the documentation that are written from all this |
//!
//! Not here: how a terminal is attached and what a report looks like.

pub mod case;
pub mod checks;
pub mod history;
pub mod language;
pub mod mutants;
pub mod pages;
pub mod practices;
pub mod requirements;
pub mod run;
pub mod steps;
pub mod suite;
pub mod verdict;
pub mod world;
