//! Codes that the terminal shows.

use super::bench::{Bench, CODE};
use super::host::Say;
use super::stories::put_payload;
use crate::emvco::Payload;
use crate::iso8583::Field;
use crate::money::Fen;
use crate::terminal::{Action, Event, Status};
use crate::vocabulary::{Operation, Reason};

#[test]
fn a_code_is_shown_until_its_order_is_paid() {
    let mut bench = Bench::new(&[]);
    bench.show("A1", 12_850);
    bench.run(7);
    let shown = bench.did.iter().rev().find_map(|(_, action)| match action {
        Action::ShowCode { payload } => Some(payload.clone()),
        _ => None,
    });
    let shown = shown.unwrap();
    let payload = Payload::parse(&shown).unwrap();
    assert_eq!(payload.amount(), Ok(Some(Fen::new(12_850))));
    bench.expect("A1", Status::Unknown, Reason::Unconfirmed);
    bench.host.customer_pays();
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.receipts().len(), 2);
    // Queries are an interval apart, and end with the answer.
    assert_eq!(bench.host.count(Operation::Query), 2);
    assert_eq!(bench.wake, None);
}

#[test]
fn a_code_that_nobody_scans_is_withdrawn_at_the_end() {
    let mut bench = Bench::new(&[]);
    bench.show("A1", 100);
    bench.run(115);
    bench.expect("A1", Status::Unknown, Reason::Unconfirmed);
    bench.run(10);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::Unconfirmed);
    assert!(bench.host.waiting.is_empty());
    let reversal = bench.host.seen.last().unwrap();
    assert_eq!(reversal.reason.as_deref(), Some("98"));
    assert_eq!(bench.host.count(Operation::Query), 23);
}

#[test]
fn another_display_does_not_stay_in_place_of_the_code() {
    let mut bench = Bench::new(&[]);
    bench.show("A1", 100);
    bench.run(2);
    assert_eq!(bench.did("showCode"), 1);
    bench.order("B1", 100);
    bench.expect("B1", Status::Declined, Reason::Busy);
    assert_eq!(bench.did("showCode"), 2);
    bench.run(20);
    assert_eq!(bench.did("showCode"), 2);
}

#[test]
fn a_faulty_code_is_not_shown_and_its_order_closed() {
    let changes: [fn(&mut crate::iso8583::Message); 3] = [
        |answer| put_payload(answer, "000201010212"),
        |answer| put_payload(answer, "https://pay.example/1"),
        |answer| answer.remove(Field::CODE),
    ];
    for change in changes {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::CodeOrder, [Say::Changed(change)]);
        bench.show("A1", 100);
        bench.run(5);
        bench.judge();
        bench.expect("A1", Status::Cancelled, Reason::MerchantCode);
        assert_eq!(bench.did("showCode"), 0);
        assert!(bench.host.waiting.is_empty());
    }
}

#[test]
fn the_cancel_key_and_a_power_cut_withdraw_the_code() {
    let ends: [(fn(&mut Bench), &str); 2] = [
        (|bench| bench.tell(Event::Cancel), "06"),
        (Bench::cut_power, "96"),
    ];
    for (end, reason) in ends {
        let mut bench = Bench::new(&[]);
        bench.show("A1", 100);
        bench.run(7);
        end(&mut bench);
        bench.run(10);
        bench.judge();
        assert_eq!(bench.last("A1").status, Status::Cancelled);
        assert!(bench.host.waiting.is_empty());
        let reversal = bench.host.seen.last().unwrap();
        assert_eq!(reversal.reason.as_deref(), Some(reason));
        bench.pay("A2", 100, CODE);
        bench.run(5);
        bench.judge();
    }
}

#[test]
fn an_order_of_which_no_code_came_is_asked_about_and_closed() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::CodeOrder, [Say::Mute]);
    bench.show("A1", 100);
    bench.run(80);
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    bench.script(Operation::CodeOrder, [Say::Book("98", "N02")]);
    bench.show("A2", 100);
    bench.run(10);
    bench.judge();
    bench.expect("A2", Status::Approved, None);
}
