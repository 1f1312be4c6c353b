//! Cases and results for the tests of runs and reports.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, Scenario};
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::{Breach, FaultUse, Sentence, Verdict};
use counterproof_sim::fault::{Fault, FaultId, FaultKind, Nth};
use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::{Dialect, Field, Message, Mti};
use counterproof_sim::record::{ConnId, Fact, Record};
use counterproof_sim::terminal::{
    Action, Boot, Event, Flow, Outcome, PaidOperation, Status, Symbology,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Advice, Operation, Reason, Wallet, Word};

use crate::run::summary::{Finished, Summary};

/// A case of the scenario `id` that checks `requirements`.
pub fn case(id: &str, requirements: &[Requirement]) -> Case {
    Case {
        id: format!("{id}#1").into(),
        scenario: Arc::new(Scenario {
            id: id.to_owned(),
            name: format!("The scenario {id}"),
            feature: "A feature".into(),
            path: format!("features/{id}.feature").into(),
            line: 3,
            tags: Vec::new(),
            requirements: requirements.to_vec(),
            needs: Vec::new(),
            steps: Vec::new(),
        }),
        profile: None,
        wallet: None,
        seed: 1,
        point: None,
    }
}

/// A result that broke `broken`, without a record.
pub fn finished(verdict: Verdict, broken: &[Requirement]) -> Finished {
    Finished {
        broken: broken.to_vec(),
        ..Finished::without_run(verdict, Sentence::new("it did not hold", "未满足"))
    }
}

/// A run of these.
pub fn summary(rows: Vec<(Case, Option<Finished>)>) -> Summary {
    let (cases, results) = rows.into_iter().unzip();
    Summary {
        results,
        ..Summary::new(cases, [7; 32], 1)
    }
}

/// A payment whose answer is lost and which the terminal then gives up without a reversal, as the
/// bench would have recorded it; and what was found wrong with it.
pub fn lost_answer() -> Finished {
    let mut record = Record::default();
    let at = |ms: u64| Time::from_millis(1_767_225_600_000 + ms);
    let fault = Fault::on(FaultKind::AnswerLost, Operation::Sale, Nth::Only(1));
    let conn = ConnId(0);
    let step = |text: &str, line| Fact::Step {
        text: text.into(),
        line,
    };
    let facts = [
        (0, step("Given the answer to the 1st sale is lost", 4)),
        (
            0,
            Fact::Boot {
                boot: Boot::Factory,
            },
        ),
        (
            0,
            Fact::Armed {
                id: FaultId(1),
                fault: fault.clone(),
            },
        ),
        (
            10,
            step("When the customer pays 128.50 yuan for order \"A1\"", 5),
        ),
        (
            10,
            told(Event::Pay {
                order: "A1".into(),
                amount: 12_850,
                flow: Flow::Scan,
            }),
        ),
        (10, did(Action::ScannerOn)),
        (
            400,
            Fact::Presented {
                wallet: Wallet::Jd,
                code: Some(CODE.into()),
            },
        ),
        (
            400,
            told(Event::ScannerRead {
                text: format!("{CODE}\r\n").into(),
                symbology: Symbology::Qr,
            }),
        ),
        (
            400,
            did(Action::HostOpen {
                conn: 1,
                link: "cellular".into(),
            }),
        ),
        (420, Fact::Accepted { conn }),
        (420, told(Event::HostOpened { conn: 1 })),
        (
            420,
            did(Action::HostSend {
                conn: 1,
                data: sale().into(),
            }),
        ),
        (
            440,
            Fact::Received {
                conn,
                frame: sale().into(),
            },
        ),
        (440, Fact::Fired { id: FaultId(1) }),
        (60_420, told(Event::Wake)),
        (
            60_420,
            did(Action::Outcome(Outcome {
                order: "A1".into(),
                operation: PaidOperation::Pay,
                status: Status::Cancelled,
                reason: Some(Reason::NetworkTimeout.into()),
                advice: vec![Advice::Retry.into()],
                amount: None,
                rrn: None,
                host_code: None,
            })),
        ),
        (
            60_420,
            did(Action::Display {
                lines: vec!["交易超时".into(), format!("码 {CODE}").into()],
                reason: Some(Word::Unknown("bad luck".into())),
                advice: Vec::new(),
            }),
        ),
        (
            63_000,
            step("Then the terminal reverses with reason \"98\"", 6),
        ),
        (63_000, Fact::Concluding),
        (63_000, Fact::Lifted { id: FaultId(1) }),
        (
            63_000,
            Fact::AtRest {
                quiet: true,
                took: Span::ZERO,
            },
        ),
    ];
    for (ms, fact) in facts {
        record.push(at(ms), fact);
    }
    Finished {
        breaches: vec![Breach {
            requirements: vec![Requirement::Rev01],
            expected: Sentence::new("a reversal with reason 98", "以原因98冲正"),
            seen: Sentence::new("no reversal", "没有冲正"),
            at: Some(at(60_420)),
            entry: Some(15),
            line: Some(6),
        }],
        faults: vec![FaultUse {
            id: FaultId(1),
            fault,
            fired: 1,
            first: Some(at(440)),
        }],
        record: Some(Arc::new(record)),
        took: Span::from_millis(63_000),
        stderr: format!("WARN no answer to {CODE}\n"),
        ..finished(Verdict::Fail, &[Requirement::Rev01])
    }
}

/// A payment code that nobody may see.
pub const CODE: &str = "6250101234567890123";

fn told(event: Event) -> Fact {
    Fact::Told { event }
}

fn did(action: Action) -> Fact {
    Fact::Did { action }
}

fn sale() -> Vec<u8> {
    let dialect = Dialect::cup();
    let mut message = Message::new(Mti::SALE);
    message.set_text(Field::PROCESSING_CODE, "000000");
    message.set_text(Field::AMOUNT, "000000012850");
    message.set_text(Field::STAN, "000002");
    message.set_text(Field::TERMINAL, "10000001");
    message.set_text(Field::MERCHANT, "898310000000001");
    De60::financial(22, 1).put(&mut message);
    dialect.code().set(&mut message, CODE.as_bytes()).unwrap();
    let mut frame = Vec::new();
    dialect
        .emit([0x60, 0, 3, 0, 0], dialect.header(), &message, &mut frame)
        .unwrap();
    frame
}
