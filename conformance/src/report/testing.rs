//! Cases and results for the tests of runs and reports.

use std::sync::Arc;

use counterproof_scenarios::case::{Case, Scenario};
use counterproof_scenarios::practices::Ways;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::{Breach, CaseResult, Certainty, FaultUse, Sentence, Verdict};
use counterproof_sim::fault::{Fault, FaultId, FaultKind, Nth};
use counterproof_sim::iso8583::de60::De60;
use counterproof_sim::iso8583::{Dialect, Field, Message, Mti};
use counterproof_sim::record::{ConnId, Fact, Record};
use counterproof_sim::terminal::{
    Action, Boot, Event, Flow, Outcome, PaidOperation, Status, Symbology,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Advice, Operation, Reason, Wallet, Word};

use crate::evidence::case::Keep;
use crate::evidence::header::SCHEMA;
use crate::evidence::{CaseEvidence, Digest, Reporter as _, RunHeader, ScenarioText, Tally};
use crate::run::replay::Replay;
use crate::run::summary::Summary;

/// A case of the scenario `id` that checks `requirements`, and that has not run.
pub fn case(id: &str, requirements: &[Requirement]) -> CaseEvidence {
    let case = Case {
        id: format!("{id}#1").into(),
        scenario: Arc::new(Scenario {
            id: id.to_owned(),
            name: format!("The scenario {id}"),
            feature: "A feature".into(),
            language: "en".into(),
            path: format!("features/{id}.feature").into(),
            line: 3,
            tags: requirements.iter().map(|r| format!("@{r}")).collect(),
            requirements: requirements.to_vec(),
            needs: Vec::new(),
            steps: Vec::new(),
        }),
        profile: None,
        wallet: None,
        seed: 1,
        point: None,
    };
    let replay = Replay {
        terminal: Some("python3 till.py".into()),
        ..Replay::default()
    };
    let text = Arc::new(ScenarioText::of(&case.scenario, false));
    CaseEvidence::not_run(0, &case, text, replay.command(&case, None))
}

/// The case as it ended: it broke `broken`, without a record.
pub fn ended(case: CaseEvidence, verdict: Verdict, broken: &[Requirement]) -> CaseEvidence {
    CaseEvidence {
        broken: broken.to_vec(),
        ..case.decided(verdict, Sentence::new("it did not hold", "未满足"))
    }
}

/// How a run of so many cases begins.
pub fn header(cases: usize) -> RunHeader {
    RunHeader {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").into(),
        suite: Digest([7; 32]),
        features: None,
        terminal: None,
        dialect: "cup".into(),
        dialect_file: None,
        live: None,
        accepted: None,
        seed: 1,
        seeds: 1,
        profiles: Vec::new(),
        wallets: Vec::new(),
        planned: cases,
        plan: Digest([8; 32]),
        shard: None,
        cases,
        expectations: None,
        show_codes: false,
    }
}

/// A run of these.
pub fn summary(cases: Vec<CaseEvidence>) -> Summary {
    let header = header(cases.len());
    let mut tally = Tally::new(&header);
    let mut summary = Summary::new(header);
    for (place, case) in cases.into_iter().enumerate() {
        let case = CaseEvidence { place, ..case };
        tally.add(&case);
        summary.case(&case).expect("a summary is in memory");
    }
    summary.end = tally.end();
    summary
}

/// A payment whose answer is lost and which the terminal then gives up without a reversal, as the
/// bench would have recorded it; and what was found wrong with it.
pub fn lost_answer(case: CaseEvidence) -> CaseEvidence {
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
            did(Action::Outcome(Box::new(Outcome {
                order: "A1".into(),
                operation: PaidOperation::Pay,
                status: Status::Cancelled,
                reason: Some(Reason::NetworkTimeout.into()),
                advice: vec![Advice::Retry.into()],
                amount: None,
                rrn: None,
                host_code: None,
            }))),
        ),
        (
            60_420,
            did(Action::Display {
                lines: ["交易超时".to_owned(), format!("码 {CODE}")]
                    .iter()
                    .collect(),
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
    let result = CaseResult {
        case: 0,
        verdict: Verdict::Fail,
        broken: vec![Requirement::Rev01],
        message: Sentence::new("it did not hold", "未满足"),
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
        record: Arc::new(record),
        took: Span::from_millis(63_000),
        stderr: format!("WARN no answer to {CODE}\n"),
        points: None,
        ways: Ways::default(),
        capture: None,
        certainty: Certainty::Certain,
    };
    case.with(
        result,
        Keep {
            digest: true,
            passed_records: true,
            show_codes: true,
            dialect: Dialect::cup(),
        },
    )
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
