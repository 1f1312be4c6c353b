//! The task that owns a link: everything that happens on its connections passes through it, in one
//! order. It reads no socket and writes none.

use std::collections::BTreeMap;
use std::io;
use std::time::Instant;

use counterproof_sim::link::{Closing, ConnId, Link, NotOpen, Output, Side};
use counterproof_sim::time::{Span, Time};
use tokio::sync::mpsc::{
    UnboundedReceiver as Receiver, UnboundedSender as Sender, unbounded_channel as channel,
};

use super::Socket;
use super::chunks::Framing;
use super::end::End;
use crate::live::clock::Clock;
use crate::live::timer::Alarm;

/// How long a connection may take to be made over the link. The terminal's own time-out is shorter,
/// and its kernel has told it long ago that it is connected.
const CONNECT_TIMEOUT: Span = Span::from_secs(120);
/// Commands taken at a time, before what came of them is handed out.
const BATCH: usize = 64;

/// Is shown everything that a link puts out, when it does.
pub type Watcher = Box<dyn FnMut(Time, &Output) + Send>;

/// A handle to a link on real sockets. The link is gone with the last of them and the last
/// connection.
#[derive(Clone)]
pub struct Radio {
    commands: Sender<Command>,
}

/// What the ends, and whoever has the handle, ask for.
pub(super) enum Command {
    /// A terminal has connected. Room for news of both ends, by [`Side`].
    Connect([Sender<News>; 2], Sender<ConnId>),
    /// An end's socket said something.
    Said(ConnId, Side, Said),
    /// Whoever has the handle does something to the link.
    Change(Box<dyn FnOnce(&mut Link, Time) + Send>),
}

/// What a socket said.
#[derive(Debug)]
pub(super) enum Said {
    /// Bytes, and when they came.
    Data(Vec<u8>, Instant),
    /// It will send nothing more.
    End,
    /// It has heard the end as well: nothing more will come of it.
    Done,
    /// It was reset, or does not take anything any more.
    Reset,
}

/// What an end is told.
#[derive(Debug)]
pub(super) enum News {
    /// The connection stands.
    Connected,
    /// Bytes for the socket.
    Data(Vec<u8>),
    /// No more of them.
    End,
    /// The connection was reset, or could not be made.
    Reset,
    /// So many bytes that this end sent were taken by the socket across: it may send as many more.
    Room(usize),
    /// What this end said reached nobody: its connection is no more, and it is told nothing of it.
    Gone,
}

impl Radio {
    /// Puts a link on the wall's clock, in a task of its own. `watch` is shown what it puts out.
    ///
    /// # Errors
    /// [`Alarm::new`] fails.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub fn start(link: Link, clock: Clock, watch: Watcher) -> io::Result<Self> {
        let (commands, asked) = channel();
        let owner = Owner {
            link,
            clock,
            watch,
            ends: BTreeMap::new(),
            next: ConnId(1),
            reached: Time::default(),
        };
        tokio::spawn(owner.run(asked, Alarm::new()?));
        Ok(Self { commands })
    }

    /// Does something to the link, in its turn: another profile, faults, no network.
    pub fn change(&self, change: impl FnOnce(&mut Link, Time) + Send + 'static) {
        // Nobody is there any more only where the runtime is being taken down.
        let _ = self.commands.send(Command::Change(Box::new(change)));
    }

    /// Carries a terminal's connection over the link until it has ended at both ends. The host is
    /// called, by waiting for `host`, when the link has brought the terminal's call there.
    pub async fn relay<T, H>(
        &self,
        terminal: T,
        host: impl Future<Output = io::Result<H>>,
        framing: Framing,
    ) where
        T: Socket,
        H: Socket,
    {
        let (to_terminal, for_terminal) = channel();
        let (to_host, for_host) = channel();
        let (known, mut conn) = channel();
        let connect = Command::Connect([to_terminal.clone(), to_host.clone()], known);
        let _ = self.commands.send(connect);
        let Some(conn) = conn.recv().await else {
            return;
        };
        let end = |side, news, across| End::new(conn, side, self.commands.clone(), news, across);
        let terminals = end(Side::Terminal, for_terminal, to_host);
        let hosts = end(Side::Host, for_host, to_terminal);
        tokio::join!(
            terminals.run(terminal, framing),
            hosts.called(host, framing)
        );
    }
}

/// The task.
struct Owner {
    link: Link,
    clock: Clock,
    watch: Watcher,
    ends: BTreeMap<ConnId, [Sender<News>; 2]>,
    next: ConnId,
    /// How far the link has come.
    reached: Time,
}

impl Owner {
    async fn run(mut self, mut asked: Receiver<Command>, mut alarm: Alarm) {
        let mut batch = Vec::with_capacity(BATCH);
        // When it is woken at the latest. Waking once in vain costs less than setting the alarm anew
        // with every time-out that an answer makes void.
        let mut woken = Time::NEVER;
        loop {
            if let Some(at) = self.link.wake_at().filter(|&at| at < woken)
                && let Some(instant) = self.clock.instant(at)
            {
                alarm.set(instant);
                woken = at;
            }
            tokio::select! {
                taken = asked.recv_many(&mut batch, BATCH) => if taken == 0 {
                    return;
                },
                () = alarm.rang() => woken = Time::NEVER,
            }
            let now = self.clock.now();
            for command in batch.drain(..) {
                self.obey(now, command);
            }
            self.link.wake(now);
            self.reached = now;
            self.hand_out(now);
        }
    }

    fn obey(&mut self, now: Time, command: Command) {
        // Bytes come onto the link when they came here, but for what it has done since.
        let at = match &command {
            Command::Said(.., Said::Data(_, came)) => {
                self.clock.time(*came).clamp(self.reached, now)
            }
            _ => now,
        };
        self.reached = at;
        match command {
            Command::Connect(ends, known) => {
                let conn = self.next;
                self.next = ConnId(conn.0 + 1);
                self.ends.insert(conn, ends);
                let _ = known.send(conn);
                self.link.connect(at, conn, CONNECT_TIMEOUT);
            }
            Command::Said(conn, side, said) => self.hear(at, conn, side, said),
            Command::Change(change) => change(&mut self.link, at),
        }
    }

    fn hear(&mut self, now: Time, conn: ConnId, side: Side, said: Said) {
        let heard = match said {
            Said::Data(bytes, _) => self.link.write(now, conn, side, bytes),
            Said::End => self.link.finish(now, conn, side),
            Said::Done => {
                self.link.close(now, conn, side);
                Ok(())
            }
            Said::Reset => {
                self.link.abort(now, conn, side);
                Ok(())
            }
        };
        if let Err(NotOpen { .. }) = heard {
            self.tell(conn, side, News::Gone);
        }
    }

    fn hand_out(&mut self, now: Time) {
        while let Some(output) = self.link.poll() {
            (self.watch)(now, &output);
            match output {
                Output::Connected { conn, side } => self.tell(conn, side, News::Connected),
                Output::Refused { conn, .. } => {
                    self.tell(conn, Side::Terminal, News::Reset);
                    self.ends.remove(&conn);
                }
                Output::Data { conn, to, bytes } => self.tell(conn, to, News::Data(bytes)),
                Output::Closed { conn, side, reason } => {
                    let news = match reason {
                        Closing::Eof => News::End,
                        Closing::Reset => News::Reset,
                    };
                    self.tell(conn, side, news);
                }
                Output::Unheard { .. }
                | Output::Carrier { .. }
                | Output::Fault(_)
                | Output::Packet(_) => {}
            }
        }
    }

    fn tell(&mut self, conn: ConnId, side: Side, news: News) {
        let Some(ends) = self.ends.get(&conn) else {
            return;
        };
        // An end that has ended hears nothing.
        let _ = ends[side as usize].send(news);
        if ends.iter().all(Sender::is_closed) {
            self.ends.remove(&conn);
        }
    }
}
