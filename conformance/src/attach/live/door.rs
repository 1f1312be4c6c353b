//! The address of a link, on which the suite listens as the acquirer: a terminal that connects finds
//! what the acquirer and the network make of it.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counterproof_sim::link::Listener;
use counterproof_sim::vocabulary::Face;
use rustix::net::sockopt::set_socket_reuseaddr;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, listen, socket_with};
use tokio::task::JoinHandle;

use super::inbox::Stamped;
use super::socket::{Meets, Teller, serve};
use super::{runtime, tls};

/// How long accepting rests where the machine has no room for another socket.
const NO_ROOM: Duration = Duration::from_millis(10);

/// A link's address.
#[derive(Debug)]
pub(super) struct Door {
    address: SocketAddr,
    link: usize,
    post: Sender<Stamped>,
    numbers: Arc<AtomicU64>,
    /// Keeps the port ours while nobody listens on it: bound, and never listening.
    _reserved: OwnedFd,
    /// Who is met, where connections are secured: it changes while the door stays open.
    meets: SharedMeets,
    state: State,
}

type SharedMeets = Arc<Mutex<Option<Meets>>>;

#[derive(Debug)]
enum State {
    /// Connections are accepted.
    Open(JoinHandle<()>),
    /// Nobody listens: connecting is refused.
    Shut,
    /// The queue of connections is full, so that the system answers nobody: connecting times out.
    Silent {
        _queue: TcpListener,
        _filler: Vec<TcpStream>,
    },
}

impl Door {
    /// An open one, for the link of this place.
    pub fn open(
        at: SocketAddr,
        link: usize,
        post: Sender<Stamped>,
        numbers: Arc<AtomicU64>,
    ) -> io::Result<Self> {
        let reserved = reserve(at)?;
        let address = TcpListener::from(reserved.try_clone()?).local_addr()?;
        let mut door = Self {
            address,
            link,
            post,
            numbers,
            _reserved: reserved,
            meets: SharedMeets::default(),
            state: State::Shut,
        };
        door.state = State::Open(door.accept(TcpListener::bind(address)?)?);
        Ok(door)
    }

    /// Where it is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What who connects finds from now on.
    pub fn set(&mut self, listener: Listener, face: Option<Face>) -> io::Result<()> {
        let meets = match face {
            Some(face) => Some(Meets { tls: tls()?, face }),
            None => None,
        };
        *self.meets.lock().unwrap_or_else(PoisonError::into_inner) = meets;
        let same = match &self.state {
            State::Open(_) => listener == Listener::Accepting,
            State::Shut => listener == Listener::Refusing,
            State::Silent { .. } => listener == Listener::Silent,
        };
        if same {
            return Ok(());
        }
        self.shut()?;
        match listener {
            Listener::Refusing => {}
            Listener::Accepting => {
                let listener = TcpListener::bind(self.address)?;
                self.state = State::Open(self.accept(listener)?);
            }
            Listener::Silent => self.state = silent(self.address)?,
        }
        Ok(())
    }

    /// Stops listening, and is sure of it.
    fn shut(&mut self) -> io::Result<()> {
        if let State::Open(accepting) = std::mem::replace(&mut self.state, State::Shut) {
            accepting.abort();
            // It was aborted: how it ended is known.
            let _ = runtime()?.block_on(accepting);
        }
        Ok(())
    }

    fn accept(&self, listener: TcpListener) -> io::Result<JoinHandle<()>> {
        let meets = Arc::clone(&self.meets);
        listener.set_nonblocking(true)?;
        let runtime = runtime()?;
        let _on = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (link, post, numbers) = (self.link, self.post.clone(), Arc::clone(&self.numbers));
        Ok(runtime.spawn(async move {
            loop {
                // A connection that was gone before it was accepted is none; a machine without room
                // for another socket may have some later.
                let Ok((stream, _)) = listener.accept().await else {
                    tokio::time::sleep(NO_ROOM).await;
                    continue;
                };
                let _ = stream.set_nodelay(true);
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                let meets = meets.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let post = post.clone();
                tokio::spawn(serve(stream, link, meets, Teller { number, post }));
            }
        }))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let State::Open(accepting) = &self.state {
            accepting.abort();
        }
    }
}

/// A socket that has this address and never listens, so that nobody else is given its port.
fn reserve(at: SocketAddr) -> io::Result<OwnedFd> {
    let socket = socket_with(family(at), SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    set_socket_reuseaddr(&socket, true)?;
    bind(&socket, &at)?;
    Ok(socket)
}

const fn family(address: SocketAddr) -> AddressFamily {
    match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    }
}

/// Listens with a queue that is full.
fn silent(address: SocketAddr) -> io::Result<State> {
    let queue = TcpListener::bind(address)?;
    listen(&queue, 0)?;
    let mut filler = Vec::new();
    // A queue of length 0 holds one connection; the one after it is left unanswered.
    for _ in 0..2 {
        let socket = socket_with(
            family(address),
            SocketType::STREAM,
            SocketFlags::NONBLOCK | SocketFlags::CLOEXEC,
            None,
        )?;
        match connect(&socket, &address) {
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => {}
            Err(errno) => return Err(errno.into()),
        }
        filler.push(TcpStream::from(socket));
    }
    Ok(State::Silent {
        _queue: queue,
        _filler: filler,
    })
}
