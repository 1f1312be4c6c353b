//! A run: which cases, on which terminal, and what came of them all together.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`select`] | from what is asked for to cases |
//! | [`plan`] | cases with their places, and which part of them a shard takes |
//! | [`execute`] | a plan worked off |
//! | [`summary`] | a run as the console tells it |
//! | [`replay`] | the command that runs one case again |
//! | [`progress`] | what is seen meanwhile |

pub mod execute;
pub mod plan;
pub mod progress;
pub mod replay;
pub mod select;
pub mod summary;
