//! The two directions of a conversation on their own, for an adapter that speaks when it wants to:
//! lines are read whenever they come, and requests written meanwhile.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, write};

use super::wire::{MAX_LINE, WireError};

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// The lines that come.
#[derive(Debug)]
pub struct Lines {
    from: OwnedFd,
    /// What was read and not yet given out.
    buffer: Vec<u8>,
    /// How much of it was given out last.
    given: usize,
}

impl Lines {
    /// The lines from a descriptor that does not block, of which `begun` was read before.
    pub(super) const fn new(from: OwnedFd, begun: Vec<u8>) -> Self {
        Self {
            from,
            buffer: begun,
            given: 0,
        }
    }

    /// Waits for the next line, without its end.
    ///
    /// # Errors
    /// [`WireError`] when none comes any more.
    pub fn next(&mut self) -> Result<&[u8], WireError> {
        self.buffer.drain(..self.given);
        self.given = 0;
        let mut searched = 0;
        loop {
            let fresh = &self.buffer[searched..];
            if let Some(end) = fresh.iter().position(|byte| *byte == b'\n') {
                let length = searched + end;
                self.given = length + 1;
                return Ok(&self.buffer[..length]);
            }
            searched = self.buffer.len();
            if searched >= MAX_LINE {
                return Err(WireError::TooLong);
            }
            wait(&self.from, PollFlags::IN, None)?;
            self.fill()?;
        }
    }

    fn fill(&mut self) -> Result<(), WireError> {
        let before = self.buffer.len();
        self.buffer.resize(before + CHUNK, 0);
        let count = read(&self.from, &mut self.buffer[before..]);
        self.buffer.truncate(before + count.unwrap_or(0));
        match count {
            Ok(0) => Err(WireError::Ended),
            Ok(_) | Err(Errno::AGAIN | Errno::INTR) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }
}

/// Writes everything before `deadline`.
///
/// # Errors
/// [`WireError::NotReading`] where the other side takes it too slowly.
pub fn write_all(to: &OwnedFd, mut rest: &[u8], deadline: Instant) -> Result<(), WireError> {
    while !rest.is_empty() {
        match write(to, rest) {
            Ok(count) => rest = &rest[count..],
            Err(Errno::AGAIN) => {
                if !wait(to, PollFlags::OUT, Some(deadline))? {
                    return Err(WireError::NotReading);
                }
            }
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
    Ok(())
}

/// Waits until something can be done with `fd`; false when the deadline comes first.
fn wait(fd: &OwnedFd, what: PollFlags, deadline: Option<Instant>) -> io::Result<bool> {
    loop {
        let timeout = deadline.map(|deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            }
        });
        match poll(&mut [PollFd::new(fd, what)], timeout.as_ref()) {
            Ok(count) => return Ok(count > 0),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno.into()),
        }
    }
}
