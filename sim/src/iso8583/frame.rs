//! Frames out of a byte stream: two length bytes, big-endian, then that many bytes of body.

use thiserror::Error;

use super::packet::PREAMBLE;

/// The two length bytes.
pub const PREFIX: usize = 2;

/// The longest body that anybody sends; a stream that announces more is out of step.
pub const MAX: usize = 4096;

/// Bytes that may wait undrained, in frames of the greatest length.
const BACKLOG: usize = 256;

/// Why a stream cannot be read further: after any of these it must be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The announced length cannot be one of a message.
    #[error(
        "a frame announces {length} bytes, a message has {min} to {max}: the stream is out of step, close it"
    )]
    Length {
        /// What the two bytes say.
        length: usize,
        /// The shortest body.
        min: usize,
        /// The longest body.
        max: usize,
    },
    /// More was pushed than anybody took out.
    #[error("more than {0} bytes wait to be read: take the frames out between pushes")]
    Backlog(usize),
}

/// Cuts a stream into bodies, however the stream itself was cut. Its memory is bounded.
#[derive(Clone, Debug)]
pub struct Deframer {
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were given out already.
    taken: usize,
    max: usize,
    broken: Option<FrameError>,
}

impl Deframer {
    /// For bodies of up to [`MAX`] bytes.
    pub const fn new() -> Self {
        Self::with_max(MAX)
    }

    /// For bodies of up to `max` bytes.
    pub const fn with_max(max: usize) -> Self {
        Self {
            buffer: Vec::new(),
            taken: 0,
            max,
            broken: None,
        }
    }

    /// Takes the next bytes of the stream. After an error they are dropped.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let limit = (self.max + PREFIX) * BACKLOG;
        if self.buffer.len() + bytes.len() > limit {
            self.break_off(FrameError::Backlog(limit));
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// The next whole body (what follows the length bytes); `None` until more bytes come. An error
    /// is final: it is returned again and again.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator cannot lend out its own buffer"
    )]
    pub fn next(&mut self) -> Option<Result<&[u8], FrameError>> {
        if let Some(error) = self.broken {
            return Some(Err(error));
        }
        let (prefix, rest) = self.buffer[self.taken..].split_first_chunk::<PREFIX>()?;
        let length = usize::from(u16::from_be_bytes(*prefix));
        let (min, max) = (PREAMBLE, self.max);
        if length < min || length > max {
            let error = FrameError::Length { length, min, max };
            self.break_off(error);
            return Some(Err(error));
        }
        if rest.len() < length {
            return None;
        }
        let start = self.taken + PREFIX;
        self.taken = start + length;
        Some(Ok(&self.buffer[start..self.taken]))
    }

    /// Bytes that wait for the rest of their frame.
    pub const fn pending(&self) -> usize {
        self.buffer.len() - self.taken
    }

    /// Forgets everything, an error too: the next byte is the first of a new stream.
    pub fn reset(&mut self) {
        self.buffer.clear();
        self.taken = 0;
        self.broken = None;
    }

    fn break_off(&mut self, error: FrameError) {
        self.buffer = Vec::new();
        self.taken = 0;
        self.broken = Some(error);
    }
}

impl Default for Deframer {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(body: &[u8]) -> Vec<u8> {
        let mut frame = (body.len() as u16).to_be_bytes().to_vec();
        frame.extend_from_slice(body);
        frame
    }

    fn drain(deframer: &mut Deframer, into: &mut Vec<Result<Vec<u8>, FrameError>>) {
        while let Some(body) = deframer.next() {
            let end = body.is_err();
            into.push(body.map(<[u8]>::to_vec));
            if end {
                break;
            }
        }
    }

    #[test]
    fn a_frame_is_given_out_once_it_is_whole() {
        let mut deframer = Deframer::new();
        let stream = frame(&[7; 21]);
        deframer.push(&stream[..1]);
        assert_eq!(deframer.next(), None);
        deframer.push(&stream[1..22]);
        assert_eq!(deframer.next(), None);
        assert_eq!(deframer.pending(), 22);
        deframer.push(&stream[22..]);
        assert_eq!(deframer.next(), Some(Ok(&[7; 21][..])));
        assert_eq!(deframer.next(), None);
        assert_eq!(deframer.pending(), 0);
    }

    #[test]
    fn a_length_that_no_message_has_breaks_the_stream_for_good() {
        for length in [0_u16, 20, 4097] {
            let mut deframer = Deframer::new();
            deframer.push(&length.to_be_bytes());
            let error = FrameError::Length {
                length: length.into(),
                min: 21,
                max: 4096,
            };
            assert_eq!(deframer.next(), Some(Err(error)));
            deframer.push(&frame(&[0; 21]));
            assert_eq!(deframer.next(), Some(Err(error)));
            deframer.reset();
            deframer.push(&frame(&[0; 21]));
            assert!(matches!(deframer.next(), Some(Ok(_))));
        }
    }

    #[test]
    fn bytes_that_nobody_takes_do_not_pile_up() {
        let mut deframer = Deframer::with_max(30);
        for _ in 0..1000 {
            deframer.push(&frame(&[0; 30]));
        }
        assert_eq!(deframer.next(), Some(Err(FrameError::Backlog(32 * 256))));
        assert!(deframer.buffer.capacity() <= 32 * 256);
    }

    proptest! {
        #[test]
        fn the_frames_are_the_same_however_the_stream_is_cut(
            bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 21..80), 0..6),
            tail in prop::collection::vec(any::<u8>(), 0..40),
            cuts in prop::collection::vec(1..50_usize, 1..40),
        ) {
            let mut stream: Vec<u8> = bodies.iter().flat_map(|body| frame(body)).collect();
            stream.extend_from_slice(&tail);
            let (mut whole, mut at_once) = (Deframer::new(), Vec::new());
            whole.push(&stream);
            drain(&mut whole, &mut at_once);
            let (mut cut, mut piecewise) = (Deframer::new(), Vec::new());
            let (mut rest, mut cuts) = (&stream[..], cuts.iter().cycle());
            while !rest.is_empty() {
                let (piece, behind) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
                cut.push(piece);
                rest = behind;
                drain(&mut cut, &mut piecewise);
                if matches!(piecewise.last(), Some(Err(_))) {
                    break;
                }
            }
            prop_assert_eq!(&at_once, &piecewise);
            for (body, got) in bodies.iter().zip(&at_once) {
                prop_assert_eq!(Ok(body), got.as_ref());
            }
        }
    }
}
