//! The lines of an adapter that speaks when it wants to: a thread reads them into the inbox, and a
//! request waits there for its answer.

use std::os::fd::OwnedFd;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::super::lines::{Lines, write_all};
use super::super::wire::{Wire, WireError};
use super::inbox::{Input, SharedInbox, Stamped};
use super::lock;

/// Both directions of the conversation with such an adapter.
#[derive(Debug)]
pub struct LiveWire {
    inbox: SharedInbox,
    to: OwnedFd,
    boot: u64,
    line: Vec<u8>,
}

impl LiveWire {
    /// Reads what comes over `wire` into the inbox, from now on until it ends. `boot` tells its lines
    /// from those of an earlier one.
    pub fn over(wire: Wire, inbox: &SharedInbox, boot: u64) -> Self {
        let (lines, to) = wire.into_halves();
        let post = lock(inbox).post();
        thread::spawn(move || read_all(lines, boot, &post));
        Self {
            inbox: SharedInbox::clone(inbox),
            to,
            boot,
            line: Vec::new(),
        }
    }

    /// Writes a request and waits for the line that answers it.
    pub fn exchange(&mut self, request: &[u8], limit: Duration) -> Result<&[u8], WireError> {
        let deadline = Instant::now() + limit;
        write_all(&self.to, request, deadline)?;
        self.line = lock(&self.inbox).answer(self.boot, deadline)?;
        Ok(&self.line)
    }
}

impl Drop for LiveWire {
    /// The thread that reads is to end, whatever the adapter does with a connection that nobody
    /// uses any more. A pipe ends by itself.
    fn drop(&mut self) {
        let _ = rustix::net::shutdown(&self.to, rustix::net::Shutdown::Both);
    }
}

fn read_all(mut lines: Lines, boot: u64, post: &Sender<Stamped>) {
    loop {
        let (what, over) = match lines.next() {
            Ok(line) => (Input::Line(boot, line.to_vec()), false),
            Err(error) => (Input::LinesEnded(boot, error), true),
        };
        let at = Instant::now();
        if post.send(Stamped { at, what }).is_err() || over {
            return;
        }
    }
}
