//! Bad input: each mistake ends in one clear message that names the place and the remedy, with the
//! right exit code, and nothing on standard output.

use std::fmt::Write as _;

use insta::assert_snapshot;

use super::{Said, folder, run};

/// What each of the commands ends in.
fn told(commands: &[&[&str]]) -> String {
    let mut text = String::new();
    for words in commands {
        let Said { code, out, err } = run(words);
        assert_eq!(out, "", "{words:?} printed to standard output");
        writeln!(
            text,
            "$ counterproof {}\n{err}exit {code}\n",
            words.join(" ")
        )
        .unwrap();
    }
    text
}

#[test]
fn words_that_do_not_exist() {
    assert_snapshot!(told(&[
        &["--sed", "7"],
        &["lst"],
        &["list", "requirement"],
        &["--seed", "x"],
        &["--terminal", "a", "--defect", "b"],
        &["--lang", "zh", "--sed", "7"],
        &["--lang", "zh", "list"],
    ]));
}

#[test]
fn names_that_do_not_exist() {
    assert_snapshot!(told(&[
        &["--requirement", "REV-1"],
        &["--profile", "basment"],
        &["--wallet", "paypal"],
        &["--defect", "silence-not-reverse"],
        &["--features", "good", "--tags", "@REV-10"],
        &[
            "--features",
            "good",
            "--scenario",
            "good/a-payment-is-aproved#1"
        ],
        &["--features", "good", "--scenario", "good/a-receipt@weak#1"],
        &["decode", "--dialect", "cupp", "00"],
        &[
            "--lang",
            "zh",
            "--profile",
            "basment",
            "--requirement",
            "REV-1"
        ],
    ]));
}

#[test]
fn values_that_cannot_be() {
    assert_snapshot!(told(&[
        &["--jobs", "0"],
        &["--seeds", "0"],
        &["--time-limit", "0s"],
        &["--time-limit", "soon", "--lang", "zh"],
        &["--terminal", ""],
        &["--terminal", "till 'x"],
        &["--terminal", "tcp:till"],
        &["--name", "a("],
        &["--features", "good", "--tags", "@REV-01 and (@TXN-03"],
        &["--features", "good", "--name", "no such scenario"],
        &[
            "--features",
            "good",
            "--name",
            "no such scenario",
            "--lang",
            "zh"
        ],
    ]));
}

#[test]
fn feature_files_that_are_wrong() {
    assert_snapshot!(told(&[
        &["--features", "nowhere"],
        &["--features", "snapshots"],
        &["--features", "wrong/syntax.feature"],
        &["--features", "wrong/step.feature"],
        &["--features", "wrong/requirement.feature"],
        &["--features", "wrong/value.feature"],
        &["list", "scenarios", "--features", "wrong/step.feature"],
        &["--features", "nowhere", "--lang", "zh"],
    ]));
}

#[test]
fn every_mistake_of_all_files_is_told_at_once() {
    let Said { code, err, .. } = run(&["--features", "wrong"]);
    assert_eq!(code, 2);
    for file in ["syntax", "step", "requirement", "value"] {
        assert!(err.contains(&format!("wrong/{file}.feature:")), "{err}");
    }
}

#[test]
fn a_feature_file_that_is_not_utf8_is_named_with_its_line() {
    let folder = folder(
        "gbk.feature",
        b"Feature: a\n\n  Scenario: \xb3\xe5\xd5\xfd\n",
    );
    let path = folder.path().to_str().unwrap();
    let Said { code, err, .. } = run(&["--features", path]);
    assert_eq!(code, 2);
    assert!(
        err.contains("gbk.feature:3: the file is not UTF-8"),
        "{err}"
    );
}

#[test]
fn what_cannot_be_written_is_known_before_the_run() {
    let folder = folder("file", b"");
    let path = folder.path().join("file/out");
    let path = path.to_str().unwrap();
    let Said { code, out, err } = run(&["--features", "good", "--out", path]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("cannot write") && err.contains("file/out"),
        "{err}"
    );
    let Said { code, out, err } = run(&["docs", path]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("file/out"), "{err}");
    let Said { code, err, .. } = run(&["mutants", "--jobs", "0"]);
    assert_eq!(code, 2);
    assert!(err.contains("--jobs"), "{err}");
}

#[test]
fn options_of_another_mode_or_terminal() {
    assert_snapshot!(told(&[
        &["--time-scale", "20"],
        &["--terminal", "true", "--tolerance", "1s"],
        &["--terminal", "true", "--instances", "2"],
        &["--terminal", "true", "--listen", "127.0.0.1"],
        &[
            "--terminal",
            "true",
            "--mode",
            "live",
            "--power-cmd",
            "true"
        ],
        &[
            "--terminal",
            "true",
            "--mode",
            "live",
            "--answers",
            "a.toml"
        ],
        &["--answer-within", "1m"],
        &["--lang", "zh", "--time-scale", "20"],
    ]));
}
