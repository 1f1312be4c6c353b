//! The port to which terminals connect: accepting, reading, and who is sent away. Not here: what is
//! answered.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use counterproof_sim::link::Listener as Meets;
use counterproof_sim::record::ConnId;
use counterproof_sim::terminal::StreamEnd;
use futures::StreamExt as _;
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use tokio_util::codec::FramedRead;

use super::frame::{Frames, Unfinished};
use super::inbox::{Inbox, Input};
use super::line::Line;
use crate::live::clock::Clock;

/// Room for what one reading brings.
const ROOM: usize = 2_048;
/// After so many frames without a pause a reader lets the others have their turn.
const FRAMES: u32 = 16;
/// Before the next try where the system has no more sockets, or the address is taken.
const RETRY: Duration = Duration::from_millis(100);

/// What all ports share.
#[derive(Debug)]
pub struct Door {
    /// Where what comes in goes.
    pub inbox: Inbox,
    clock: Clock,
    most: usize,
    /// Connections that are read.
    inside: AtomicUsize,
    next: AtomicU32,
    /// Sent away because there were too many.
    turned_away: AtomicU64,
}

impl Door {
    /// A door for at most so many connections at once.
    pub fn new(clock: Clock, most: usize) -> Self {
        Self {
            inbox: Inbox::default(),
            clock,
            most,
            inside: AtomicUsize::new(0),
            next: AtomicU32::new(1),
            turned_away: AtomicU64::new(0),
        }
    }

    /// How many were sent away because there were too many.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }
}

/// Accepts connections as the acquirer's state wants it, for as long as somebody sends that state.
pub async fn attend(
    door: Arc<Door>,
    listener: TcpListener,
    address: SocketAddr,
    mut meets: watch::Receiver<Meets>,
) {
    let mut listener = Some(listener);
    loop {
        let now = *meets.borrow_and_update();
        let changed = match (now, &listener) {
            (Meets::Accepting, Some(open)) => tokio::select! {
                biased;
                changed = meets.changed() => changed,
                accepted = open.accept() => {
                    match accepted {
                        Ok((stream, _)) => welcome(&door, stream),
                        Err(_) => sleep(RETRY).await,
                    }
                    Ok(())
                }
            },
            (Meets::Accepting, None) => {
                match TcpListener::bind(address).await {
                    Ok(again) => listener = Some(again),
                    Err(_) => sleep(RETRY).await,
                }
                Ok(())
            }
            (Meets::Refusing, Some(_)) => {
                listener = None;
                Ok(())
            }
            // The kernel completes connections; nobody is there.
            (Meets::Silent, _) | (Meets::Refusing, None) => meets.changed().await,
        };
        if changed.is_err() {
            return;
        }
    }
}

/// Lets a connection in, if there is room.
fn welcome(door: &Arc<Door>, stream: TcpStream) {
    if door.inside.fetch_add(1, Ordering::Relaxed) >= door.most {
        door.inside.fetch_sub(1, Ordering::Relaxed);
        door.turned_away.fetch_add(1, Ordering::Relaxed);
        return;
    }
    let inside = Inside(Arc::clone(door));
    // Only latency is lost where that fails.
    let _ = stream.set_nodelay(true);
    let conn = ConnId(door.next.fetch_add(1, Ordering::Relaxed));
    let unfinished = Arc::new(Unfinished::default());
    let (read, write) = stream.into_split();
    let (start, started) = oneshot::channel();
    let reader = tokio::spawn(read_all(
        inside,
        conn,
        read,
        Arc::clone(&unfinished),
        started,
    ));
    let line = Line::new(write, unfinished, reader.abort_handle());
    door.inbox.put(Input::Opened(conn, Arc::new(line)));
    // It waits for that, so that nothing is read before the connection is known.
    let _ = start.send(());
}

/// Counts a connection for as long as it is read.
struct Inside(Arc<Door>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Says that a connection ended, however it ended.
struct Ending<'i>(&'i Inbox, ConnId, StreamEnd);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.put(Input::Ended(self.1, self.2));
    }
}

async fn read_all(
    inside: Inside,
    conn: ConnId,
    read: OwnedReadHalf,
    unfinished: Arc<Unfinished>,
    started: oneshot::Receiver<()>,
) {
    let door = &inside.0;
    let _ = started.await;
    let mut ending = Ending(&door.inbox, conn, StreamEnd::Reset);
    let mut frames = FramedRead::with_capacity(read, Frames::new(door.clock, unfinished), ROOM);
    let mut without_pause = 0;
    loop {
        match frames.next().await {
            Some(Ok(frame)) => door.inbox.put(Input::Frame(conn, frame)),
            Some(Err(_)) => return,
            None => {
                ending.2 = StreamEnd::Eof;
                return;
            }
        }
        without_pause += 1;
        if without_pause == FRAMES {
            without_pause = 0;
            tokio::task::yield_now().await;
        }
    }
}

/// A listener and the address that it has got.
///
/// # Errors
/// When it cannot listen there.
pub async fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
