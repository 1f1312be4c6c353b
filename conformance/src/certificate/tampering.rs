//! Every member of everything that is signed or proven, changed one at a time: the statement, the envelope
//! around it, each leaf, each line of the bundle. Bytes changed by chance are in `tests`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use counterproof_sim::vocabulary::Lang;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::refusal::Refusal;
use super::statement::{Certificate, Statement};
use super::testing::write;
use super::tests::{MADE, check_of, copy, redacted, vendor};
use super::{CERTIFICATE, EVIDENCE, LEAVES, TEST_RESULT};
use crate::evidence::bundle;
use crate::texts::certificate::refusal;

/// Every value in a JSON document, changed one at a time.
fn changed(value: &Value) -> Vec<Value> {
    let other = |value: &Value| match value {
        Value::Null => Value::Bool(true),
        Value::Bool(is) => Value::Bool(!is),
        Value::Number(number) => Value::from(number.as_u64().unwrap_or(0) + 1),
        Value::String(text) => Value::String(format!("{text}x")),
        Value::Array(items) => Value::Array(items.iter().skip(1).cloned().collect()),
        Value::Object(_) => Value::Null,
    };
    let mut all = Vec::new();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                for inner in changed(member) {
                    let mut copy = members.clone();
                    copy.insert(name.clone(), inner);
                    all.push(Value::Object(copy));
                }
                let mut without = members.clone();
                without.remove(name);
                all.push(Value::Object(without));
            }
            let mut more = members.clone();
            more.insert("more".into(), Value::Null);
            all.push(Value::Object(more));
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for inner in changed(item) {
                    let mut copy = items.clone();
                    copy[place] = inner;
                    all.push(Value::Array(copy));
                }
            }
            if !items.is_empty() {
                all.push(other(value));
            }
        }
        scalar => all.push(other(scalar)),
    }
    all
}

/// The file as JSON.
fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What is said of a change, which names what was changed.
fn said(refused: &Refusal, what: &str) {
    for lang in [Lang::En, Lang::Zh] {
        let said = refusal(lang, refused);
        assert!(said.contains(what), "{said} does not name {what}");
    }
}

#[test]
fn every_member_of_the_statement_is_signed() {
    let (_, made) = &*MADE;
    let folder = copy();
    let path = folder.path().join(CERTIFICATE);
    let signed = json(&path);
    let statement = serde_json::to_value(&made.statement).unwrap();
    let all = changed(&statement);
    assert!(all.len() > 100);
    for statement in all {
        let json = serde_json::to_vec(&statement).unwrap();
        let mut envelope = signed.clone();
        envelope["payload"] = STANDARD.encode(json).into();
        let envelope: super::envelope::Envelope = serde_json::from_value(envelope).unwrap();
        fs::write(&path, envelope.write()).unwrap();
        let refused = check_of(&folder).unwrap_err();
        assert!(matches!(refused, Refusal::Signature { .. }), "{refused:?}");
        said(&refused, CERTIFICATE);
    }
}

/// What a signer alone answers for: nothing in the evidence speaks of it.
const SIGNERS_OWN: [&str; 2] = ["issued", "expires"];

#[test]
fn no_member_of_the_statement_can_be_changed_by_its_signer_either() {
    let (_, made) = &*MADE;
    let folder = copy();
    let whole = serde_json::to_value(&made.statement).unwrap();
    let mut tried = 0;
    for changed in changed(&whole) {
        let is_own = |member: &&str| changed["predicate"][*member] != whole["predicate"][*member];
        if SIGNERS_OWN.iter().any(is_own) {
            continue;
        }
        // What is no statement any more is refused before anything is compared.
        let Ok(statement) = serde_json::from_value::<Statement<Certificate>>(changed.clone())
        else {
            continue;
        };
        if statement == made.statement {
            continue;
        }
        write(folder.path(), &statement, &[vendor()]);
        assert!(check_of(&folder).is_err(), "{changed}");
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn every_member_of_the_envelopes_is_needed_as_it_is() {
    let folder = copy();
    for file in [CERTIFICATE, TEST_RESULT] {
        let path = folder.path().join(file);
        let (whole, bytes) = (json(&path), fs::read(&path).unwrap());
        for changed in changed(&whole) {
            let text = serde_json::to_string_pretty(&changed).unwrap() + "\n";
            fs::write(&path, text).unwrap();
            let refused = check_of(&folder).unwrap_err();
            said(&refused, file);
        }
        fs::write(&path, bytes).unwrap();
    }
    assert!(check_of(&folder).is_ok());
}

#[test]
fn every_member_of_every_leaf_is_proven() {
    let folder = copy();
    let path = folder.path().join(EVIDENCE).join(LEAVES);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for (place, line) in lines.iter().enumerate() {
        for changed in changed(&serde_json::from_str(line).unwrap()) {
            let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            lines[place] = changed.to_string();
            fs::write(&path, lines.join("\n") + "\n").unwrap();
            assert!(check_of(&folder).is_err(), "line {place}: {changed}");
        }
    }
}

/// The lines of a bundle.
fn lines(path: &Path) -> Vec<String> {
    let mut text = String::new();
    let mut unpacked = MultiGzDecoder::new(fs::File::open(path).unwrap());
    unpacked.read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A bundle of these lines.
fn packed(path: &Path, lines: &[String]) {
    let mut file = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
    file.write_all((lines.join("\n") + "\n").as_bytes())
        .unwrap();
    file.finish().unwrap();
}

#[test]
fn every_member_of_every_line_of_the_evidence_is_proven_by_itself() {
    // Where something is not shown the file as a whole proves nothing, and each line has to.
    for (folder, step) in [(copy(), 37), (redacted(), 13)] {
        let path = folder.path().join(EVIDENCE).join(bundle::FILE);
        let whole = lines(&path);
        let mut tried = 0;
        for (place, line) in whole.iter().enumerate() {
            let all = changed(&serde_json::from_str(line).unwrap());
            for changed in all.iter().skip(place).step_by(step) {
                let mut lines = whole.clone();
                lines[place] = changed.to_string();
                packed(&path, &lines);
                assert!(check_of(&folder).is_err(), "line {place}: {changed}");
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
        packed(&path, &whole[1..]);
        assert!(check_of(&folder).is_err(), "without a header");
        packed(&path, &whole[..whole.len() - 1]);
        assert!(check_of(&folder).is_err(), "without an end");
    }
}
