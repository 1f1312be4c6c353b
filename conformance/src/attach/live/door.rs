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
use rustix::net::{
    AddressFamily, Shutdown, SocketFlags, SocketType, bind, connect, listen, shutdown, socket_with,
};
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
    Open {
        listener: Arc<tokio::net::TcpListener>,
        accepting: JoinHandle<()>,
    },
    /// Nobody listens: connecting is refused.
    Shut,
    /// The queue of connections is full, so that the system answers nobody: connecting times out.
    Silent {
        queue: TcpListener,
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
        door.state = door.accept(TcpListener::bind(address)?)?;
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
            State::Open { .. } => listener == Listener::Accepting,
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
                self.state = self.accept(TcpListener::bind(self.address)?)?;
            }
            Listener::Silent => self.state = silent(self.address)?,
        }
        Ok(())
    }

    /// Stops listening, and is sure of it: a terminal that is being started holds a copy of every
    /// socket for a moment, so that closing alone would not do.
    fn shut(&mut self) -> io::Result<()> {
        match std::mem::replace(&mut self.state, State::Shut) {
            State::Open {
                listener,
                accepting,
            } => {
                shutdown(&*listener, Shutdown::Both)?;
                accepting.abort();
                // It was aborted: how it ended is known.
                let _ = runtime()?.block_on(accepting);
            }
            State::Silent { queue, .. } => shutdown(&queue, Shutdown::Both)?,
            State::Shut => {}
        }
        Ok(())
    }

    fn accept(&self, listener: TcpListener) -> io::Result<State> {
        let meets = Arc::clone(&self.meets);
        listener.set_nonblocking(true)?;
        let runtime = runtime()?;
        let _on = runtime.enter();
        let listener = Arc::new(tokio::net::TcpListener::from_std(listener)?);
        let door = Arc::clone(&listener);
        let (link, post, numbers) = (self.link, self.post.clone(), Arc::clone(&self.numbers));
        let accepting = runtime.spawn(async move {
            loop {
                // A connection that was gone before it was accepted is none; a machine without room
                // for another socket may have some later.
                let Ok((stream, _)) = door.accept().await else {
                    tokio::time::sleep(NO_ROOM).await;
                    continue;
                };
                let _ = stream.set_nodelay(true);
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                let meets = meets.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let post = post.clone();
                tokio::spawn(serve(stream, link, meets, Teller { number, post }));
            }
        });
        Ok(State::Open {
            listener,
            accepting,
        })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let State::Open { accepting, .. } = &self.state {
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
        queue,
        _filler: filler,
    })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_door_opens_again_while_a_process_that_is_being_started_holds_its_sockets() {
        let (post, _inbox) = channel();
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut door = Door::open(at, 0, post, Arc::default()).unwrap();
        let meets = |door: &Door| {
            let waits = Duration::from_millis(200);
            let error = TcpStream::connect_timeout(&door.address(), waits).err();
            error.map(|error| error.kind())
        };
        for from in [Listener::Accepting, Listener::Silent] {
            door.set(from, None).unwrap();
            // What a fork copies, before it becomes another program.
            let _copy = match &door.state {
                State::Open { listener, .. } => rustix::io::dup(&**listener).unwrap(),
                State::Silent { queue, .. } => rustix::io::dup(queue).unwrap(),
                State::Shut => unreachable!("it was opened"),
            };
            door.set(Listener::Refusing, None).unwrap();
            assert_eq!(meets(&door), Some(io::ErrorKind::ConnectionRefused));
            door.set(Listener::Accepting, None).unwrap();
            assert_eq!(meets(&door), None);
        }
        door.set(Listener::Silent, None).unwrap();
        assert_eq!(meets(&door), Some(io::ErrorKind::TimedOut));
    }
}
