//! One end of a connection: its state, its two halves, and what its application is told.

use std::collections::VecDeque;

use super::super::wire::Wire;
use super::super::{Closing, ConnId, FaultFired, Output, Side};
use super::receiver::Receiver;
use super::sender::Sender;
use super::{Chop, StreamFaultKind, StreamFaults};
use crate::time::{Span, Time};

/// What an end knows of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The host, not called yet.
    Idle,
    /// The terminal has sent its SYN.
    Calling,
    /// The host has answered.
    Answering,
    /// The connection stands.
    Open,
    /// There is no connection here, or no longer. Who asks is told by a reset.
    Gone,
}

/// One end.
#[derive(Clone, Debug)]
pub(super) struct End {
    conn: ConnId,
    side: Side,
    pub state: State,
    pub sender: Sender,
    pub receiver: Receiver,
    /// The application has closed, or is no more: it is told nothing.
    pub left: bool,
    /// The end says nothing at all.
    pub mute: bool,
    /// When to acknowledge what arrived, if nothing is sent before.
    pub ack_due: Time,
    /// The bytes handed to the application, those that are held back included.
    pub delivered: u64,
    faults: Option<Box<StreamFaults>>,
    /// What the application is told later, in order.
    held: VecDeque<(Time, News)>,
}

/// What an application is told.
#[derive(Clone, Debug)]
pub(super) enum News {
    Data(Vec<u8>),
    Closed(Closing),
}

impl End {
    pub fn new(conn: ConnId, side: Side, faults: &StreamFaults) -> Self {
        let mut end = Self {
            conn,
            side,
            state: State::Idle,
            sender: Sender::new(),
            receiver: Receiver::default(),
            left: false,
            mute: false,
            ack_due: Time::NEVER,
            delivered: 0,
            faults: None,
            held: VecDeque::new(),
        };
        end.set_faults(faults);
        end
    }

    pub fn set_faults(&mut self, faults: &StreamFaults) {
        self.faults = (*faults != StreamFaults::default()).then(|| Box::new(*faults));
    }

    /// The application hears no more.
    pub fn leave(&mut self) {
        self.left = true;
        self.held.clear();
    }

    /// There is no connection here any more.
    pub fn die(&mut self) {
        self.state = State::Gone;
        self.sender.stop();
        self.ack_due = Time::NEVER;
    }

    /// The connection was reset, which overtakes whatever was held back.
    pub fn reset(&mut self, wire: &mut Wire) {
        self.die();
        self.held.clear();
        self.say(News::Closed(Closing::Reset), wire);
    }

    /// Whether this end will never do anything again.
    pub fn is_over(&self) -> bool {
        self.held.is_empty()
            && match self.state {
                State::Idle | State::Gone => true,
                State::Calling | State::Answering => false,
                State::Open => self.left && self.sender.is_done() && self.receiver.ended,
            }
    }

    /// When this end wants to be called next.
    pub fn next(&self) -> Time {
        let held = self.held.front().map_or(Time::NEVER, |(at, _)| *at);
        self.sender.timer.min(self.ack_due).min(held)
    }

    /// Tells the application at `at`, after whatever is held back already.
    pub fn tell(&mut self, at: Time, news: News, wire: &mut Wire) {
        match self.held.back() {
            Some(&(last, _)) => self.held.push_back((last.max(at), news)),
            None => self.say(news, wire),
        }
    }

    fn say(&self, news: News, wire: &mut Wire) {
        let (conn, side) = (self.conn, self.side);
        if self.left {
            return;
        }
        wire.outputs.push_back(match news {
            News::Data(bytes) => Output::Data {
                conn,
                to: side,
                bytes,
            },
            News::Closed(reason) => Output::Closed { conn, side, reason },
        });
    }

    /// Tells what was held back until now.
    pub fn release(&mut self, now: Time, wire: &mut Wire) {
        while let Some((_, news)) = self.held.pop_front_if(|(at, _)| *at <= now) {
            self.say(news, wire);
        }
    }

    /// The peer's stream has ended.
    pub fn end_of_file(&mut self, now: Time, wire: &mut Wire) {
        let news = News::Closed(Closing::Eof);
        let Some(delay) = self.faults.as_ref().and_then(|faults| faults.slow_close) else {
            return self.tell(now, news, wire);
        };
        self.fired(StreamFaultKind::SlowClose, self.delivered, wire);
        let at = self.held.back().map_or(now, |(at, _)| *at) + delay;
        self.held.push_back((at, news));
    }

    /// Hands bytes to the application, as far as the armed faults let it have them. Returns the
    /// fault that ends the connection here, if one does.
    pub fn deliver(
        &mut self,
        now: Time,
        mut bytes: Vec<u8>,
        wire: &mut Wire,
    ) -> Option<StreamFaultKind> {
        let from = self.delivered;
        self.delivered += bytes.len() as u64;
        let Some(faults) = self.faults.as_deref().copied() else {
            self.tell(now, News::Data(bytes), wire);
            return None;
        };
        let ends = [
            (faults.reset_after, StreamFaultKind::Reset),
            (faults.sever_after, StreamFaultKind::Sever),
        ]
        .into_iter()
        .filter_map(|(after, kind)| Some((after?.max(from), kind)))
        .filter(|&(after, _)| after <= self.delivered)
        .min_by_key(|&(after, _)| after);
        if let Some((after, _)) = ends {
            bytes.truncate((after - from) as usize);
            self.delivered = after;
        }
        if let Some(flip) = faults.flip
            && (from..self.delivered).contains(&flip.offset)
        {
            bytes[(flip.offset - from) as usize] ^= 1 << (flip.bit & 7);
            self.fired(StreamFaultKind::Flip, flip.offset, wire);
        }
        match faults.chop {
            Some(chop) => self.chop(now, chop, &bytes, wire),
            None if bytes.is_empty() => {}
            None => self.tell(now, News::Data(bytes), wire),
        }
        ends.map(|(_, kind)| kind)
    }

    fn chop(&mut self, now: Time, chop: Chop, bytes: &[u8], wire: &mut Wire) {
        if bytes.len() > chop.piece.get() {
            let from = self.delivered - bytes.len() as u64;
            self.fired(StreamFaultKind::Chop, from, wire);
        }
        for piece in bytes.chunks(chop.piece.get()) {
            let news = News::Data(piece.to_vec());
            if chop.gap == Span::ZERO {
                self.tell(now, news, wire);
            } else {
                let last = self.held.back().map_or(now, |(at, _)| *at + chop.gap);
                self.held.push_back((last.max(now), news));
            }
        }
        self.release(now, wire);
    }

    /// Reports that a fault struck at this byte.
    pub fn fired(&self, kind: StreamFaultKind, offset: u64, wire: &mut Wire) {
        wire.outputs.push_back(Output::Fault(FaultFired {
            conn: self.conn,
            to: self.side,
            kind,
            offset,
        }));
    }
}
