//! Slots: packets leave in bunches, as on a wire whose users take turns (netem's `slot`).

use rand_chacha::rand_core::Rng;

use super::impairment::{Slot, SlotDelay};
use super::random::{Correlated, around};
use crate::random::Chance;
use crate::time::Time;

/// The slot that packets leave in next.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    next: Time,
    packets_left: u32,
    bytes_left: u32,
}

impl Slots {
    /// The first slot is open at once.
    pub fn new(slot: &Slot, now: Time) -> Self {
        let mut slots = Self {
            next: now,
            packets_left: 0,
            bytes_left: 0,
        };
        slots.refill(slot);
        slots
    }

    fn refill(&mut self, slot: &Slot) {
        let any = |n| if n == 0 { u32::MAX } else { n };
        self.packets_left = any(slot.packets);
        self.bytes_left = any(slot.bytes);
    }

    fn open_after(&mut self, slot: &Slot, now: Time, chance: &mut Chance) {
        let wait = match slot.every {
            SlotDelay::Between { min, max } => {
                let width = (max - min).as_micros();
                let into = (width * u64::from(chance.next_u32())) >> 32;
                (min.as_micros() + into).cast_signed()
            }
            SlotDelay::Distribution {
                shape,
                delay,
                jitter,
            } => around(delay, jitter, shape, &mut Correlated::default(), chance),
        };
        self.next = Time::from_micros(now.as_micros().saturating_add_signed(wait));
        self.refill(slot);
    }

    /// When a packet leaves that is sent at `now` and due at `due`.
    pub fn release(
        &mut self,
        slot: &Slot,
        now: Time,
        due: Time,
        size: u32,
        chance: &mut Chance,
    ) -> Time {
        // A slot that opened before the packet is due is past. As in the kernel the next one is
        // counted from the sending, and once more from the due time where that is past as well.
        for from in [now, due] {
            if self.next < due {
                self.open_after(slot, from, chance);
            }
        }
        let at = due.max(self.next);
        self.packets_left = self.packets_left.saturating_sub(1);
        self.bytes_left = self.bytes_left.saturating_sub(size);
        if self.packets_left == 0 || self.bytes_left == 0 {
            self.open_after(slot, at, chance);
        }
        at
    }
}
