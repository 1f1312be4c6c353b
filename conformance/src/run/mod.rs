//! A run: which cases, on which terminal, and what came of them all together.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`select`] | from what is asked for to cases |
//! | [`summary`] | results, the verdict on each requirement, the verdict of the run |
//! | [`replay`] | the command that runs one case again |
//! | [`progress`] | what is seen meanwhile |

pub mod execute;
pub mod progress;
pub mod replay;
pub mod select;
pub mod summary;
