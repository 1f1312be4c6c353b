//! The device: printer, self-test, device log, software.

use super::bench::{Bench, CODE, FRESH, START};
use super::host::Say;
use super::stories::paper;
use crate::terminal::{
    Action, DeviceLogEntry, Event, PartState, PrinterFault, Refusal, ScannerFault, SelfTestParts,
    Status,
};
use crate::vocabulary::{Operation, Reason};

fn test(bench: &mut Bench) -> SelfTestParts {
    bench.tell(Event::SelfTest);
    bench.run(130);
    let mut found = bench.did.iter().rev();
    let found = found.find_map(|(_, action)| match action {
        Action::SelfTest { parts } => Some(parts.clone()),
        _ => None,
    });
    found.unwrap()
}

fn log(bench: &mut Bench) -> Vec<DeviceLogEntry> {
    bench.tell(Event::DeviceLog);
    let mut found = bench.did.iter().rev();
    let found = found.find_map(|(_, action)| match action {
        Action::DeviceLog { entries } => Some(entries.clone()),
        _ => None,
    });
    found.unwrap()
}

fn links(parts: &SelfTestParts) -> Vec<bool> {
    parts
        .links
        .values()
        .map(|state| *state == PartState::Ok)
        .collect()
}

#[test]
fn an_approval_without_paper_stands_and_is_printed_later() {
    let mut bench = Bench::new(&[]);
    paper(&mut bench, PrinterFault::PaperOut);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Approved, None);
    assert_eq!(bench.display().1, Some(Reason::Printer));
    assert_eq!(bench.receipts().len(), 0);
    // Not even a power cut loses it.
    bench.cut_power();
    bench.run(5);
    assert_eq!(bench.receipts().len(), 0);
    paper(&mut bench, PrinterFault::Ok);
    bench.judge();
    let receipts = bench.receipts();
    assert_eq!(receipts.len(), 2);
    assert!(!receipts[0].iter().any(|line| line.contains("重打印")));
    paper(&mut bench, PrinterFault::Ok);
    assert_eq!(bench.receipts().len(), 2);
}

#[test]
fn the_last_receipt_is_printed_again_with_a_mark() {
    let mut bench = Bench::new(&[]);
    bench.tell(Event::Reprint);
    assert_eq!(bench.display().1, Some(Reason::UnknownOrder));
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.refund("A1", 30);
    bench.run(5);
    bench.tell(Event::Reprint);
    let receipts = bench.receipts();
    assert_eq!(receipts.len(), 6);
    assert_eq!(receipts[5][0], "退货单");
    assert!(receipts[5][1].contains("重打印"));
    // Without paper the key prints what waits.
    paper(&mut bench, PrinterFault::PaperOut);
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.tell(Event::Reprint);
    assert_eq!(bench.receipts().len(), 8);
    assert!(bench.receipts()[7].iter().any(|line| line.contains("A2")));
}

#[test]
fn every_receipt_that_waits_is_printed_once_and_what_is_refused_later_does_not_replace_it() {
    let mut bench = Bench::new(&[]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    paper(&mut bench, PrinterFault::Jam);
    for amount in [10, 20] {
        bench.refund("A1", amount);
        bench.run(5);
    }
    bench.script(Operation::Refund, [Say::Code("05", "H01")]);
    bench.refund("A1", 30);
    bench.run(5);
    assert_eq!(bench.receipts().len(), 2);
    bench.tell(Event::Reprint);
    let receipts = bench.receipts();
    assert_eq!(receipts.len(), 6);
    for (receipt, amount) in [(2, "0.20"), (4, "0.10")] {
        let text = receipts[receipt].join("\n");
        assert!(text.contains(amount), "{text}");
    }
    paper(&mut bench, PrinterFault::Ok);
    assert_eq!(bench.receipts().len(), 6);
    bench.judge();
}

#[test]
fn instalments_stand_on_the_receipt() {
    let mut bench = Bench::new(&[]);
    bench.script(
        Operation::Sale,
        [Say::Changed(|answer| {
            let text = [b"JDBOK0".as_slice(), &[0xB7, 0xD6], b"12", &[0xC6, 0xDA]].concat();
            answer.set(crate::iso8583::Field::REASON, &text);
        })],
    );
    bench.pay("A1", 100, CODE);
    bench.run(5);
    let receipts = bench.receipts();
    assert!(
        receipts[0].contains(&"白条分期数 12".to_owned()),
        "{receipts:?}"
    );
}

#[test]
fn a_self_test_tells_device_links_and_host_apart() {
    let mut bench = Bench::new(&[]);
    let parts = test(&mut bench);
    assert_eq!(
        (links(&parts), parts.host),
        (vec![true, true], Some(PartState::Ok))
    );
    assert_eq!(bench.host.count(Operation::Echo), 2);
    assert_eq!(parts.scanner, PartState::Ok);
    assert_eq!(bench.did("scanner.on"), bench.did("scanner.off"));

    bench.link("wifi", false);
    bench.tell(Event::SelfTest);
    bench.tell(Event::ScannerFault {
        kind: ScannerFault::Dead,
    });
    paper(&mut bench, PrinterFault::PaperOut);
    let parts = test(&mut bench);
    assert_eq!(
        (links(&parts), parts.host),
        (vec![true, false], Some(PartState::Ok))
    );
    assert_eq!(
        (parts.scanner, parts.printer),
        (PartState::Fault, Some(PartState::Fault))
    );

    bench.link("wifi", true);
    for refusal in [Refusal::Refused, Refusal::Timeout, Refusal::Tls] {
        bench.refusal = Some(refusal);
        let parts = test(&mut bench);
        let found = (links(&parts), parts.host);
        assert_eq!(
            found,
            (vec![true, true], Some(PartState::Fault)),
            "{refusal:?}"
        );
    }
    // A single network without an answer may be at fault itself.
    bench.refusal = Some(Refusal::Timeout);
    bench.link("wifi", false);
    let parts = test(&mut bench);
    assert_eq!((links(&parts), parts.host), (vec![false, false], None));
    bench.link("wifi", true);
    bench.refusal = None;
    bench
        .host
        .always
        .insert(Operation::Echo, Say::Code("96", ""));
    let parts = test(&mut bench);
    assert_eq!(
        (links(&parts), parts.host),
        (vec![true, true], Some(PartState::Fault))
    );
    bench.judge();
}

#[test]
fn no_self_test_disturbs_an_operation() {
    let mut bench = Bench::new(&[]);
    bench.order("A1", 100);
    bench.tell(Event::SelfTest);
    assert_eq!(bench.display().1, Some(Reason::Busy));
    bench.scan(CODE);
    bench.run(5);
    bench.judge();
    bench.expect("A1", Status::Approved, None);
    bench.tell(Event::SelfTest);
    bench.order("A2", 100);
    bench.expect("A2", Status::Declined, Reason::Busy);
    bench.run(10);
    assert_eq!(bench.did("selfTest"), 1);
}

#[test]
fn faults_and_repairs_are_noted_once_and_outlive_a_power_cut() {
    let mut bench = Bench::new(&[]);
    bench.run(1);
    for kind in [
        PrinterFault::PaperOut,
        PrinterFault::PaperOut,
        PrinterFault::Ok,
    ] {
        paper(&mut bench, kind);
        bench.run(1);
    }
    bench.cut_power();
    bench.link("wifi", false);
    let entries = log(&mut bench);
    let kinds: Vec<_> = entries.iter().map(|entry| &*entry.kind).collect();
    assert_eq!(
        kinds,
        ["printer.paper-out", "printer.ok", "power.on", "link.down"]
    );
    assert_eq!(entries[0].at, START + 1_000);
    assert_eq!(entries[1].at, START + 3_000);
    for n in 0..300 {
        bench.link("wifi", n % 2 == 0);
    }
    assert_eq!(log(&mut bench).len(), 200);
}

#[test]
fn an_interface_that_is_refused_is_said_noted_and_works_after_the_update() {
    let mut bench = Bench::new(&[]);
    bench.script(Operation::Sale, [Say::Code("58", "D01"), Say::Header(6)]);
    bench.pay("A1", 100, CODE);
    bench.run(5);
    bench.expect("A1", Status::Declined, Reason::Interface);
    bench.pay("A2", 100, FRESH);
    bench.run(5);
    bench.expect("A2", Status::Approved, None);
    assert_eq!(bench.display().1, Some(Reason::Interface));
    bench.cut_power();
    bench.pay("A3", 100, "131234567890123457");
    bench.run(5);
    bench.judge();
    bench.expect("A3", Status::Approved, None);
    let kinds = log(&mut bench);
    let refused = kinds
        .iter()
        .filter(|entry| &*entry.kind == "interface.refused");
    assert_eq!(refused.count(), 2);
}
