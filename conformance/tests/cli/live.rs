//! `counterproof run --mode live`: terminals with a clock and sockets of their own. Machines differ in
//! speed: for one that is too slow a scenario is undecided, and neither held nor broken. So these tests
//! are about what is never said of a terminal, and about what a fast enough machine says.

use counterproof::report::results::{ResultVerdict, Results};

use super::{Said, counterproof, said};

const SOUND: &str = "python3 ../../../examples/terminals/python/terminal.py";
/// The same without a look at the host's certificate.
const CARELESS: &str = "python3 careless.py";

fn live(terminal: &str, words: &[&str]) -> (Said, Results) {
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["--terminal", terminal, "--mode", "live"]);
    command.args(["--time-scale", "20", "--tolerance", "200ms"]);
    command.args(["--instances", "8"]);
    let said = said(
        &command
            .arg("--out")
            .arg(out.path())
            .args(words)
            .output()
            .unwrap(),
    );
    let text = std::fs::read_to_string(out.path().join("results.json")).unwrap();
    (said, serde_json::from_str(&text).unwrap())
}

fn of(results: &Results, verdict: ResultVerdict) -> Vec<&str> {
    let with = results.scenarios.iter().filter(|s| s.verdict == verdict);
    with.map(|s| &*s.id).collect()
}

#[test]
fn a_sound_terminal_on_its_own_clock_and_sockets_is_never_failed() {
    let (Said { out, .. }, results) = live(
        SOUND,
        &[
            "--tags",
            "(@TXN-01 or @TXN-08 or @NET-05) and not @every-cut",
        ],
    );
    assert!(results.scenarios.len() > 10, "{}", results.scenarios.len());
    assert_eq!(of(&results, ResultVerdict::Fail), [""; 0], "{out}");
    assert_eq!(of(&results, ResultVerdict::Error), [""; 0], "{out}");
    assert_ne!(of(&results, ResultVerdict::Pass), [""; 0], "{out}");
}

#[test]
fn a_sound_terminal_tells_a_stranger_nothing() {
    let (Said { out, .. }, results) = live(SOUND, &["--requirement", "NET-07"]);
    assert_eq!(results.scenarios.len(), 8);
    assert_eq!(of(&results, ResultVerdict::Fail), [""; 0], "{out}");
    assert_eq!(of(&results, ResultVerdict::Error), [""; 0], "{out}");
}

#[test]
fn a_terminal_that_believes_every_certificate_is_not_conformant() {
    let (Said { code, out, .. }, results) = live(CARELESS, &["--requirement", "NET-07"]);
    assert!(code != 0, "{out}");
    let held = of(&results, ResultVerdict::Pass);
    // What speaks no TLS of today has nothing to believe.
    let deaf = |id: &&str| id.contains("旧版本") || id.contains("不加密");
    assert!(held.iter().all(deaf), "{held:?}");
}

#[test]
fn a_terminal_that_knows_lockstep_only_is_told_so() {
    let (Said { code, out, .. }, _) = live("python3 ../attach/terminal.py", &["--tags", "@NET-07"]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("does not claim the mode live"), "{out}");
}

/// A person is stood in for by a file.
fn operator(answers: &str, words: &[&str]) -> (Said, Results) {
    let folder = super::folder("answers.toml", answers.as_bytes());
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["--terminal", "operator", "--time-scale", "20"]);
    command.args(["--tolerance", "200ms", "--answers"]);
    command.arg(folder.path().join("answers.toml"));
    let said = said(
        &command
            .arg("--out")
            .arg(out.path())
            .args(words)
            .output()
            .unwrap(),
    );
    let text = std::fs::read_to_string(out.path().join("results.json")).unwrap();
    (said, serde_json::from_str(&text).unwrap())
}

const NO_SIGNAL: [&str; 2] = ["--name", "^完全没有信号时及时告知$"];

#[test]
fn a_person_who_says_what_is_so_is_believed() {
    let script = include_str!("../../../examples/operator/no-signal.toml");
    let (Said { code, out, err }, results) = operator(script, &NO_SIGNAL);
    assert_eq!(results.counts.fail + results.counts.error, 0, "{out}");
    assert!(code == 0 || code == 6, "{out}");
    assert!(err.contains("Take a payment of 45.00 yuan"), "{err}");
    // Drawn for the person to hold before the scanner.
    assert!(err.contains('█'), "{err}");
}

#[test]
fn a_person_who_reports_money_that_never_moved_is_not_believed() {
    let script = "[[answer]]\nto=\"done\"\nsay=\"\"\n[[answer]]\nto=\"pay\"\nsay=\"approved\"\n";
    let (Said { out, .. }, results) = operator(script, &NO_SIGNAL);
    let broken = &results.scenarios[0].broken;
    assert!(broken.iter().any(|id| id == "TXN-03"), "{broken:?} {out}");
}

#[test]
fn a_person_who_does_not_answer_decides_nothing() {
    let words = [&NO_SIGNAL[..], &["--answer-within", "1s"]].concat();
    let (Said { code, out, .. }, results) = operator("", &words);
    assert_eq!(results.counts.inconclusive, 1, "{out}");
    assert_eq!(code, 6, "{out}");
}
