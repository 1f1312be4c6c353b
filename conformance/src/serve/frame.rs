//! Frames out of a socket: two length bytes and what they announce. A length that no message has is
//! not judged here; the bytes go to the acquirer as they are, which records them and closes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use counterproof_sim::iso8583::frame::{MAX, PREFIX};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder;

use crate::live::clock::Clock;

/// Since when a frame has been arriving that is not whole yet; the clock's microseconds, or zero.
#[derive(Debug, Default)]
pub struct Unfinished(AtomicU64);

impl Unfinished {
    fn is(&self, now: impl FnOnce() -> u64) {
        if self.0.load(Ordering::Relaxed) == 0 {
            self.0.store(now(), Ordering::Relaxed);
        }
    }

    fn is_over(&self) {
        if self.0.load(Ordering::Relaxed) != 0 {
            self.0.store(0, Ordering::Relaxed);
        }
    }

    /// Since when, if there is such a frame.
    pub fn since(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|since| *since > 0)
    }
}

/// Cuts a stream into frames, each with its length bytes.
#[derive(Debug)]
pub struct Frames {
    clock: Clock,
    unfinished: Arc<Unfinished>,
}

impl Frames {
    /// A decoder that says in `unfinished` when a frame is on its way.
    pub const fn new(clock: Clock, unfinished: Arc<Unfinished>) -> Self {
        Self { clock, unfinished }
    }
}

impl Decoder for Frames {
    type Item = BytesMut;
    type Error = io::Error;

    fn decode(&mut self, from: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        if let Some(prefix) = from.first_chunk::<PREFIX>() {
            let whole = PREFIX + usize::from(u16::from_be_bytes(*prefix));
            if whole > PREFIX + MAX {
                return Ok(Some(from.split()));
            }
            if from.len() >= whole {
                self.unfinished.is_over();
                return Ok(Some(from.split_to(whole)));
            }
        }
        if !from.is_empty() {
            self.unfinished.is(|| self.clock.now().as_micros());
        }
        Ok(None)
    }

    /// What is left of a frame at the end of a stream is none.
    fn decode_eof(&mut self, from: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        let frame = self.decode(from)?;
        if frame.is_none() {
            from.clear();
        }
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use counterproof_sim::time::Time;
    use proptest::prelude::*;

    use super::*;

    fn frames() -> Frames {
        Frames::new(Clock::not_before(Time::from_micros(1)), Arc::default())
    }

    #[test]
    fn a_frame_that_is_not_whole_is_noted_until_it_is() {
        let mut frames = frames();
        let mut bytes = BytesMut::from(&[0, 30, 1][..]);
        assert_eq!(frames.decode(&mut bytes).unwrap(), None);
        assert!(frames.unfinished.since().is_some());
        bytes.extend_from_slice(&[7; 29]);
        assert_eq!(frames.decode(&mut bytes).unwrap().unwrap().len(), 32);
        assert_eq!(frames.unfinished.since(), None);
        bytes.extend_from_slice(&[0]);
        assert_eq!(frames.decode_eof(&mut bytes).unwrap(), None);
        assert!(bytes.is_empty());
    }

    #[test]
    fn a_length_that_no_message_has_is_handed_on_at_once() {
        let mut bytes = BytesMut::from(&[0xFF, 0xFF, 1, 2][..]);
        assert_eq!(frames().decode(&mut bytes).unwrap().unwrap().len(), 4);
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_and_none_is_waited_for_in_vain(bytes in prop::collection::vec(any::<u8>(), 0..9_000)) {
            let mut rest = BytesMut::from(&bytes[..]);
            let mut frames = frames();
            let mut seen = Vec::new();
            while let Some(frame) = frames.decode(&mut rest).unwrap() {
                prop_assert!(!frame.is_empty());
                seen.extend_from_slice(&frame);
            }
            prop_assert!(rest.len() < PREFIX + MAX);
            seen.extend_from_slice(&rest);
            prop_assert_eq!(seen, bytes);
        }
    }
}
