//! Secrets in streams of frames, masked byte by byte in their places. The same frame is met up to four
//! times in a record – written, received, sent, read – and taken apart once.

use std::collections::HashMap;

use super::{SHORTEST_CODE, Secrets};
use crate::iso8583::frame::PREFIX;
use crate::iso8583::mask::{hide, mask};
use crate::iso8583::{Dialect, Packet};

/// Masks streams, and remembers the frames that it has masked.
pub struct Frames<'s> {
    secrets: &'s Secrets,
    dialect: &'s Dialect,
    packet: Packet,
    /// What became of a frame.
    masked: HashMap<Vec<u8>, Vec<u8>>,
}

impl<'s> Frames<'s> {
    /// For who knows these secrets.
    pub fn new(secrets: &'s Secrets, dialect: &'s Dialect) -> Self {
        Self {
            secrets,
            dialect,
            packet: Packet::default(),
            masked: HashMap::new(),
        }
    }

    /// Masks the bytes of a stream from its beginning: frame by frame as long as the lengths fit; what is
    /// no frame is searched for codes.
    pub fn mask_stream(&mut self, stream: &mut [u8]) {
        let mut rest = stream;
        while let Some((length, _)) = rest.split_first_chunk::<PREFIX>() {
            let end = PREFIX + usize::from(u16::from_be_bytes(*length));
            if end > rest.len() {
                break;
            }
            let (frame, behind) = rest.split_at_mut(end);
            self.mask_frame(frame);
            rest = behind;
        }
        self.secrets.mask_loose(rest);
    }

    fn mask_frame(&mut self, frame: &mut [u8]) {
        if let Some(masked) = self.masked.get(&*frame) {
            frame.copy_from_slice(masked);
            return;
        }
        let clear = frame.to_vec();
        let parsed = self.dialect.parse_frame_into(frame, &mut self.packet);
        if parsed.is_ok() {
            mask(self.dialect, &self.packet, frame);
            self.secrets.hide_codes(frame);
        } else {
            self.secrets.mask_loose(frame);
        }
        self.masked.insert(clear, frame.to_vec());
    }
}

impl Secrets {
    /// Bytes that are no frame: whatever looks like a code, and the known ones.
    fn mask_loose(&self, bytes: &mut [u8]) {
        for run in bytes.split_mut(|byte| !byte.is_ascii_hexdigit()) {
            if run.len() >= SHORTEST_CODE {
                hide(run, 6, 4, b'*');
            }
        }
        self.hide_codes(bytes);
    }

    /// The known codes, as text and as packed digits.
    pub(super) fn hide_codes(&self, bytes: &mut [u8]) {
        for code in self.codes().map(str::as_bytes) {
            let mut from = 0;
            while let Some(at) = find(&bytes[from..], code) {
                let start = from + at;
                hide(&mut bytes[start..start + code.len()], 6, 4, b'*');
                from = start + code.len();
            }
            hide_packed(bytes, code);
        }
    }
}

fn find(bytes: &[u8], code: &[u8]) -> Option<usize> {
    // The first byte rules out nearly every place before anything is compared.
    let begins = |window: &[u8]| window.first() == code.first() && window == code;
    bytes.windows(code.len()).position(begins)
}

/// Hides a code packed two digits a byte, beginning with either half of a byte.
fn hide_packed(bytes: &mut [u8], code: &[u8]) {
    let digit = |at: usize| code[at] & 15;
    let pair = |at: usize| digit(at) << 4 | digit(at + 1);
    // What the first byte is that only digits of the code fill.
    let (even, odd) = (pair(0), pair(1));
    let nibble = |bytes: &[u8], at: usize| {
        let byte = bytes[at / 2];
        if at.is_multiple_of(2) {
            byte >> 4
        } else {
            byte & 15
        }
    };
    let count = bytes.len() * 2;
    for at in 0..(count + 1).saturating_sub(code.len()) {
        let begins = if at.is_multiple_of(2) {
            bytes[at / 2] == even
        } else {
            bytes[at / 2 + 1] == odd
        };
        if begins && (0..code.len()).all(|place| nibble(bytes, at + place) == digit(place)) {
            let whole = (at + 6).div_ceil(2)..(at + code.len() - 4) / 2;
            bytes[whole].fill(0);
        }
    }
}
