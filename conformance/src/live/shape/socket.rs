//! What a socket must be able to do so that a link can stand between two of them.

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpStream;

/// A connection that can be reset.
pub trait Socket: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// Ends the connection by a reset, where there is such a thing.
    fn reset(self);
}

impl Socket for TcpStream {
    fn reset(self) {
        // A close that does not linger is a reset. Where the peer was faster there is nothing to
        // reset any more.
        let _ = self.set_zero_linger();
    }
}

/// Within the program: the other end sees the end of the stream, and cannot write any more.
impl Socket for DuplexStream {
    fn reset(self) {}
}
