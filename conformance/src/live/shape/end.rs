//! The task between a socket and one end of a connection of the link. It waits for nothing but its
//! socket and the link: when, is the link's business.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use counterproof_sim::link::{ConnId, Side};
use futures_core::Stream;
use tokio::sync::mpsc::{UnboundedReceiver as Receiver, UnboundedSender as Sender};
use tokio_util::codec::FramedRead;

use super::Socket;
use super::chunks::{Chunks, Framing};
use super::radio::{Command, News, Said};

/// How much one end may have said that the socket across has not taken. More is left in the kernel,
/// which then slows its sender down: whoever does not read cannot fill our memory.
pub const ROOM: usize = 256 << 10;

/// One end of a connection, before it has its socket.
pub(super) struct End {
    conn: ConnId,
    side: Side,
    commands: Sender<Command>,
    news: Receiver<News>,
    across: Sender<News>,
}

impl End {
    pub fn new(
        conn: ConnId,
        side: Side,
        commands: Sender<Command>,
        news: Receiver<News>,
        across: Sender<News>,
    ) -> Self {
        Self {
            conn,
            side,
            commands,
            news,
            across,
        }
    }

    /// Between the link and this socket until the connection has ended here.
    pub async fn run<S: Socket>(self, socket: S, framing: Framing) {
        Joined::new(self, socket, framing).run().await;
    }

    /// The host's end: there is a socket once the terminal's call has come across.
    pub async fn called<S: Socket>(
        mut self,
        host: impl Future<Output = io::Result<S>>,
        framing: Framing,
    ) {
        // The first news of a host is that it is called. A terminal that is gone before has called
        // nobody.
        tokio::select! {
            biased;
            called = self.news.recv() => match called {
                Some(News::Connected) => {}
                _ => return self.say(Said::Done),
            },
            () = self.across.closed() => return self.say(Said::Done),
        }
        match host.await {
            Ok(socket) => {
                let mut joined = Joined::new(self, socket, framing);
                joined.connected = true;
                joined.run().await;
            }
            Err(_) => self.say(Said::Reset),
        }
    }

    fn say(&self, said: Said) {
        // Where the link is no more, the runtime is being taken down.
        let _ = self
            .commands
            .send(Command::Said(self.conn, self.side, said));
    }
}

/// What the socket may still hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hears {
    More,
    /// What is unsent, and then the end.
    End,
    /// What it takes at once of what is unsent, and then a reset.
    Reset,
    /// It has heard the end.
    Nothing,
}

/// One end with its socket.
struct Joined<S> {
    end: End,
    socket: FramedRead<S, Chunks>,
    connected: bool,
    room: usize,
    /// For the socket, which has not taken it yet; of the first piece, so much it has.
    unsent: VecDeque<Vec<u8>>,
    sent: usize,
    hears: Hears,
    /// The socket has ended its stream.
    said_end: bool,
    /// The link has forgotten this end.
    gone: bool,
}

/// What happens next at an end.
enum Happening {
    News(Option<News>),
    Wrote(io::Result<usize>),
    Stuck,
    Shut,
    Read(Option<io::Result<Vec<u8>>>),
}

impl<S: Socket> Joined<S> {
    fn new(end: End, socket: S, framing: Framing) -> Self {
        Self {
            socket: FramedRead::new(socket, Chunks::new(framing)),
            end,
            connected: false,
            room: ROOM,
            unsent: VecDeque::new(),
            sent: 0,
            hears: Hears::More,
            said_end: false,
            gone: false,
        }
    }

    async fn run(mut self) {
        while !self.is_over() {
            match poll_fn(|cx| self.poll(cx)).await {
                Happening::News(Some(news)) => self.learn(news),
                Happening::Wrote(Ok(bytes)) if bytes > 0 => self.wrote(bytes),
                Happening::Wrote(_) | Happening::Read(Some(Err(_))) => {
                    return self.end.say(Said::Reset);
                }
                Happening::Shut => self.hears = Hears::Nothing,
                Happening::Read(Some(Ok(bytes))) => {
                    self.room = self.room.saturating_sub(bytes.len());
                    let at = self.socket.get_ref().arrived();
                    let at = at.unwrap_or_else(Instant::now);
                    self.end.say(Said::Data(bytes, at));
                }
                Happening::Read(None) => {
                    self.said_end = true;
                    self.end.say(Said::End);
                }
                Happening::Stuck => break,
                Happening::News(None) => return,
            }
        }
        if self.hears == Hears::Reset {
            self.socket.into_inner().reset();
        } else {
            self.end.say(Said::Done);
        }
    }

    fn is_over(&self) -> bool {
        match self.hears {
            Hears::Reset => self.unsent.is_empty(),
            Hears::Nothing => self.said_end,
            Hears::More | Hears::End => self.gone && self.said_end,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Happening> {
        if let Poll::Ready(news) = self.end.news.poll_recv(cx) {
            return Poll::Ready(Happening::News(news));
        }
        let writing = match self.unsent.front() {
            Some(piece) => Pin::new(self.socket.get_mut())
                .poll_write(cx, &piece[self.sent..])
                .map(Happening::Wrote),
            None if self.hears == Hears::End => Pin::new(self.socket.get_mut())
                .poll_shutdown(cx)
                .map(|_| Happening::Shut),
            None => Poll::Pending,
        };
        if writing.is_ready() {
            return writing;
        }
        if self.hears == Hears::Reset {
            return Poll::Ready(Happening::Stuck);
        }
        if self.connected && !self.said_end && self.room > 0 {
            return Pin::new(&mut self.socket)
                .poll_next(cx)
                .map(Happening::Read);
        }
        Poll::Pending
    }

    fn learn(&mut self, news: News) {
        match news {
            News::Connected => self.connected = true,
            News::Data(bytes) => self.unsent.push_back(bytes),
            News::End => self.hears = Hears::End,
            News::Reset => self.hears = Hears::Reset,
            News::Room(bytes) => self.room += bytes,
            News::Gone => self.gone = true,
        }
    }

    fn wrote(&mut self, bytes: usize) {
        // An end that has ended needs no room.
        let _ = self.end.across.send(News::Room(bytes));
        self.sent += bytes;
        if self
            .unsent
            .front()
            .is_some_and(|piece| piece.len() == self.sent)
        {
            self.unsent.pop_front();
            self.sent = 0;
        }
    }
}
