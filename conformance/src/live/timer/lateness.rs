//! How late an alarm is, as far as it is always late: the kernel and the processor take their time to wake up. What
//! comes on top now and then, because other work is done, is not foreseen.

use std::time::Duration;

/// More is not foreseen: it bounds what is waited for on the processor when an alarm is early for once.
const MOST: Duration = Duration::from_micros(100);

/// How late an alarm usually is at the least: a low quantile of what was seen, about one in nine is below it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lateness {
    usual: Duration,
}

impl Lateness {
    /// By so much it is always late, nearly.
    pub const fn usual(self) -> Duration {
        self.usual
    }

    /// It was so late: the estimate follows at once where it was less, and slowly where it was more.
    pub fn saw(&mut self, late: Duration) {
        let late = late.min(MOST);
        self.usual = match late.checked_sub(self.usual) {
            Some(more) => self.usual + more / 16,
            None => (self.usual + late) / 2,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn micros(micros: u64) -> Duration {
        Duration::from_micros(micros)
    }

    fn after(seen: impl IntoIterator<Item = u64>) -> Duration {
        let mut lateness = Lateness::default();
        seen.into_iter().for_each(|late| lateness.saw(micros(late)));
        lateness.usual()
    }

    #[test]
    fn what_it_is_always_late_by_is_learnt() {
        assert_eq!(after([]), Duration::ZERO);
        let learnt = after([40; 100]);
        assert!((micros(38)..=micros(40)).contains(&learnt), "{learnt:?}");
    }

    #[test]
    fn what_comes_on_top_now_and_then_is_not_foreseen() {
        let learnt = after((0..1_000).map(|n| if n % 4 == 0 { 30 } else { 30 + n }));
        assert!(learnt < micros(55), "{learnt:?}");
        assert!(after([1_000_000; 1_000]) <= MOST);
    }

    #[test]
    fn it_forgets_fast_what_is_no_longer_so() {
        let learnt = after([60; 100].into_iter().chain([5; 4]));
        assert!(learnt < micros(9), "{learnt:?}");
    }
}
