//! `counterproof run` against external terminals, sound and broken: a terminal that breaks ends a
//! scenario, never the suite, and no other scenario is the worse for it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use counterproof::report::results::{ResultVerdict, Results};
use insta::assert_snapshot;

use super::{Said, counterproof, here, run, said};

const SOUND: &str = "python3 ../../../examples/terminals/python/terminal.py";
const FIXTURE: &str = "python3 ../attach/terminal.py";

fn results(terminal: &str, words: &[&str]) -> (Said, Results) {
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["--terminal", terminal, "--features", "good", "--out"]);
    let said = said(&command.arg(out.path()).args(words).output().unwrap());
    let text = std::fs::read_to_string(out.path().join("results.json")).unwrap();
    (said, serde_json::from_str(&text).unwrap())
}

#[test]
fn a_sound_terminal_in_another_language_is_conformant() {
    let (Said { code, err, .. }, results) =
        results(SOUND, &["--name", "payment|receipt|answer|cancel"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(results.counts.pass, 4);
    assert_eq!(results.terminal.unwrap().name, "scan-to-pay example");
}

#[test]
fn a_terminal_that_dies_in_one_scenario_loses_no_other() {
    let fragile = "python3 fragile.py cashier.cancel die";
    let begin = Instant::now();
    let (Said { code, out, .. }, results) =
        results(fragile, &["--name", "payment|receipt|answer|cancel"]);
    assert_eq!(code, 3, "{out}");
    assert!(begin.elapsed() < Duration::from_mins(1));
    assert_eq!((results.counts.pass, results.counts.error), (3, 1));
    let broken = results
        .scenarios
        .iter()
        .find(|s| s.verdict == ResultVerdict::Error)
        .unwrap();
    assert!(broken.id.contains("cancels"), "{}", broken.id);
    assert!(
        broken.message.contains("exit status: 7"),
        "{}",
        broken.message
    );
    assert!(
        broken.message.contains("ValueError: no such key"),
        "{}",
        broken.message
    );
    assert!(
        out.contains("ERROR: scenarios broken off by the terminal or the suite: 1"),
        "{out}"
    );
    assert!(out.contains(&broken.replay), "{out}");
}

#[test]
fn a_terminal_that_falls_silent_in_one_scenario_loses_no_other() {
    let fragile = "python3 fragile.py cashier.cancel sleep";
    let words = ["--name", "payment|receipt|cancel", "--time-limit", "15s"];
    let (Said { code, .. }, results) = results(fragile, &words);
    assert_eq!(code, 3);
    assert_eq!((results.counts.pass, results.counts.error), (2, 1));
}

#[test]
fn a_terminal_that_cannot_be_had_is_one_message_and_a_result_for_every_scenario() {
    let (Said { code, out, .. }, results) = results("no-such-program", &[]);
    assert_eq!(code, 3);
    assert_eq!(results.counts.error, 6);
    assert_eq!(results.terminal, None);
    assert_eq!(out.matches("cannot be started").count(), 1, "{out}");
    assert_snapshot!(out.replace(env!("CARGO_PKG_VERSION"), "x.y.z"));
}

/// What there is to be said of the others stands in `tests/hostile`.
#[test]
fn a_hostile_terminal_ends_in_one_clear_message() {
    let terminal = format!("{FIXTURE} flood at=cashier.signIn");
    let mut words = vec!["--terminal", &terminal, "--time-limit", "30s"];
    words.extend(["--features", "good", "--name", "answer"]);
    let Said { code, out, err } = run(&words);
    assert_eq!(code, 3, "{out}{err}");
    // The message is wrapped.
    let flat = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "answered cashier.signIn with 1001 actions";
    assert_eq!(flat.matches(expected).count(), 1, "{out}");

    let Said { code, out, .. } = run(&["--terminal", "tcp:127.0.0.1:1", "--features", "good"]);
    assert_eq!(code, 3);
    assert!(
        out.contains("no terminal can be reached at 127.0.0.1:1"),
        "{out}"
    );
}

#[test]
fn what_a_terminal_does_not_claim_is_not_applicable() {
    // The fixture claims no printer.
    let (Said { code, out, .. }, results) =
        results(&format!("{FIXTURE} good"), &["--requirement", "TXN-14"]);
    assert_eq!(code, 6, "nothing was shown: {out}");
    assert_eq!(results.counts.not_applicable, 1);
    assert!(results.scenarios[0].message.contains("a printer"));
    assert!(results.scenarios[0].record_digest.is_none());
}

#[test]
fn an_adapter_on_tcp_whose_power_cannot_be_cut_is_not_asked_to() {
    let mut adapter = Command::new("python3")
        .args([
            "../../../examples/terminals/python/terminal.py",
            "--listen",
            "127.0.0.1:0",
        ])
        .current_dir(here())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut err = BufReader::new(adapter.stderr.take().unwrap());
    err.read_line(&mut line).unwrap();
    let address = line.trim().rsplit(' ').next().unwrap();
    let (Said { code, out, .. }, results) =
        results(&format!("tcp:{address}"), &["--name", "payment|power"]);
    // It ends with the suite's shutdown; where it does not, it is ended.
    let _ = adapter.kill();
    adapter.wait().unwrap();
    assert_eq!(code, 0, "{out}");
    assert_eq!((results.counts.pass, results.counts.not_applicable), (1, 1));
}

#[test]
fn a_terminal_that_does_not_end_as_it_should_is_mentioned() {
    let (Said { err, .. }, _) =
        results(&format!("{FIXTURE} bad-end"), &["--requirement", "TXN-14"]);
    assert!(
        err.contains("warning: the terminal did not end as it should: exit status: 3"),
        "{err}"
    );
}

#[test]
fn the_examples_own_tests_pass() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/terminals/python");
    let mut command = Command::new("python3");
    command.args(["-B", "-m", "unittest", "discover", "-q"]);
    let said = said(&command.current_dir(example).output().unwrap());
    assert_eq!(said.code, 0, "{}", said.err);
}
