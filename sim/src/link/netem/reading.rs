//! Reads impairments in the words of tc-netem, by the rules of its own parser (iproute2
//! `tc/q_netem.c`), so that a line tried on a real interface can be pasted into a data file. Ours,
//! unknown to tc: `droplist N,N…`, `schedule ON OFF`, `down`.

use std::str::FromStr;

use super::impairment::{
    Delay, Distribution, Event, Impairment, Loss, Rate, Schedule, Slot, SlotDelay,
};
use super::units::{self, Probability, QuantityError};
use crate::time::Span;

/// Why an impairment could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("impairment, word {place} ({word:?}): {reason}")]
pub struct ImpairmentError {
    /// Which word, counted from 1; one past the last where something is missing.
    pub place: usize,
    /// The word itself.
    pub word: String,
    /// What is the matter with it.
    pub reason: ImpairmentFault,
}

/// What is the matter with a word of an impairment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImpairmentFault {
    /// The value after a parameter cannot be read.
    #[error("{0}")]
    Quantity(#[from] QuantityError),
    /// No such parameter.
    #[error(
        "no such parameter; there are limit, delay, distribution, loss, ecn, corrupt, duplicate, \
         reorder, gap, rate, slot, droplist, schedule and down"
    )]
    Unknown,
    /// A parameter without its value.
    #[error("a value is missing after it")]
    Missing,
    /// The same parameter twice.
    #[error("is there twice")]
    Twice,
    /// No such distribution.
    #[error("no such distribution; there are uniform, normal, pareto and paretonormal")]
    Distribution,
    /// `distribution` without a delay that varies.
    #[error("needs a delay with jitter")]
    NeedsJitter,
    /// `reorder` without a delay.
    #[error("needs a delay: there is nothing to overtake")]
    NeedsDelay,
    /// `gap` without `reorder`.
    #[error("needs reorder")]
    NeedsReorder,
    /// `ecn` without a loss model.
    #[error("needs a loss model")]
    NeedsLoss,
    /// A range that ends before it begins, or is empty where it must not be.
    #[error("the range is empty")]
    Range,
    /// A drop list that is not ascending from 1.
    #[error("must be packet numbers from 1 on, ascending, separated by commas")]
    DropList,
}

struct Words<'a> {
    words: Vec<&'a str>,
    next: usize,
}

impl<'a> Words<'a> {
    fn word(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.next).copied();
        self.next += usize::from(word.is_some());
        word
    }

    /// What is wrong with the word that was read last.
    fn wrong(&self, reason: ImpairmentFault) -> ImpairmentError {
        self.wrong_at(self.next.saturating_sub(1), reason)
    }

    fn wrong_at(&self, at: usize, reason: ImpairmentFault) -> ImpairmentError {
        ImpairmentError {
            place: at + 1,
            word: self
                .words
                .get(at)
                .map_or_else(String::new, ToString::to_string),
            reason,
        }
    }

    fn required(&mut self) -> Result<&'a str, ImpairmentError> {
        self.word()
            .ok_or_else(|| self.wrong(ImpairmentFault::Missing))
    }

    fn read<T>(
        &mut self,
        parse: impl Fn(&str) -> Result<T, QuantityError>,
    ) -> Result<T, ImpairmentError> {
        let word = self.required()?;
        parse(word).map_err(|error| self.wrong(error.into()))
    }

    /// The next value, where the next word is a number; tc tells by its first digit.
    fn optional<T>(
        &mut self,
        parse: impl Fn(&str) -> Result<T, QuantityError>,
    ) -> Result<Option<T>, ImpairmentError> {
        match self.words.get(self.next) {
            Some(word) if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                self.read(parse).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn follows(&mut self, word: &str) -> bool {
        let follows = self.words.get(self.next) == Some(&word);
        self.next += usize::from(follows);
        follows
    }

    fn event(&mut self) -> Result<Event, ImpairmentError> {
        Ok(Event {
            probability: self.read(probability)?,
            correlation: self.optional(probability)?.unwrap_or_default(),
        })
    }

    fn distribution(&mut self) -> Result<Distribution, ImpairmentError> {
        Ok(match self.required()? {
            "uniform" => Distribution::Uniform,
            "normal" => Distribution::Normal,
            "pareto" => Distribution::Pareto,
            "paretonormal" => Distribution::ParetoNormal,
            _ => return Err(self.wrong(ImpairmentFault::Distribution)),
        })
    }

    fn loss(&mut self) -> Result<Loss, ImpairmentError> {
        if self.follows("state") {
            let p13 = self.read(probability)?;
            return Ok(Loss::State {
                p13,
                p31: self.optional(probability)?.unwrap_or(p13.complement()),
                p32: self.optional(probability)?.unwrap_or(Probability::NEVER),
                p23: self.optional(probability)?.unwrap_or(Probability::ALWAYS),
                p14: self.optional(probability)?.unwrap_or(Probability::NEVER),
            });
        }
        if self.follows("gemodel") {
            let p = self.read(probability)?;
            return Ok(Loss::Gemodel {
                p,
                r: self.optional(probability)?.unwrap_or(p.complement()),
                one_minus_h: self.optional(probability)?.unwrap_or(Probability::ALWAYS),
                one_minus_k: self.optional(probability)?.unwrap_or(Probability::NEVER),
            });
        }
        // The model may be left out, as with tc.
        self.follows("random");
        self.event().map(Loss::Random)
    }

    fn slot(&mut self) -> Result<Slot, ImpairmentError> {
        let every = if self.follows("distribution") {
            let shape = self.distribution()?;
            let delay = self.read(units::span)?;
            let jitter = self.read(units::span)?;
            if jitter == Span::ZERO {
                return Err(self.wrong(ImpairmentFault::Range));
            }
            SlotDelay::Distribution {
                shape,
                delay,
                jitter,
            }
        } else {
            let min = self.read(units::span)?;
            let max = self.optional(units::span)?.unwrap_or(min);
            if max < min {
                return Err(self.wrong(ImpairmentFault::Range));
            }
            SlotDelay::Between { min, max }
        };
        let packets = if self.follows("packets") {
            self.read(units::number)?
        } else {
            0
        };
        let bytes = if self.follows("bytes") {
            self.read(units::number)?
        } else {
            0
        };
        Ok(Slot {
            every,
            packets,
            bytes,
        })
    }

    fn drop_list(&mut self) -> Result<Vec<u32>, ImpairmentError> {
        let list = self.required()?;
        let numbers: Result<Vec<u32>, _> = list.split(',').map(str::parse).collect();
        match numbers {
            Ok(n) if n.first().is_some_and(|&n| n > 0) && n.is_sorted_by(|a, b| a < b) => Ok(n),
            _ => Err(self.wrong(ImpairmentFault::DropList)),
        }
    }
}

fn probability(text: &str) -> Result<Probability, QuantityError> {
    text.parse()
}

impl FromStr for Impairment {
    type Err = ImpairmentError;

    fn from_str(text: &str) -> Result<Self, ImpairmentError> {
        let mut words = Words {
            words: text.split_ascii_whitespace().collect(),
            next: 0,
        };
        let mut it = Self::default();
        let (mut shape, mut seen) = (None, Vec::new());
        while let Some(parameter) = words.word() {
            let parameter = match parameter {
                "latency" => "delay",
                "drop" => "loss",
                other => other,
            };
            if seen.iter().any(|&(other, _)| other == parameter) {
                return Err(words.wrong(ImpairmentFault::Twice));
            }
            seen.push((parameter, words.next - 1));
            match parameter {
                "limit" => it.limit = words.read(units::number)?,
                "delay" => {
                    it.delay = Delay {
                        time: words.read(units::span)?,
                        jitter: words.optional(units::span)?.unwrap_or_default(),
                        correlation: words.optional(probability)?.unwrap_or_default(),
                        distribution: Distribution::Uniform,
                    }
                }
                "distribution" => shape = Some(words.distribution()?),
                "loss" => it.loss = words.loss()?,
                "ecn" => it.ecn = true,
                "corrupt" => it.corrupt = words.event()?,
                "duplicate" => it.duplicate = words.event()?,
                "reorder" => it.reorder = words.event()?,
                "gap" => it.gap = words.read(units::number)?,
                "rate" => {
                    it.rate = Some(Rate {
                        bits: words.read(units::rate)?,
                        packet_overhead: words.optional(units::number)?.unwrap_or(0),
                        cell_size: words.optional(units::number)?.unwrap_or(0),
                        cell_overhead: words.optional(units::number)?.unwrap_or(0),
                    });
                }
                "slot" => it.slot = Some(words.slot()?),
                "droplist" => it.drop_list = words.drop_list()?,
                "schedule" => {
                    let (on, off) = (words.read(units::span)?, words.read(units::span)?);
                    if on == Span::ZERO || off == Span::ZERO {
                        return Err(words.wrong(ImpairmentFault::Range));
                    }
                    it.schedule = Some(Schedule { on, off });
                }
                "down" => it.down = true,
                _ => return Err(words.wrong(ImpairmentFault::Unknown)),
            }
        }
        it.delay.distribution = shape.unwrap_or_default();
        it.check(&words, &seen)?;
        Ok(it)
    }
}

impl Impairment {
    /// What tc refuses although every word by itself is right.
    fn check(&self, words: &Words<'_>, seen: &[(&str, usize)]) -> Result<(), ImpairmentError> {
        let varies = self.delay.time > Span::ZERO && self.delay.jitter > Span::ZERO;
        let reorders = self.reorder.probability > Probability::NEVER;
        let needs = [
            ("distribution", varies, ImpairmentFault::NeedsJitter),
            (
                "reorder",
                !reorders || self.delay.time > Span::ZERO,
                ImpairmentFault::NeedsDelay,
            ),
            (
                "gap",
                self.gap == 0 || reorders,
                ImpairmentFault::NeedsReorder,
            ),
            ("ecn", self.loss != Loss::None, ImpairmentFault::NeedsLoss),
        ];
        for (parameter, met, reason) in needs {
            if let Some(&(_, at)) = seen.iter().find(|&&(word, _)| word == parameter && !met) {
                return Err(words.wrong_at(at, reason));
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Impairment {
    type Error = ImpairmentError;

    fn try_from(text: String) -> Result<Self, ImpairmentError> {
        text.parse()
    }
}
