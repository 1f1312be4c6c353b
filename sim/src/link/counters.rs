//! What a link counted, one set a direction. Only numbers; what they mean for a terminal is judged
//! elsewhere.

use serde::{Deserialize, Serialize};

use super::Direction;
use super::netem::{DropReason, Fate};

/// The counts of one direction since the link was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectionCounters {
    /// Packets sent, whatever became of them; copies do not count.
    pub packets: u64,
    /// Their bytes, headers included.
    pub bytes: u64,
    /// Packets that never arrived: loss, drop list, schedule, or the direction or link was down.
    pub lost: u64,
    /// Packets that never arrived because too many were waiting.
    pub overflowed: u64,
    /// Packets, copies included, that arrived with a wrong checksum and were thrown away.
    pub corrupted: u64,
    /// Packets that arrived twice.
    pub duplicated: u64,
    /// Packets, copies included, that arrived before one that was sent earlier.
    pub reordered: u64,
    /// Packets, copies included, that were marked instead of dropped.
    pub marked: u64,
    /// Packets sent again because nobody acknowledged them in time.
    pub retransmitted: u64,
    /// Resets sent.
    pub resets: u64,
    /// Streams whose sender gave up waiting for an acknowledgement.
    pub given_up: u64,
}

/// The counts of both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Terminal to host.
    pub up: DirectionCounters,
    /// Host to terminal.
    pub down: DirectionCounters,
}

impl Counters {
    /// The counts of one direction.
    pub const fn of(&self, direction: Direction) -> &DirectionCounters {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    pub(super) const fn of_mut(&mut self, direction: Direction) -> &mut DirectionCounters {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }
}

impl DirectionCounters {
    pub(super) fn count(&mut self, bytes: u32, fate: Fate) {
        self.packets += 1;
        self.bytes += u64::from(bytes);
        let deliveries = match fate {
            Fate::Dropped(DropReason::Limit) => {
                self.overflowed += 1;
                return;
            }
            Fate::Dropped(
                DropReason::Down | DropReason::DropList | DropReason::Schedule | DropReason::Loss,
            ) => {
                self.lost += 1;
                return;
            }
            Fate::Delivered(one) => [Some(one), None],
            Fate::Duplicated(one, two) => {
                self.duplicated += 1;
                [Some(one), Some(two)]
            }
        };
        for delivery in deliveries.into_iter().flatten() {
            self.corrupted += u64::from(delivery.corrupted.is_some());
            self.reordered += u64::from(delivery.overtakes);
            self.marked += u64::from(delivery.marked);
        }
    }
}
