//! Which packets vanish: the three loss models of netem, with its states and its order of draws.

use rand_chacha::rand_core::Rng;

use super::impairment::Loss;
use super::random::Trial;
use crate::random::Chance;

/// A loss model and the state it is in.
#[derive(Clone, Debug)]
pub(super) enum LossModel {
    None,
    Random(Trial),
    State {
        state: State,
        p13: u64,
        p31: u64,
        p32: u64,
        p23: u64,
        p14: u64,
    },
    Gemodel {
        bad: bool,
        p: u64,
        r: u64,
        one_minus_h: u64,
        one_minus_k: u64,
    },
}

/// The four states of `loss state`, with the numbers of its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// 1.
    Good,
    /// 2.
    GoodInBurst,
    /// 3.
    LostInBurst,
    /// 4.
    LostAlone,
}

impl LossModel {
    pub fn new(loss: &Loss, chance: &mut Chance) -> Self {
        match *loss {
            Loss::None => Self::None,
            Loss::Random(event) => Self::Random(Trial::new(event, chance)),
            Loss::State {
                p13,
                p31,
                p32,
                p23,
                p14,
            } => Self::State {
                state: State::Good,
                p13: p13.threshold(),
                p31: p31.threshold(),
                p32: p32.threshold(),
                p23: p23.threshold(),
                p14: p14.threshold(),
            },
            Loss::Gemodel {
                p,
                r,
                one_minus_h,
                one_minus_k,
            } => Self::Gemodel {
                bad: false,
                p: p.threshold(),
                r: r.threshold(),
                one_minus_h: one_minus_h.threshold(),
                one_minus_k: one_minus_k.threshold(),
            },
        }
    }

    /// Whether the next packet is lost.
    pub fn takes(&mut self, chance: &mut Chance) -> bool {
        match self {
            Self::None => false,
            Self::Random(trial) => trial.happens(chance),
            Self::State {
                state,
                p13,
                p31,
                p32,
                p23,
                p14,
            } => {
                let draw = u64::from(chance.next_u32());
                *state = match *state {
                    State::Good if draw < *p14 => State::LostAlone,
                    State::Good if draw < *p13 + *p14 => State::LostInBurst,
                    State::GoodInBurst if draw < *p23 => State::LostInBurst,
                    State::LostInBurst if draw < *p32 => State::GoodInBurst,
                    State::LostInBurst if draw < *p31 + *p32 => State::Good,
                    State::LostAlone => State::Good,
                    same => same,
                };
                matches!(*state, State::LostInBurst | State::LostAlone)
            }
            Self::Gemodel {
                bad,
                p,
                r,
                one_minus_h,
                one_minus_k,
            } => {
                // The step to the next state comes first, but it is the old one that loses.
                let (step, loss) = if *bad {
                    (*r, *one_minus_h)
                } else {
                    (*p, *one_minus_k)
                };
                *bad ^= u64::from(chance.next_u32()) < step;
                u64::from(chance.next_u32()) < loss
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;

    use super::super::Impairment;
    use super::*;

    const PACKETS: usize = 200_000;

    /// The share of packets lost, in per mille, and the mean length of a run of losses, in
    /// hundredths, with a fixed seed.
    fn measure(loss: &str) -> (usize, usize) {
        let impairment: Impairment = loss.parse().expect(loss);
        let mut chance = Chance::seed_from_u64(7);
        let mut model = LossModel::new(&impairment.loss, &mut chance);
        let (mut lost, mut runs, mut last) = (0, 0, false);
        for _ in 0..PACKETS {
            let taken = model.takes(&mut chance);
            lost += usize::from(taken);
            runs += usize::from(taken && !last);
            last = taken;
        }
        (lost * 1_000 / PACKETS, lost * 100 / runs.max(1))
    }

    fn assert_loss(
        loss: &str,
        share: std::ops::RangeInclusive<usize>,
        run: std::ops::RangeInclusive<usize>,
    ) {
        let (found_share, found_run) = measure(loss);
        assert!(share.contains(&found_share), "{loss}: {found_share} ‰");
        assert!(run.contains(&found_run), "{loss}: runs of {found_run}/100");
    }

    #[test]
    fn random_loss_takes_its_share_one_by_one() {
        assert_loss("", 0..=0, 0..=0);
        assert_loss("loss random 5%", 48..=52, 103..=107);
        assert_loss(
            "loss random 100%",
            1_000..=1_000,
            PACKETS * 100..=PACKETS * 100,
        );
    }

    #[test]
    fn correlated_loss_bunches_and_takes_less_than_its_share_as_the_manual_warns() {
        // Mixing draws narrows them, so that fewer fall below the threshold.
        let (share, run) = measure("loss random 20% 75%");
        assert!(share < 100, "{share} ‰");
        assert!(
            run > 125,
            "runs of {run}/100 where independent ones have 105"
        );
    }

    #[test]
    fn the_state_model_alone_is_independent_loss() {
        assert_loss("loss state 5%", 48..=52, 103..=107);
    }

    #[test]
    fn the_state_model_makes_bursts_of_the_length_asked_for() {
        // In the long run p13 / (p13 + p31); a burst lasts 1 / p31.
        assert_loss("loss state 1% 20%", 45..=50, 480..=520);
        // With state 2: a burst is losses and good packets in turn.
        assert_loss("loss state 1% 10% 30% 50%", 80..=92, 240..=260);
        // State 4: losses that stand alone.
        assert_loss("loss state 0% 100% 0% 100% 10%", 88..=94, 100..=100);
    }

    #[test]
    fn the_gilbert_elliott_model_loses_in_its_bad_state() {
        // p / (p + r) of the packets meet the bad state.
        assert_loss("loss gemodel 1% 20%", 45..=50, 480..=520);
        assert_loss("loss gemodel 1% 20% 50%", 22..=25, 140..=170);
        // Good state: 1-k on its own.
        assert_loss("loss gemodel 0% 100% 100% 3%", 28..=32, 100..=105);
        // p alone is independent loss.
        assert_loss("loss gemodel 5%", 48..=52, 103..=107);
    }
}
