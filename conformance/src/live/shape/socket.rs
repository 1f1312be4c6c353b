//! What a socket must be able to do so that a link can stand between two of them.

use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};

/// A connection that can be reset.
pub trait Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// When what was read last came to this machine, where that is known better than by the instant at
    /// which it was read.
    fn arrived(&self) -> Option<Instant> {
        None
    }

    /// Ends the connection by a reset, where there is such a thing.
    fn reset(self);
}

/// Within the program: the other end sees the end of the stream, and cannot write any more.
impl Socket for DuplexStream {
    fn reset(self) {}
}
