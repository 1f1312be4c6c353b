//! Sign-in: when, and what it brings.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::terminal::{Event, Status};
use crate::vocabulary::{Advice, Operation, Reason};

const THIRD: &str = "6212345678901234567";

fn operations(bench: &Bench) -> Vec<Operation> {
    bench.host.seen.iter().map(|seen| seen.operation).collect()
}

#[test]
fn the_cashier_can_sign_in() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::SignIn, [Say::Batch(42), Say::Code("91", "N01")]);
    bench.tell(Event::SignIn);
    bench.tell(Event::SignIn);
    assert_eq!(bench.display().1, Some(Reason::Busy));
    bench.run(5);
    assert_eq!(bench.display().0, ["签到成功"]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.judge();
    assert_eq!(bench.host.seen[1].batch, 42);
    bench.tell(Event::SignIn);
    bench.run(5);
    assert_eq!(bench.display().1, Some(Reason::Maintenance));
}

#[test]
fn keys_with_a_wrong_check_value_are_refused_and_not_traded_with() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::SignIn, [Say::BadCheckValue]);
    bench.pay("A1", 100, CODE);
    bench.run(600);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::NetworkSecurity);
    assert_eq!(operations(&bench), [Operation::SignIn]);
    bench.pay("A2", 100, CODE);
    bench.run(5);
    bench.expect("A2", Status::Approved, None);
}

#[test]
fn a_sign_in_that_fails_fails_the_payment_with_its_reason() {
    for (say, reason) in [
        (Say::Lost, Reason::NetworkTimeout),
        (Say::Closed, Reason::NetworkTimeout),
        (Say::Code("97", "T01"), Reason::Declined),
        (Say::Code("58", "D01"), Reason::Interface),
    ] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::SignIn, [say]);
        bench.pay("A1", 100, CODE);
        bench.run(70);
        bench.judge();
        bench.expect("A1", Status::Declined, reason);
        assert_eq!(bench.host.count(Operation::Sale), 0);
    }
}

#[test]
fn wrong_keys_are_exchanged_before_the_next_payment() {
    // The host has other keys: it answers A0.
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.host.change_keys();
    bench.pay("A2", 100, FRESH);
    bench.run(10);
    bench.expect("A2", Status::Cancelled, Reason::NetworkSecurity);
    bench.pay("A3", 100, THIRD);
    bench.run(5);
    bench.judge();
    bench.expect("A3", Status::Approved, None);
    assert_eq!(
        operations(&bench)[2..],
        [
            Operation::Sale,
            Operation::SignIn,
            Operation::Reversal,
            Operation::Sale
        ]
    );
}

#[test]
fn old_keys_are_exchanged_before_the_next_payment() {
    for cut in [false, true] {
        let mut bench = Bench::new(&[]);
        bench.script(Operation::SignIn, [Say::Default, Say::Lost]);
        bench.script(Operation::Sale, [Say::Code("99", "K02")]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.expect("A1", Status::Declined, Reason::NetworkSecurity);
        assert!(bench.advice("A1").contains(&Advice::Retry));
        // The sign-in that follows is lost; whatever happens, the next payment signs in.
        bench.run(100);
        if cut {
            bench.cut_power();
            bench.run(1);
        }
        bench.pay("A2", 100, FRESH);
        bench.run(5);
        bench.judge();
        bench.expect("A2", Status::Approved, None);
        assert_eq!(
            operations(&bench)[..2],
            [Operation::SignIn, Operation::Sale]
        );
        assert_eq!(bench.host.count(Operation::Reversal), 0);
        assert_eq!(bench.host.count(Operation::SignIn), 2);
    }
}

#[test]
fn a_batch_that_differs_is_taken_from_the_host() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::SignIn, [Say::Default, Say::Batch(7)]);
    bench.script(Operation::Sale, [Say::Code("77", "T02")]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Declined, Reason::Declined);
    assert!(bench.advice("A1").contains(&Advice::Retry));
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.judge();
    assert_eq!(bench.host.seen.last().unwrap().batch, 7);
    assert_eq!(bench.host.count(Operation::SignIn), 2);
}

#[test]
fn a_wish_in_the_header_is_obeyed_after_the_transaction() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Header(3)]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    assert_eq!(
        operations(&bench),
        [Operation::SignIn, Operation::Sale, Operation::SignIn]
    );
    // Not in the middle of one, nor when somebody else's answer carries it.
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Book("09", "W01")]);
    bench.script(Operation::Query, [Say::Header(3)]);
    bench.pay("A1", 100, CODE);
    bench.run(30);
    assert_eq!(
        operations(&bench)[1..],
        [Operation::Sale, Operation::Query, Operation::SignIn]
    );
}

#[test]
fn a_wish_for_a_sign_in_outlives_a_power_cut() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::SignIn, [Say::Default, Say::Lost]);
    bench.script(Operation::Sale, [Say::Header(3)]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.cut_power();
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.judge();
    assert_eq!(
        operations(&bench)[2..],
        [Operation::SignIn, Operation::Sale]
    );
}
