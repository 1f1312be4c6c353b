//! Whole payments: `cargo bench -p counterproof-sim --bench payment`.
//!
//! The reference terminal, the bench, both links, the acquirer with codec, MACs and ledger, and the
//! record: from the amount that the cashier types to the connection closed behind the receipt. A
//! payment counts when the terminal has said `approved` and its posting stands in the ledger; each
//! is checked, and the check is part of the time. The goal is 100,000 a second on one core.
//!
//! `standing`: a counter that is open, the terminal signed in; only payments are timed, and time
//! goes on until the counter is at rest after each. `from scratch`: the counter is built, the
//! terminal starts with empty storage and new keys and takes one payment, as a scenario does; all
//! of it is timed, the counter's end too.
//!
//! Times are those of the thread's CPU clock: a payment waits for nothing, and what else the machine
//! does is not its cost.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing else to say"
)]

use std::hint::black_box;
use std::time::Duration;

use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::link::profiles;
use counterproof_sim::pos::ReferenceTerminal;
use counterproof_sim::random::Seeds;
use counterproof_sim::record::{Entry, Fact};
use counterproof_sim::terminal::{Action, Event, Flow, Status};
use counterproof_sim::time::Span;
use criterion::{Criterion, Throughput};
use rustix::time::{ClockId, clock_gettime};

/// The one of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Payments of one standing counter: a busy shop's morning, within one batch.
const PAYMENTS: u64 = 200;
/// How long a payment may take, and how long the counter may need to come to rest after it.
const LONG: Span = Span::from_secs(120);

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("payment");
    group.throughput(Throughput::Elements(1));
    for profile in ["broadband", "good"] {
        group.bench_function(format!("standing, {profile}"), |b| {
            b.iter_custom(|iterations| standing(iterations, profile));
        });
    }
    for profile in ["broadband", "good"] {
        group.bench_function(format!("from scratch, {profile}"), |b| {
            b.iter_custom(|iterations| from_scratch(iterations, profile));
        });
    }
    group.finish();
    criterion.final_summary();
}

/// A counter whose terminal has no power yet.
fn counter(seed: u64, profile: &str) -> Bench {
    let mut setup = BenchSetup::new(Seeds::new(seed, "payment"));
    for (_, of_link) in &mut setup.links {
        *of_link = profiles::find(profile).unwrap();
    }
    Bench::new(setup, Box::new(ReferenceTerminal::new()))
}

/// Takes the next payment and waits until the counter is at rest.
fn pay(bench: &mut Bench, order: &str) {
    let (from, paid) = (bench.record().entries().len(), postings(bench));
    bench.phone_mut().refresh();
    bench.give(Event::Pay {
        order: order.into(),
        amount: 12_850,
        flow: Flow::Scan,
    });
    bench.hold_phone();
    let approved = |entry: &Entry| {
        matches!(&entry.fact, Fact::Did { action: Action::Outcome(outcome) }
            if outcome.status == Status::Approved && *outcome.order == *order)
    };
    let limit = bench.now() + LONG;
    assert!(
        bench.run_until(from, limit, approved).is_some(),
        "order {order} was not approved"
    );
    assert_eq!(postings(bench), paid + 1, "order {order} was not posted");
    assert!(
        bench.run_to_rest(limit + LONG),
        "the counter is not at rest after order {order}"
    );
    assert_eq!(postings(bench), paid + 1, "order {order} was posted twice");
}

fn postings(bench: &Bench) -> usize {
    bench.host().ledger().postings().len()
}

/// Time that so many payments take at counters that stand.
fn standing(iterations: u64, profile: &str) -> Duration {
    let orders: Vec<String> = (1..=PAYMENTS).map(|n| format!("O-{n:04}")).collect();
    let (mut took, mut left, mut seed) = (Duration::ZERO, iterations, 0);
    while left > 0 {
        let round = left.min(PAYMENTS);
        left -= round;
        seed += 1;
        let mut bench = counter(seed, profile);
        bench.power_on();
        bench.run_to_rest(bench.now() + LONG);
        let start = cpu();
        for order in &orders[..round as usize] {
            pay(&mut bench, order);
        }
        took += cpu().saturating_sub(start);
        assert_eq!(postings(&bench) as u64, round);
        black_box(bench.record());
    }
    took
}

/// Time that so many counters take that see one payment each.
fn from_scratch(iterations: u64, profile: &str) -> Duration {
    let start = cpu();
    for seed in 1..=iterations {
        let mut bench = counter(seed, profile);
        bench.power_on();
        bench.run_to_rest(bench.now() + LONG);
        pay(&mut bench, "O-0001");
        black_box(bench.into_parts());
    }
    cpu().saturating_sub(start)
}

/// CPU time that this thread has used.
fn cpu() -> Duration {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(used.tv_sec.cast_unsigned(), used.tv_nsec as u32)
}
