//! The end of a batch.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use super::stories::{code, unbalance};
use crate::terminal::{Action, Boot, Event, Status, Totals};
use crate::vocabulary::{Operation, Reason};

fn with_payments(count: u32) -> Bench {
    let mut bench = Bench::new(&[]);
    for n in 0..count {
        bench.pay(&format!("A{n}"), 100, &code(n));
        bench.run(3);
    }
    bench
}

/// Batch and judgement of the settlements that were reported.
fn settled(bench: &Bench) -> Vec<(String, Totals, Totals, bool)> {
    let of = bench.did.iter();
    of.filter_map(|(_, action)| match action {
        Action::Settled {
            batch,
            debits,
            credits,
            matched,
        } => Some((batch.to_string(), *debits, *credits, *matched)),
        _ => None,
    })
    .collect()
}

fn side(count: u32, amount: u64) -> Totals {
    Totals { count, amount }
}

#[test]
fn a_batch_that_balances_is_followed_by_the_next() {
    let mut bench = with_payments(3);
    bench.refund("A0", 30);
    bench.run(5);
    bench.void("A1");
    bench.run(5);
    bench.tell(Event::Settle);
    bench.run(10);
    bench.judge();
    let expected = ("000001".to_owned(), side(3, 300), side(2, 130), true);
    assert_eq!(settled(&bench), [expected]);
    assert_eq!(bench.host.batches, [(1, 0)]);
    let last: Vec<_> = bench.host.seen.iter().map(|seen| seen.operation).collect();
    assert_eq!(
        last[last.len() - 4..],
        [
            Operation::Settlement,
            Operation::BatchEnd,
            Operation::SignOff,
            Operation::SignIn
        ]
    );
    bench.pay("B1", 100, CODE);
    bench.run(5);
    bench.expect("B1", Status::Approved, None);
    assert_eq!(bench.host.seen.last().unwrap().batch, 2);
}

#[test]
fn the_details_of_a_batch_that_does_not_balance_are_uploaded() {
    for (count, uploads) in [(0, 0), (1, 1), (31, 1), (32, 2)] {
        let mut bench = with_payments(count);
        bench.script(Operation::Settlement, [Say::Changed(unbalance)]);
        bench.tell(Event::Settle);
        bench.run(20);
        bench.judge();
        assert!(!settled(&bench)[0].3);
        assert_eq!(bench.host.count(Operation::BatchDetail), uploads);
        assert_eq!(bench.host.details.len(), count as usize);
        assert_eq!(bench.host.batches, [(1, count as u16)]);
        assert!(bench.display().0[0].contains("不平"));
    }
}

#[test]
fn a_power_cut_anywhere_in_a_settlement_leaves_it_to_be_finished() {
    for event in 1..14 {
        for writes in [None, Some(0), Some(1), Some(2), Some(3)] {
            let mut bench = with_payments(33);
            bench.script(Operation::Settlement, [Say::Changed(unbalance)]);
            bench
                .host
                .always
                .insert(Operation::Settlement, Say::Changed(unbalance));
            bench.cut_at = Some((bench.events + event, writes));
            bench.tell(Event::Settle);
            bench.run(300);
            bench.cut_at = None;
            if settled(&bench).is_empty() {
                // Nothing had left: the batch is open as before.
                assert_eq!(bench.host.batches, []);
                bench.tell(Event::Settle);
                bench.run(30);
            }
            bench.judge();
            assert!(!settled(&bench).is_empty(), "{event} {writes:?}");
            assert_eq!(bench.host.batches, [(1, 33)], "{event} {writes:?}");
            assert!(bench.host.details.len() >= 33);
            bench.pay("B1", 100, CODE);
            bench.run(5);
            bench.expect("B1", Status::Approved, None);
            assert_eq!(bench.host.seen.last().unwrap().batch, 2);
        }
    }
}

#[test]
fn payments_wait_for_a_settlement_that_was_begun() {
    let mut bench = with_payments(1);
    bench.script(Operation::Settlement, vec![Say::Lost; 3]);
    bench.tell(Event::Settle);
    bench.run(30);
    bench.pay("B1", 100, CODE);
    bench.expect("B1", Status::Declined, Reason::Busy);
    bench.run(200);
    assert_eq!(bench.display().1, Some(Reason::NetworkTimeout));
    bench.pay("B2", 100, CODE);
    bench.expect("B2", Status::Declined, Reason::BatchFull);
    bench.tell(Event::Settle);
    bench.run(10);
    assert_eq!(settled(&bench).len(), 1);
    bench.pay("B3", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("B3", Status::Approved, None);
}

#[test]
fn without_a_network_nothing_is_begun() {
    let mut bench = with_payments(1);
    for link in ["cellular", "wifi"] {
        bench.link(link, false);
    }
    bench.tell(Event::Settle);
    bench.run(20);
    assert_eq!(bench.display().1, Some(Reason::NoSignal));
    for link in ["cellular", "wifi"] {
        bench.link(link, true);
    }
    bench.pay("B1", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("B1", Status::Approved, None);
}

#[test]
fn another_batch_at_the_host_is_taken_and_settled() {
    let mut bench = with_payments(1);
    bench.script(Operation::Settlement, [Say::Code("77", "T02")]);
    bench.script(Operation::SignIn, [Say::Batch(7)]);
    bench.tell(Event::Settle);
    bench.run(20);
    let expected = ("000007".to_owned(), side(0, 0), side(0, 0), true);
    assert_eq!(settled(&bench), [expected]);
    // And 77 after the totals were judged means that the batch is closed already.
    let mut bench = with_payments(1);
    bench.script(Operation::BatchEnd, [Say::Code("77", "T02")]);
    bench.tell(Event::Settle);
    bench.run(20);
    assert_eq!(settled(&bench).len(), 1);
}

#[test]
fn a_full_batch_takes_no_payment_but_gives_back() {
    let mut bench = Bench::new(&[]);
    bench.setup.terminal.batch_limit = 2;
    bench.boot(Boot::Factory);
    bench.script(Operation::Sale, [Say::Code("05", "H01")]);
    for (order, code) in [("A0", CODE), ("A1", FRESH), ("A2", &code(1))] {
        bench.pay(order, 100, code);
        bench.run(5);
    }
    bench.pay("A3", 100, &code(2));
    bench.expect("A3", Status::Declined, Reason::BatchFull);
    bench.show("A3", 100);
    bench.expect("A3", Status::Declined, Reason::BatchFull);
    bench.void("A1");
    bench.run(5);
    bench.tell(Event::Settle);
    bench.run(10);
    bench.pay("A3", 100, &code(2));
    bench.run(5);
    bench.judge();
    bench.expect("A3", Status::Approved, None);
}

#[test]
fn reversals_come_before_the_totals() {
    let mut bench = with_payments(1);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.script(Operation::Reversal, vec![Say::Lost; 3]);
    bench.pay("A9", 100, CODE);
    bench.run(125);
    bench.tell(Event::Settle);
    bench.run(10);
    bench.judge();
    let first = bench
        .host
        .seen
        .iter()
        .position(|s| s.operation == Operation::Reversal);
    let then = bench
        .host
        .seen
        .iter()
        .position(|s| s.operation == Operation::Settlement);
    assert!(first.unwrap() < then.unwrap());
    assert!(settled(&bench)[0].3);
}
