//! A stream in the pieces in which it goes onto the link. What a link decides depends on where one
//! packet ends and the next begins, and a kernel hands over what it happens to have. So messages that
//! arrived together are taken apart again; one that arrives in parts is passed on in parts, because a
//! stream that trickles must trickle on the other side as well.

use std::io;

use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder;

/// How messages are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// Not at all: as the kernel hands them over. Also for what is encrypted.
    #[default]
    Raw,
    /// Two bytes of length before each, as acquirers of this country have it.
    TwoBytes,
}

/// Reads a stream in pieces. Nothing is ever waited for, held back, changed or left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chunks {
    framing: Framing,
    place: Place,
}

/// Where in a message the stream stands.
#[derive(Clone, Copy, Debug, Default)]
enum Place {
    #[default]
    Start,
    /// Between the two bytes of the length.
    InLength(u8),
    /// So many bytes before its end.
    Inside(usize),
}

impl Chunks {
    /// A stream from its beginning.
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            place: Place::Start,
        }
    }

    /// How much of `bytes` is one piece, and where that leads.
    fn piece(self, bytes: &[u8]) -> (usize, Place) {
        let (head, body) = match (self.place, bytes) {
            (Place::Start, [high, low, ..]) => (2, length(*high, *low)),
            (Place::Start, [high]) => return (1, Place::InLength(*high)),
            (Place::InLength(high), [low, ..]) => (1, length(high, *low)),
            (Place::Inside(left), _) => (0, left),
            (Place::Start | Place::InLength(_), []) => return (0, self.place),
        };
        let taken = bytes.len().min(head + body);
        let place = match head + body - taken {
            0 => Place::Start,
            left => Place::Inside(left),
        };
        (taken, place)
    }
}

fn length(high: u8, low: u8) -> usize {
    usize::from(u16::from_be_bytes([high, low]))
}

impl Decoder for Chunks {
    type Item = Vec<u8>;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Vec<u8>>> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let taken = match self.framing {
            Framing::Raw => bytes.len(),
            Framing::TwoBytes => {
                let (taken, place) = self.piece(bytes);
                self.place = place;
                taken
            }
        };
        Ok(Some(bytes.split_to(taken).into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn read(framing: Framing, arrivals: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let (mut chunks, mut bytes, mut pieces) =
            (Chunks::new(framing), BytesMut::new(), Vec::new());
        for arrival in arrivals {
            bytes.extend_from_slice(arrival);
            while let Some(piece) = chunks.decode(&mut bytes).expect("never fails") {
                pieces.push(piece);
            }
        }
        assert!(bytes.is_empty(), "something was held back");
        pieces
    }

    fn message(len: usize) -> Vec<u8> {
        let mut message = (len as u16).to_be_bytes().to_vec();
        message.resize(2 + len, 7);
        message
    }

    #[test]
    fn messages_that_arrive_together_are_taken_apart() {
        let messages = vec![message(3), message(0), message(250)];
        assert_eq!(read(Framing::TwoBytes, &[messages.concat()]), messages);
    }

    proptest! {
        #[test]
        fn however_it_arrives_nothing_is_lost_and_no_piece_spans_two_messages(
            lens in vec(0_usize..600, 1..6),
            cuts in vec(1_usize..900, 0..12),
        ) {
            let messages: Vec<_> = lens.iter().map(|&len| message(len)).collect();
            let mut rest = messages.concat();
            let whole = rest.clone();
            let mut arrivals = Vec::new();
            for cut in cuts {
                let after = rest.split_off(cut.min(rest.len()));
                arrivals.push(std::mem::replace(&mut rest, after));
            }
            arrivals.push(rest);
            let pieces = read(Framing::TwoBytes, &arrivals);
            prop_assert_eq!(pieces.concat(), &whole[..]);
            let mut ends = pieces.iter().scan(0, |at, piece| {
                *at += piece.len();
                Some(*at)
            });
            let mut end = 0;
            for message in &messages {
                end += message.len();
                prop_assert!(ends.any(|at| at == end), "no piece ends at {end}");
            }
            prop_assert_eq!(read(Framing::Raw, &arrivals).concat(), whole);
        }
    }
}
