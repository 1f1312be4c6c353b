//! A connection as the terminal speaks on it: in clear, or secured.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::live::tls::{Accepted, Prefixed};

type Secured = TlsStream<Prefixed<TcpStream>>;

/// A connection with or without TLS.
#[derive(Debug)]
pub(super) enum Stream {
    /// Without.
    Plain(TcpStream),
    /// Whatever came of a handshake.
    Met(Accepted<TcpStream>),
}

impl Stream {
    /// The socket below.
    pub fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Met(Accepted::Secured(stream)) => stream.get_ref().0.get_ref(),
            Self::Met(Accepted::Clear(stream)) => stream.get_ref(),
        }
    }

    /// Whichever it is.
    fn any(&mut self) -> Pin<&mut dyn Both> {
        match self {
            Self::Plain(stream) => Pin::<&mut TcpStream>::new(stream),
            Self::Met(Accepted::Secured(stream)) => Pin::<&mut Secured>::new(stream),
            Self::Met(Accepted::Clear(stream)) => Pin::<&mut Prefixed<TcpStream>>::new(stream),
        }
    }
}

/// What is read and written.
trait Both: AsyncRead + AsyncWrite {}

impl<S: AsyncRead + AsyncWrite> Both for S {}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.any().poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.any().poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.any().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.any().poll_shutdown(context)
    }
}
