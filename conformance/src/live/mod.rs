//! What runs on the wall clock and on real sockets.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`timer`] | waiting for an instant, closer than tokio's own timer |
//! | [`tls`] | TLS as the acquirer shows it, in order and not |

pub mod timer;
pub mod tls;
