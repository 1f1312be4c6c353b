//! What runs on the wall clock and on real sockets.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`timer`] | waiting for an instant, closer than tokio's own timer |

pub mod timer;
