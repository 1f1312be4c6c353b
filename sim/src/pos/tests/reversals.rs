//! Reversals: when, how, how often, and what ends them.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::iso8583::Field;
use crate::terminal::{Refusal, Status};
use crate::time::Span;
use crate::vocabulary::{Operation, Reason};

/// A bench with a payment that was booked and whose answer was lost.
fn silent() -> Bench {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.pay("A1", 100, CODE);
    bench
}

#[test]
fn silence_is_reversed() {
    let mut bench = silent();
    bench.run(59);
    assert!(bench.outcomes("A1").is_empty());
    bench.run(2);
    assert_eq!(bench.statuses("A1"), [Status::Unknown, Status::Cancelled]);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    let [.., sale, reversal] = &*bench.host.seen else {
        panic!()
    };
    assert_eq!(reversal.operation, Operation::Reversal);
    assert_eq!(
        (&reversal.stan, reversal.amount, reversal.batch),
        (&sale.stan, sale.amount, sale.batch)
    );
    assert_eq!(reversal.reason.as_deref(), Some("98"));
    assert_eq!(bench.wake, None);
}

#[test]
fn a_connection_that_ends_under_a_request_is_reversed_at_once() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Closed]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    assert_eq!(bench.host.count(Operation::Sale), 1);
}

#[test]
fn an_unanswered_reversal_is_repeated_kept_and_holds_new_payments() {
    let mut bench = silent();
    bench.host.always.insert(Operation::Reversal, Say::Mute);
    bench.run(61 + 62);
    assert_eq!(bench.host.count(Operation::Reversal), 3);
    let at: Vec<_> = bench.host.seen[2..].iter().map(|seen| seen.at).collect();
    assert!(
        at.is_sorted_by(
            |a, b| b.since(*a) == Span::from_secs(20) || b.since(*a) == Span::from_millis(20_050)
        ),
        "{at:?}"
    );
    let stans = bench.host.seen[1..].iter().map(|seen| &seen.stan);
    assert_eq!(stans.collect::<std::collections::BTreeSet<_>>().len(), 1);
    assert_eq!(bench.last("A1").status, Status::Unknown);
    // A new payment starts a round, waits for it, and is refused.
    bench.pay("A2", 200, FRESH);
    bench.run(45);
    assert!(bench.outcomes("A2").is_empty());
    bench.run(20);
    bench.expect("A2", Status::Declined, Reason::NetworkTimeout);
    assert_eq!(bench.host.count(Operation::Reversal), 6);
    assert_eq!(bench.host.count(Operation::Sale), 1);
    // The host works again; a flutter of the link is enough.
    bench.host.always.clear();
    bench.link("cellular", false);
    bench.link("cellular", true);
    bench.run(15);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    bench.pay("A2", 200, FRESH);
    bench.run(5);
    bench.judge();
    bench.expect("A2", Status::Approved, None);
}

#[test]
fn rounds_go_on_by_themselves_and_a_payment_follows_the_reversal() {
    let mut bench = silent();
    bench.script(Operation::Reversal, vec![Say::Lost; 4]);
    bench.run(61 + 60 + 50);
    assert_eq!(bench.last("A1").status, Status::Unknown);
    bench.order("A2", 200);
    bench.run(1);
    bench.scan(FRESH);
    bench.run(15);
    assert!(bench.outcomes("A2").is_empty());
    bench.run(30);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    bench.expect("A2", Status::Approved, None);
    let operations: Vec<_> = bench.host.seen.iter().map(|seen| seen.operation).collect();
    assert_eq!(operations[2..], [Operation::Reversal, Operation::Sale]);
}

#[test]
fn any_definite_answer_ends_a_reversal() {
    for code in ["00", "12", "25", "40", "05"] {
        let mut bench = silent();
        bench.script(Operation::Reversal, [Say::Code(code, "")]);
        bench.run(62);
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(bench.last("A1").host_code.as_deref(), Some(code));
        assert_eq!(bench.wake, None);
    }
}

#[test]
fn an_indefinite_answer_does_not_end_a_reversal() {
    for code in ["96", "98", "90", "91", "92", "68", "30", "97"] {
        let mut bench = silent();
        bench.script(Operation::Reversal, [Say::Code(code, "")]);
        bench.run(70);
        assert_eq!(bench.last("A1").status, Status::Unknown, "{code}");
        bench.run(30);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(bench.host.count(Operation::Reversal), 2);
    }
}

#[test]
fn a_reversal_under_old_keys_is_sent_again_under_new_ones() {
    let mut bench = silent();
    bench.run(30);
    bench.host.change_keys();
    bench.run(40);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    let operations: Vec<_> = bench.host.seen[2..].iter().map(|s| s.operation).collect();
    assert_eq!(
        operations,
        [Operation::Reversal, Operation::SignIn, Operation::Reversal]
    );
    for code in ["99", "77"] {
        let mut bench = silent();
        bench.script(Operation::Reversal, [Say::Code(code, "")]);
        bench.script(Operation::SignIn, [Say::Default, Say::Batch(9)]);
        bench.run(70);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(
            bench.host.seen.last().unwrap().batch,
            1,
            "that of the original"
        );
    }
}

#[test]
fn a_host_that_always_refuses_the_keys_is_not_flooded() {
    let mut bench = silent();
    bench
        .host
        .always
        .insert(Operation::Reversal, Say::Code("A0", "K01"));
    bench.run(61 + 600);
    assert!(bench.dials() < 120, "{}", bench.dials());
    assert!(bench.host.count(Operation::SignIn) < 40);
    bench.host.always.clear();
    bench.run(70);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
}

#[test]
fn a_reversals_answer_with_a_wrong_or_missing_mac_is_not_believed() {
    for say in [Say::BadMac, Say::NoMac] {
        let mut bench = silent();
        bench.script(Operation::Reversal, [say]);
        bench.run(61);
        bench.run(70);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(bench.host.count(Operation::Reversal), 2);
        assert_eq!(bench.host.count(Operation::SignIn), 2);
    }
}

#[test]
fn a_late_answer_changes_nothing() {
    // Before the reversal is through, and together with its answer.
    for late in [60_500, 61_000] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Late(late)]);
        bench.script(Operation::Reversal, [Say::Late(2_000)]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
        bench.judge();
        assert_eq!(bench.statuses("A1"), [Status::Unknown, Status::Cancelled]);
    }
}

#[test]
fn an_approval_with_a_wrong_or_missing_mac_is_reversed_and_keys_are_fetched() {
    for say in [Say::BadMac, Say::NoMac] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [say]);
        bench.pay("A1", 100, CODE);
        bench.run(10);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkSecurity);
        assert_eq!(
            bench.host.seen.last().unwrap().reason.as_deref(),
            Some("A0")
        );
        assert_eq!(bench.host.count(Operation::SignIn), 2);
    }
    // So is one that comes with a query.
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Book("09", "W01")]);
    bench.script(Operation::Query, [Say::BadMac]);
    bench.pay("A1", 100, CODE);
    bench.run(30);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkSecurity);
}

#[test]
fn a_decline_with_a_wrong_mac_is_not_believed() {
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::Sale,
        [Say::Bytes(|mut frame| {
            // Turns the approval into a decline: the MAC no longer fits.
            let place = frame.windows(2).position(|pair| pair == b"00").unwrap();
            let code = frame
                .windows(14)
                .position(|w| w.ends_with(b"00") && w[..12].iter().all(u8::is_ascii_digit));
            let place = code.map_or(place, |code| code + 12);
            frame[place..place + 2].copy_from_slice(b"05");
            vec![frame]
        })],
    );
    bench.pay("A1", 100, CODE);
    bench.run(100);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkSecurity);
    assert_eq!(bench.host.total(), 0);
}

#[test]
fn nothing_is_reversed_where_nothing_was_sent() {
    for refusal in [Refusal::Refused, Refusal::Timeout, Refusal::Tls] {
        let mut bench = Bench::new(&[]);
        bench.refusal = Some(refusal);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        assert_eq!(bench.last("A1").status, Status::Declined);
        bench.refusal = None;
        bench.run(600);
        bench.judge();
        assert!(bench.host.seen.is_empty());
    }
}

#[test]
fn yesterdays_reversal_is_still_owed() {
    let mut bench = silent();
    bench.host.always.insert(Operation::Reversal, Say::Lost);
    bench.run(100);
    bench.cut_power();
    bench.now += Span::from_secs(30 * 3_600);
    bench.host.always.clear();
    bench.run(100);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
}

#[test]
fn a_host_that_is_down_is_not_flooded() {
    for refusal in [Refusal::Refused, Refusal::Timeout, Refusal::Unreachable] {
        let mut bench = silent();
        bench.run(59);
        bench.refusal = Some(refusal);
        bench.host.always.insert(Operation::Reversal, Say::Lost);
        let before = bench.dials();
        bench.run(600);
        assert!(bench.dials() - before <= 120, "{}", bench.dials());
    }
    // Nor by a link that comes and goes.
    let mut bench = silent();
    bench.run(59);
    bench.refusal = Some(Refusal::Refused);
    bench.host.always.insert(Operation::Reversal, Say::Closed);
    let before = bench.dials();
    for _ in 0..300 {
        bench.run(1);
        bench.link("wifi", false);
        bench.run(1);
        bench.link("wifi", true);
    }
    assert!(bench.dials() - before <= 120, "{}", bench.dials() - before);
}

#[test]
fn an_answer_that_is_not_the_requests_is_nothing() {
    let changes: [fn(&mut crate::iso8583::Message); 7] = [
        |answer| answer.set_text(Field::STAN, "123456"),
        |answer| answer.set_text(Field::AMOUNT, "000000000099"),
        |answer| answer.set_text(Field::TERMINAL, "10000002"),
        |answer| answer.set_text(Field::MERCHANT, "898310000000002"),
        |answer| answer.set_text(Field::PROCESSING_CODE, "200000"),
        |answer| answer.set_mti(crate::iso8583::Mti(0x0230)),
        |answer| answer.remove(Field::AMOUNT),
    ];
    for change in changes {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Changed(change)]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(
            bench.host.seen.last().unwrap().reason.as_deref(),
            Some("98")
        );
    }
    // Trailing blanks are no difference.
    let mut bench = Bench::new(&[]);
    bench.setup.terminal.id = "1000001".into();
    bench.boot(crate::terminal::Boot::Factory);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
}
