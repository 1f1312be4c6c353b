//! A TCP connection of which is known when its bytes came: the kernel notes the instant of every
//! segment, long before it has woken whoever reads (`SO_TIMESTAMPNS`, which Linux tells of TCP too).

use std::io::{self, IoSliceMut};
use std::os::fd::AsRawFd as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use nix::cmsg_space;
use nix::sys::socket::sockopt::ReceiveTimestampns;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt};
use nix::sys::time::TimeSpec;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

use super::Socket;

/// What is older was not left lying by a slow machine: nobody wanted to read it.
const OLDEST: Duration = Duration::from_millis(100);

/// The connection.
#[derive(Debug)]
pub struct Stamped {
    stream: TcpStream,
    /// Room for what the kernel says beside the bytes.
    beside: Vec<u8>,
    arrived: Option<Instant>,
}

impl Stamped {
    /// A connection whose bytes are stamped from now on, where the kernel does that.
    pub fn new(stream: TcpStream) -> Self {
        // Without it, what is read is taken to have come when it was read.
        let _ = setsockopt(&stream, ReceiveTimestampns, &true);
        Self {
            stream,
            beside: cmsg_space!(TimeSpec),
            arrived: None,
        }
    }
}

impl Socket for Stamped {
    fn arrived(&self) -> Option<Instant> {
        self.arrived
    }

    fn reset(self) {
        // A close that does not linger is a reset. Where the peer was faster there is nothing to
        // reset any more.
        let _ = self.stream.set_zero_linger();
    }
}

/// Reads into `to`; how much, and by the kernel's clock when the last of it came.
fn receive(
    stream: &TcpStream,
    to: &mut [u8],
    beside: &mut [u8],
) -> io::Result<(usize, Option<TimeSpec>)> {
    let mut pieces = [IoSliceMut::new(to)];
    let flags = MsgFlags::MSG_DONTWAIT;
    let got = recvmsg::<()>(stream.as_raw_fd(), &mut pieces, Some(beside), flags)?;
    let stamp = got.cmsgs()?.find_map(|message| match message {
        ControlMessageOwned::ScmTimestampns(stamp) => Some(stamp),
        _ => None,
    });
    Ok((got.bytes, stamp))
}

/// The instant of a stamp of the kernel's, which is one of the calendar's.
fn instant(stamp: TimeSpec) -> Option<Instant> {
    let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + Duration::from(stamp));
    let age = age.ok().filter(|age| *age <= OLDEST)?;
    Instant::now().checked_sub(age)
}

impl AsyncRead for Stamped {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            ready!(this.stream.poll_read_ready(context))?;
            let room = buffer.initialize_unfilled();
            let wanted = room.len();
            let mut got = None;
            let tried = this.stream.try_io(Interest::READABLE, || {
                let (bytes, stamp) = receive(&this.stream, room, &mut this.beside)?;
                got = Some((bytes, stamp));
                // After less than was asked for nothing is left: saying so saves a look in vain.
                if (1..wanted).contains(&bytes) {
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                Ok(())
            });
            match (got, tried) {
                (Some((bytes, stamp)), _) => {
                    this.arrived = stamp.and_then(instant);
                    buffer.advance(bytes);
                    return Poll::Ready(Ok(()));
                }
                (None, Err(error)) if error.kind() != io::ErrorKind::WouldBlock => {
                    return Poll::Ready(Err(error));
                }
                (None, _) => {}
            }
        }
    }
}

impl AsyncWrite for Stamped {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn bytes_come_when_the_kernel_has_them_and_not_when_they_are_read() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let mut stamped = Stamped::new(listener.accept().await.unwrap().0);
        let mut buffer = [0; 16];
        for message in [&b"one"[..], b"two"] {
            let before = Instant::now();
            peer.write_all(message).await.unwrap();
            let written = Instant::now();
            std::thread::sleep(Duration::from_millis(20));
            assert_eq!(stamped.read(&mut buffer).await.unwrap(), 3);
            assert_eq!(&buffer[..3], message);
            let arrived = stamped.arrived().expect("Linux stamps what comes over TCP");
            // Two clocks are compared, one after the other.
            let slack = Duration::from_millis(5);
            assert!(arrived + slack >= before, "{:?}", before - arrived);
            assert!(arrived <= written + slack, "{:?}", arrived - written);
        }
        // What is not read at once is there the next time, and so is the end.
        peer.write_all(&[7; 40]).await.unwrap();
        drop(peer);
        let mut rest = Vec::new();
        stamped.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, [7; 40]);
    }
}
