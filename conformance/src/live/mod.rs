//! What runs on the wall clock and on real sockets.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`clock`] | the simulation's time beside the machine's |
//! | [`shape`] | the link model on real sockets |
//! | [`timer`] | waiting for an instant, closer than tokio's own timer |
//! | [`tls`] | TLS as the acquirer shows it, in order and not |

pub mod clock;
pub mod shape;
pub mod timer;
pub mod tls;
