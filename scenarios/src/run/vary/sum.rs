//! The results of the runs of one case, summed up to one result.

use std::sync::Arc;

use counterproof_sim::time::Span;
use sha2::{Digest, Sha256};

use super::Variant;
use crate::case::Varied;
use crate::verdict::{CaseResult, Points, Sentence, Verdict};

/// The results of the runs of one case, summed up.
pub(super) struct Sum {
    /// The run without a cut or damage.
    whole: CaseResult,
    /// The first of the gravest that did not pass.
    worst: Option<CaseResult>,
    /// How many points there are, run or not.
    all: usize,
    points: Points,
    took: Span,
    digests: Sha256,
    others: Vec<(u32, CaseResult)>,
}

impl Sum {
    pub(super) fn new(whole: CaseResult, varied: Varied, all: usize) -> Self {
        let mut digests = Sha256::new();
        digests.update(whole.record.digest());
        Self {
            took: whole.took,
            whole,
            worst: None,
            all,
            points: Points {
                varied,
                count: 0,
                failed: Vec::new(),
                shown: None,
                digest: [0; 32],
            },
            digests,
            others: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, number: u32, variant: Variant, mut result: CaseResult) {
        self.points.count += 1;
        self.took += result.took;
        self.whole.ways.extend(&result.ways);
        self.digests.update(result.record.digest());
        if result.verdict == Verdict::Pass {
            return;
        }
        self.points.failed.push(number);
        result.message = self.at_point(number, variant, &result.message);
        let grave = self.worst.as_ref().map(|w| gravity(w.verdict));
        let other = if grave.is_none_or(|grave| gravity(result.verdict) > grave) {
            let before = self.points.shown.replace(number);
            before.zip(self.worst.replace(result))
        } else {
            Some((number, result))
        };
        // Records of failing runs are long, and only one is told.
        if let Some((number, mut result)) = other {
            result.record = Arc::default();
            self.others.push((number, result));
        }
    }

    /// Whether a run broke off.
    pub(super) fn broke(&self) -> bool {
        let worst = self.worst.as_ref();
        worst.is_some_and(|worst| worst.verdict == Verdict::Error)
    }

    /// One result for all of them.
    pub(super) fn result(self) -> CaseResult {
        let Self {
            whole,
            worst,
            mut points,
            took,
            digests,
            others,
            ..
        } = self;
        points.digest = digests.finalize().into();
        let failed = points.failed.len();
        let ways = whole.ways.clone();
        let mut result = worst.unwrap_or(whole);
        result.ways = ways;
        result.took = took;
        if failed > 1 {
            let message = &mut result.message;
            message
                .en
                .push_str(&format!("; {failed} points do not hold"));
            message.zh.push_str(&format!("；共{failed}个断电点未满足"));
        }
        for (number, other) in others {
            for mut breach in other.breaches {
                if breach
                    .requirements
                    .iter()
                    .all(|r| result.broken.contains(r))
                {
                    continue;
                }
                // Its place is in another record.
                breach.entry = None;
                breach.at = None;
                breach.seen.en = format!("at point {number}: {}", breach.seen.en);
                breach.seen.zh = format!("在第{number}处：{}", breach.seen.zh);
                result.broken.extend(&breach.requirements);
                result.breaches.push(breach);
            }
        }
        result.broken.sort_unstable();
        result.broken.dedup();
        result.points = Some(points);
        result
    }

    /// What is said of a run, with the point that it was at.
    fn at_point(&self, number: u32, variant: Variant, message: &Sentence) -> Sentence {
        let (all, place) = (self.all, variant.place());
        match self.points.varied {
            Varied::Cuts => Sentence::new(
                format!(
                    "power cut at point {number} of {all}, {}: {}",
                    place.en, message.en
                ),
                format!(
                    "在{all}个断电点中的第{number}个（{}）断电：{}",
                    place.zh, message.zh
                ),
            ),
            Varied::Places => Sentence::new(
                format!(
                    "storage damaged at place {number} of {all}, {}: {}",
                    place.en, message.en
                ),
                format!(
                    "存储在{all}处中的第{number}处（{}）损坏：{}",
                    place.zh, message.zh
                ),
            ),
        }
    }
}

/// The gravest verdict of the runs is that of the case, weighed as that of a whole run is.
const fn gravity(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass | Verdict::NotApplicable => 0,
        Verdict::Warning => 1,
        Verdict::Inconclusive => 2,
        Verdict::Error => 3,
        Verdict::Fail => 4,
    }
}
