//! A run: which cases, on which terminal, and what came of them all together.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`select`] | from what is asked for to cases |
//! | [`plan`] | cases with their places, and which part of them a shard takes |
//! | [`execute`] | a plan worked off |
//! | [`lengths`] | how long a case of live mode will take, and the longest first |
//! | [`shard`] | which part of a plan a machine of many works off, by option or environment |
//! | [`merge`] | the evidence of shards put together |
//! | [`resume`] | a run that was stopped, gone on with |
//! | [`expectations`] | the file of known failures, read and rewritten |
//! | [`summary`] | a run as the console tells it |
//! | [`replay`] | the command that runs one case again |
//! | [`progress`] | what is seen meanwhile |

pub mod execute;
pub mod expectations;
pub mod lengths;
pub mod merge;
pub mod plan;
pub mod progress;
pub mod replay;
pub mod resume;
pub mod select;
pub mod shard;
pub mod summary;
