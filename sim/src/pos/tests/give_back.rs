//! Refunds and voids.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::terminal::{Event, PaidOperation, Status};
use crate::vocabulary::{Operation, Reason};

fn paid() -> Bench {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 12_850, CODE);
    bench.run(5);
    bench
}

fn approved(bench: &Bench, order: &str, operation: PaidOperation) -> usize {
    let words = bench.words(order, operation);
    words.iter().filter(|w| w.0 == Status::Approved).count()
}

#[test]
fn a_payment_is_refunded_in_parts_and_no_further() {
    let mut bench = paid();
    for amount in [850, 2_000, 10_001, 0, -5, 10_000, 1] {
        bench.refund("A1", amount);
        bench.run(5);
    }
    bench.judge();
    assert_eq!(bench.host.total(), 0);
    assert_eq!(approved(&bench, "A1", PaidOperation::Refund), 3);
    let invalid = (Status::Declined, Some(Reason::InvalidInput));
    let words = bench.words("A1", PaidOperation::Refund);
    assert_eq!(words.iter().filter(|word| **word == invalid).count(), 4);
    assert_eq!(bench.host.count(Operation::Refund), 3);
    // Two copies of each of four receipts; the last ones say what they are.
    let receipts = bench.receipts();
    assert_eq!((receipts.len(), &*receipts[7][0]), (8, "退货单"));
    // Nothing is left to be paid or given back.
    bench.void("A1");
    let words = bench.words("A1", PaidOperation::Void);
    assert_eq!(words, [invalid]);
    let before = bench.outcomes("A1").len();
    bench.order("A1", 12_850);
    assert_eq!(bench.display().1, Some(Reason::Duplicate));
    assert_eq!(bench.outcomes("A1").len(), before);
}

#[test]
fn a_payment_is_voided_once_and_in_its_batch() {
    let mut bench = paid();
    bench.void("A1");
    bench.run(5);
    bench.void("A1");
    bench.run(5);
    bench.judge();
    assert_eq!(
        bench.words("A1", PaidOperation::Void),
        [
            (Status::Approved, None),
            (Status::Declined, Some(Reason::Duplicate))
        ]
    );
    assert_eq!(bench.host.total(), 0);
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.tell(Event::Settle);
    bench.run(10);
    bench.void("A2");
    let invalid = (Status::Declined, Some(Reason::InvalidInput));
    assert_eq!(bench.words("A2", PaidOperation::Void), [invalid]);
    bench.refund("A2", 100);
    bench.run(5);
    bench.judge();
    assert_eq!(bench.host.total(), 0);
}

#[test]
fn what_was_never_paid_cannot_be_given_back() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("05", "H01")]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    let unknown = (Status::Declined, Some(Reason::UnknownOrder));
    let invalid = (Status::Declined, Some(Reason::InvalidInput));
    for (order, word) in [("A1", invalid), ("Z9", unknown)] {
        bench.refund(order, 1);
        bench.void(order);
        assert_eq!(bench.words(order, PaidOperation::Refund), [word]);
        assert_eq!(bench.words(order, PaidOperation::Void), [word]);
    }
    let status = "Z9".into();
    bench.tell(Event::Status { order: status });
    bench.expect("Z9", Status::Declined, Reason::UnknownOrder);
    bench.judge();
}

#[test]
fn a_refund_without_answer_is_asked_about_and_never_sent_again() {
    for (say, given, reversals) in [(Say::Mute, 40, 0), (Say::Lost, 0, 1)] {
        let mut bench = paid();
        bench.script(Operation::Refund, [say]);
        bench.refund("A1", 40);
        bench.run(59);
        bench.tell(Event::Cancel);
        bench.run(10);
        bench.judge();
        assert_eq!(bench.host.total(), 12_850 - given);
        assert!(bench.host.count(Operation::Refund) <= 1);
        assert_eq!(bench.host.count(Operation::Query), 1);
        assert_eq!(bench.host.count(Operation::Reversal), reversals);
        let last = bench.words("A1", PaidOperation::Refund).pop().unwrap().0;
        let expected = if given > 0 {
            Status::Approved
        } else {
            Status::Cancelled
        };
        assert_eq!(last, expected);
        // The payment stands, and so does what was said of it.
        bench.tell(Event::Status { order: "A1".into() });
        bench.run(5);
        bench.expect("A1", Status::Approved, None);
        bench.refund("A1", 12_850 - given);
        bench.run(5);
        bench.judge();
        assert_eq!(bench.host.total(), 0);
    }
}

#[test]
fn a_void_without_answer_is_reversed() {
    let mut bench = paid();
    bench.script(Operation::Void, [Say::Mute]);
    bench.void("A1");
    bench.run(70);
    bench.judge();
    assert_eq!(bench.host.total(), 12_850);
    let word = bench.words("A1", PaidOperation::Void).pop().unwrap();
    assert_eq!(word, (Status::Cancelled, Some(Reason::NetworkTimeout)));
    bench.void("A1");
    bench.run(5);
    bench.judge();
    assert_eq!(bench.host.total(), 0);
}

#[test]
fn a_power_cut_at_any_event_of_a_refund_loses_nothing() {
    for operation in [Operation::Refund, Operation::Void] {
        for event in 1..8 {
            for writes in [None, Some(0), Some(1), Some(2), Some(3)] {
                let mut bench = paid();
                bench.cut_at = Some((bench.events + event, writes));
                match operation {
                    Operation::Refund => bench.refund("A1", 50),
                    _ => bench.void("A1"),
                }
                bench.run(300);
                bench.judge();
                let what = match operation {
                    Operation::Refund => PaidOperation::Refund,
                    _ => PaidOperation::Void,
                };
                let last = bench.words("A1", what).pop();
                assert!(last.is_none_or(|word| word.0.is_final()), "{last:?}");
            }
        }
    }
}

#[test]
fn a_refund_waits_for_older_reversals() {
    let mut bench = paid();
    bench.script(Operation::Sale, [Say::Mute]);
    bench.script(Operation::Reversal, vec![Say::Lost; 3]);
    bench.pay("A2", 100, FRESH);
    bench.run(125);
    bench.refund("A1", 50);
    bench.run(5);
    bench.judge();
    let seen: Vec<_> = bench.host.seen.iter().map(|s| s.operation).collect();
    assert_eq!(
        seen[seen.len() - 2..],
        [Operation::Reversal, Operation::Refund]
    );
}
