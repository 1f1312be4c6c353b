//! What one end still has to bring across: the bytes, which of them are on their way, and when to
//! send them again.

use std::collections::VecDeque;

use super::round_trip::RoundTrip;
use super::{GIVE_UP, MSS, WINDOW};
use crate::time::Time;

/// The sending half of one end.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    bytes: Bytes,
    /// Everything before this was acknowledged.
    acked: u64,
    /// What is sent next.
    next: u64,
    /// What was never sent yet begins here.
    fresh: u64,
    /// The end of what was written. A FIN stands after it and counts as one byte.
    end: u64,
    fin: bool,
    /// How many segments may be on their way.
    window: u32,
    round_trip: RoundTrip,
    tries: u32,
    /// When to send again.
    pub timer: Time,
    /// Since when nothing was acknowledged although something is on its way.
    waiting_since: Time,
    /// The end of a segment sent once only, and when: what measures the round trip.
    timed: Option<(u64, Time)>,
}

/// A part of the stream to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub seq: u64,
    /// 0 for a FIN.
    pub len: u32,
    pub again: bool,
}

impl Sender {
    pub const fn new() -> Self {
        Self {
            bytes: Bytes {
                chunks: VecDeque::new(),
                taken: 0,
            },
            acked: 0,
            next: 0,
            fresh: 0,
            end: 0,
            fin: false,
            window: WINDOW,
            round_trip: RoundTrip { measured: None },
            tries: 0,
            timer: Time::NEVER,
            waiting_since: Time::NEVER,
            timed: None,
        }
    }

    /// The sequence number of what is sent next.
    pub const fn position(&self) -> u64 {
        self.next
    }

    pub fn write(&mut self, bytes: Vec<u8>) {
        self.end += bytes.len() as u64;
        self.bytes.chunks.push_back(bytes);
    }

    /// Nothing more will be written.
    pub fn finish(&mut self) {
        self.fin = true;
    }

    /// Whether nothing more will be written.
    pub const fn is_finished(&self) -> bool {
        self.fin
    }

    /// Whether everything has arrived, the FIN included.
    pub const fn is_done(&self) -> bool {
        self.fin && self.acked > self.end
    }

    /// The next segment that may be sent now.
    pub fn segment(&mut self, now: Time) -> Option<Segment> {
        let window = self.acked + u64::from(self.window) * u64::from(MSS);
        let last = self.end + u64::from(self.fin);
        if self.next >= last.min(window) {
            return None;
        }
        if self.acked == self.fresh {
            self.waiting_since = now;
        }
        let seq = self.next;
        let len = self.end.min(window).saturating_sub(seq).min(u64::from(MSS));
        self.next += len.max(1);
        let again = seq < self.fresh;
        if again {
            self.timed = None;
        } else {
            self.timed.get_or_insert((self.next, now));
        }
        // What is sent again may go on into what was written since.
        self.fresh = self.fresh.max(self.next);
        if self.timer == Time::NEVER {
            self.timer = now + self.round_trip.wait(self.tries);
        }
        Some(Segment {
            seq,
            len: len as u32,
            again,
        })
    }

    /// The peer has everything before `ack`.
    pub fn acknowledged(&mut self, now: Time, ack: u64) {
        if ack <= self.acked {
            return;
        }
        let segments = (ack - self.acked).div_ceil(u64::from(MSS)) as u32;
        self.window = (self.window + segments).min(WINDOW);
        self.acked = ack;
        self.next = self.next.max(ack);
        self.tries = 0;
        if let Some((_, sent)) = self.timed.take_if(|(end, _)| *end <= ack) {
            self.round_trip.sample(now.since(sent));
        }
        self.waiting_since = now;
        self.timer = if self.acked == self.fresh {
            Time::NEVER
        } else {
            now + self.round_trip.wait(0)
        };
    }

    /// The time has run out: what was on its way counts as lost and is sent again, one segment
    /// first. False when it is time to give up.
    pub fn again(&mut self, now: Time) -> bool {
        let gives_up = self.waiting_since + GIVE_UP;
        if now >= gives_up {
            return false;
        }
        self.tries += 1;
        self.next = self.acked;
        self.window = 1;
        self.timed = None;
        self.timer = (now + self.round_trip.wait(self.tries)).min(gives_up);
        true
    }

    /// Waits for the answer to an opening packet, sent now for the first time or again. False when
    /// it is time to give up.
    pub fn opening(&mut self, now: Time) -> bool {
        if self.timer == Time::NEVER {
            self.waiting_since = now;
            self.timed = Some((0, now));
        } else {
            self.tries += 1;
            self.timed = None;
        }
        self.timer = now + self.round_trip.wait(self.tries);
        now.since(self.waiting_since) < GIVE_UP
    }

    /// The opening packet was answered.
    pub fn opened(&mut self, now: Time) {
        if let Some((_, sent)) = self.timed.take() {
            self.round_trip.sample(now.since(sent));
        }
        self.tries = 0;
        self.timer = Time::NEVER;
    }

    /// Sends nothing more. What is on its way may still arrive.
    pub fn stop(&mut self) {
        self.timer = Time::NEVER;
    }

    /// Takes the bytes that the peer received in order, the oldest first.
    pub fn take(&mut self, len: u64) -> Vec<u8> {
        self.bytes.take(len as usize)
    }
}

/// Bytes written and not yet delivered, in the buffers in which they were written.
#[derive(Clone, Debug)]
struct Bytes {
    chunks: VecDeque<Vec<u8>>,
    /// How much of the first chunk was delivered.
    taken: usize,
}

impl Bytes {
    /// A message that arrives whole is handed on as it is; only what packets split is copied.
    fn take(&mut self, len: usize) -> Vec<u8> {
        if self.taken == 0
            && let Some(whole) = self.chunks.pop_front_if(|chunk| chunk.len() == len)
        {
            return whole;
        }
        let mut out = Vec::with_capacity(len);
        while out.len() < len
            && let Some(first) = self.chunks.front()
        {
            let rest = &first[self.taken..];
            let part = rest.len().min(len - out.len());
            out.extend_from_slice(&rest[..part]);
            self.taken += part;
            if self.taken == first.len() {
                self.chunks.pop_front();
                self.taken = 0;
            }
        }
        out
    }
}
