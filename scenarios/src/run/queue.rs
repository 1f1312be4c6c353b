//! What is to be done, shared by the workers of a run: shares of the plan, each begun by one of them, and the
//! points of cases of many runs, with which whoever has nothing else to do helps.
//!
//! Not here: what is done ([`super::share`], [`super::vary`]).

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::vary::Points;

/// What a worker does next.
pub(super) enum Work<'q> {
    /// Cases of the plan.
    Share(Begun<'q>),
    /// What is left of a case that another worker has opened.
    Help(Arc<Points>),
}

/// The work of a run.
pub(super) struct Queue {
    shares: Vec<Range<usize>>,
    stop: Option<Arc<AtomicBool>>,
    state: Mutex<State>,
    /// A case was opened, or a share is done.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// The next share.
    next: usize,
    /// Shares that workers are at: each of them may still open a case.
    begun: usize,
    /// Cases that may have points left.
    opened: Vec<Arc<Points>>,
}

impl Queue {
    pub(super) fn new(shares: Vec<Range<usize>>, stop: Option<Arc<AtomicBool>>) -> Self {
        Self {
            shares,
            stop,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Whether the run is to end.
    pub(super) fn stopped(&self) -> bool {
        let stop = self.stop.as_ref();
        stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// What a worker that has nothing to do does next; `None` when nothing is left, and nothing will come.
    pub(super) fn next(&self) -> Option<Work<'_>> {
        let mut state = self.state();
        loop {
            if self.stopped() {
                return None;
            }
            if let Some(share) = self.shares.get(state.next) {
                state.next += 1;
                state.begun += 1;
                let share = share.clone();
                return Some(Work::Share(Begun { share, queue: self }));
            }
            state.opened.retain(|points| points.are_left());
            if let Some(points) = state.opened.first() {
                return Some(Work::Help(Arc::clone(points)));
            }
            if state.begun == 0 {
                return None;
            }
            let changed = self.changed.wait(state);
            state = changed.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the others help with a case.
    pub(super) fn open(&self, points: Arc<Points>) {
        self.state().opened.push(points);
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A share that a worker is at until this is dropped, be it by a panic: nobody waits for ever for what it might open.
pub(super) struct Begun<'q> {
    pub(super) share: Range<usize>,
    queue: &'q Queue,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.queue.state().begun -= 1;
        self.queue.changed.notify_all();
    }
}
