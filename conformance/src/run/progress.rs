//! What is seen while a run lasts: a bar where somebody watches, plain lines in a pipe or in CI –
//! one for each scenario that does not pass, and a sign of life now and then.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use counterproof_sim::vocabulary::Lang;
use indicatif::{ProgressBar, ProgressStyle};

use crate::evidence::{CaseEvidence, Outcome};
use crate::report::style::Style;
use crate::report::{glyph, headline};
use crate::texts::report as texts;

/// How long nothing may be heard of a run in a pipe.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// Lines above a bar, unless all are asked for: the report has them all in better order.
const ABOVE: usize = 20;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loudness {
    /// Nothing.
    Quiet,
    /// What does not pass.
    Usual,
    /// Every scenario.
    Verbose,
}

/// What is seen while a run lasts.
#[derive(Debug)]
pub struct Progress {
    lang: Lang,
    style: Style,
    loudness: Loudness,
    bar: Option<ProgressBar>,
    total: usize,
    /// How long all cases are expected to take, where that is known.
    expected: Duration,
    done: usize,
    /// How much of what is expected is done.
    through: Duration,
    bad: usize,
    said: usize,
    last: Instant,
    begun: Instant,
}

impl Progress {
    /// Nothing has been seen yet.
    pub fn new(lang: Lang, style: Style, loudness: Loudness) -> Self {
        Self {
            lang,
            style,
            loudness,
            bar: None,
            total: 0,
            expected: Duration::ZERO,
            done: 0,
            through: Duration::ZERO,
            bad: 0,
            said: 0,
            last: Instant::now(),
            begun: Instant::now(),
        }
    }

    /// So many cases will run, and are expected to take so long; zero where nobody knows.
    pub fn begin(&mut self, total: usize, expected: Duration) {
        self.total = total;
        self.expected = expected;
        self.last = Instant::now();
        self.begun = self.last;
        if self.loudness != Loudness::Quiet && io::stderr().is_terminal() {
            let bar = ProgressBar::new(total as u64);
            let style = ProgressStyle::with_template("{elapsed} {wide_bar} {pos}/{len} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bar = Some(bar);
        }
        if self.loudness != Loudness::Quiet && expected > SIGN_OF_LIFE {
            let about = texts::will_take(self.lang, total, expected.as_secs());
            self.say(&about);
        }
    }

    /// A case ended, of which `length` was expected.
    pub fn finished(&mut self, case: &CaseEvidence, length: Duration) {
        self.done += 1;
        self.through += length;
        let outcome = case.outcome();
        let is_bad = matches!(outcome, Outcome::Fail | Outcome::Error);
        self.bad += usize::from(is_bad);
        let speaks = match self.loudness {
            Loudness::Quiet => false,
            Loudness::Usual => {
                let has_room = self.bar.is_none() || self.said < ABOVE;
                outcome != Outcome::Pass && has_room
            }
            Loudness::Verbose => true,
        };
        if speaks {
            let mark = self.style.outcome(outcome, glyph(outcome));
            self.say(&format!("{mark} {}", headline(case)));
        }
        self.show();
    }

    /// So many more cases ended, of which nothing is to be said.
    pub fn went_on(&mut self, cases: usize) {
        self.done += cases;
        self.show();
    }

    fn show(&mut self) {
        match &self.bar {
            Some(bar) => {
                bar.set_position(self.done as u64);
                let mut message = texts::time_left(self.lang, self.left().as_secs());
                if self.bad > 0 {
                    message.push_str(" · ");
                    message.push_str(&texts::bad_so_far(self.lang, self.bad));
                }
                bar.set_message(message);
            }
            None if self.loudness != Loudness::Quiet && self.last.elapsed() > SIGN_OF_LIFE => {
                let left = self.left().as_secs();
                self.say(&texts::so_far(
                    self.lang, self.done, self.total, self.bad, left,
                ));
            }
            None => {}
        }
    }

    /// How long the rest will take, if it goes on like this.
    fn left(&self) -> Duration {
        if !self.expected.is_zero() {
            let left = self.expected.saturating_sub(self.through);
            // What has begun counts when it ends: at first nothing can be said of how fast it goes.
            let is_early = self.through < self.expected / 10;
            let slower = self.begun.elapsed().div_duration_f64(self.through);
            return if is_early {
                left
            } else {
                left.mul_f64(slower.max(1.0))
            };
        }
        let left = self.total.saturating_sub(self.done) as f64;
        self.begun.elapsed().mul_f64(left / self.done.max(1) as f64)
    }

    /// The run is over.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn say(&mut self, line: &str) {
        self.last = Instant::now();
        self.said += 1;
        match &self.bar {
            Some(bar) => bar.println(line),
            // Where standard error is closed there is nobody to tell.
            None => {
                let _ = writeln!(io::stderr().lock(), "{line}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_was_expected_and_did_not_end_yet() {
        let mut progress = Progress::new(Lang::En, Style { colored: false }, Loudness::Quiet);
        progress.begin(3, Duration::from_hours(1));
        assert_eq!(progress.left(), Duration::from_hours(1));
        progress.through = Duration::from_mins(5);
        assert_eq!(progress.left(), Duration::from_mins(55));
    }

    #[test]
    fn a_run_that_is_slower_than_expected_is_expected_to_stay_so() {
        let mut progress = Progress::new(Lang::En, Style { colored: false }, Loudness::Quiet);
        progress.begin(2, Duration::from_nanos(2));
        progress.through = Duration::from_nanos(1);
        std::thread::sleep(Duration::from_millis(1));
        assert!(progress.left() >= Duration::from_millis(1));
    }
}
