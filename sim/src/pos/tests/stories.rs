//! Stories of codes that are shown, money that goes back, batches that end, and the device itself.

use super::bench::{Bench, CODE, FRESH};
use super::defects::Story;
use super::host::Say;
use crate::emvco;
use crate::iso8583::{Dialect, Field, Message};
use crate::terminal::{
    Boot, DamageKind, Event, PrinterFault, Refusal, ScannerFault, StorageDamage,
};
use crate::vocabulary::Operation;

/// The n-th of many codes.
pub(super) fn code(n: u32) -> String {
    format!("13{n:016}")
}

/// Another payload in the answer to a code order.
pub(super) fn put_payload(answer: &mut Message, payload: &str) {
    let place = Dialect::cup().merchant_code();
    place.set(answer, payload.as_bytes()).unwrap();
}

fn payload(currency: &str, amount: &str) -> String {
    emvco::build(&[(emvco::CURRENCY, currency), (emvco::AMOUNT, amount)]).unwrap()
}

/// The totals of an answer do not agree.
pub(super) fn unbalance(answer: &mut Message) {
    let mut totals = answer.get(Field::TOTALS).unwrap().to_vec();
    totals[30] = b'2';
    answer.set(Field::TOTALS, &totals);
}

pub(super) fn paper(bench: &mut Bench, kind: PrinterFault) {
    bench.tell(Event::PrinterFault { kind });
}

fn file(kind: DamageKind, file: impl Into<Option<u32>>) -> StorageDamage {
    StorageDamage {
        kind,
        file: file.into(),
        place: 1_000,
    }
}

fn payments(bench: &mut Bench, count: u32) {
    for n in 0..count {
        bench.pay(&format!("A{n}"), 100 + i64::from(n), &code(n));
        bench.run(3);
    }
}

pub(super) const FLOWS: &[(&str, Story)] = &[
    ("a code is shown and scanned", |bench| {
        bench.show("A1", 12_850);
        bench.run(12);
        bench.host.customer_pays();
        bench.run(10);
        bench.refund("A1", 50);
        bench.run(5);
    }),
    ("a code that nobody scans", |bench| {
        bench.show("A1", 100);
        bench.run(200);
    }),
    ("faulty codes", |bench| {
        let changes: [fn(&mut Message); 4] = [
            |answer| put_payload(answer, &payload("156", "1.00")[..20]),
            |answer| put_payload(answer, &payload("156", "1.01")),
            |answer| put_payload(answer, &payload("840", "1.00")),
            |answer| answer.remove(Field::CODE),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            bench.script(Operation::CodeOrder, [Say::Changed(change)]);
            bench.show(&format!("A{place}"), 100);
            bench.run(10);
            bench.tell(Event::Cancel);
            bench.run(10);
        }
    }),
    ("refunds and voids", |bench| {
        bench.script(Operation::Sale, [Say::Code("05", "H01")]);
        payments(bench, 3);
        bench.refund("A1", 60);
        bench.run(5);
        bench.void("A2");
        bench.run(5);
        bench.pay("A2", 102, FRESH);
        bench.run(5);
        bench.tell(Event::Settle);
        bench.run(10);
    }),
    ("refunds and voids that cannot be", |bench| {
        bench.script(Operation::Sale, [Say::Code("05", "H01")]);
        payments(bench, 3);
        // The host refuses them as well; what it says is not the point.
        let refuses = vec![Say::Code("12", "H01"); 9];
        bench.script(Operation::Refund, refuses.clone());
        bench.script(Operation::Void, [vec![Say::Default], refuses].concat());
        for order in ["A0", "A1", "B1"] {
            bench.refund(order, 500);
            bench.run(5);
        }
        for order in ["A2", "A2", "A0"] {
            bench.void(order);
            bench.run(5);
        }
    }),
    ("a refund without answer", |bench| {
        payments(bench, 1);
        bench.script(Operation::Refund, [Say::Mute]);
        bench.refund("A0", 40);
        bench.run(100);
    }),
    ("a refund that was lost", |bench| {
        payments(bench, 1);
        bench.script(Operation::Refund, [Say::Lost]);
        bench.refund("A0", 40);
        bench.run(100);
    }),
    ("a cut with a refund in flight", |bench| {
        payments(bench, 1);
        bench.script(Operation::Refund, [Say::Mute]);
        bench.refund("A0", 40);
        bench.run(5);
        bench.cut_power();
        bench.run(10);
    }),
    ("a batch that does not balance", |bench| {
        payments(bench, 35);
        bench.script(Operation::Settlement, [Say::Changed(unbalance)]);
        bench.tell(Event::Settle);
        bench.run(20);
        bench.pay("B1", 100, CODE);
        bench.run(5);
    }),
    ("a full batch", |bench| {
        bench.setup.terminal.batch_limit = 2;
        bench.boot(Boot::Factory);
        payments(bench, 3);
        bench.tell(Event::Settle);
        bench.run(10);
        bench.pay("B1", 100, CODE);
        bench.run(5);
    }),
    ("a cut between totals and end", |bench| {
        payments(bench, 2);
        bench.script(Operation::BatchEnd, vec![Say::Lost]);
        bench.tell(Event::Settle);
        bench.run(5);
        bench.cut_power();
        bench.run(10);
    }),
    ("a settlement after a reversal", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.script(Operation::Reversal, vec![Say::Lost; 3]);
        bench.pay("A1", 100, CODE);
        bench.run(130);
        bench.tell(Event::Settle);
        bench.run(20);
    }),
    ("a printer without paper", |bench| {
        paper(bench, PrinterFault::PaperOut);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.tell(Event::Reprint);
        bench.run(5);
        paper(bench, PrinterFault::PaperOut);
        bench.pay("A2", 100, FRESH);
        bench.run(5);
        paper(bench, PrinterFault::Ok);
    }),
    ("a refused interface", |bench| {
        bench.script(Operation::Sale, [Say::Code("58", "D01")]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.cut_power();
        bench.pay("A2", 100, FRESH);
        bench.run(5);
    }),
    ("a clock that is wrong", |bench| {
        bench.script(
            Operation::SignIn,
            [Say::Changed(|answer| {
                answer.set_text(Field::TIME, "093000");
            })],
        );
        bench.script(
            Operation::Sale,
            [Say::Changed(|answer| answer.remove(Field::TIME))],
        );
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("self-tests", |bench| {
        bench.tell(Event::SelfTest);
        bench.run(5);
        bench.tell(Event::ScannerFault {
            kind: ScannerFault::Dead,
        });
        paper(bench, PrinterFault::Jam);
        bench.link("wifi", false);
        bench.script(Operation::Echo, [Say::Lost]);
        bench.tell(Event::SelfTest);
        bench.run(100);
        bench.refusal = Some(Refusal::Timeout);
        bench.link("wifi", true);
        bench.tell(Event::SelfTest);
        bench.run(100);
    }),
    ("the device log", |bench| {
        paper(bench, PrinterFault::PaperOut);
        bench.run(1);
        bench.cut_power();
        bench.link("wifi", false);
        bench.run(1);
        bench.link("wifi", true);
        bench.tell(Event::DeviceLog);
    }),
    ("a damaged copy", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.host.always.insert(Operation::Reversal, Say::Lost);
        bench.pay("A1", 100, CODE);
        bench.run(65);
        bench.damage(StorageDamage {
            place: 60 * 8,
            ..file(DamageKind::FlippedBit, 0)
        });
        bench.host.always.clear();
        bench.run(60);
        bench.pay("A2", 100, FRESH);
        bench.run(5);
    }),
    ("damage to everything", |bench| {
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.damage(file(DamageKind::Emptied, None));
        bench.pay("A2", 100, FRESH);
        bench.run(5);
    }),
    ("a shown code is reversed", |bench| {
        bench.show("A1", 100);
        bench.run(7);
        bench.tell(Event::Cancel);
        bench.run(5);
    }),
];
