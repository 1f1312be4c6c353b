//! What can be wrong with one direction of a link: the parameters of tc-netem under tc-netem's
//! names, and a few of our own that count or follow a clock. Data only: the text form is in
//! [`super::reading`] and [`super::writing`], what it does to packets in [`super::Netem`].

use serde::{Deserialize, Serialize};

use super::units::Probability;
use crate::time::Span;

/// One direction's impairments. In data files and on the command line it is a string in the words
/// of tc-netem: `delay 60ms 20ms distribution normal loss random 1% rate 2mbit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Impairment {
    /// How many packets may wait at a time; one more is dropped. tc's default is 1000.
    pub limit: u32,
    /// How long each packet travels.
    pub delay: Delay,
    /// Which packets vanish.
    pub loss: Loss,
    /// Mark what loss would have taken instead of dropping it. The simulated stream negotiates
    /// ECN, so nothing is lost then.
    pub ecn: bool,
    /// One bit of the packet flips. A stream's checksum notices and drops it.
    pub corrupt: Event,
    /// The packet arrives twice.
    pub duplicate: Event,
    /// The packet skips the delay and so overtakes others.
    pub reorder: Event,
    /// With `reorder`: only the first packet after `gap - 1` delayed ones may skip. 0 and 1 say
    /// any may.
    pub gap: u32,
    /// How fast the wire takes bytes; `None` is as fast as they come.
    pub rate: Option<Rate>,
    /// Packets leave in bunches only.
    pub slot: Option<Slot>,
    /// Ours: these packets are dropped, counted from 1 since the impairment was set. In order.
    pub drop_list: Vec<u32>,
    /// Ours: the direction works and fails by the clock.
    pub schedule: Option<Schedule>,
    /// Ours: nothing passes.
    pub down: bool,
}

/// `delay TIME [JITTER [CORRELATION]] [distribution D]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// The mean, of a Pareto distribution roughly so.
    pub time: Span,
    /// Half the width of a uniform distribution, the standard deviation of the others.
    pub jitter: Span,
    /// How much of a draw is the last one's.
    pub correlation: Probability,
    /// The shape of the jitter.
    pub distribution: Distribution,
}

/// The shape of a random time. Without jitter a delay is constant whatever its distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distribution {
    /// Flat from mean − jitter to mean + jitter.
    #[default]
    Uniform,
    /// The bell curve.
    Normal,
    /// Most are early, a few very late.
    Pareto,
    /// A quarter normal, three quarters Pareto: what NIST found on real networks.
    ParetoNormal,
}

/// Something that happens to a packet with a probability.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// How likely.
    pub probability: Probability,
    /// How much of a draw is the last one's.
    pub correlation: Probability,
}

/// Which packets vanish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// None.
    #[default]
    None,
    /// `loss random P [CORR]`: each by itself.
    Random(Event),
    /// `loss state p13 [p31 [p32 [p23 [p14]]]]`: four states, 1 good, 2 good within a burst, 3
    /// lost within a burst, 4 lost alone; `pXY` is the step from X to Y at each packet.
    State {
        /// Good to burst.
        p13: Probability,
        /// Burst to good. tc's default is 1 − p13.
        p31: Probability,
        /// Burst to good within it. tc's default is 0.
        p32: Probability,
        /// Good within a burst back to loss. tc's default is 100%.
        p23: Probability,
        /// Good to an isolated loss. tc's default is 0.
        p14: Probability,
    },
    /// `loss gemodel p [r [1-h [1-k]]]`: Gilbert and Elliott's good and bad state.
    Gemodel {
        /// Good to bad, at each packet.
        p: Probability,
        /// Bad to good. tc's default is 1 − p.
        r: Probability,
        /// Loss in the bad state. tc's default is 100%.
        one_minus_h: Probability,
        /// Loss in the good state. tc's default is 0.
        one_minus_k: Probability,
    },
}

impl Loss {
    /// Whether nothing ever arrives.
    pub fn is_total(&self) -> bool {
        matches!(self, Self::Random(event) if event.probability == Probability::ALWAYS)
    }
}

/// `rate R [PACKETOVERHEAD [CELLSIZE [CELLOVERHEAD]]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Bits per second, at least 8.
    pub bits: u64,
    /// Bytes that each packet costs beside its own; may be negative.
    pub packet_overhead: i32,
    /// Bytes of a cell where the wire has cells; 0 where not.
    pub cell_size: u32,
    /// Bytes that each cell costs beside its own; may be negative.
    pub cell_overhead: i32,
}

/// `slot MIN [MAX] | slot distribution D DELAY JITTER [packets N] [bytes N]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// How long until the next slot.
    pub every: SlotDelay,
    /// The packets that one slot takes; 0 for any number.
    pub packets: u32,
    /// The bytes that one slot takes; 0 for any number.
    pub bytes: u32,
}

/// How long until the next slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotDelay {
    /// Evenly drawn from a range.
    Between {
        /// At least.
        min: Span,
        /// Less than, or exactly `min` where they are equal.
        max: Span,
    },
    /// Drawn from a distribution.
    Distribution {
        /// Its shape.
        shape: Distribution,
        /// Its mean.
        delay: Span,
        /// Its deviation.
        jitter: Span,
    },
}

/// Ours: `schedule ON OFF`, from the first packet on, over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// So long packets pass.
    pub on: Span,
    /// So long they are dropped.
    pub off: Span,
}

impl Default for Impairment {
    /// A perfect wire.
    fn default() -> Self {
        Self {
            limit: Self::TC_LIMIT,
            delay: Delay::default(),
            loss: Loss::None,
            ecn: false,
            corrupt: Event::default(),
            duplicate: Event::default(),
            reorder: Event::default(),
            gap: 0,
            rate: None,
            slot: None,
            drop_list: Vec::new(),
            schedule: None,
            down: false,
        }
    }
}

impl Impairment {
    /// tc's default of `limit`.
    pub const TC_LIMIT: u32 = 1_000;
}

impl Rate {
    /// How long the wire is busy with a packet of `size` bytes, rounded up.
    pub fn time_for(&self, size: u32) -> Span {
        let mut bytes = (i64::from(size) + i64::from(self.packet_overhead)).max(0) as u64;
        if self.cell_size > 0 {
            let cell = i64::from(self.cell_size) + i64::from(self.cell_overhead);
            bytes = bytes.div_ceil(u64::from(self.cell_size)) * cell.max(0) as u64;
        }
        Span::from_micros(bytes.saturating_mul(8_000_000).div_ceil(self.bits.max(1)))
    }
}
