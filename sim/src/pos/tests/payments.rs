//! Payments: approvals, declines, what is undecided, the cancel key, look-ups.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::iso8583::Field;
use crate::money::Fen;
use crate::terminal::{Action, Event, PrinterFault, Status};
use crate::time::Span;
use crate::vocabulary::{Advice, Operation, Reason};

#[test]
fn an_approved_payment_is_said_shown_and_printed() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 12_850, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    let outcome = bench.last("A1");
    assert_eq!(outcome.amount, Some(12_850));
    assert_eq!(outcome.host_code.as_deref(), Some("00"));
    assert_eq!(outcome.rrn.as_deref(), Some("000000000002"));
    let receipts = bench.receipts();
    assert_eq!(receipts.len(), 2);
    for part in [
        "898310000000001",
        "10000001",
        "2026-01-01 08:00:01",
        "128.50",
        "000000000002",
        "A1",
    ] {
        assert!(receipts[0].iter().any(|line| line.contains(part)), "{part}");
    }
    assert!(bench.display().0.contains(&"RMB 128.50".to_owned()));
    let sale = &bench.host.seen[1];
    assert_eq!(
        (sale.code.as_deref(), sale.amount, sale.batch),
        (Some(CODE), Some(Fen::new(12_850)), 1)
    );
    assert_eq!(bench.wake, None, "nothing is left to do");
    assert!(matches!(
        bench.did.last(),
        Some((_, Action::HostClose { .. }))
    ));
}

#[test]
fn keys_are_fetched_once_and_numbers_go_on() {
    let mut bench = Bench::new(&[]);
    for (order, code) in [("A1", CODE), ("A2", FRESH)] {
        bench.pay(order, 100, code);
        bench.run(5);
    }
    bench.judge();
    let stans: Vec<&str> = bench.host.seen.iter().map(|seen| &*seen.stan).collect();
    assert_eq!(stans, ["000001", "000002", "000003"]);
    assert_eq!(bench.host.count(Operation::SignIn), 1);
}

#[test]
fn every_decline_ends_the_order_without_a_reversal() {
    for (code, reason, said, advice) in [
        (
            "57",
            "P01",
            Reason::PaymentDisabled,
            Advice::EnablePhonePayment,
        ),
        ("40", "P02", Reason::PhoneOutdated, Advice::UpdatePhone),
        ("68", "P03", Reason::PhoneNetwork, Advice::ConnectPhone),
        ("54", "C01", Reason::CodeExpired, Advice::RefreshCode),
        ("14", "C03", Reason::CodeUnknown, Advice::RefreshCode),
        (
            "40",
            "B01",
            Reason::CreditNotActivated,
            Advice::OtherFunding,
        ),
        ("51", "B02", Reason::CreditLimit, Advice::OtherFunding),
        ("62", "B03", Reason::CreditOverdue, Advice::OtherFunding),
        ("59", "B04", Reason::CreditRisk, Advice::OtherMethod),
        ("51", "H03", Reason::Declined, Advice::OtherFunding),
        ("05", "H01", Reason::Declined, Advice::OtherMethod),
        ("91", "N01", Reason::Maintenance, Advice::Wait),
        ("58", "D01", Reason::Interface, Advice::UpdateSoftware),
        ("97", "T01", Reason::Declined, Advice::ContactProvider),
        ("30", "", Reason::Declined, Advice::OtherMethod),
        ("ZZ", "", Reason::Declined, Advice::OtherMethod),
    ] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Code(code, reason)]);
        bench.pay("A1", 100, CODE);
        bench.run(600);
        bench.judge();
        bench.expect("A1", Status::Declined, said);
        assert!(bench.advice("A1").contains(&advice), "{code} {reason}");
        assert_eq!(bench.last("A1").host_code.as_deref(), Some(code));
        assert_eq!(bench.host.count(Operation::Reversal), 0);
        assert_eq!(bench.host.count(Operation::Sale), 1);
        assert!(bench.receipts().is_empty());
    }
}

#[test]
fn a_declined_order_can_be_paid_with_a_fresh_code() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("40", "B01")]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.pay("A1", 100, FRESH);
    bench.run(5);
    bench.judge();
    assert_eq!(bench.statuses("A1"), [Status::Declined, Status::Approved]);
    assert_ne!(bench.host.seen[1].stan, bench.host.seen[2].stan);
}

#[test]
fn a_partial_approval_is_reported_with_what_moved() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Book("10", "OK1")]);
    bench.pay("A1", 1_000, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.last("A1").amount, Some(500));
    assert!(bench.receipts()[0].iter().any(|line| line.contains("5.00")));
    assert_eq!(bench.display().0.len(), 4, "what is still to pay is shown");
}

#[test]
fn defective_successes_are_successes() {
    for code in ["11", "A2", "A4", "A5", "A6"] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Book(code, "OK0")]);
        bench.pay("A1", 1_000, CODE);
        bench.run(5);
        bench.judge();
        bench.expect("A1", Status::Approved, None);
    }
}

#[test]
fn an_order_that_is_approved_is_not_charged_again() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.pay("A1", 100, FRESH);
    bench.run(100);
    bench.judge();
    assert_eq!(bench.host.count(Operation::Sale), 1);
    assert_eq!(bench.outcomes("A1").len(), 2);
    assert_eq!(bench.receipts().len(), 2);
}

#[test]
fn a_customer_who_confirms_is_waited_for() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Book("09", "W01")]);
    bench.script(
        Operation::Query,
        [Say::Code("09", "W01"), Say::Code("09", "W01")],
    );
    bench.pay("A1", 100, CODE);
    bench.run(1);
    bench.expect("A1", Status::Unknown, Reason::Unconfirmed);
    assert!(bench.advice("A1").contains(&Advice::ConfirmOnPhone));
    bench.run(60);
    bench.judge();
    assert_eq!(bench.statuses("A1"), [Status::Unknown, Status::Approved]);
    let at: Vec<_> = bench
        .host
        .seen
        .iter()
        .filter(|seen| seen.operation == Operation::Query)
        .map(|seen| seen.at)
        .collect();
    assert_eq!(at.len(), 3);
    assert!(at.is_sorted_by(|a, b| b.since(*a) >= Span::from_secs(5)));
}

#[test]
fn a_customer_who_does_not_confirm_is_cancelled_without_a_gap() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("09", "W01")]);
    bench
        .host
        .always
        .insert(Operation::Query, Say::Code("09", "W01"));
    bench.pay("A1", 100, CODE);
    bench.run(200);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::Unconfirmed);
    assert!(bench.advice("A1").contains(&Advice::ConnectPhone));
    assert_eq!(bench.statuses("A1"), [Status::Unknown, Status::Cancelled]);
    let sale = bench
        .host
        .seen
        .iter()
        .find(|s| s.operation == Operation::Sale)
        .unwrap();
    let reversal = bench.host.seen.last().unwrap();
    let window = reversal.at.since(sale.at);
    assert!(
        (Span::from_secs(45)..Span::from_secs(46)).contains(&window),
        "{window}"
    );
    assert_eq!(bench.host.count(Operation::Query), 8);
}

#[test]
fn what_the_host_does_not_know_is_asked_for() {
    for (code, reason) in [("98", "N02"), ("96", "N03"), ("68", "")] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Book(code, reason)]);
        bench.script(
            Operation::Query,
            [Say::Code("96", "N03"), Say::Lost, Say::Code("A0", "K01")],
        );
        bench.pay("A1", 100, CODE);
        bench.run(1);
        assert_eq!(bench.last("A1").status, Status::Unknown);
        bench.run(60);
        bench.judge();
        bench.expect("A1", Status::Approved, None);
        assert_eq!(bench.host.count(Operation::Reversal), 0);
    }
}

#[test]
fn what_stays_unknown_is_reversed() {
    for say in [
        Say::Code("98", "N02"),
        Say::Lost,
        Say::Code("91", "N01"),
        Say::Closed,
    ] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::Sale, [Say::Book("98", "N02")]);
        bench.host.always.insert(Operation::Query, say);
        bench.pay("A1", 100, CODE);
        bench.run(300);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
        assert_eq!(
            bench.host.seen.last().unwrap().reason.as_deref(),
            Some("98")
        );
        assert_eq!(bench.host.total(), 0);
    }
}

#[test]
fn a_query_that_finds_nothing_leads_to_a_reversal_and_one_that_finds_a_decline_to_that() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("98", "N02")]);
    bench.pay("A1", 100, CODE);
    bench.run(60);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);

    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("98", "N02")]);
    bench.script(Operation::Query, [Say::Code("51", "B02")]);
    bench.pay("A1", 100, CODE);
    bench.run(60);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::CreditLimit);
    assert_eq!(bench.host.count(Operation::Reversal), 0);
}

#[test]
fn a_duplicate_is_asked_for_once_and_never_approved_by_itself() {
    for (booked, status) in [(true, Status::Approved), (false, Status::Declined)] {
        let mut bench = Bench::new(&[]);
        let say = if booked {
            Say::Book("94", "H04")
        } else {
            Say::Code("94", "C02")
        };
        bench.script(Operation::Sale, [say]);
        if !booked {
            bench.script(Operation::Query, [Say::Code("94", "C02")]);
        }
        bench.pay("A1", 100, CODE);
        bench.run(3);
        bench.judge();
        let reason = (!booked).then_some(Reason::CodeUsed);
        bench.expect("A1", status, reason);
        assert_eq!(bench.host.count(Operation::Query), 1);
    }
}

#[test]
fn the_cancel_key_takes_nothing_before_the_request_has_left() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.run(1);
    bench.tell(Event::Cancel);
    bench.expect("A1", Status::Cancelled, Reason::CashierCancelled);
    // While it connects.
    bench.pay("A2", 100, CODE);
    bench.tell(Event::Cancel);
    bench.expect("A2", Status::Cancelled, Reason::CashierCancelled);
    // While it signs in: the keys still come, the sale does not go.
    bench.pay("A3", 100, CODE);
    bench.run_until(bench.now + Span::from_millis(100));
    bench.tell(Event::Cancel);
    bench.run(100);
    bench.expect("A3", Status::Cancelled, Reason::CashierCancelled);
    bench.judge();
    assert_eq!(bench.host.count(Operation::Sale), 0);
    // A code that was read and never sent is as good as fresh.
    bench.pay("A4", 100, CODE);
    bench.run(5);
    bench.expect("A4", Status::Approved, None);
    assert_eq!(bench.host.count(Operation::SignIn), 1);
}

#[test]
fn the_cancel_key_after_sending_is_true_only_when_the_host_says_so() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Late(3_000)]);
    bench.script(Operation::Reversal, [Say::Late(10_000)]);
    bench.pay("A1", 100, CODE);
    bench.run(1);
    bench.tell(Event::Cancel);
    bench.expect("A1", Status::Unknown, Reason::CashierCancelled);
    // The approval arrives and is not believed.
    bench.run(5);
    bench.expect("A1", Status::Unknown, Reason::CashierCancelled);
    bench.run(20);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::CashierCancelled);
    assert_eq!(
        bench.host.seen.last().unwrap().reason.as_deref(),
        Some("06")
    );

    // While the customer is waited for.
    bench.script(Operation::Sale, [Say::Book("09", "W01")]);
    bench.pay("A2", 100, FRESH);
    bench.run(3);
    bench.tell(Event::Cancel);
    bench.run(20);
    bench.judge();
    bench.expect("A2", Status::Cancelled, Reason::CashierCancelled);
    bench.tell(Event::Cancel);
    assert_eq!(
        bench.outcomes("A2").len(),
        3,
        "then there is nothing to cancel"
    );
}

#[test]
fn a_look_up_ends_with_the_word_that_stands() {
    let mut bench = Bench::new(&[]);
    let status = |order: &str| Event::Status {
        order: order.into(),
    };
    bench.tell(status("A0"));
    bench.expect("A0", Status::Declined, Reason::UnknownOrder);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.tell(status("A1"));
    bench.run(5);
    assert_eq!(bench.outcomes("A1").len(), 2);
    assert_eq!(bench.host.count(Operation::Query), 1);
    // The host is not asked about what was never sent to it.
    bench.order("A2", 0);
    bench.tell(status("A2"));
    bench.run(5);
    assert_eq!(bench.outcomes("A2").len(), 2);
    // Without a network the word stands, and the network's trouble is shown.
    bench.link("cellular", false);
    bench.link("wifi", false);
    bench.tell(status("A1"));
    bench.run(20);
    bench.judge();
    assert_eq!(bench.outcomes("A1").len(), 3);
    assert_eq!(bench.display().1, Some(Reason::NoSignal));
}

#[test]
fn a_look_up_of_what_is_under_way_says_so() {
    let mut bench = Bench::new(&[]);
    let status = |order: &str| Event::Status {
        order: order.into(),
    };
    bench.script(Operation::Sale, [Say::Mute]);
    bench.host.always.insert(Operation::Reversal, Say::Lost);
    bench.order("A1", 100);
    bench.tell(status("A1"));
    bench.expect("A1", Status::Unknown, Reason::Busy);
    bench.scan(CODE);
    bench.run(62);
    bench.tell(status("A1"));
    bench.expect("A1", Status::Unknown, Reason::NetworkTimeout);
    bench.host.always.clear();
    bench.run(100);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
}

#[test]
fn amounts_that_no_payment_can_have_are_refused_at_once() {
    for amount in [0, -1, i64::MIN, 1_000_000_000_000, i64::MAX] {
        let mut bench = Bench::new(&[]);
        bench.pay("A1", amount, CODE);
        bench.run(100);
        bench.judge();
        bench.expect("A1", Status::Declined, Reason::InvalidInput);
        assert_eq!(bench.dials(), 0);
    }
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 999_999_999_999, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
}

#[test]
fn a_second_order_finds_the_terminal_busy() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.order("A2", 200);
    bench.expect("A2", Status::Declined, Reason::Busy);
    bench.order("A1", 100);
    assert!(
        bench.outcomes("A1").is_empty(),
        "the same order is only asked for again"
    );
    bench.scan(CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.last("A1").amount, Some(100));
}

#[test]
fn receipts_wait_for_paper() {
    let mut bench = Bench::new(&[]);
    let printer = |kind| Event::PrinterFault { kind };
    bench.tell(printer(PrinterFault::PaperOut));
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    assert!(bench.receipts().is_empty());
    bench.tell(printer(PrinterFault::Ok));
    assert_eq!(bench.receipts().len(), 2);
    bench.tell(printer(PrinterFault::Ok));
    assert_eq!(bench.receipts().len(), 2);
}

#[test]
fn a_receipt_without_the_hosts_clock_has_the_date_of_the_last_sign_in() {
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::SignIn,
        [Say::Changed(|answer| {
            answer.set_text(Field::TIME, "093000");
            answer.set_text(Field::DATE, "0215");
        })],
    );
    bench.script(
        Operation::Sale,
        [Say::Changed(|answer| {
            answer.remove(Field::TIME);
            answer.remove(Field::DATE);
        })],
    );
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.judge();
    let receipt = bench.receipts().concat().join("\n");
    assert!(receipt.contains("2026-02-15 09:30:00"), "{receipt}");
}
