//! Every defect shows: in at least one of these stories a terminal that has it does something else
//! than one that has it not. What is wrong about it is for the suite to say.

use super::bench::{Bench, CODE, FRESH, setup};
use super::host::Say;
use super::stories::FLOWS;
use crate::iso8583::{Field, Mti};
use crate::pos::Defect;
use crate::terminal::{Event, Refusal, ScannerFault, Status, StreamEnd};
use crate::time::Span;
use crate::vocabulary::{Operation, Vocabulary};

const ECNY: &str = "0112345678901234567";
const LONG: &str = "281234567890123456789012";

/// What happens in a story, to a bench whose terminal has these defects.
pub(super) type Story = fn(&mut Bench);

const STORIES: &[(&str, Story)] = &[
    ("two payments", |bench| {
        bench.pay("A1", 12_850, CODE);
        bench.run(5);
        bench.pay("A2", 199, &format!("{FRESH}\r\n"));
        bench.run(5);
        bench.pay("A1", 12_850, "131234567890123457");
        bench.run(5);
    }),
    ("codes of every wallet", |bench| {
        for (order, code) in [("A1", ECNY), ("A2", LONG), ("A3", "9912345678901234")] {
            bench.pay(order, 100, code);
            bench.run(5);
        }
    }),
    ("a code twice", |bench| {
        bench.script(Operation::Sale, [Say::Code("05", "H01")]);
        bench.pay("A1", 100, CODE);
        bench.run_until(bench.now + Span::from_millis(120));
        bench.scan(CODE);
        bench.run(5);
        bench.pay("A2", 100, CODE);
        bench.run(5);
        bench.cut_power();
        bench.pay("A3", 100, CODE);
        bench.run(5);
    }),
    ("declines", |bench| {
        let declines = [
            ("57", "P01"),
            ("40", "P02"),
            ("54", "C01"),
            ("40", "B01"),
            ("51", "B02"),
            ("62", "B03"),
            ("59", "B04"),
            ("05", "H01"),
            ("ZZ", ""),
            ("91", "N01"),
        ];
        for (place, (code, reason)) in declines.into_iter().enumerate() {
            bench.script(Operation::Sale, [Say::Code(code, reason)]);
            bench.pay(
                &format!("A{place}"),
                100,
                &format!("13123456789012345{place}"),
            );
            bench.run(3);
        }
    }),
    ("a used code", |bench| {
        bench.script(Operation::Sale, [Say::Code("94", "C02")]);
        bench.script(Operation::Query, [Say::Code("94", "C02")]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("amounts", |bench| {
        for (order, amount) in [("A1", 0), ("A2", 5_000_000_000_000)] {
            bench.pay(order, amount, CODE);
            bench.run(5);
        }
    }),
    ("half is approved", |bench| {
        bench.script(Operation::Sale, [Say::Book("10", "OK1")]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("the scanner fails", |bench| {
        for kind in [ScannerFault::Dead, ScannerFault::NoDecode] {
            bench.order("A1", 100);
            bench.tell(Event::ScannerFault { kind });
            bench.run(61);
            bench.tell(Event::Cancel);
        }
        bench.tell(Event::ScannerFault {
            kind: ScannerFault::Dead,
        });
        bench.order("A2", 100);
        bench.tell(Event::ManualCode { text: CODE.into() });
        bench.run(5);
        bench.order("A3", 100);
        bench.scan(&"9".repeat(65_536));
        bench.pay("A4", 100, FRESH);
    }),
    ("the customer does not confirm", |bench| {
        bench.script(Operation::Sale, [Say::Code("09", "W01")]);
        bench
            .host
            .always
            .insert(Operation::Query, Say::Code("09", "W01"));
        bench.pay("A1", 100, CODE);
        bench.run(120);
    }),
    ("undecided answers", |bench| {
        for (place, code) in ["98", "96", "68"].into_iter().enumerate() {
            bench.script(Operation::Sale, [Say::Book(code, "")]);
            bench.pay(
                &format!("A{place}"),
                100,
                &format!("13123456789012345{place}"),
            );
            bench.run(10);
        }
    }),
    ("the cancel key after sending", |bench| {
        bench.script(Operation::Sale, [Say::Late(3_000)]);
        bench.pay("A1", 100, CODE);
        bench.run(1);
        bench.tell(Event::Cancel);
        bench.run(10);
    }),
    ("the cancel key while it connects", |bench| {
        bench.pay("A0", 100, FRESH);
        bench.run(5);
        bench.pay("A1", 100, CODE);
        bench.tell(Event::Cancel);
        bench.run(10);
    }),
    ("silence", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("a slow answer", |bench| {
        bench.script(Operation::Sale, [Say::Late(20_000)]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("a late answer", |bench| {
        bench.script(Operation::Sale, [Say::Late(70_000)]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("silence in a new batch", |bench| {
        bench.script(Operation::SignIn, [Say::Default, Say::Batch(9)]);
        bench.script(Operation::Sale, [Say::Mute]);
        bench.script(Operation::Reversal, [Say::Code("77", "")]);
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("a reversal that does not get through", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.script(Operation::Reversal, vec![Say::Lost; 6]);
        bench.pay("A1", 100, CODE);
        bench.run(200);
        bench.pay("A2", 100, FRESH);
        bench.run(400);
    }),
    ("a reversal with odd answers", |bench| {
        bench.script(Operation::Sale, [Say::Lost, Say::Mute]);
        bench.script(
            Operation::Reversal,
            [Say::Code("25", ""), Say::Code("A0", "K01")],
        );
        for (order, code) in [("A1", CODE), ("A2", FRESH)] {
            bench.pay(order, 100, code);
            bench.run(100);
        }
    }),
    ("a reversal over night", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.host.always.insert(Operation::Reversal, Say::Lost);
        bench.pay("A1", 100, CODE);
        bench.run(100);
        bench.cut_power();
        bench.now += Span::from_secs(20 * 3_600);
        bench.host.always.clear();
        bench.run(100);
    }),
    ("a cut before the reversal is through", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.host.always.insert(Operation::Reversal, Say::Lost);
        bench.pay("A1", 100, CODE);
        bench.run(65);
        bench.cut_power();
        bench.host.always.clear();
        bench.run(100);
    }),
    ("a cut in place of sending", |bench| {
        bench.pay("A0", 100, FRESH);
        bench.run(5);
        // The order, the scan, and the connection over which the request leaves.
        bench.cut_at = Some((bench.events + 3, None));
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("a cut while the approval is stored", |bench| {
        bench.pay("A0", 100, FRESH);
        bench.run(5);
        bench.cut_at = Some((bench.events + 4, Some(2)));
        bench.pay("A1", 100, CODE);
        bench.run(100);
    }),
    ("cuts before and after a payment", |bench| {
        bench.order("A1", 100);
        bench.cut_power();
        bench.run(5);
        bench.pay("A2", 100, CODE);
        bench.run(5);
        bench.cut_power();
        bench.run(5);
        bench.pay("A3", 100, FRESH);
        bench.run(5);
    }),
    ("a cut with a payment in flight", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.cut_power();
        bench.run(5);
    }),
    ("the numbers wrap", |bench| {
        bench.setup.terminal.first_stan = 999_999;
        bench.boot(crate::terminal::Boot::Factory);
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("a look-up without a network", |bench| {
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.refusal = Some(Refusal::Refused);
        bench.tell(Event::Status { order: "A1".into() });
        bench.run(5);
    }),
    ("answers that are somebody else's", |bench| {
        let changes: [fn(&mut crate::iso8583::Message); 6] = [
            |answer| answer.set_text(Field::STAN, "123456"),
            |answer| answer.set_text(Field::AMOUNT, "000000000099"),
            |answer| answer.set_text(Field::TERMINAL, "10000002"),
            |answer| answer.set_text(Field::MERCHANT, "898310000000002"),
            |answer| answer.set_text(Field::PROCESSING_CODE, "200000"),
            |answer| answer.set_mti(Mti(0x0230)),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            bench.script(Operation::Sale, [Say::Changed(change)]);
            bench.pay(
                &format!("A{place}"),
                100,
                &format!("13123456789012345{place}"),
            );
            bench.run(70);
        }
    }),
    ("wrong MACs", |bench| {
        bench.script(Operation::Sale, [Say::BadMac, Say::NoMac]);
        for (order, code) in [("A1", CODE), ("A2", FRESH)] {
            bench.pay(order, 100, code);
            bench.run(10);
        }
    }),
    ("no network", |bench| {
        bench.link("cellular", false);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.link("wifi", false);
        bench.pay("A2", 100, FRESH);
        bench.run(20);
        bench.link("wifi", true);
        bench.refusal = Some(Refusal::Refused);
        bench.pay("A3", 100, "131234567890123457");
        bench.run(100);
    }),
    ("a host that is down with a reversal owed", |bench| {
        bench.script(Operation::Sale, [Say::Mute]);
        bench.pay("A1", 100, CODE);
        bench.run(1);
        bench.refusal = Some(Refusal::Refused);
        bench.tell(Event::HostClosed {
            conn: 1,
            reason: StreamEnd::Reset,
        });
        bench.run(30);
    }),
    ("a connection that dies", |bench| {
        bench.script(Operation::Sale, [Say::Closed]);
        bench.pay("A1", 100, CODE);
        bench.run(10);
    }),
    ("a chopped stream", |bench| {
        bench.script(
            Operation::Sale,
            [Say::Bytes(|frame| {
                frame.chunks(9).map(<[u8]>::to_vec).collect()
            })],
        );
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("garbage before the answer", |bench| {
        bench.script(
            Operation::Sale,
            [Say::Bytes(|frame| {
                vec![[&[0, 30][..], &[0xFF; 30]].concat(), frame]
            })],
        );
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
    ("wrong keys", |bench| {
        bench.script(Operation::SignIn, [Say::BadCheckValue]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.pay("A2", 100, FRESH);
        bench.run(5);
        bench.host.change_keys();
        bench.pay("A3", 100, "131234567890123457");
        bench.run(5);
        bench.script(Operation::Sale, [Say::Code("99", "K02"), Say::Header(3)]);
        bench.pay("A4", 100, "131234567890123458");
        bench.run(5);
        bench.pay("A5", 100, "131234567890123459");
        bench.run(5);
    }),
    ("another batch", |bench| {
        bench.script(Operation::SignIn, [Say::Batch(5), Say::Batch(9)]);
        bench.pay("A1", 100, CODE);
        bench.run(5);
        bench.tell(Event::SignIn);
        bench.run(5);
        bench.pay("A2", 100, FRESH);
        bench.run(5);
    }),
    ("a sign-in on a leap day", |bench| {
        bench.script(
            Operation::SignIn,
            [Say::Changed(|answer| answer.set(Field::DATE, b"0229"))],
        );
        bench.script(
            Operation::Sale,
            [Say::Changed(|answer| answer.remove(Field::DATE))],
        );
        bench.pay("A1", 100, CODE);
        bench.run(5);
    }),
];

fn stories() -> impl Iterator<Item = (&'static str, Story)> {
    STORIES.iter().chain(FLOWS).copied()
}

fn tell(story: Story, defects: &[Defect]) -> Bench {
    let mut bench = Bench::with_setup(defects, setup());
    story(&mut bench);
    bench
}

#[test]
fn a_terminal_without_defects_comes_through_every_story() {
    for (name, story) in stories() {
        let mut bench = tell(story, &[]);
        bench.refusal = None;
        bench.link("cellular", true);
        bench.run(600);
        bench.judge();
        for (_, action) in &bench.did {
            if let crate::terminal::Action::Outcome(outcome) = action {
                let last = bench.last(&outcome.order);
                assert_ne!(last.status, Status::Unknown, "{name}: {last:?}");
            }
        }
    }
}

#[test]
fn every_defect_shows_in_some_story() {
    let sound: Vec<_> = stories()
        .map(|(_, story)| (story, tell(story, &[]).transcript))
        .collect();
    let hidden: Vec<_> = Defect::ALL
        .iter()
        .filter(|defect| {
            !sound
                .iter()
                .any(|(story, sound)| tell(*story, &[**defect]).transcript != *sound)
        })
        .collect();
    assert!(hidden.is_empty(), "nobody sees {hidden:?}");
}

#[test]
fn a_story_is_told_the_same_way_twice() {
    for (_, story) in stories() {
        assert_eq!(tell(story, &[]).transcript, tell(story, &[]).transcript);
    }
}
