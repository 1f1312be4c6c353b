//! What the page shows of a case, its words, and what must not be in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::sync::Arc;

use base64::Engine as _;
use counterproof_scenarios::requirements::Requirement;
use counterproof_scenarios::verdict::Sentence;
use counterproof_sim::fault::FaultId;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::record::{ConnId, Fact, Record};
use counterproof_sim::terminal::{Action, Bytes, Event, Identity, PrintCopy, StreamEnd};
use counterproof_sim::time::Time;
use counterproof_sim::vocabulary::Lang;
use insta::assert_snapshot;
use regex::Regex;
use serde_json::Value;

use super::Page;
use super::page::{PAGE, SCRIPTS, STYLE};
use super::view::{Lane, More, RowKind, View};
use crate::evidence::{CaseEvidence, RunHeader};
use crate::report::html::phrases::{Phrases, Said};
use crate::report::testing::{CODE, case, header, lost_answer, summary};
use crate::texts::{formats, page, report, timeline};

/// The case of the lost answer as reports are given it: secrets masked.
fn masked() -> CaseEvidence {
    let case = lost_answer(case("reversal/a", &[Requirement::Rev01]));
    let record = case
        .record
        .as_ref()
        .map(|r| Arc::new(r.masked(Dialect::cup())));
    CaseEvidence {
        record,
        stderr: "WARN no answer\n".into(),
        ..case
    }
}

/// A page of these cases.
fn page_of(cases: Vec<CaseEvidence>, header: &RunHeader) -> String {
    let summary = summary(cases);
    let mut text = Vec::new();
    let mut page = Page::begin(&mut text, header, Lang::En).unwrap();
    for case in &summary.cases {
        page.case(case).unwrap();
    }
    page.end(&summary.end).unwrap();
    String::from_utf8(text).unwrap()
}

/// What a phrase says in a language, as the page puts it together.
fn said(said: &Said, phrases: &Phrases, lang: Lang) -> String {
    let of = |number: u32| {
        let (en, zh) = &phrases.table()[number as usize];
        match lang {
            Lang::En => en.clone(),
            Lang::Zh => zh.clone(),
        }
    };
    match said {
        Said::Text(text) => text.clone(),
        Said::Word(number) => of(*number),
        Said::Row(parts) => {
            let parts = parts.iter().map(|part| self::said(part, phrases, lang));
            parts.collect::<Vec<_>>().join(" ")
        }
        Said::Phrase(number, arguments) => {
            let arguments = arguments.iter().enumerate();
            arguments.fold(of(*number), |text, (place, argument)| {
                let argument = self::said(argument, phrases, lang);
                text.replace(&format!("{{{place}}}"), &argument)
            })
        }
    }
}

/// A view in lines: time, kind, lanes, text, and what opens.
fn lines(view: &View, phrases: &Phrases, lang: Lang) -> String {
    let mut text = String::new();
    let mut at = 0;
    for row in &view.rows {
        at += row.after;
        let lanes = if row.from == row.to {
            format!("{:?}", row.from)
        } else {
            format!("{:?} → {:?}", row.from, row.to)
        };
        let more = match row.more {
            More::Nothing => String::new(),
            More::Message(place) => said(&view.messages[place].title, phrases, lang),
            More::Screen(place) => format!(" [screen {place}]"),
            More::Receipt(place) => format!(" [receipt {place}]"),
        };
        let what = said(&row.said, phrases, lang);
        let kind = format!("{:?}", row.kind);
        let _ = writeln!(
            text,
            "{:>7} {kind:<10} {lanes:<20} {what}{more}",
            at / 1_000
        );
    }
    text
}

fn tell(record: &Record) -> (View, Phrases) {
    let mut phrases = Phrases::default();
    let secrets = counterproof_sim::iso8583::show::Secrets::Masked;
    let (view, _) = super::story::tell(record, Dialect::cup(), secrets, &mut phrases);
    (view, phrases)
}

fn at(ms: u64) -> Time {
    Time::from_millis(1_767_225_600_000 + ms)
}

#[test]
fn a_record_is_told_between_the_lanes() {
    let case = masked();
    let (view, phrases) = tell(case.record.as_ref().unwrap());
    assert_snapshot!(lines(&view, &phrases, Lang::En));
    assert_snapshot!(
        "a_record_is_told_in_chinese",
        lines(&view, &phrases, Lang::Zh)
    );
    assert_eq!(
        view.messages.len(),
        1,
        "a frame that is seen twice stands once"
    );
    assert_snapshot!(
        "a_message_is_taken_apart",
        serde_json::to_string_pretty(&view.messages).unwrap()
    );
    assert_snapshot!(
        "what_the_cashier_read",
        serde_json::to_string_pretty(&view.screens).unwrap()
    );
}

#[test]
fn a_breach_points_at_its_row() {
    let case = masked();
    let mut page = Page::begin(Vec::new(), &header(1), Lang::En).unwrap();
    let view = page.view(&case);
    let row = &view.rows[view.breaches[0].row.unwrap()];
    assert_eq!((row.kind, row.from), (RowKind::Outcome, Lane::Terminal));
    assert_eq!(view.faults[0].fired, 1);
    assert_eq!(view.faults[0].first, Some(440_000));
}

#[test]
fn what_never_arrives_is_told_so() {
    let case = masked();
    let entries = case.record.as_ref().unwrap().entries();
    let is_received = |fact: &Fact| matches!(fact, Fact::Received { .. });
    let mut record = Record::default();
    for entry in entries.iter().filter(|entry| !is_received(&entry.fact)) {
        if matches!(entry.fact, Fact::Accepted { .. }) {
            let conn = ConnId(0);
            let link = "cellular".into();
            record.push(
                entry.at,
                Fact::Dialled {
                    conn,
                    number: 1,
                    link,
                },
            );
        }
        record.push(entry.at, entry.fact.clone());
    }
    let (view, _) = tell(&record);
    let lost = view.rows.iter().filter(|row| row.kind == RowKind::Lost);
    assert_eq!(lost.count(), 1);
}

#[test]
fn an_answer_that_comes_in_pieces_is_one_message() {
    let case = masked();
    let entries = case.record.as_ref().unwrap().entries();
    let frame = entries.iter().find_map(|entry| match &entry.fact {
        Fact::Received { frame, .. } => Some(frame.to_vec()),
        _ => None,
    });
    let frame = frame.unwrap();
    let mut record = Record::default();
    let told = |data: &[u8]| Fact::Told {
        event: Event::HostData {
            conn: 1,
            data: Bytes(data.to_vec()),
        },
    };
    record.push(at(0), told(&frame[..1]));
    record.push(at(1), told(&frame[1..50]));
    // Two messages in one piece.
    record.push(at(2), told(&[&frame[50..], &frame[..]].concat()));
    record.push(at(3), told(&frame[..60]));
    let event = Event::HostClosed {
        conn: 1,
        reason: StreamEnd::Reset,
    };
    record.push(at(4), Fact::Told { event });
    let (view, phrases) = tell(&record);
    assert_snapshot!(lines(&view, &phrases, Lang::En));
}

#[test]
fn a_record_without_end_is_told_by_its_beginning_and_its_end() {
    let mut record = Record::default();
    for ms in 0..20_000 {
        let lines = [format!("{ms}")].into_iter().collect();
        let action = Action::Print {
            copy: PrintCopy::Merchant,
            lines,
        };
        record.push(at(ms), Fact::Did { action });
    }
    record.push(at(20_000), Fact::Fired { id: FaultId(9) });
    let (view, phrases) = tell(&record);
    assert_eq!(view.rows.len(), 4_001);
    let gap = view
        .rows
        .iter()
        .find(|row| row.kind == RowKind::Gap)
        .unwrap();
    assert_eq!(
        said(&gap.said, &phrases, Lang::En),
        "… 16001 lines left out …"
    );
    let micros: u64 = view.rows.iter().map(|row| row.after).sum();
    assert_eq!(micros, 20_000_000);
}

#[test]
fn nobody_reads_a_payment_code_nor_ends_an_element() {
    let script = "</script><script>alert(1)</script><!--";
    let mut case = masked();
    case.message = Sentence::new(script, script);
    case.stderr = script.into();
    let header = RunHeader {
        terminal: Some(Identity {
            protocol: 1,
            name: script.into(),
            vendor: "".into(),
            version: "".into(),
            build: "".into(),
            capabilities: counterproof_sim::terminal::Capabilities::default(),
            wake_at: None,
        }),
        ..header(1)
    };
    let page = page_of(vec![case], &header);
    assert!(!page.contains("alert(1)</script"));
    let scripts = SCRIPTS.len() + 2;
    assert_eq!(page.matches("<script").count(), scripts);
    assert_eq!(page.matches("</script>").count(), scripts);
    let details = chunk(&page, 0);
    assert!(details.contains("alert(1)"), "as text it is there");
    assert!(!page.contains(CODE) && !details.contains(CODE));
    let hex = counterproof_sim::iso8583::hex::encode(CODE.as_bytes());
    assert!(!details.contains(&hex));
}

#[test]
fn the_index_finds_every_case_in_its_chunk() {
    let cases = (0..300).map(|number| {
        let mut case = masked();
        case.id = format!("reversal/a#{number}");
        case.replay = "x".repeat(2_000);
        case
    });
    let page = page_of(cases.collect(), &header(300));
    let index = between(&page, "id=\"index\">", "</script>");
    let index: Value = serde_json::from_str(index).unwrap();
    let rows = index["cases"].as_array().unwrap();
    assert_eq!(
        (rows.len(), index["scenarios"].as_array().unwrap().len()),
        (300, 1)
    );
    let mut chunks: BTreeMap<u64, Value> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        assert_eq!(row[1], format!("#{number}"));
        let chunk = row[8].as_u64().unwrap();
        let unpacked = || serde_json::from_str(&self::chunk(&page, chunk)).unwrap();
        let views = chunks.entry(chunk).or_insert_with(unpacked);
        let view = &views[row[9].as_u64().unwrap() as usize];
        assert_eq!(view["breaches"].as_array().unwrap().len(), 1);
    }
    assert!(chunks.len() > 2);
}

fn chunk(page: &str, number: u64) -> String {
    let text = between(page, &format!("id=\"chunk{number}\">"), "</script>");
    let packed = base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap();
    let mut json = String::new();
    let mut unpacked = flate2::read::ZlibDecoder::new(&*packed);
    unpacked.read_to_string(&mut json).unwrap();
    json
}

fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

fn words() -> BTreeSet<String> {
    let table = |name: &'static str, words: &[(&'static str, &'static str, &'static str)]| {
        let words = words.iter();
        words
            .map(|(word, _, _)| format!("{name}.{word}"))
            .collect::<Vec<_>>()
    };
    let mut all: BTreeSet<String> = table("report", report::WORDS).into_iter().collect();
    all.extend(table("timeline", timeline::WORDS));
    all.extend(table("formats", formats::WORDS));
    all.extend(page::WORDS.iter().map(|(word, _, _)| (*word).to_owned()));
    all
}

#[test]
fn every_word_that_the_page_says_stands_in_the_tables() {
    let words = words();
    let said = Regex::new(
        r#"word\("([a-z_]+)"\)|data-word="([a-z_]+)"|"((?:formats|report|timeline)\.[a-z_]+)"[^+]"#,
    )
    .unwrap();
    let mut count = 0;
    for text in SCRIPTS.iter().chain([&PAGE]) {
        for found in said.captures_iter(text) {
            let word = found.iter().skip(1).flatten().next().unwrap().as_str();
            assert!(words.contains(word), "{word}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_word_of_the_page_is_said_somewhere() {
    let scripts = SCRIPTS.concat() + PAGE + include_str!("index.rs");
    for (word, _, _) in page::WORDS {
        assert!(scripts.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn the_page_fetches_nothing_and_makes_no_markup_of_texts() {
    let all = SCRIPTS.concat() + &STYLE.concat() + PAGE;
    for never in [
        "http:",
        "https:",
        "//cdn",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "fetch(",
        "XMLHttpRequest",
        "@import",
        "url(",
    ] {
        assert!(!all.contains(never), "{never}");
    }
    assert!(PAGE.contains("default-src 'none'"));
}

#[test]
fn scripts_are_small_enough_to_be_read() {
    for script in SCRIPTS {
        assert!(script.lines().count() < 300);
        assert!(!script.contains("</script"), "it would end itself");
    }
}
