//! `--practices`: what is accepted where the sources disagree.

use std::path::Path;

use serde_json::Value;

use super::{Said, counterproof, folder, run, said};

fn results(out: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(out.join("results.json")).unwrap()).unwrap()
}

/// The requirement of the printer on a terminal that reverses what it cannot print, with these words more.
fn undone(out: &Path, words: &[&str]) -> Said {
    let mut command = counterproof(&["run", "--defect", "paper-out-reverses"]);
    command.args(["--requirement", "DEV-03", "--report", "markdown", "--out"]);
    said(&command.arg(out).args(words).output().unwrap())
}

#[test]
fn a_file_says_what_is_accepted_and_every_report_names_what_was_seen() {
    let out = tempfile::tempdir().unwrap();
    let refused = undone(out.path(), &[]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    let seen = "reversed (2, not accepted)";
    assert!(refused.out.contains(seen), "{}", refused.out);
    let summary = std::fs::read_to_string(out.path().join("summary.md")).unwrap();
    assert!(summary.contains(seen), "{summary}");

    let file = folder("acme.toml", b"print-failure = ['kept', 'reversed']\n");
    let path = file.path().join("acme.toml");
    let path = path.to_str().unwrap();
    let accepted = undone(out.path(), &["--practices", path]);
    assert_eq!(accepted.code, 0, "{}", accepted.out);
    let results = results(out.path());
    let practice = &results["practices"]["print-failure"];
    assert_eq!(practice["seen"]["reversed"], 2);
    assert_eq!(
        practice["accepted"],
        serde_json::json!(["reversed", "kept"])
    );
    let replay = results["scenarios"][0]["replay"].as_str().unwrap();
    assert!(replay.contains(&format!("--practices {path}")), "{replay}");
}

#[test]
fn parts_of_a_run_that_accept_different_things_are_not_put_together() {
    let out = tempfile::tempdir().unwrap();
    let file = folder("acme.toml", b"late-answer = ['reversed']\n");
    let file = file.path().join("acme.toml");
    let mut folders = Vec::new();
    for (part, practices) in [("1/2", None), ("2/2", Some(&file))] {
        let to = out.path().join(part.replace('/', "-"));
        let mut command = counterproof(&["run", "--requirement", "DEV-03", "--shard", part]);
        command.arg("--out").arg(&to);
        if let Some(practices) = practices {
            command.arg("--practices").arg(practices);
        }
        assert_eq!(said(&command.output().unwrap()).code, 0);
        folders.push(to);
    }
    let mut merge = counterproof(&["merge"]);
    let merge = merge
        .args(&folders)
        .arg("--out")
        .arg(out.path().join("whole"));
    let said = said(&merge.output().unwrap());
    assert_eq!(said.code, 6);
    let difference = "practices: late-answer=queried – –";
    assert!(said.err.contains(difference), "{}", said.err);
}

#[test]
fn what_a_file_names_and_there_is_not_is_a_mistake_with_a_remedy() {
    let mut told = String::new();
    for text in [
        "print-falure = ['kept']",
        "silence = ['dropped']",
        "silence = []",
        "silence = 3",
    ] {
        let file = folder("acme.toml", text.as_bytes());
        let path = file.path().join("acme.toml");
        let path = path.to_str().unwrap();
        for lang in ["en", "zh"] {
            let said = run(&["run", "--practices", path, "--lang", lang]);
            assert_eq!((said.code, &*said.out), (2, ""));
            told += &said.err.replace(path, "acme.toml");
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_certificate_of_a_profile_that_accepts_more_is_checked_and_run_again_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(run(&["key", "--out", &path("vendor")]).code, 0);
    let undoes = ["--defect", "paper-out-reverses"];
    let (key, out, trust) = (path("vendor"), path("made"), path("vendor.pub"));
    let made = ["certify", "--key", &key, "--out", &out, "--quiet"];
    let made = run(&[&made[..], &["--profile", "cutover"], &undoes].concat());
    assert_eq!(made.code, 0, "{}{}", made.out, made.err);
    let check = ["verify", &out, "--trust", &trust, "--replay"];
    let checked = run(&[&check[..], &undoes].concat());
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
}
