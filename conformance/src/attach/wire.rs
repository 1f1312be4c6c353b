//! Lines over a pair of file descriptors under a deadline: what is written and what is read never
//! blocks, so that a terminal that reads nothing, answers nothing or answers without end cannot
//! hang the suite.

use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio, read, write};

use super::lines::Lines;

/// The longest line of the protocol, its end included.
pub const MAX_LINE: usize = 1 << 20;

/// Bytes that are read at once.
const CHUNK: usize = 16 << 10;

/// Why no line came.
#[derive(Debug)]
pub enum WireError {
    /// The deadline passed, with the request only partly written.
    NotReading,
    /// The deadline passed.
    Silent,
    /// The other side ended.
    Ended,
    /// The line has no end within [`MAX_LINE`].
    TooLong,
    /// Something was waiting to be read before anything had been asked.
    Unasked(Vec<u8>),
    /// The system failed.
    System(io::Error),
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Errno> for WireError {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::PIPE | Errno::CONNRESET | Errno::CONNABORTED => Self::Ended,
            other => Self::System(other.into()),
        }
    }
}

/// Both directions of a conversation.
#[derive(Debug)]
pub struct Wire {
    from: OwnedFd,
    to: OwnedFd,
    /// Room for what was read; it grows up to [`MAX_LINE`].
    buffer: Vec<u8>,
    /// What of it was read and not yet given out.
    start: usize,
    end: usize,
}

impl Wire {
    /// Takes both ends over and makes them non-blocking.
    pub fn new(from: OwnedFd, to: OwnedFd) -> io::Result<Self> {
        ioctl_fionbio(&from, true)?;
        ioctl_fionbio(&to, true)?;
        Ok(Self {
            from,
            to,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
        })
    }

    /// Writes a request and reads one line, which is returned without its end.
    pub fn exchange(&mut self, request: &[u8], limit: Duration) -> Result<&[u8], WireError> {
        if self.start < self.end {
            return Err(WireError::Unasked(
                self.buffer[self.start..self.end].to_vec(),
            ));
        }
        (self.start, self.end) = (0, 0);
        let deadline = Instant::now() + limit;
        let mut rest = request;
        let mut searched = 0;
        loop {
            while !rest.is_empty() {
                match write(&self.to, rest) {
                    Ok(count) => rest = &rest[count..],
                    Err(Errno::AGAIN) => break,
                    Err(Errno::INTR) => {}
                    Err(errno) => return Err(errno.into()),
                }
            }
            if let Some(length) = self.line_end(searched) {
                if !rest.is_empty() {
                    let early = self.buffer[..length].to_vec();
                    return Err(WireError::Unasked(early));
                }
                self.start = length + 1;
                return Ok(&self.buffer[..length]);
            }
            searched = self.end;
            if self.end >= MAX_LINE {
                return Err(WireError::TooLong);
            }
            if self.wait(!rest.is_empty(), deadline)? {
                self.fill()?;
            }
        }
    }

    /// Both directions for themselves: the lines that come, and where requests are written.
    pub fn into_halves(self) -> (Lines, OwnedFd) {
        let begun = self.buffer[self.start..self.end].to_vec();
        (Lines::new(self.from, begun), self.to)
    }

    /// Whether nothing was said beyond what was asked for, and the other side still listens.
    pub fn at_rest(&mut self) -> Result<(), WireError> {
        let now = Timespec::default();
        let mut both = [
            PollFd::new(&self.from, PollFlags::IN),
            PollFd::new(&self.to, PollFlags::OUT),
        ];
        poll(&mut both, Some(&now))?;
        let gone = PollFlags::ERR | PollFlags::HUP;
        let (says, takes) = (both[0].revents(), both[1].revents());
        if says.contains(PollFlags::IN) {
            if self.start == self.end {
                (self.start, self.end) = (0, 0);
            }
            self.fill()?;
        }
        if self.start < self.end {
            return Err(WireError::Unasked(
                self.buffer[self.start..self.end].to_vec(),
            ));
        }
        if says.union(takes).intersects(gone) {
            return Err(WireError::Ended);
        }
        Ok(())
    }

    /// Where the line in the buffer ends, looking from `searched` on.
    fn line_end(&self, searched: usize) -> Option<usize> {
        let fresh = &self.buffer[searched..self.end];
        fresh
            .iter()
            .position(|&byte| byte == b'\n')
            .map(|at| searched + at)
    }

    /// Waits until something can be read (`true`) or, where asked for, written.
    fn wait(&self, writing: bool, deadline: Instant) -> Result<bool, WireError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            };
            let mut both = [
                PollFd::new(&self.from, PollFlags::IN),
                PollFd::new(&self.to, PollFlags::OUT),
            ];
            let fds = if writing {
                &mut both[..]
            } else {
                &mut both[..1]
            };
            match poll(fds, Some(&timeout)) {
                Ok(0) if writing => return Err(WireError::NotReading),
                Ok(0) => return Err(WireError::Silent),
                Ok(_) => return Ok(!both[0].revents().is_empty()),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
    }

    /// Reads what is there.
    fn fill(&mut self) -> Result<(), WireError> {
        if self.end == self.buffer.len() {
            self.buffer.resize((self.buffer.len() * 2).min(MAX_LINE), 0);
        }
        match read(&self.from, &mut self.buffer[self.end..]) {
            Ok(0) => Err(WireError::Ended),
            Ok(count) => {
                self.end += count;
                Ok(())
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(()),
            Err(errno) => Err(errno.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;

    const SOON: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(20);

    fn pair() -> (Wire, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let from = ours.try_clone().unwrap();
        (Wire::new(from.into(), ours.into()).unwrap(), theirs)
    }

    #[test]
    fn a_line_comes_back_without_its_end_however_it_was_cut() {
        let (mut wire, mut theirs) = pair();
        let peer = thread::spawn(move || {
            let mut asked = [0; 5];
            theirs.read_exact(&mut asked).unwrap();
            for piece in ["{\"a\"", ":1", "}\n"] {
                theirs.write_all(piece.as_bytes()).unwrap();
                thread::sleep(Duration::from_millis(5));
            }
            asked
        });
        assert_eq!(wire.exchange(b"ask?\n", LONG).unwrap(), b"{\"a\":1}");
        assert_eq!(&peer.join().unwrap(), b"ask?\n");
    }

    #[test]
    fn silence_ends_with_the_deadline() {
        let (mut wire, _theirs) = pair();
        assert!(matches!(
            wire.exchange(b"?\n", SOON),
            Err(WireError::Silent)
        ));
    }

    #[test]
    fn a_side_that_never_reads_cannot_hang_us() {
        let (mut wire, _theirs) = pair();
        let large = vec![b'x'; 8 << 20];
        assert!(matches!(
            wire.exchange(&large, SOON),
            Err(WireError::NotReading)
        ));
    }

    #[test]
    fn the_end_of_the_other_side_is_noticed() {
        let (mut wire, theirs) = pair();
        drop(theirs);
        assert!(matches!(wire.exchange(b"?\n", LONG), Err(WireError::Ended)));
    }

    #[test]
    fn a_line_of_the_greatest_length_passes_and_one_byte_more_does_not() {
        for (length, passes) in [(MAX_LINE - 1, true), (MAX_LINE, false)] {
            let (mut wire, mut theirs) = pair();
            let peer = thread::spawn(move || {
                let mut line = vec![b'x'; length];
                line.push(b'\n');
                // The other side may hang up first.
                let _ = theirs.write_all(&line);
            });
            let answer = wire.exchange(b"?\n", LONG).map(<[u8]>::len);
            match answer {
                Ok(got) => assert!(passes && got == length),
                Err(WireError::TooLong) => assert!(!passes),
                Err(error) => panic!("{error:?}"),
            }
            drop(wire);
            peer.join().unwrap();
        }
    }

    #[test]
    fn what_was_said_unasked_is_reported_with_the_next_request() {
        let (mut wire, mut theirs) = pair();
        theirs.write_all(b"one\ntwo\n").unwrap();
        assert_eq!(wire.exchange(b"?\n", LONG).unwrap(), b"one");
        let Err(WireError::Unasked(line)) = wire.exchange(b"?\n", LONG) else {
            panic!("not noticed");
        };
        assert_eq!(line, b"two\n");
    }
}
