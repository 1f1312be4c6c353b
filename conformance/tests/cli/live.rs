//! `counterproof run --mode live`: terminals with a clock and sockets of their own. Machines differ in
//! speed: for one that is too slow a scenario is undecided, and neither held nor broken. So these tests
//! are about what is never said of a terminal, and about what a fast enough machine says.

use counterproof::report::results::{ResultVerdict, Results};

use super::{Said, counterproof, said};

const SOUND: &str = "python3 ../../../examples/terminals/python/terminal.py";
/// The same without a look at the host's certificate.
const CARELESS: &str = "python3 careless.py";

fn live(terminal: &str, words: &[&str]) -> (Said, Results) {
    let mode = ["--terminal", terminal, "--mode", "live", "--instances", "8"];
    results(&[&mode[..], words].concat())
}

/// Of a run with these words, 20 times faster than the wall.
fn results(words: &[&str]) -> (Said, Results) {
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["--time-scale", "20", "--tolerance", "200ms", "--out"]);
    let said = said(&command.arg(out.path()).args(words).output().unwrap());
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
    let path = folder.path().join("answers.toml");
    let person = [
        "--terminal",
        "operator",
        "--answers",
        path.to_str().unwrap(),
    ];
    results(&[&person[..], words].concat())
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

#[test]
fn a_person_who_has_left_decides_nothing_and_is_not_waited_for() {
    // Standard input has ended; an answer is waited for five minutes otherwise.
    let words = ["--tags", "@NET-06 and not @every-cut"];
    let (Said { code, out, .. }, results) =
        results(&[&["--terminal", "operator"][..], &words].concat());
    assert!(results.counts.inconclusive > 1, "{out}");
    assert_eq!(results.counts.fail + results.counts.error, 0, "{out}");
    assert_eq!(code, 6, "{out}");
}

#[test]
fn evidence_of_live_mode_and_of_lockstep_is_not_merged_and_the_pace_is_said() {
    let out = tempfile::tempdir().unwrap();
    let run = |name: &str, words: &[&str]| {
        let path = out.path().join(name);
        let (name, terminal) = (
            ["--name", "^完全没有信号时及时告知$"],
            ["--terminal", SOUND],
        );
        let mut command = counterproof(&[&name[..], &terminal, words].concat());
        command
            .args(["--report", "markdown,junit", "--out"])
            .arg(&path);
        let said = said(&command.output().unwrap());
        (path.to_str().unwrap().to_owned(), said)
    };
    let live = [
        "--mode",
        "live",
        "--time-scale",
        "20",
        "--tolerance",
        "70ms",
    ];
    let (one, told) = run("one", &[&live[..], &["--shard", "1/2"]].concat());
    let (two, _) = run("two", &["--shard", "2/2"]);
    assert!(told.out.contains("live ×20, ±70 ms"), "{}", told.out);
    let pace = |name: &str| std::fs::read_to_string(out.path().join("one").join(name)).unwrap();
    assert!(pace("summary.md").contains("live ×20, ±70 ms"));
    let results: Results = serde_json::from_str(&pace("results.json")).unwrap();
    assert_eq!(results.live.map(|live| live.tolerance_ms), Some(70));
    let merged = super::run(&["merge", &one, &two]);
    assert_eq!(merged.code, 6, "{}", merged.err);
    assert!(
        merged.err.contains("mode: live ×20, ±70 ms – lockstep"),
        "{}",
        merged.err
    );
}
