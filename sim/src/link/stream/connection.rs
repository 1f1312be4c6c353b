//! One connection: its two ends, the handshake between them, and how it ends.

use super::super::wire::Wire;
use super::super::{Closing, ConnId, Listener, Output, Refusal, Side};
use super::end::{End, News, State};
use super::packet::{Packet, PacketKind};
use super::{ACK_DELAY, StreamFaultKind, StreamFaults};
use crate::time::{Span, Time};

/// A connection and its two ends.
#[derive(Clone, Debug)]
pub(in super::super) struct Connection {
    pub id: ConnId,
    ends: [End; 2],
    /// When connecting times out.
    deadline: Time,
    /// Nothing passes, and nobody knows.
    severed: bool,
    /// When it wants to be called next.
    pub next: Time,
}

impl Connection {
    /// The terminal begins to connect.
    pub fn connect(
        now: Time,
        id: ConnId,
        timeout: Span,
        faults: &[StreamFaults; 2],
        wire: &mut Wire,
    ) -> Self {
        let end = |side: Side| End::new(id, side, &faults[side.index()]);
        let mut connection = Self {
            id,
            ends: [end(Side::Terminal), end(Side::Host)],
            deadline: now + timeout,
            severed: false,
            next: Time::NEVER,
        };
        connection.end(Side::Terminal).state = State::Calling;
        connection.open(now, Side::Terminal, wire);
        connection.refresh();
        connection
    }

    /// Whether this end's application may still write.
    pub fn is_writable(&self, side: Side) -> bool {
        let end = &self.ends[side.index()];
        end.state == State::Open && !end.left && !end.sender.is_finished()
    }

    /// Writes bytes at an end that is writable.
    pub fn write(&mut self, now: Time, side: Side, bytes: Vec<u8>, wire: &mut Wire) {
        if !bytes.is_empty() {
            self.end(side).sender.write(bytes);
            self.transmit(now, side, wire);
            self.refresh();
        }
    }

    /// This end's application writes nothing more, and goes on hearing.
    pub fn finish(&mut self, now: Time, side: Side, wire: &mut Wire) {
        self.end(side).sender.finish();
        self.transmit(now, side, wire);
        self.refresh();
    }

    /// This end's application closes and hears no more of the connection.
    pub fn close(&mut self, now: Time, side: Side, wire: &mut Wire) {
        let end = self.end(side);
        end.leave();
        match end.state {
            State::Open => {
                end.sender.finish();
                self.transmit(now, side, wire);
            }
            State::Calling => end.die(),
            State::Idle | State::Answering | State::Gone => {}
        }
        self.refresh();
    }

    /// This end's application resets the connection and hears no more of it.
    pub fn abort(&mut self, now: Time, side: Side, wire: &mut Wire) {
        let end = self.end(side);
        end.leave();
        match end.state {
            State::Open | State::Answering => {
                end.die();
                self.send(now, side, PacketKind::Reset, wire);
            }
            State::Calling => end.die(),
            State::Idle | State::Gone => {}
        }
        self.refresh();
    }

    /// This end is no more, and nobody is told.
    pub fn vanish(&mut self, side: Side) {
        let end = self.end(side);
        end.leave();
        end.die();
        self.refresh();
    }

    /// From now on this end says nothing at all, not even that there is no connection.
    pub fn mute(&mut self, side: Side) {
        self.end(side).mute = true;
    }

    /// From now on nothing passes in either direction, and nobody is told.
    pub fn sever(&mut self) {
        self.severed = true;
    }

    /// Other faults for the bytes towards an end.
    pub fn set_faults(&mut self, to: Side, faults: &StreamFaults) {
        self.end(to).set_faults(faults);
    }

    /// Whether neither end will ever do anything again.
    pub fn is_over(&self) -> bool {
        self.ends.iter().all(End::is_over)
    }

    /// A packet of this connection arrives.
    pub fn arrive(&mut self, now: Time, packet: Packet, listener: Listener, wire: &mut Wire) {
        if self.severed {
            return;
        }
        let to = packet.direction.to();
        match self.end(to).state {
            State::Gone => {
                if packet.kind != PacketKind::Reset && !self.end(to).mute {
                    self.send(now, to, PacketKind::Reset, wire);
                }
            }
            State::Idle => self.called(now, packet, listener, wire),
            State::Calling => self.answered(now, packet, wire),
            State::Answering => match packet.kind {
                PacketKind::Syn => self.send(now, to, PacketKind::SynAck, wire),
                PacketKind::Reset => self.end(to).die(),
                _ => {
                    self.stands(now, to, wire);
                    self.talk(now, packet, wire);
                }
            },
            State::Open => match packet.kind {
                PacketKind::Syn | PacketKind::SynAck => self.send(now, to, PacketKind::Ack, wire),
                PacketKind::Reset => self.end(to).reset(wire),
                PacketKind::Ack | PacketKind::Data | PacketKind::Fin => {
                    self.talk(now, packet, wire);
                }
            },
        }
        self.refresh();
    }

    /// Does what is due at `now`.
    pub fn due(&mut self, now: Time, wire: &mut Wire) {
        if self.deadline <= now {
            self.refuse(Refusal::Timeout, wire);
        }
        for side in [Side::Terminal, Side::Host] {
            self.end(side).release(now, wire);
            if self.end(side).sender.timer <= now {
                self.waited(now, side, wire);
            }
            if self.end(side).ack_due <= now {
                self.send(now, side, PacketKind::Ack, wire);
            }
        }
        self.refresh();
    }

    /// Nobody acknowledged in time.
    fn waited(&mut self, now: Time, side: Side, wire: &mut Wire) {
        let end = self.end(side);
        match end.state {
            State::Calling | State::Answering => self.open(now, side, wire),
            State::Open => {
                if end.sender.again(now) {
                    self.transmit(now, side, wire);
                } else {
                    end.reset(wire);
                    wire.counters.of_mut(side.sends()).given_up += 1;
                }
            }
            State::Idle | State::Gone => end.sender.stop(),
        }
    }

    /// Sends the opening packet of an end, for the first time or again.
    fn open(&mut self, now: Time, side: Side, wire: &mut Wire) {
        let again = self.end(side).sender.timer != Time::NEVER;
        let kind = match side {
            Side::Terminal => PacketKind::Syn,
            Side::Host => PacketKind::SynAck,
        };
        let goes_on = self.end(side).sender.opening(now);
        // The terminal goes on for as long as its time-out says.
        if side == Side::Host && !goes_on {
            self.end(side).die();
            return;
        }
        wire.counters.of_mut(side.sends()).retransmitted += u64::from(again);
        self.send(now, side, kind, wire);
    }

    /// The host is called.
    fn called(&mut self, now: Time, packet: Packet, listener: Listener, wire: &mut Wire) {
        if packet.kind != PacketKind::Syn {
            return;
        }
        match listener {
            Listener::Accepting => {
                self.end(Side::Host).state = State::Answering;
                self.open(now, Side::Host, wire);
            }
            Listener::Refusing => self.send(now, Side::Host, PacketKind::Reset, wire),
            Listener::Silent => {
                let conn = self.id;
                wire.outputs.push_back(Output::Unheard { conn });
            }
        }
    }

    /// The terminal's call is answered.
    fn answered(&mut self, now: Time, packet: Packet, wire: &mut Wire) {
        match packet.kind {
            PacketKind::SynAck => {
                self.stands(now, Side::Terminal, wire);
                self.send(now, Side::Terminal, PacketKind::Ack, wire);
            }
            PacketKind::Reset => self.refuse(Refusal::Refused, wire),
            PacketKind::Syn | PacketKind::Ack | PacketKind::Data | PacketKind::Fin => {}
        }
    }

    fn stands(&mut self, now: Time, side: Side, wire: &mut Wire) {
        let conn = self.id;
        let end = self.end(side);
        end.state = State::Open;
        end.sender.opened(now);
        wire.outputs.push_back(Output::Connected { conn, side });
    }

    fn refuse(&mut self, reason: Refusal, wire: &mut Wire) {
        let conn = self.id;
        let end = self.end(Side::Terminal);
        end.die();
        if !end.left {
            wire.outputs.push_back(Output::Refused { conn, reason });
        }
    }

    /// A packet arrives at an end that is open.
    fn talk(&mut self, now: Time, packet: Packet, wire: &mut Wire) {
        let to = packet.direction.to();
        let end = self.end(to);
        let before = end.receiver.next;
        end.sender.acknowledged(now, packet.ack);
        let fresh = match packet.kind {
            PacketKind::Data => end.receiver.segment(packet.seq, packet.len),
            PacketKind::Fin => {
                end.receiver.fin(packet.seq);
                0
            }
            _ => 0,
        };
        if fresh > 0 {
            if end.left {
                // As in every kernel: bytes for an application that has closed are answered by a
                // reset, so that their sender learns that nobody read them.
                end.die();
                self.send(now, to, PacketKind::Reset, wire);
                return;
            }
            self.deliver(now, to, fresh, wire);
            if self.severed || self.end(to).state == State::Gone {
                return;
            }
        }
        let end = self.end(to);
        if end.receiver.ends() {
            end.end_of_file(now, wire);
        }
        let advanced = end.receiver.next > before;
        // Whatever is sent acknowledges as well.
        if !self.transmit(now, to, wire) && packet.kind != PacketKind::Ack {
            self.acknowledge(now, to, advanced, wire);
        }
    }

    /// Acknowledges what arrived, at once or with whatever is sent soon.
    fn acknowledge(&mut self, now: Time, side: Side, advanced: bool, wire: &mut Wire) {
        let end = self.end(side);
        let first = end.ack_due == Time::NEVER;
        if advanced && first && !end.receiver.has_gap() && !end.sender.is_done() {
            end.ack_due = now + ACK_DELAY;
        } else {
            self.send(now, side, PacketKind::Ack, wire);
        }
    }

    /// Hands the next bytes in order to the application, through the armed faults.
    fn deliver(&mut self, now: Time, to: Side, len: u64, wire: &mut Wire) {
        let bytes = self.end(to.peer()).sender.take(len);
        let end = self.end(to);
        let Some(struck) = end.deliver(now, bytes, wire) else {
            return;
        };
        end.fired(struck, end.delivered, wire);
        if struck == StreamFaultKind::Sever {
            self.severed = true;
        } else {
            end.die();
            end.tell(now, News::Closed(Closing::Reset), wire);
            self.send(now, to, PacketKind::Reset, wire);
        }
    }

    /// Sends what may be sent. False where there was nothing.
    fn transmit(&mut self, now: Time, side: Side, wire: &mut Wire) -> bool {
        let conn = self.id;
        let end = &mut self.ends[side.index()];
        let mut sent = false;
        while let Some(segment) = end.sender.segment(now) {
            sent = true;
            end.ack_due = Time::NEVER;
            wire.counters.of_mut(side.sends()).retransmitted += u64::from(segment.again);
            wire.send(
                now,
                Packet {
                    conn,
                    direction: side.sends(),
                    kind: if segment.len > 0 {
                        PacketKind::Data
                    } else {
                        PacketKind::Fin
                    },
                    seq: segment.seq,
                    ack: end.receiver.next,
                    len: segment.len,
                },
            );
        }
        sent
    }

    /// Sends a packet without payload.
    fn send(&mut self, now: Time, side: Side, kind: PacketKind, wire: &mut Wire) {
        let end = &mut self.ends[side.index()];
        end.ack_due = Time::NEVER;
        let direction = side.sends();
        if kind == PacketKind::Reset {
            wire.counters.of_mut(direction).resets += 1;
        }
        let packet = Packet {
            conn: self.id,
            direction,
            kind,
            seq: end.sender.position(),
            ack: end.receiver.next,
            len: 0,
        };
        wire.send(now, packet);
    }

    fn end(&mut self, side: Side) -> &mut End {
        &mut self.ends[side.index()]
    }

    fn refresh(&mut self) {
        let [terminal, host] = &self.ends;
        if terminal.state != State::Calling {
            self.deadline = Time::NEVER;
        }
        self.next = self.deadline.min(terminal.next()).min(host.next());
    }
}
