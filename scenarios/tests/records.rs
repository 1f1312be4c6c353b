//! The records of the certified suite: they can be read back, and masked.

mod corner;

use std::sync::Arc;

use counterproof_scenarios::case::{Matrix, plan};
use counterproof_scenarios::checks::for_requirement;
use counterproof_scenarios::history::History;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::run::{self, Options, TerminalFactory};
use counterproof_scenarios::suite::{Suite, certified};
use counterproof_sim::bench::{Bench, BenchSetup};
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::pos::{Defect, ReferenceTerminal};
use counterproof_sim::random::Seeds;
use counterproof_sim::record::{Fact, Record};
use counterproof_sim::terminal::{Action, Event, hex};
use counterproof_sim::time::Span;

fn records(defects: &'static [Defect], each: &mut dyn FnMut(&str, &Record)) {
    let suite = Suite::load(&certified()).expect("the certified suite loads");
    let cases = plan(suite.scenarios(), &Matrix::default());
    let factory: TerminalFactory =
        Arc::new(|| Ok(Box::new(ReferenceTerminal::with_defects(defects))));
    let options = Options {
        jobs: 2,
        ..Options::default()
    };
    run::run(&cases, &factory, &options, &mut |result| {
        each(&cases[result.case].id, &result.record);
    });
}

#[test]
fn a_record_that_was_written_can_be_read_back() {
    records(&[], &mut |id, record| {
        let lines = record.to_json_lines();
        let back = Record::from_json_lines(&lines).unwrap_or_else(|why| panic!("{id}: {why}"));
        assert_eq!(back.digest(), record.digest(), "{id}");
        assert!(back == *record, "{id}");
        let whole = serde_json::to_vec(record).expect("a record is JSON");
        let back: Record = serde_json::from_slice(&whole).expect("and JSON is a record");
        assert!(back == *record, "{id}");
    });
}

#[test]
fn a_masked_record_tells_the_same_story_without_its_codes() {
    let dialect = Dialect::cup();
    records(&[], &mut |id, record| {
        let masked = record.masked(dialect);
        assert_eq!(masked.entries().len(), record.entries().len(), "{id}");
        for (was, is) in record.entries().iter().zip(masked.entries()) {
            assert_eq!(was.at, is.at, "{id}");
            let frames = match (&was.fact, &is.fact) {
                (Fact::Received { frame: was, .. }, Fact::Received { frame: is, .. })
                | (Fact::Sent { frame: was, .. }, Fact::Sent { frame: is, .. }) => Some((was, is)),
                _ => None,
            };
            if let Some((was, is)) = frames {
                let decoded = dialect.parse_frame(was).map(|packet| packet.spans);
                let still = dialect.parse_frame(is).map(|packet| packet.spans);
                assert_eq!(decoded, still, "{id}");
            }
        }
        assert_nothing_in_clear(id, record, &masked, dialect);
        assert!(
            masked.masked(dialect) == masked,
            "{id}: masked once is masked"
        );
    });
}

#[test]
fn what_a_leaking_terminal_shows_is_masked_as_well() {
    const LEAKS: &[Defect] = &[
        Defect::CodeOnReceipt,
        Defect::CodeInLog,
        Defect::CodeOnDisplay,
        Defect::KeyInLog,
    ];
    let mut keys = 0;
    records(LEAKS, &mut |id, record| {
        let masked = record.masked(Dialect::cup());
        assert_nothing_in_clear(id, record, &masked, Dialect::cup());
        for (was, is) in record.entries().iter().zip(masked.entries()) {
            if let (
                Fact::Did {
                    action: Action::Log { text: was, .. },
                },
                Fact::Did {
                    action: Action::Log { text: is, .. },
                },
            ) = (&was.fact, &is.fact)
            {
                keys += usize::from(was != is);
                assert!(!has_key(is), "{id}: {is}");
            }
        }
    });
    assert!(keys > 0, "the terminal leaks");
}

/// Whether a text has as many hexadecimal digits in a row as half a key.
fn has_key(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit())
        .any(|run| run.len() >= 16)
}

/// No known code stands in the masked record: not as text, not in messages, not packed.
fn assert_nothing_in_clear(id: &str, record: &Record, masked: &Record, dialect: &Dialect) {
    let lines = String::from_utf8(masked.to_json_lines()).expect("JSON is UTF-8");
    let secrets = record.secrets(dialect);
    for code in secrets.codes() {
        let as_bytes = hex(code.as_bytes());
        for needle in [code, &as_bytes] {
            let found = lines.lines().find(|line| line.contains(needle));
            assert!(found.is_none(), "{id}: {needle} in {}", found.unwrap_or(""));
        }
    }
}

/// What is left of a record where the terminal has sockets of its own: nothing of a connection that
/// could not be made.
fn as_heard_on_sockets(record: &Record) -> Record {
    let mut refused: Vec<u64> = Vec::new();
    for entry in record.entries() {
        if let Fact::Told {
            event: Event::HostRefused { conn, .. },
        } = &entry.fact
        {
            refused.push(*conn);
        }
    }
    let is_unheard = |fact: &Fact| match fact {
        Fact::Told {
            event: Event::HostRefused { .. },
        } => true,
        Fact::Did {
            action: Action::HostOpen { conn, .. },
        } => refused.contains(conn),
        Fact::Dialled { number, .. } => refused.contains(number),
        _ => false,
    };
    let mut heard = Record::with_capacity(record.entries().len());
    for entry in record.entries().iter().filter(|e| !is_unheard(&e.fact)) {
        heard.push(entry.at, entry.fact.clone());
    }
    heard
}

#[test]
fn reversals_that_found_nobody_are_not_missed_where_the_suite_cannot_hear_them() {
    let factory: TerminalFactory = Arc::new(|| Ok(Box::new(ReferenceTerminal::new())));
    let steps = r#"    And on the first sale, the answer is lost
    When the cashier takes 66.00 yuan for order "A1"
    And the customer shows the payment code
    And the sale has reached the acquirer
    And 2 seconds pass
    And the acquirer does not answer connections
    And 15 minutes pass
    And it is over that the acquirer does not answer connections
    And everything has come to rest
    Then order "A1" ends without payment
"#;
    let record = corner::result(steps, &factory, &Options::default()).record;
    let bench = Bench::new(
        BenchSetup::new(Seeds::new(1, "records")),
        Box::new(ReferenceTerminal::new()),
    );
    let setup = bench.setup().clone();
    let heard = as_heard_on_sockets(&record);
    let check = for_requirement(Requirement::Rev04).expect("it has a checker");
    let breaches = |tolerance: Span| {
        let mut found = Vec::new();
        let history = History::of(&heard, &setup, Dialect::cup()).known_within(tolerance);
        check(&history, &mut found);
        found
    };
    assert_eq!(breaches(Span::from_millis(50)), []);
    // In lockstep every attempt is in the record: there were none.
    assert_ne!(breaches(Span::ZERO), []);
}
