//! `counterproof run` against the built-in terminal: verdicts, exit codes, results, replays.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use counterproof::report::results::Results;

use super::{Said, counterproof, here, run, said};

const GOOD: [&str; 2] = ["--features", "good"];

/// Runs with `--out` and reads what was written; the form is that of the types, nothing more.
fn results(words: &[&str]) -> (Said, Results) {
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["run", "--out", out.path().to_str().unwrap()]);
    let said = said(&command.args(words).output().unwrap());
    (said, read(out.path()))
}

fn read(out: &Path) -> Results {
    let text = std::fs::read_to_string(out.join("results.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn json(words: &[&str]) -> serde_json::Value {
    serde_json::to_value(results(words).1).unwrap()
}

#[test]
fn a_sound_terminal_is_conformant() {
    let words = ["--features", "good", "--name", "payment|receipt|answer"];
    let (Said { code, out, err }, results) = results(&words);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("CONFORMANT: requirements that hold:"), "{out}");
    assert!(!out.contains('\u{1b}'), "colour in a pipe");
    let results = serde_json::to_value(results).unwrap();
    assert_eq!(results["schema"], "counterproof/results/1");
    assert_eq!(results["verdict"], "conformant");
    assert_eq!(results["pace"], "virtual");
    assert_eq!(results["counts"]["pass"], 3);
    assert_eq!(results["requirements"]["REV-01"]["verdict"], "pass");
    assert_eq!(results["requirements"]["SEC-05"]["scenarios"], 3);
    assert!(
        results["suite"]["digest"]
            .as_str()
            .unwrap()
            .starts_with("sha256:")
    );
    assert_eq!(results["terminal"]["capabilities"]["printer"], true);
}

#[test]
fn the_certified_scenarios_are_in_the_program_and_hold() {
    let Said { code, out, .. } = run(&["-q"]);
    assert_eq!(code, 0, "{out}");
    assert_eq!(out.lines().count(), 1);
}

#[test]
fn a_broken_terminal_is_not_conformant_and_its_failure_can_be_replayed() {
    let words = ["--features", "good", "--defect", "silence-not-reversed"];
    let (Said { code, out, err }, results) = results(&words);
    assert_eq!(code, 1);
    assert!(out.contains("✗ REV-01"), "{out}");
    assert!(
        out.contains("the answer is lost (answer.lost, sale, message 1): fired 1×"),
        "{out}"
    );
    assert!(
        err.contains("REV-01"),
        "a line for each failure meanwhile: {err}"
    );
    let failed = results
        .scenarios
        .iter()
        .find(|s| s.id.contains("answer-is-lost"))
        .unwrap();
    assert!(failed.broken.contains(&"REV-01".to_owned()));
    assert!(
        failed.place.starts_with("good/good.feature:"),
        "{}",
        failed.place
    );

    // The command as it is printed, by a shell, gives the same record.
    assert!(out.contains(&failed.replay), "{out}");
    let again = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_counterproof");
    let line = failed
        .replay
        .replacen("counterproof", &format!("'{program}'"), 1);
    let line = format!("{line} --out '{}'", again.path().display());
    let status = Command::new("sh")
        .args(["-c", &line])
        .current_dir(here())
        .output()
        .unwrap()
        .status;
    assert_eq!(status.code(), Some(1));
    let again = read(again.path());
    assert_eq!(again.scenarios.len(), 1);
    assert_eq!(again.scenarios[0].record_digest, failed.record_digest);
    assert!(failed.record_digest.is_some());
}

#[test]
fn a_fault_that_never_fires_leaves_the_run_incomplete() {
    let words = ["--features", "good", "--requirement", "TXN-09"];
    let (Said { code, out, .. }, results) = results(&words);
    assert_eq!(code, 6);
    assert!(out.contains("INCOMPLETE"), "{out}");
    assert_eq!(results.counts.inconclusive, 1);
}

#[test]
fn the_same_seed_gives_the_same_results_whatever_the_jobs() {
    let words = |jobs| ["--features", "good", "--seeds", "3", "--jobs", jobs];
    let one = json(&words("1"));
    assert_eq!(one, json(&words("4")));
    assert_eq!(one["scenarios"].as_array().unwrap().len(), 18);
    assert_ne!(
        one["scenarios"][0]["recordDigest"], one["scenarios"][1]["recordDigest"],
        "another seed is another run"
    );
}

#[test]
fn the_matrix_multiplies_what_leaves_it_open() {
    let out = json(&[
        "--features",
        "good",
        "--profile",
        "weak,good",
        "--wallet",
        "WXP",
        "--wallet",
        "ALI",
        "--requirement",
        "TXN-01",
    ]);
    let ids: Vec<&str> = out["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    assert!(ids[0].contains("@weak+WXP#1"), "{ids:?}");
    let one = json(&["--features", "good", "--scenario", ids[3]]);
    assert_eq!(one["scenarios"][0], out["scenarios"][3]);
}

#[test]
fn run_is_the_default_command() {
    let plain = run(&["--features", "good", "--name", "receipt"]);
    let named = run(&["run", "--features", "good", "--name", "receipt"]);
    assert_eq!((plain.code, plain.out), (named.code, named.out));
}

#[test]
fn the_language_is_that_of_the_environment_or_the_one_asked_for() {
    let words = ["-q", "--features", "good", "--name", "receipt"];
    let chinese = said(
        &counterproof(&words)
            .env("LANG", "zh_CN.UTF-8")
            .output()
            .unwrap(),
    );
    assert!(chinese.out.starts_with("符合："), "{}", chinese.out);
    let english = counterproof(&words)
        .args(["--lang", "en"])
        .env("LC_ALL", "zh_CN")
        .output();
    assert!(said(&english.unwrap()).out.starts_with("CONFORMANT"));
}

#[test]
fn loudness_and_colour_are_as_asked_for() {
    let loud = run(&[&GOOD[..], &["--name", "receipt", "-v"]].concat());
    assert!(loud.err.contains("✓ good/a-receipt#1"), "{}", loud.err);
    let quiet = run(&[&GOOD[..], &["-q", "--defect", "silence-not-reversed"]].concat());
    assert_eq!((quiet.out.lines().count(), quiet.err.as_str()), (1, ""));
    let colored = run(&[&GOOD[..], &["--name", "receipt", "--color", "always"]].concat());
    assert!(colored.out.contains('\u{1b}'));
}

#[test]
fn an_interrupted_run_keeps_what_it_has_and_is_incomplete() {
    let out = tempfile::tempdir().unwrap();
    let mut words = vec![
        "run",
        "-v",
        "--features",
        "good",
        "--name",
        "payment|receipt",
    ];
    words.extend(["--seeds", "2000", "--out", out.path().to_str().unwrap()]);
    let mut child = counterproof(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert!(line.contains('✓'), "{line}");
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.unwrap().success());
    std::io::copy(&mut err, &mut std::io::sink()).unwrap();
    let Said {
        code, out: told, ..
    } = said(&child.wait_with_output().unwrap());
    assert_eq!(code, 6, "{told}");
    let results = read(out.path());
    assert_eq!(results.scenarios.len(), 4000);
    assert!(results.counts.pass > 0 && results.counts.inconclusive > 0);
    assert!(
        told.contains("INCOMPLETE: scenarios undecided: 0, not run: "),
        "{told}"
    );
}

#[test]
fn no_payment_code_is_printed_in_clear() {
    let words = [
        "--features",
        "good",
        "--defect",
        "silence-not-reversed",
        "-v",
    ];
    let Said { out, .. } = run(&words);
    let longest = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .map(str::len)
            .max()
            .unwrap_or(0)
    };
    assert!(longest(&out) < 16, "{out}");
    let clear = run(&[&words[..], &["--show-codes"]].concat());
    assert!(longest(&clear.out) >= 16);
}
