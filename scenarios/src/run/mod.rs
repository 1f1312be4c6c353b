//! Runs cases: shares of the plan on threads, in each share one cucumber runner that works its
//! way through it, one bench a case. Results come out one by one, whatever becomes of the others.
//!
//! Here: threads and shares. Who does what next is in `queue`, how a share is run in `share`, how a case is judged in
//! `judge`.
//! Not here: which cases run ([`crate::case`]) and what is done with results.

mod certain;
mod judge;
mod outbox;
mod queue;
mod share;
mod vary;

use std::ops::Range;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc;

use counterproof_sim::iso8583::Dialect;
use counterproof_sim::terminal::{Terminal, TerminalError};

use self::queue::{Queue, Work};
use crate::case::Case;
use crate::practices::{self, Ways};
use crate::verdict::CaseResult;

/// Makes a terminal for a worker; called again when one broke.
pub type TerminalFactory = Arc<dyn Fn() -> Result<Box<dyn Terminal>, TerminalError> + Send + Sync>;

/// How many cases one cucumber run takes at most: its cost grows faster than its length.
const SHARE: usize = 200;

/// How a run is done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Worker threads; none is taken for one.
    pub jobs: usize,
    /// Set from outside to stop after the cases that run now.
    pub stop: Option<Arc<AtomicBool>>,
    /// Whether results carry what went over the links.
    pub capture: bool,
    /// Whether cases begin one by one in the order in which they are given: for terminals that keep
    /// their own time, beside which the cost of a share is nothing.
    pub one_by_one: bool,
    /// How the acquirer speaks. The terminals must speak it too.
    pub dialect: &'static Dialect,
    /// What the terminal may do where the sources disagree.
    pub accepted: &'static Ways,
}

impl Default for Options {
    /// One worker, the default dialect, and what is accepted by default.
    fn default() -> Self {
        Self {
            jobs: 1,
            stop: None,
            capture: false,
            one_by_one: false,
            dialect: Dialect::cup(),
            accepted: practices::accepted(),
        }
    }
}

/// Runs the cases and calls `on_result` once for each, as they end. Results name their case by
/// its place in `cases`. Cases that were not begun when `stop` was set have no result.
pub fn run(
    cases: &[Case],
    factory: &TerminalFactory,
    options: &Options,
    on_result: &mut dyn FnMut(CaseResult),
) {
    // cucumber replaces the panic hook around each of its runs, and runs side by side restore
    // each other's empty one: it is kept here and put back at the end.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let jobs = options.jobs.max(1);
    let shares = if options.one_by_one {
        (0..cases.len()).map(|place| place..place + 1).collect()
    } else {
        shares(cases, jobs)
    };
    let queue = Arc::new(Queue::new(shares, options.stop.clone()));
    let (results, incoming) = mpsc::sync_channel(jobs * outbox::ON_THE_WAY);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let results = results.clone();
            let queue = Arc::clone(&queue);
            scope.spawn(move || {
                let worker = share::Worker::new(factory, results, options, &queue);
                while let Some(work) = queue.next() {
                    match work {
                        Work::Share(begun) => {
                            worker.run(begun.share.start, &cases[begun.share.clone()]);
                        }
                        Work::Help(points) => worker.play(&points),
                    }
                }
            });
        }
        drop(results);
        for result in incoming.into_iter().flatten() {
            on_result(result);
        }
    });
    panic::set_hook(hook);
}

/// The plan cut up: small shares keep the workers evenly busy to the end. A case of many runs is a
/// share of its own, and those begin.
fn shares(cases: &[Case], jobs: usize) -> Vec<Range<usize>> {
    let length = cases.len().div_ceil(jobs * 4).clamp(1, SHARE);
    let is_long = |case: &Case| case.scenario.varied().is_some();
    let (mut long, mut short) = (Vec::new(), Vec::new());
    let mut first = 0;
    for of_a_kind in cases.chunk_by(|a, b| is_long(a) == is_long(b)) {
        let end = first + of_a_kind.len();
        if is_long(&of_a_kind[0]) {
            long.extend((first..end).map(|place| place..place + 1));
        } else {
            let begins = (first..end).step_by(length);
            short.extend(begins.map(|begin| begin..end.min(begin + length)));
        }
        first = end;
    }
    long.append(&mut short);
    long
}
