//! Draws that remember the one before, as netem's `get_crandom` has them, and the shapes that
//! random times can have. Not here: the seeds.

use rand_chacha::rand_core::Rng;

use super::impairment::{Distribution, Event};
use super::units::Probability;
use crate::random::Chance;
use crate::time::Span;

/// A source of 32-bit draws in which each carries a share of the last one.
#[derive(Clone, Debug, Default)]
pub(super) struct Correlated {
    /// The share of the last draw, in 1/2³².
    rho: u64,
    last: u32,
}

impl Correlated {
    pub fn new(correlation: Probability, chance: &mut Chance) -> Self {
        let rho = correlation.threshold();
        Self {
            rho,
            last: if rho == 0 { 0 } else { chance.next_u32() },
        }
    }

    pub fn draw(&mut self, chance: &mut Chance) -> u32 {
        let value = chance.next_u32();
        if self.rho == 0 {
            return value;
        }
        let mixed = u64::from(value) * ((1 << 32) - self.rho) + u64::from(self.last) * self.rho;
        self.last = (mixed >> 32) as u32;
        self.last
    }
}

/// Something that happens with a probability. What never happens costs no draw.
#[derive(Clone, Debug, Default)]
pub(super) struct Trial {
    threshold: u64,
    source: Correlated,
}

impl Trial {
    pub fn new(event: Event, chance: &mut Chance) -> Self {
        let threshold = event.probability.threshold();
        Self {
            threshold,
            source: if threshold == 0 {
                Correlated::default()
            } else {
                Correlated::new(event.correlation, chance)
            },
        }
    }

    pub fn happens(&mut self, chance: &mut Chance) -> bool {
        self.threshold != 0 && u64::from(self.source.draw(chance)) < self.threshold
    }
}

/// A random time around `mean`, in microseconds; it may be negative. netem's `tabledist`.
pub(super) fn around(
    mean: Span,
    jitter: Span,
    shape: Distribution,
    source: &mut Correlated,
    chance: &mut Chance,
) -> i64 {
    let (mean, jitter) = (
        mean.as_micros().cast_signed(),
        jitter.as_micros().cast_signed(),
    );
    if jitter == 0 {
        return mean;
    }
    let draw = source.draw(chance);
    let table = match shape {
        Distribution::Uniform => return i64::from(draw) % (2 * jitter) + mean - jitter,
        Distribution::Normal => &NORMAL,
        Distribution::Pareto => &PARETO,
        Distribution::ParetoNormal => &PARETO_NORMAL,
    };
    let deviations = i64::from(table[draw as usize % TABLE]);
    let scaled = deviations * jitter;
    (scaled + scaled.signum() * (SCALE / 2)) / SCALE + mean
}

/// A table's entries: the distribution's value at 4,096 evenly spaced probabilities.
const TABLE: usize = 4_096;
/// One deviation in a table; tc's `NETEM_DIST_SCALE`.
const SCALE: i64 = 8_192;

static NORMAL: [i16; TABLE] = normal();
static PARETO: [i16; TABLE] = pareto();
static PARETO_NORMAL: [i16; TABLE] = pareto_normal();

/// The normal distribution, by adding up the bell curve in steps of 1/8192 until each probability
/// is reached. Only integers, so that every compiler comes to the same table. iproute2's table is
/// the same but for rounding, and for half a step by which it is not symmetrical.
const fn normal() -> [i16; TABLE] {
    const ONE: u128 = 1 << 62;
    // exp(-h²) and exp(-(h/2)²/2) for the step h = 2⁻¹³, each by the first terms of its series.
    const RATIO: u128 = ONE - (1 << 36) + (1 << 9);
    // 1/√(2π) · 2⁻¹³ in units of 2⁻⁶².
    const STEP_AREA: u128 = 1_839_796_536_686_825_613 >> 13;
    let (mut height, mut ratio) = (ONE - (1 << 33), RATIO);
    let mut table = [0; TABLE];
    let (mut area, mut steps, mut rank) = (ONE / 2, 0_i16, TABLE / 2);
    while rank < TABLE {
        let probability = (2 * rank as u128 + 1) * ONE / (2 * TABLE as u128);
        while area < probability && steps < i16::MAX {
            area += (height * STEP_AREA) >> 62;
            height = (height * ratio) >> 62;
            ratio = (ratio * RATIO) >> 62;
            steps += 1;
        }
        table[rank] = steps;
        table[TABLE - 1 - rank] = -steps;
        rank += 1;
    }
    table
}

/// A Pareto distribution of exponent 3, moved and scaled to mean 0 and about one deviation:
/// 4/3 · (p^(-1/3) − 3/2), cut at four deviations, as iproute2's `pareto.c` has it.
const fn pareto() -> [i16; TABLE] {
    let mut table = [0; TABLE];
    let (mut rank, mut root) = (0, SCALE as u128);
    while rank < TABLE {
        // p = (4096 - rank) / 4096, and root = 8192 · p^(-1/3) rounded down.
        let p = (TABLE - rank) as u128;
        let cube = (SCALE as u128).pow(3) * TABLE as u128;
        while root < 5 * SCALE as u128 && (root + 1).pow(3) * p <= cube {
            root += 1;
        }
        let value = (root as i64 - SCALE * 3 / 2) * 4 / 3;
        table[rank] = if value > i16::MAX as i64 {
            i16::MAX
        } else {
            value as i16
        };
        rank += 1;
    }
    table
}

/// A quarter normal, three quarters Pareto.
const fn pareto_normal() -> [i16; TABLE] {
    let (normal, pareto) = (normal(), pareto());
    let mut table = [0; TABLE];
    let mut rank = 0;
    while rank < TABLE {
        table[rank] = ((normal[rank] as i32 + 3 * pareto[rank] as i32) / 4) as i16;
        rank += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    fn at(table: &[i16; TABLE], percent: usize) -> f64 {
        f64::from(table[TABLE * percent / 100]) / SCALE as f64
    }

    #[test]
    fn the_normal_table_is_the_quantiles_of_the_bell_curve() {
        for (percent, quantile) in [(50, 0.0), (84, 0.9945), (90, 1.2816), (98, 2.0537)] {
            let found = at(&NORMAL, percent);
            assert!((found - quantile).abs() < 0.003, "{percent}%: {found}");
        }
        assert!((f64::from(NORMAL[TABLE - 1]) / SCALE as f64 - 3.67).abs() < 0.02);
        let sum: i64 = NORMAL.iter().map(|&v| i64::from(v)).sum();
        assert_eq!(sum, 0, "symmetrical");
        let squares: i64 = NORMAL.iter().map(|&v| i64::from(v) * i64::from(v)).sum();
        let variance = squares as f64 / TABLE as f64 / (SCALE * SCALE) as f64;
        assert!((variance - 1.0).abs() < 0.005, "{variance}");
    }

    #[test]
    fn the_pareto_table_is_that_of_iproute2() {
        // rint(8192 · 4/3 · (p^(-1/3) - 1.5)) at p = 1, 3/4, 1/2, 1/4, and its cut.
        for (rank, value) in [(0, -5_461), (1_024, -4_362), (2_048, -2_622), (3_072, 954)] {
            assert!(
                (i32::from(PARETO[rank]) - value).abs() <= 2,
                "{rank}: {}",
                PARETO[rank]
            );
        }
        assert_eq!(PARETO[TABLE - 1], i16::MAX);
    }

    #[test]
    fn a_quarter_normal_and_three_quarters_pareto() {
        for rank in [0, 100, 2_048, 4_000] {
            let expected = (f64::from(NORMAL[rank]) + 3.0 * f64::from(PARETO[rank])) / 4.0;
            assert!((f64::from(PARETO_NORMAL[rank]) - expected).abs() <= 1.0);
        }
    }

    #[test]
    fn correlated_draws_stay_near_the_last_one() {
        let mut chance = Chance::seed_from_u64(1);
        let mut apart = |ppm| {
            let mut source = Correlated::new(Probability::from_ppm(ppm), &mut chance);
            let mut last = source.draw(&mut chance);
            (0..10_000)
                .map(|_| {
                    let draw = source.draw(&mut chance);
                    u64::from(std::mem::replace(&mut last, draw).abs_diff(draw))
                })
                .sum::<u64>()
                / 10_000
        };
        let (free, bound) = (apart(0), apart(900_000));
        assert!(bound * 5 < free, "{bound} {free}");
        assert_eq!(apart(1_000_000), 0, "the same draw for ever");
    }
}
