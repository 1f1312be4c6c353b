//! Known failures: they run, must fail, and do not fail the run; the file can be rewritten.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Said, counterproof, folder, run, said};

const GOOD: [&str; 4] = ["--features", "good", "--name", "payment|receipt|answer"];
const BROKEN: [&str; 6] = [
    "--features",
    "good",
    "--name",
    "payment|receipt|answer",
    "--defect",
    "silence-not-reversed",
];

fn known(path: &Path, words: &[&str]) -> (Said, Value) {
    let out = tempfile::tempdir().unwrap();
    let mut command = counterproof(&["--report", "junit,messages,markdown", "--out"]);
    command.arg(out.path()).arg("--expectations").arg(path);
    let said = said(&command.args(words).output().unwrap());
    let results = fs::read_to_string(out.path().join("results.json"));
    let results = results.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    (said, results)
}

/// A file that expects everything that the broken terminal breaks, written by the program itself.
fn written() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = folder("known.toml", b"# Known failures of our till\n");
    let path = folder.path().join("known.toml");
    let mut words = BROKEN.to_vec();
    words.push("--update-expectations");
    let (Said { code, err, .. }, _) = known(&path, &words);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("added: "), "{err}");
    (folder, path)
}

#[test]
fn what_is_known_fails_and_does_not_fail_the_run() {
    let (_folder, path) = written();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# Known failures of our till\n"), "{text}");
    assert!(text.contains("requirement = \"REV-01\""), "{text}");
    let (Said { code, out, .. }, results) = known(&path, &BROKEN);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("AS EXPECTED"), "{out}");
    assert_eq!(results["verdict"], "as-expected");
    assert_eq!(results["counts"]["fail"], 0);
    assert!(results["counts"]["expectedFailure"].as_u64().unwrap() > 0);
    assert_eq!(
        results["requirements"]["REV-01"]["verdict"],
        "expectedFailure"
    );
    let states = results["expectations"]["entries"].as_array().unwrap();
    assert!(
        states.iter().all(|entry| entry["state"] == "met"),
        "{states:?}"
    );
}

#[test]
fn what_is_known_and_does_not_fail_any_more_fails_the_run() {
    let (_folder, path) = written();
    let (Said { code, out, .. }, results) = known(&path, &GOOD);
    assert_eq!(code, 5);
    assert!(out.contains("STALE EXPECTATION"), "{out}");
    assert!(out.contains("and it holds"), "{out}");
    assert_eq!(results["verdict"], "stale");
    // An update takes it out, and the run is clean again.
    let words = [&GOOD[..], &["--update-expectations"]].concat();
    let (Said { code, err, .. }, _) = known(&path, &words);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        fs::read_to_string(&path).unwrap().trim(),
        "# Known failures of our till"
    );
    let (Said { code, .. }, _) = known(&path, &GOOD);
    assert_eq!(code, 0);
}

#[test]
fn an_update_keeps_comments_and_reasons() {
    let text = "# top\n\n# why\n[[expect]]\nrequirement = \"REV-01\"  # beside\nscenario = \"good/*\"\nreason = \"ticket 7\"\nlink = \"https://example.org/7\"\n";
    let folder = folder("known.toml", text.as_bytes());
    let path = folder.path().join("known.toml");
    let mut words = BROKEN.to_vec();
    words.push("--update-expectations");
    let (Said { code, err, .. }, _) = known(&path, &words);
    assert_eq!(code, 0, "{err}");
    assert!(fs::read_to_string(&path).unwrap().starts_with(text));
}

#[test]
fn an_entry_that_has_expired_counts_no_more() {
    let text = "[[expect]]\nrequirement = \"REV-01\"\nreason = \"soon\"\nexpires = 2020-02-29\n";
    let folder = folder("known.toml", text.as_bytes());
    let path = folder.path().join("known.toml");
    let (Said { code, out, .. }, results) = known(&path, &BROKEN);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("expired: "), "{out}");
    assert_eq!(results["expectations"]["entries"][0]["state"], "expired");
    // Whether it goes on being known is nothing that a program can say.
    let mut words = BROKEN.to_vec();
    words.push("--update-expectations");
    let (Said { code, .. }, _) = known(&path, &words);
    assert_eq!(code, 1);
    assert!(fs::read_to_string(&path).unwrap().starts_with(text));
}

#[test]
fn mistakes_in_the_file_are_said_with_their_line() {
    for (text, what) in [
        ("x = 1\n", ":1: x is not known here"),
        (
            "\n[[expect]]\nrequirement = \"REV-1\"\nreason = \"r\"\n",
            ":2: there is no requirement REV-1",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\n",
            ":1: the entry lacks reason",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\nreason = \" \"\n",
            "reason must be a text",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\nreason = \"r\"\nexpires = \"soon\"\n",
            "expires must be a day",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\nreason = \"r\"\nscenario = \"god/*\"\n",
            "there is no scenario god/*",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\nreason = \"r\"\nprofile = \"weka\"\n",
            "did you mean weak?",
        ),
        (
            "[[expect]]\nrequirement = \"REV-01\"\nreasons = \"r\"\n",
            "did you mean reason?",
        ),
        ("[[expect\n", "TOML parse error"),
    ] {
        let folder = folder("known.toml", text.as_bytes());
        let path = folder.path().join("known.toml");
        let words = [
            "--features",
            "good",
            "--expectations",
            path.to_str().unwrap(),
        ];
        let Said { code, out, err } = run(&words);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(what), "{what}\n{err}");
    }
}
