//! The program `counterproof` as a library: who is tested, what comes of it.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`attach`] | terminals under test: built in, child process, TCP |
//! | [`run`] | what is selected, how it runs, what comes of it all together |
//! | [`evidence`] | what a run leaves behind, of which every report is made |
//! | [`report`] | what a run is told as: console, `results.json` |
//! | [`certificate`] | what is signed of a run, and how that is checked |
//! | [`live`] | what runs on the wall clock and on real sockets |
//! | [`serve`] | acquirer and phone as a standing service in wall time |
//! | [`day`] | a day in the calendar of files that people write |
//! | [`dialect`] | dialects from files |
//! | [`cli`] | the command line over all of it |
//! | [`texts`] | what the program says, in both languages |
//! | [`exit`] | how the program ends |

pub mod attach;
pub mod certificate;
pub mod cli;
pub mod day;
pub mod dialect;
pub mod evidence;
pub mod exit;
pub mod live;
pub mod report;
pub mod run;
pub mod serve;
pub mod texts;
