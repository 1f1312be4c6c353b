//! Packets of one direction, as the queueing discipline netem of Linux treats them: the same
//! parameters, the same order of decisions, the same arithmetic (kernel `net/sched/sch_netem.c`),
//! on the simulated clock and with a seeded generator. A packet's whole fate is decided when it is
//! sent. Not here: what a packet carries, and everything that survives its loss
//! ([`super::stream`]).
//!
//! Where this differs from the kernel: time has microseconds; slots are given out in the order of
//! sending; the tables of the distributions are computed, not read from a file.

mod impairment;
mod loss;
mod random;
mod reading;
mod slots;
mod units;
mod writing;

use rand_chacha::rand_core::Rng;

use serde::{Deserialize, Serialize};

pub use self::impairment::{
    Delay, Distribution, Event, Impairment, Loss, Rate, Schedule, Slot, SlotDelay,
};
use self::loss::LossModel;
use self::random::{Correlated, Trial, around};
pub use self::reading::{ImpairmentError, ImpairmentFault};
use self::slots::Slots;
pub use self::units::{LONGEST, Probability, QuantityError, time_text};
use crate::random::Chance;
use crate::time::Time;

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// It never arrives.
    Dropped(DropReason),
    /// It arrives.
    Delivered(Delivery),
    /// It arrives twice: the packet and its copy, in any order.
    Duplicated(Delivery, Delivery),
}

/// Why a packet never arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DropReason {
    /// The direction is down.
    Down,
    /// The drop list names it.
    DropList,
    /// The schedule is in its off time.
    Schedule,
    /// The loss model took it.
    Loss,
    /// Too many packets were waiting.
    Limit,
}

/// A packet that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// When.
    pub at: Time,
    /// The bit that flipped on the way, counted from the packet's first.
    pub corrupted: Option<u32>,
    /// Congestion was noted on it instead of dropping it.
    pub marked: bool,
    /// It arrives before a packet that was sent earlier.
    pub overtakes: bool,
}

/// One direction of a link.
#[derive(Clone, Debug)]
pub struct Netem {
    impairment: Impairment,
    chance: Chance,
    draws: Draws,
    /// Delayed packets since the last that skipped the delay.
    since_reorder: u32,
    /// Packets sent since the impairment was set.
    sent: u32,
    first: Option<Time>,
    /// The latest instant for which a packet was due so far, and at which one was released: they
    /// differ where there are slots.
    last_due: Time,
    last_release: Time,
    /// When packets leave the queue; those that have left are swept out when it matters.
    waiting: Vec<Time>,
}

/// What remembers earlier packets in order to decide on the next.
#[derive(Clone, Debug)]
struct Draws {
    loss: LossModel,
    corrupt: Trial,
    duplicate: Trial,
    reorder: Trial,
    delay: Correlated,
    slots: Option<Slots>,
}

impl Draws {
    fn new(impairment: &Impairment, chance: &mut Chance) -> Self {
        Self {
            loss: LossModel::new(&impairment.loss, chance),
            corrupt: Trial::new(impairment.corrupt, chance),
            duplicate: Trial::new(impairment.duplicate, chance),
            reorder: Trial::new(impairment.reorder, chance),
            delay: Correlated::new(impairment.delay.correlation, chance),
            slots: None,
        }
    }
}

impl Netem {
    /// A direction with these impairments, all of whose chance comes from `chance`.
    pub fn new(impairment: &Impairment, mut chance: Chance) -> Self {
        let draws = Draws::new(impairment, &mut chance);
        Self {
            impairment: impairment.clone(),
            chance,
            draws,
            since_reorder: 0,
            sent: 0,
            first: None,
            last_due: Time::default(),
            last_release: Time::default(),
            waiting: Vec::new(),
        }
    }

    /// Other impairments from now on. Loss models, the drop list, the schedule and the slots start
    /// afresh; packets on their way stay on it, and the generator goes on where it was.
    pub fn set(&mut self, impairment: &Impairment) {
        self.draws = Draws::new(impairment, &mut self.chance);
        (self.since_reorder, self.sent, self.first) = (0, 0, None);
        self.impairment.clone_from(impairment);
    }

    /// The impairments in force.
    pub fn impairment(&self) -> &Impairment {
        &self.impairment
    }

    /// Lets packets pass, or nothing.
    pub fn set_up(&mut self, up: bool) {
        self.impairment.down = !up;
    }

    /// Sends a packet of `size` bytes. `now` never goes back.
    pub fn send(&mut self, now: Time, size: u32) -> Fate {
        self.sent = self.sent.saturating_add(1);
        if let Some(reason) = self.blocked(now) {
            return Fate::Dropped(reason);
        }
        let twice = self.draws.duplicate.happens(&mut self.chance);
        let (marked, twice) = match (self.survive(), twice) {
            (Ok(marked), twice) => (marked, twice),
            // One of the two is lost, the other goes on alone.
            (Err(_), true) => (false, false),
            (Err(reason), false) => return Fate::Dropped(reason),
        };
        let corrupted = match self.admit(now, size) {
            Ok(corrupted) => corrupted,
            Err(reason) => return Fate::Dropped(reason),
        };
        // The copy goes through everything but duplication by itself, and before its original.
        let copy = if twice { self.copy(now, size) } else { None };
        let original = self.deliver(now, size, corrupted, marked);
        copy.map_or(Fate::Delivered(original), |copy| {
            Fate::Duplicated(original, copy)
        })
    }

    fn blocked(&mut self, now: Time) -> Option<DropReason> {
        let first = *self.first.get_or_insert(now);
        if self.impairment.down {
            return Some(DropReason::Down);
        }
        if self.impairment.drop_list.binary_search(&self.sent).is_ok() {
            return Some(DropReason::DropList);
        }
        let Schedule { on, off } = self.impairment.schedule?;
        let phase = now.since(first).as_micros() % (on + off).as_micros().max(1);
        (phase >= on.as_micros()).then_some(DropReason::Schedule)
    }

    /// Past the loss model: whether congestion was marked on the way.
    fn survive(&mut self) -> Result<bool, DropReason> {
        let taken = self.draws.loss.takes(&mut self.chance);
        if taken && !self.impairment.ecn {
            return Err(DropReason::Loss);
        }
        Ok(taken)
    }

    /// Past corruption and into the queue: the bit that flipped.
    fn admit(&mut self, now: Time, size: u32) -> Result<Option<u32>, DropReason> {
        let corrupted = self
            .draws
            .corrupt
            .happens(&mut self.chance)
            .then(|| self.chance.next_u32() % (size * 8).max(1));
        let limit = self.impairment.limit as usize;
        if self.waiting.len() >= limit.min(self.waiting.capacity()) {
            self.waiting.retain(|&out| out > now);
        }
        if self.waiting.len() < limit {
            Ok(corrupted)
        } else {
            Err(DropReason::Limit)
        }
    }

    fn copy(&mut self, now: Time, size: u32) -> Option<Delivery> {
        let marked = self.survive().ok()?;
        let corrupted = self.admit(now, size).ok()?;
        Some(self.deliver(now, size, corrupted, marked))
    }

    /// Through the queue: when it arrives.
    fn deliver(&mut self, now: Time, size: u32, corrupted: Option<u32>, marked: bool) -> Delivery {
        let inside_gap = self.since_reorder < self.impairment.gap.saturating_sub(1);
        let at =
            if !inside_gap && self.draws.reorder.happens(&mut self.chance) {
                self.since_reorder = 0;
                now
            } else {
                self.since_reorder = self.since_reorder.saturating_add(1);
                let due = self.due(now, size);
                self.last_due = self.last_due.max(due);
                match (&self.impairment.slot, &mut self.draws.slots) {
                    (Some(slot), slots) => slots
                        .get_or_insert_with(|| Slots::new(slot, now))
                        .release(slot, now, due, size, &mut self.chance),
                    (None, _) => due,
                }
            };
        self.waiting.push(at);
        let overtakes = at < self.last_release;
        self.last_release = self.last_release.max(at);
        Delivery {
            at,
            corrupted,
            marked,
            overtakes,
        }
    }

    fn due(&mut self, now: Time, size: u32) -> Time {
        let Delay {
            time,
            jitter,
            distribution,
            ..
        } = self.impairment.delay;
        let delay = around(
            time,
            jitter,
            distribution,
            &mut self.draws.delay,
            &mut self.chance,
        );
        let due = Time::from_micros(now.as_micros().saturating_add_signed(delay));
        match &self.impairment.rate {
            // Behind the last packet that still waits, however early the delay would have it.
            Some(rate) => due.max(self.last_due).max(now) + rate.time_for(size),
            None => due.max(now),
        }
    }
}

#[cfg(test)]
mod tests;
