//! Bytes of a connection in the pieces in which they mean something: a frame each, or what has come of
//! one. Nothing waits for the rest of a frame, for that may be what a scenario is about.

use std::io;

use tokio_util::bytes::{Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// Cuts what a terminal sends where a frame ends.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// The length bytes of the frame that has begun, as far as they have come.
    length: Vec<u8>,
    /// How much of its body is still to come.
    left: usize,
}

impl Decoder for Pieces {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, read: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let mut taken = 0;
        while taken < read.len() {
            if self.left == 0 {
                self.length.push(read[taken]);
                taken += 1;
                if let [high, low] = self.length[..] {
                    self.left = usize::from(u16::from_be_bytes([high, low]));
                    self.length.clear();
                    if self.left == 0 {
                        break;
                    }
                }
                continue;
            }
            let more = self.left.min(read.len() - taken);
            taken += more;
            self.left -= more;
            if self.left == 0 {
                break;
            }
        }
        Ok((taken > 0).then(|| read.split_to(taken).freeze()))
    }
}

impl Encoder<Bytes> for Pieces {
    type Error = io::Error;

    fn encode(&mut self, bytes: Bytes, to: &mut BytesMut) -> io::Result<()> {
        to.extend_from_slice(&bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(reads: &[&[u8]]) -> Vec<Vec<u8>> {
        let (mut cutter, mut buffer, mut all) = (Pieces::default(), BytesMut::new(), Vec::new());
        for read in reads {
            buffer.extend_from_slice(read);
            while let Some(piece) = cutter.decode(&mut buffer).unwrap() {
                all.push(piece.to_vec());
            }
        }
        all
    }

    #[test]
    fn frames_that_came_together_are_parted() {
        let read: &[u8] = &[0, 2, 1, 2, 0, 1, 9, 0, 3, 7];
        assert_eq!(
            pieces(&[read, &[8, 9]]),
            [vec![0, 2, 1, 2], vec![0, 1, 9], vec![0, 3, 7], vec![8, 9]]
        );
    }

    #[test]
    fn nothing_waits_for_the_rest() {
        assert_eq!(
            pieces(&[&[0], &[2], &[1], &[2, 0, 0]]),
            [vec![0], vec![2], vec![1], vec![2], vec![0, 0]]
        );
    }
}
