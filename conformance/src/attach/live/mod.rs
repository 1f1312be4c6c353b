//! The host side of a terminal that keeps its own time (terminal protocol §2, live): it connects to
//! addresses of this machine, and what it does there is handed to the bench as the actions that a
//! terminal in lockstep would take.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `inbox` | what came in, from adapter and sockets, each thing with its instant |
//! | `door` | a link's address: open, shut, or with nobody answering |
//! | `pieces` | bytes cut where frames end |
//! | `socket` | one connection between two ends of bytes, on tokio |
//! | `port` | all of them: actions out of what came, bytes out of what the acquirer sends |
//! | `reader` | the lines of an adapter that speaks when it wants to |
//!
//! Not here: TLS itself ([`crate::live::tls`]), how the link treats what passes (the bench's links do), and the adapter's conversation
//! itself ([`super::conversation`]).

mod door;
mod inbox;
mod pieces;
mod port;
mod reader;
mod socket;
mod stream;

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::runtime::{Builder, Runtime};

use crate::live::tls::Tls;

pub use inbox::{Inbox, Input, SharedInbox, Stamped};
pub use port::{Came, Port};
pub use reader::LiveWire;

/// How terminals that keep their own time are tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveMode {
    /// How many times faster than the wall the counter's time passes; at least 1. The terminal's
    /// `timing` is shorter by as much.
    pub scale: u32,
    /// How exactly instants are known, by the wall clock.
    pub tolerance: Duration,
    /// Where the suite listens as the acquirer, and where terminals are told to connect.
    pub listen: IpAddr,
    /// The port of the first link, of which the others follow; any that is free where there is none.
    pub port: Option<u16>,
}

impl LiveMode {
    /// The port of the link of this place; 0 where any will do.
    ///
    /// # Errors
    /// When there is no such port.
    fn port_of(&self, place: usize) -> io::Result<u16> {
        let Some(first) = self.port else {
            return Ok(0);
        };
        u16::try_from(place)
            .ok()
            .and_then(|place| first.checked_add(place))
            .ok_or_else(|| {
                let no_port = format!("link {} has no port: {first} is too high", place + 1);
                io::Error::new(io::ErrorKind::InvalidInput, no_port)
            })
    }
}

/// Sockets of all terminals under test. A thread of its own takes the instant at which something
/// came, whatever the bench does just then.
static SOCKETS: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("sockets")
        .enable_all()
        .build()
});

fn runtime() -> io::Result<&'static Runtime> {
    SOCKETS
        .as_ref()
        .map_err(|error| io::Error::new(error.kind(), error.to_string()))
}

/// Keys and certificates of this run of the program.
static TLS: LazyLock<Result<Arc<Tls>, String>> = LazyLock::new(|| {
    Tls::new(SystemTime::now())
        .map(Arc::new)
        .map_err(|error| error.to_string())
});

fn tls() -> io::Result<Arc<Tls>> {
    TLS.clone().map_err(io::Error::other)
}

/// The inbox, whoever held it before.
fn lock(inbox: &SharedInbox) -> std::sync::MutexGuard<'_, Inbox> {
    inbox.lock().unwrap_or_else(PoisonError::into_inner)
}
