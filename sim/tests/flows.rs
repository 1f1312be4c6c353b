//! The reference terminal's flows against the simulated acquirer: whatever the terminal asks for is
//! understood, and the acquirer's books say the same as the terminal.

use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::fault::{Fault, FaultKind, Nth};
use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::random::Seeds;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, Event, Flow, Outcome, PartState, Status};
use counterproof_sim::time::Span;
use counterproof_sim::vocabulary::{Operation, Reason, Word};

fn bench(name: &str) -> Bench {
    bench_of(name, ReferenceTerminal::new())
}

fn bench_of(name: &str, terminal: ReferenceTerminal) -> Bench {
    let setup = BenchSetup::new(Seeds::new(1, name));
    let mut bench = Bench::new(setup, Box::new(terminal));
    bench.power_on();
    bench
}

fn run(bench: &mut Bench, seconds: u64) {
    let until = bench.now() + Span::from_secs(seconds);
    bench.run_to(until);
}

fn give(bench: &mut Bench, event: Event, seconds: u64) {
    bench.give(event);
    run(bench, seconds);
}

/// A payment with a fresh code: the phone draws one a minute.
fn pay(bench: &mut Bench, order: &str, amount: i64) {
    run(bench, 61);
    let (order, flow) = (order.into(), Flow::Scan);
    bench.hold_phone();
    let event = Event::Pay {
        order,
        amount,
        flow,
    };
    give(bench, event, 10);
}

fn did(bench: &Bench) -> impl Iterator<Item = &Action> {
    bench
        .record()
        .entries()
        .iter()
        .filter_map(|e| match &e.fact {
            Fact::Did { action } => Some(action),
            _ => None,
        })
}

fn last(bench: &Bench) -> &Outcome {
    let outcomes = did(bench).filter_map(|action| match action {
        Action::Outcome(outcome) => Some(outcome),
        _ => None,
    });
    outcomes.last().expect("an outcome")
}

/// Operations that were judged, with their codes.
fn judged(bench: &Bench) -> Vec<(Operation, String)> {
    let entries = bench.record().entries().iter();
    entries
        .filter_map(|e| match &e.fact {
            Fact::Judged {
                operation, code, ..
            } => Some(((*operation)?, (*code)?.to_string())),
            _ => None,
        })
        .collect()
}

fn count(bench: &Bench, operation: Operation, code: &str) -> usize {
    let judged = judged(bench);
    judged
        .iter()
        .filter(|j| **j == (operation, code.to_owned()))
        .count()
}

fn refund(order: &str, amount: i64) -> Event {
    let order = order.into();
    Event::Refund { order, amount }
}

#[test]
fn refunds_and_voids_move_the_money_and_the_batch_balances() {
    let mut bench = bench("give back");
    pay(&mut bench, "A1", 12_850);
    pay(&mut bench, "A2", 300);
    give(&mut bench, refund("A1", 850), 10);
    assert_eq!(last(&bench).status, Status::Approved);
    let order = "A2".into();
    give(&mut bench, Event::Void { order }, 10);
    assert_eq!(last(&bench).status, Status::Approved);
    let nets: Vec<i64> = bench.host().ledger().payments().map(|p| p.1).collect();
    assert_eq!(nets, [12_000, 0]);
    give(&mut bench, Event::Settle, 30);
    let matched = did(&bench).find_map(|action| match action {
        Action::Settled { matched, .. } => Some(*matched),
        _ => None,
    });
    assert_eq!(matched, Some(true), "{:?}", judged(&bench));
    assert_eq!(count(&bench, Operation::BatchEnd, "00"), 1);
    assert_eq!(count(&bench, Operation::SignOff, "00"), 1);
    assert_eq!(count(&bench, Operation::SignIn, "00"), 2);
    pay(&mut bench, "B1", 100);
    assert_eq!(last(&bench).status, Status::Approved);
    // A payment of an earlier batch can still be refunded.
    give(&mut bench, refund("A1", 12_000), 10);
    assert_eq!(last(&bench).status, Status::Approved);
    assert!(judged(&bench).iter().all(|(_, code)| code == "00"));
}

#[test]
fn a_refund_whose_answer_is_lost_is_found_again_and_a_void_is_taken_back() {
    let mut bench = bench("lost");
    pay(&mut bench, "A1", 100);
    let lost = |on| Fault::on(FaultKind::AnswerLost, on, Nth::Only(1));
    bench.arm(lost(Operation::Refund));
    give(&mut bench, refund("A1", 40), 90);
    assert_eq!(last(&bench).status, Status::Approved);
    assert_eq!(count(&bench, Operation::Query, "00"), 1);
    pay(&mut bench, "A2", 200);
    bench.arm(lost(Operation::Void));
    let order = "A2".into();
    give(&mut bench, Event::Void { order }, 90);
    assert_eq!(last(&bench).status, Status::Cancelled);
    let nets: Vec<i64> = bench.host().ledger().payments().map(|p| p.1).collect();
    assert_eq!(nets, [60, 200]);
}

#[test]
fn a_code_is_shown_and_its_order_closed_when_nobody_scans_it() {
    let mut bench = bench("show");
    let order = "A1".into();
    let (amount, flow) = (12_850, Flow::Show);
    let event = Event::Pay {
        order,
        amount,
        flow,
    };
    give(&mut bench, event, 140);
    assert!(did(&bench).any(|action| matches!(action, Action::ShowCode { .. })));
    let word = last(&bench);
    let reason = word.reason.as_ref().and_then(Word::known);
    assert_eq!(word.status, Status::Cancelled);
    assert_eq!(reason, Some(Reason::Unconfirmed));
    assert_eq!(count(&bench, Operation::Reversal, "00"), 1);
}

#[test]
fn a_settlement_that_the_power_interrupts_goes_on_where_it_stood() {
    let mut bench = bench("interrupted");
    pay(&mut bench, "A1", 100);
    let event = Event::SelfTest;
    give(&mut bench, event, 20);
    let host = did(&bench).find_map(|action| match action {
        Action::SelfTest { parts } => Some(parts.host),
        _ => None,
    });
    assert_eq!(host, Some(Some(PartState::Ok)));
    bench.arm(Fault::on(
        FaultKind::AnswerLost,
        Operation::BatchEnd,
        Nth::Only(1),
    ));
    give(&mut bench, Event::Settle, 5);
    bench.cut_power();
    run(&mut bench, 60);
    assert_eq!(count(&bench, Operation::Settlement, "00"), 1);
    assert_eq!(count(&bench, Operation::BatchEnd, "00"), 2);
    pay(&mut bench, "B1", 100);
    assert_eq!(last(&bench).status, Status::Approved);
}

#[test]
fn totals_that_differ_lead_to_details_and_to_the_next_batch_all_the_same() {
    let terminal = ReferenceTerminal::with_defects(&[Defect::RefundsNotCounted]);
    let mut bench = bench_of("differ", terminal);
    pay(&mut bench, "A1", 100);
    give(&mut bench, refund("A1", 40), 10);
    give(&mut bench, Event::Settle, 30);
    let matched = did(&bench).find_map(|action| match action {
        Action::Settled { matched, .. } => Some(*matched),
        _ => None,
    });
    assert_eq!(matched, Some(false));
    assert_eq!(count(&bench, Operation::BatchDetail, "00"), 1);
    let closed = bench.record().entries().iter().find_map(|e| match &e.fact {
        Fact::BatchClosed { balanced, .. } => Some(*balanced),
        _ => None,
    });
    assert_eq!(closed, Some(false));
    pay(&mut bench, "B1", 100);
    assert_eq!(last(&bench).status, Status::Approved);
}
