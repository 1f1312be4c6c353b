//! The program `counterproof` as a library: who is tested, what comes of it.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`attach`] | terminals under test: built in, child process, TCP |

pub mod attach;
