//! The points of one case of many runs, played by as many workers as care to, and the one result that comes of them:
//! summed up in the order of the points, whoever played which and whichever ended first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sum::Sum;
use super::{Variant, no_point};
use crate::case::{Case, Varied};
use crate::verdict::{CaseResult, Verdict};

/// What comes of the first run of a case.
pub(in crate::run) enum Opened {
    /// This is its result.
    Decided(Box<CaseResult>),
    /// It is run again at each of these points.
    At(Arc<Points>),
}

/// The points of a case.
pub(in crate::run) struct Points {
    case: Case,
    /// Its place in the plan.
    number: usize,
    /// With their numbers, from 1.
    chosen: Vec<(u32, Variant)>,
    state: Mutex<State>,
}

struct State {
    /// The next one to be played.
    next: usize,
    /// Results that came before their turn.
    early: BTreeMap<usize, CaseResult>,
    /// So many are summed up.
    summed: usize,
    /// What comes of them; taken when it is whole.
    sum: Option<Sum>,
}

impl Points {
    /// Opens the case, of which `whole` is the result of the first run and `variants` are the others.
    pub(in crate::run) fn open(
        case: &Case,
        varied: Varied,
        whole: CaseResult,
        variants: &[Variant],
    ) -> Opened {
        if !matches!(whole.verdict, Verdict::Pass | Verdict::Warning) {
            return Opened::Decided(Box::new(whole));
        }
        let numbered = (1..).zip(variants);
        let chosen: Vec<(u32, Variant)> = numbered
            .filter(|(number, _)| case.point.is_none_or(|only| only == *number))
            .map(|(number, variant)| (number, *variant))
            .collect();
        if chosen.is_empty() {
            return Opened::Decided(Box::new(CaseResult {
                verdict: Verdict::Inconclusive,
                message: no_point(case.point, varied, variants.len()),
                ..whole
            }));
        }
        Opened::At(Arc::new(Self {
            case: case.clone(),
            number: whole.case,
            chosen,
            state: Mutex::new(State {
                next: 0,
                early: BTreeMap::new(),
                summed: 0,
                sum: Some(Sum::new(whole, varied, variants.len())),
            }),
        }))
    }

    /// Whether some are still to be played.
    pub(in crate::run) fn are_left(&self) -> bool {
        self.state().next(&self.chosen).is_some()
    }

    /// The place of one that is to be played, and by nobody else.
    pub(in crate::run) fn take(&self) -> Option<usize> {
        let mut state = self.state();
        let place = state.next(&self.chosen)?;
        state.next += 1;
        Some(place)
    }

    /// Plays the one at `place`. The result of the case, where nothing else was lacking.
    pub(in crate::run) fn play(&self, place: usize) -> Option<CaseResult> {
        let (_, variant) = self.chosen[place];
        let result = super::run_until_certain(&self.case, self.number, variant)?;
        self.state().add(place, result, &self.chosen)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&self, chosen: &[(u32, Variant)]) -> Option<usize> {
        let is_open = self.sum.is_some() && self.next < chosen.len();
        is_open.then_some(self.next)
    }

    fn add(
        &mut self,
        place: usize,
        result: CaseResult,
        chosen: &[(u32, Variant)],
    ) -> Option<CaseResult> {
        self.early.insert(place, result);
        while let Some(result) = self.early.remove(&self.summed) {
            let (number, variant) = chosen[self.summed];
            self.summed += 1;
            // Once the case is decided, what others were still at is too late.
            let sum = self.sum.as_mut()?;
            sum.add(number, variant, result);
            // What broke once is not asked sixty times more, at its time limit each.
            if sum.broke() || self.summed == chosen.len() {
                return self.sum.take().map(Sum::result);
            }
        }
        None
    }
}
