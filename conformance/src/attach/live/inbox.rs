//! What came in from a terminal that keeps its own time: lines of its adapter, and what its sockets
//! did, in the order and with the instants at which it came.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::super::wire::WireError;
use super::socket::Order;

/// An inbox that the port and the conversation share.
pub type SharedInbox = Arc<Mutex<Inbox>>;

/// Something that came.
#[derive(Debug)]
pub struct Stamped {
    /// When, by the wall clock.
    pub at: Instant,
    /// What.
    pub what: Input,
}

/// What can come.
#[derive(Debug)]
pub enum Input {
    /// A line of the adapter, of this boot of it.
    Line(u64, Vec<u8>),
    /// The adapter's lines have ended.
    LinesEnded(u64, WireError),
    /// The terminal connected.
    Opened {
        /// Our number of the connection.
        number: u64,
        /// Place of the link.
        link: usize,
        /// Where what is to be done with it goes.
        orders: UnboundedSender<Order>,
    },
    /// It sent bytes.
    Data {
        /// Of the connection.
        number: u64,
        /// What it sent.
        bytes: Vec<u8>,
    },
    /// It closed a connection, or the connection broke.
    Ended {
        /// Which.
        number: u64,
    },
}

/// Everything that came and was not looked at yet.
#[derive(Debug)]
pub struct Inbox {
    incoming: Receiver<Stamped>,
    waiting: VecDeque<Stamped>,
    post: Sender<Stamped>,
}

impl Inbox {
    /// An empty one.
    pub fn new() -> Self {
        let (post, incoming) = channel();
        Self {
            incoming,
            waiting: VecDeque::new(),
            post,
        }
    }

    /// Where things are put in.
    pub fn post(&self) -> Sender<Stamped> {
        self.post.clone()
    }

    /// The oldest that came, waiting for it up to `deadline`; for ever without one.
    pub fn next(&mut self, deadline: Option<Instant>) -> Option<Stamped> {
        self.waiting.pop_front().or_else(|| self.fresh(deadline))
    }

    /// The next line that is an answer, waiting for it up to `deadline`. Whatever else comes, waits.
    pub fn answer(&mut self, boot: u64, deadline: Instant) -> Result<Vec<u8>, WireError> {
        loop {
            match self.fresh(Some(deadline)) {
                None => return Err(WireError::Silent),
                Some(Stamped {
                    what: Input::Line(of, line),
                    ..
                }) if of == boot && !is_notification(&line) => return Ok(line),
                Some(Stamped {
                    what: Input::LinesEnded(of, error),
                    ..
                }) if of == boot => return Err(error),
                Some(other) => self.waiting.push_back(other),
            }
        }
    }

    /// Puts back what is to be looked at later.
    pub fn put_back(&mut self, later: Stamped) {
        self.waiting.push_front(later);
    }

    /// Forgets everything that came.
    pub fn clear(&mut self) {
        self.waiting.clear();
        while self.incoming.try_recv().is_ok() {}
    }

    fn fresh(&mut self, deadline: Option<Instant>) -> Option<Stamped> {
        let Some(deadline) = deadline else {
            return self.incoming.recv().ok();
        };
        let left = deadline.saturating_duration_since(Instant::now());
        self.incoming.recv_timeout(left).ok()
    }
}

/// Whether a line is something that the terminal says of its own accord: it has a method, and no id.
fn is_notification(line: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        method: Option<serde::de::IgnoredAny>,
        #[serde(default)]
        id: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Head>(line)
        .is_ok_and(|head| head.method.is_some() && head.id.is_none())
}
