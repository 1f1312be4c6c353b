//! Power cuts at every point, and what is done after them.

use super::bench::{Bench, CODE, FRESH};
use super::host::Say;
use crate::terminal::{Action, Status};
use crate::vocabulary::{Operation, Reason};

/// Runs a payment and, after it, another one; the power fails at the `at`-th event of the first,
/// after `writes` writes. `None` when the payment has no such event.
fn cut(at: u32, writes: Option<u32>, sale: &Say, cancel: bool) -> Option<Bench> {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [sale.clone()]);
    bench.events = 0;
    bench.cut_at = Some((at, writes));
    bench.pay("A1", 100, CODE);
    if cancel {
        bench.run(1);
        bench.tell(crate::terminal::Event::Cancel);
    }
    bench.run(300);
    if !bench.was_cut {
        return None;
    }
    bench.host.script.clear();
    bench.pay("A2", 200, FRESH);
    bench.run(300);
    Some(bench)
}

#[test]
fn a_payment_survives_a_cut_at_every_event_and_every_write() {
    let sales = [
        Say::Default,
        Say::Mute,
        Say::Lost,
        Say::Code("05", "H01"),
        Say::Book("98", "N02"),
        Say::Book("09", "W01"),
        Say::BadMac,
        Say::Closed,
        Say::Header(3),
        Say::Code("99", "K02"),
    ];
    let mut cuts = 0;
    for sale in &sales {
        for cancel in [false, true] {
            for at in 1.. {
                let mut more = false;
                for writes in [None, Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)] {
                    let Some(bench) = cut(at, writes, sale, cancel) else {
                        continue;
                    };
                    more = true;
                    cuts += 1;
                    check(&bench, at, writes);
                }
                if !more {
                    break;
                }
            }
        }
    }
    assert!(cuts > 700, "{cuts}");
}

/// No STAN twice, every order with a final word, the money where it was said to be.
fn check(bench: &Bench, at: u32, writes: Option<u32>) {
    bench.judge();
    let mut stans: Vec<(u32, &str)> = bench
        .host
        .seen
        .iter()
        .filter(|seen| seen.operation != Operation::Reversal)
        .map(|seen| (seen.batch, &*seen.stan))
        .collect();
    let sent = stans.len();
    stans.sort_unstable();
    stans.dedup();
    assert_eq!(
        stans.len(),
        sent,
        "event {at}, {writes:?} writes: a STAN was used twice"
    );
    bench.expect("A2", Status::Approved, None);
    let first = bench.outcomes("A1");
    // Cut before the very first write, nobody can know of the order.
    let never_heard = at == 1 && writes == Some(0);
    let ended = first.last().is_some_and(|last| last.status.is_final());
    assert!(
        ended || never_heard && first.is_empty(),
        "event {at}, {writes:?} writes"
    );
    let paid = first
        .last()
        .is_some_and(|last| last.status == Status::Approved);
    assert_eq!(bench.host.total(), if paid { 300 } else { 200 });
}

#[test]
fn an_order_that_was_not_sent_is_told_of_the_power() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.cut_power();
    assert_eq!(bench.wake, Some(bench.now));
    bench.run(1);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::Power);
    bench.run(100);
    assert_eq!(bench.dials(), 0);
}

#[test]
fn a_request_in_flight_is_reversed_by_itself() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.pay("A1", 100, CODE);
    bench.run(10);
    bench.cut_power();
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    // A second cut repeats the word.
    let words = bench.outcomes("A1").len();
    bench.cut_power();
    bench.run(1);
    assert_eq!(bench.outcomes("A1").len(), words + 1);
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    assert_eq!(bench.host.count(Operation::SignIn), 1, "keys survive");
}

#[test]
fn a_word_said_in_the_same_breath_as_a_new_order_is_repeated_too() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.cut_power();
    // The first event after the boot is an order: A1 gets its word, A2 is taken, nobody hears it.
    bench.cut_at = Some((bench.events + 1, None));
    bench.order("A2", 100);
    bench.run(1);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::Power);
    bench.expect("A2", Status::Declined, Reason::Power);
    // What was heard is not repeated for ever.
    bench.order("A3", 100);
    bench.cut_power();
    bench.run(1);
    assert_eq!(
        (bench.outcomes("A1").len(), bench.outcomes("A2").len()),
        (1, 1)
    );
}

#[test]
fn an_approval_is_repeated_and_its_receipt_marked() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.cut_power();
    bench.run(1);
    bench.judge();
    assert_eq!(bench.outcomes("A1").len(), 2);
    let receipts = bench.receipts();
    assert_eq!(receipts.len(), 4);
    let marked = |lines: &[String]| lines.iter().any(|line| line.contains("重打印"));
    assert_eq!(
        receipts
            .iter()
            .map(|lines| marked(lines))
            .collect::<Vec<_>>(),
        [false, false, true, true]
    );
    assert_eq!(receipts[0][1..], receipts[2][2..], "but for the mark");
}

#[test]
fn a_reversal_that_is_owed_survives_any_number_of_cuts() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Mute]);
    bench.host.always.insert(Operation::Reversal, Say::Mute);
    bench.pay("A1", 100, CODE);
    for seconds in [3, 61, 7, 25, 1] {
        bench.run(seconds);
        bench.cut_power();
    }
    bench.run(5);
    assert_eq!(bench.last("A1").status, Status::Unknown);
    bench.host.always.clear();
    bench.run(100);
    bench.judge();
    bench.expect("A1", Status::Cancelled, Reason::NetworkTimeout);
    let sale = bench.host.seen[1].stan.clone();
    let reversals = bench
        .host
        .seen
        .iter()
        .filter(|s| s.operation == Operation::Reversal);
    assert!(reversals.clone().count() >= 5);
    assert!(reversals.clone().all(|reversal| reversal.stan == sale));
}

#[test]
fn numbers_go_on_after_a_cut_and_wrap_to_one() {
    let mut setup = super::bench::setup();
    setup.terminal.first_stan = 999_998;
    let mut bench = Bench::with_setup(&[], setup);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.cut_power();
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.judge();
    let stans: Vec<&str> = bench.host.seen.iter().map(|seen| &*seen.stan).collect();
    assert_eq!(stans, ["999998", "999999", "000001"]);
}

#[test]
fn storage_that_is_gone_is_noticed() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.terminal = crate::pos::ReferenceTerminal::new();
    bench.boot(crate::terminal::Boot::Cold);
    bench.run(1);
    assert_eq!(bench.display().1, Some(Reason::Storage));
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.expect("A2", Status::Declined, Reason::Storage);
    assert_eq!(bench.host.count(Operation::Sale), 1);
    bench.boot(crate::terminal::Boot::Factory);
    bench.setup.terminal.first_stan = 100;
    bench.boot(crate::terminal::Boot::Factory);
    bench.pay("A3", 100, FRESH);
    bench.run(5);
    bench.expect("A3", Status::Approved, None);
}

#[test]
fn a_cut_in_place_of_an_answer_loses_the_answer_and_nothing_else() {
    let mut bench = Bench::new(&[]);
    bench.cut_at = Some((bench.events + 2, None));
    bench.pay("A1", 100, CODE);
    assert!(bench.was_cut);
    let scanner = |action: &Action| matches!(action, Action::ScannerOff);
    assert!(!bench.did.iter().any(|(_, action)| scanner(action)));
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Declined, Reason::Power);
}
