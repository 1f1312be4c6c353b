//! The packets of a link between being sent and arriving, and the queue of what is told about
//! them. Not here: why they are sent.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::counters::Counters;
use super::netem::{Delivery, DropReason, Fate, Impairment, Netem};
use super::stream::{HEADER, Packet};
use super::{Output, PacketTrace};
use crate::time::Time;

/// Both directions of a link.
#[derive(Clone, Debug)]
pub(super) struct Wire {
    pub netems: [Netem; 2],
    /// Whether the modem has a network.
    pub up: bool,
    pub tracing: bool,
    pub counters: Counters,
    pub outputs: VecDeque<Output>,
    arrivals: BinaryHeap<Arrival>,
    sent: u64,
}

#[derive(Clone, Debug)]
struct Arrival {
    at: Time,
    /// Packets that arrive at one instant do so in the order of sending.
    order: u64,
    packet: Packet,
}

impl Wire {
    pub fn new(netems: [Netem; 2]) -> Self {
        Self {
            netems,
            up: true,
            tracing: false,
            counters: Counters::default(),
            outputs: VecDeque::new(),
            arrivals: BinaryHeap::new(),
            sent: 0,
        }
    }

    /// Other impairments for both directions.
    pub fn impair(&mut self, up: &Impairment, down: &Impairment) {
        self.netems[0].set(up);
        self.netems[1].set(down);
    }

    /// Sends a packet; its fate is decided here and now.
    pub fn send(&mut self, now: Time, packet: Packet) {
        let (direction, size) = (packet.direction, HEADER + packet.len);
        let fate = if self.up {
            self.netems[direction.index()].send(now, size)
        } else {
            Fate::Dropped(DropReason::Down)
        };
        self.counters.of_mut(direction).count(size, fate);
        if self.tracing {
            self.outputs.push_back(Output::Packet(Box::new(PacketTrace {
                at: now,
                conn: packet.conn,
                direction,
                kind: packet.kind,
                seq: packet.seq,
                ack: packet.ack,
                len: packet.len,
                fate,
            })));
        }
        match fate {
            Fate::Dropped(_) => {}
            Fate::Delivered(one) => self.carry(one, packet),
            Fate::Duplicated(one, two) => {
                self.carry(one, packet);
                self.carry(two, packet);
            }
        }
    }

    fn carry(&mut self, delivery: Delivery, packet: Packet) {
        // A damaged packet fails its checksum: the receiver does not even know whose it was.
        if delivery.corrupted.is_none() {
            self.sent += 1;
            self.arrivals.push(Arrival {
                at: delivery.at,
                order: self.sent,
                packet,
            });
        }
    }

    /// When the next packet arrives.
    pub fn next(&self) -> Time {
        self.arrivals.peek().map_or(Time::NEVER, |next| next.at)
    }

    /// Takes the packet that arrives next; `None` too where it arrives at a modem without network.
    pub fn arrive(&mut self) -> Option<Packet> {
        let packet = self.arrivals.pop()?.packet;
        if !self.up {
            self.counters.of_mut(packet.direction).lost += 1;
            return None;
        }
        Some(packet)
    }
}

impl Ord for Arrival {
    /// The heap's greatest is the earliest.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for Arrival {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Arrival {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Arrival {}
