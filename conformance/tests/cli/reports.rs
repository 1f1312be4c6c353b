//! Reports in files: which are written, that they can be made again, merged and gone on with, and that
//! nothing secret stands in any of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Output, Stdio};

use counterproof::evidence::bundle::Bundle;
use counterproof_sim::iso8583::Dialect;
use counterproof_sim::record::Fact;
use counterproof_sim::terminal::{Action, hex};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::{Said, counterproof, folder, run, said};

const ALL: &str = "junit,messages,markdown";
const FILES: [&str; 4] = ["results.json", "junit.xml", "messages.ndjson", "summary.md"];

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn same(one: &Path, other: &Path) {
    for file in FILES {
        let read = |folder: &Path| fs::read_to_string(folder.join(file)).unwrap();
        assert!(read(one) == read(other), "{file} differs");
    }
}

#[test]
fn reports_are_written_where_they_are_asked_for_and_said() {
    let out = tempfile::tempdir().unwrap();
    let words = [
        "--features",
        "good",
        "--report",
        ALL,
        "--out",
        text(out.path()),
    ];
    let Said { code, err, .. } = run(&words);
    assert_eq!(code, 6, "{err}");
    for file in FILES.into_iter().chain(["evidence.ndjson.gz"]) {
        assert!(out.path().join(file).exists(), "{file}");
        assert!(err.contains(file), "{err}");
    }
}

#[test]
fn without_a_directory_they_go_to_one_that_is_said() {
    let here = tempfile::tempdir().unwrap();
    let features = super::here().join("good");
    let mut command = counterproof(&["--features", text(&features), "--report", "junit", "-q"]);
    let Said { code, err, .. } = said(&command.current_dir(here.path()).output().unwrap());
    assert_eq!(code, 6, "{err}");
    assert!(err.contains("counterproof-report/junit.xml"), "{err}");
    assert!(here.path().join("counterproof-report/junit.xml").exists());
}

#[test]
fn junit_tells_failures_from_errors_and_has_stable_names() {
    let out = tempfile::tempdir().unwrap();
    run(&[
        "--features",
        "good",
        "--defect",
        "silence-not-reversed",
        "--report",
        "junit",
        "--out",
        text(out.path()),
    ]);
    let xml = fs::read_to_string(out.path().join("junit.xml")).unwrap();
    let report = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    let cases = report
        .test_suites
        .iter()
        .flat_map(|suite| &suite.test_cases);
    let names: BTreeSet<(String, String)> = cases
        .clone()
        .map(|case| {
            let class = case.classname.as_ref().unwrap();
            (class.to_string(), case.name.to_string())
        })
        .collect();
    assert_eq!(names.len(), cases.count(), "names are unique");
    assert!(
        names.iter().all(|(_, name)| !name.contains(".feature")),
        "{names:?}"
    );
    // One scenario breaks a requirement; in another a fault never fires, so that nothing is known.
    assert_eq!((report.failures, report.errors), (1, 1));
    assert!(xml.contains(r#"type="TXN-03 TXN-09 REV-01""#), "{xml}");
    assert!(xml.contains(r#"type="inconclusive""#), "{xml}");
    assert!(xml.contains(r#"<property name="seed" value="1"/>"#));
}

#[test]
fn messages_have_a_document_before_every_pickle_and_an_end_for_every_step() {
    let out = tempfile::tempdir().unwrap();
    run(&[
        "--features",
        "good",
        "--defect",
        "silence-not-reversed",
        "--report",
        "messages",
        "--out",
        text(out.path()),
    ]);
    let text = fs::read_to_string(out.path().join("messages.ndjson")).unwrap();
    let envelopes: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut nodes = BTreeSet::new();
    let (mut planned, mut ended) = (BTreeSet::new(), BTreeSet::new());
    let mut statuses = BTreeSet::new();
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    for envelope in &envelopes {
        let (kind, body) = envelope.as_object().unwrap().iter().next().unwrap();
        match kind.as_str() {
            "gherkinDocument" => {
                for child in body["feature"]["children"].as_array().unwrap() {
                    nodes.insert(id(&child["scenario"]["id"]));
                    let steps = child["scenario"]["steps"].as_array().unwrap();
                    nodes.extend(steps.iter().map(|step| id(&step["id"])));
                }
            }
            "pickle" => {
                assert!(nodes.contains(&id(&body["astNodeIds"][0])), "{body}");
                for step in body["steps"].as_array().unwrap() {
                    assert!(nodes.contains(&id(&step["astNodeIds"][0])), "{step}");
                }
            }
            "testCase" => {
                let steps = body["testSteps"].as_array().unwrap();
                planned.extend(steps.iter().map(|step| id(&step["id"])));
            }
            "testStepFinished" => {
                ended.insert(id(&body["testStepId"]));
                statuses.insert(id(&body["testStepResult"]["status"]));
            }
            _ => {}
        }
    }
    assert_eq!(planned, ended);
    assert!(
        statuses.contains("PASSED") && statuses.contains("FAILED"),
        "{statuses:?}"
    );
    assert_eq!(
        envelopes.last().unwrap()["testRunFinished"]["success"],
        false
    );
}

#[test]
fn markdown_goes_to_the_step_summary_too_and_failures_become_annotations() {
    let out = tempfile::tempdir().unwrap();
    let summary = out.path().join("step");
    fs::write(&summary, "before\n").unwrap();
    let mut command = counterproof(&[
        "--features",
        "good",
        "--defect",
        "silence-not-reversed",
        "--report",
        "markdown",
        "--out",
        text(out.path()),
    ]);
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &summary);
    let Said {
        code, out: said, ..
    } = said(&command.output().unwrap());
    assert_eq!(code, 1);
    let written = fs::read_to_string(out.path().join("summary.md")).unwrap();
    assert_eq!(
        fs::read_to_string(&summary).unwrap(),
        format!("before\n{written}")
    );
    assert!(
        written.starts_with("# counterproof: ✗ NOT CONFORMANT\n"),
        "{written}"
    );
    assert!(
        said.contains("::error file=good/good.feature,line="),
        "{said}"
    );
}

/// The certified suite in three shards, with these words.
fn shards(out: &Path, words: &[&str]) -> Vec<String> {
    let run = |index: u32| {
        let (shard, folder) = (format!("{index}/3"), out.join(format!("shard-{index}")));
        let mut command = counterproof(&["-q", "--shard", &shard, "--out", text(&folder)]);
        let Said { code, err, .. } = said(&command.args(words).output().unwrap());
        assert!(code < 2, "{err}");
        assert!(err.contains(&format!("shard {shard} (--shard): ")), "{err}");
        text(&folder).to_owned()
    };
    (1..=3).map(run).collect()
}

#[test]
fn three_shards_merged_are_one_run() {
    for words in [&[][..], &["--defect", "silence-not-reversed"][..]] {
        let out = tempfile::tempdir().unwrap();
        let (whole, merged) = (out.path().join("whole"), out.path().join("merged"));
        let mut command = counterproof(&["--report", ALL, "--out", text(&whole)]);
        let one = said(&command.args(words).output().unwrap());
        let shards = shards(out.path(), words);
        let mut command = counterproof(&["merge", "--report", ALL, "--out", text(&merged)]);
        let other = said(&command.args(&shards).output().unwrap());
        // Where the files are is all that differs.
        let told = other.out.replace(text(&merged), text(&whole));
        assert_eq!((one.code, one.out), (other.code, told));
        same(&whole, &merged);
        // What was merged can be told again, from the file alone.
        let again = out.path().join("again");
        let report = run(&[
            "report",
            text(&merged),
            "--report",
            ALL,
            "--out",
            text(&again),
        ]);
        assert_eq!(report.code, one.code);
        same(&whole, &again);
    }
}

#[test]
fn known_failures_and_a_shard_that_was_gone_on_with_merge_to_one_run_too() {
    let out = tempfile::tempdir().unwrap();
    let known = out.path().join("known.toml");
    let words = [
        "--defect",
        "silence-not-reversed",
        "--requirement",
        "REV-01,NET-01",
        "--expectations",
        text(&known),
    ];
    let mut command = counterproof(&["-q", "--update-expectations"]);
    assert_eq!(said(&command.args(words).output().unwrap()).code, 0);
    let (whole, merged) = (out.path().join("whole"), out.path().join("merged"));
    let mut command = counterproof(&["-q", "--report", ALL, "--out", text(&whole)]);
    let one = said(&command.args(words).output().unwrap());
    let shards = shards(out.path(), &words);
    // What is left of the second when it is killed half-way.
    let evidence = Path::new(&shards[1]).join("evidence.ndjson.gz");
    let bytes = fs::read(&evidence).unwrap();
    fs::write(&evidence, &bytes[..bytes.len() / 2]).unwrap();
    let mut command = counterproof(&["-q", "--resume", "--shard", "2/3", "--out", &shards[1]]);
    let gone_on = said(&command.args(words).output().unwrap());
    assert!(gone_on.err.contains("going on: "), "{}", gone_on.err);
    let mut command = counterproof(&["merge", "-q", "--report", ALL, "--out", text(&merged)]);
    let other = said(&command.args(&shards).output().unwrap());
    assert_eq!((one.code, one.out), (other.code, other.out));
    same(&whole, &merged);
}

#[test]
fn a_missing_a_doubled_and_a_strange_shard_are_noticed() {
    let out = tempfile::tempdir().unwrap();
    let shards = shards(out.path(), &[]);
    let [one, two, three] = &*shards else {
        panic!("three shards");
    };
    let missing = run(&["merge", "-q", one, three]);
    assert_eq!(missing.code, 6);
    assert!(
        missing.err.contains("there is no evidence of shard 2/3"),
        "{}",
        missing.err
    );
    assert!(missing.out.starts_with("INCOMPLETE"), "{}", missing.out);

    let doubled = run(&["merge", one, two, three, two]);
    assert_eq!((doubled.code, doubled.out.as_str()), (6, ""));
    assert!(
        doubled.err.contains("is the same part of the run as"),
        "{}",
        doubled.err
    );

    for (words, what) in [
        (["--seed", "2"], "seed: 1 – 2"),
        (["--features", "good"], "suite: "),
        (["--profile", "weak"], "profiles: "),
    ] {
        let other = out.path().join("other");
        let mut command = counterproof(&["-q", "--shard", "2/3", "--out", text(&other)]);
        said(&command.args(words).output().unwrap());
        let strange = run(&["merge", one, text(&other), three]);
        assert_eq!(strange.code, 6);
        assert!(strange.err.contains(what), "{}", strange.err);
    }
    let itself = run(&["merge", one, two, three, "--out", one]);
    assert_eq!(itself.code, 2, "{}", itself.err);
}

#[test]
fn the_environment_of_ci_shards_a_run_and_half_of_it_is_refused() {
    let mut command = counterproof(&["-q"]);
    command.env("CI_NODE_INDEX", "2").env("CI_NODE_TOTAL", "5");
    let Said { code, err, .. } = said(&command.output().unwrap());
    assert_eq!(code, 0);
    assert!(
        err.starts_with("shard 2/5 (CI_NODE_INDEX, CI_NODE_TOTAL): "),
        "{err}"
    );

    let mut command = counterproof(&["-q"]);
    let half = said(&command.env("JOB_COMPLETION_INDEX", "0").output().unwrap());
    assert_eq!(half.code, 2);
    assert!(half.err.contains("COUNTERPROOF_SHARDS"), "{}", half.err);

    let out = tempfile::tempdir().unwrap();
    let status = out.path().join("status");
    let mut command = counterproof(&["-q"]);
    command
        .env("TEST_SHARD_INDEX", "0")
        .env("TEST_TOTAL_SHARDS", "4")
        .env("TEST_SHARD_STATUS_FILE", &status);
    assert_eq!(said(&command.output().unwrap()).code, 0);
    assert!(
        status.exists(),
        "Bazel is told that its shards are understood"
    );
}

#[test]
fn a_killed_run_leaves_its_evidence_and_can_be_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, killed) = (folder.path().join("whole"), folder.path().join("killed"));
    let words = ["--seeds", "8", "--report", ALL, "-q", "--out"];
    let one = said(&counterproof(&words).arg(&whole).output().unwrap());
    assert_eq!(one.code, 0, "{}", one.err);
    let evidence = killed.join("evidence.ndjson.gz");
    for round in 1..=2 {
        let mut command = counterproof(&words);
        command.arg(&killed).arg("--resume");
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let enough = 300_000 * round;
        while fs::metadata(&evidence).map_or(0, |file| file.len()) < enough {
            assert!(
                child.try_wait().unwrap().is_none(),
                "ended before it was killed"
            );
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut bundle = Bundle::open(&evidence).unwrap();
        let mut cases = 0;
        while bundle.next_case().unwrap().is_some() {
            cases += 1;
        }
        assert!(cases > 50 && bundle.end().is_none(), "{cases}");
    }
    let torn = run(&["report", text(&killed), "-q"]);
    assert_eq!(torn.code, 6);
    assert!(torn.err.contains("--resume"), "{}", torn.err);

    // Of another run it is no part.
    let mut command = counterproof(&["--seeds", "9", "-q", "--resume", "--out"]);
    let other = said(&command.arg(&killed).output().unwrap());
    assert_eq!(other.code, 2, "{}", other.err);

    let gone_on = said(
        &counterproof(&words)
            .arg(&killed)
            .arg("--resume")
            .output()
            .unwrap(),
    );
    assert_eq!(gone_on.code, 0, "{}", gone_on.err);
    assert!(gone_on.err.starts_with("going on: "), "{}", gone_on.err);
    same(&whole, &killed);
    let left = fs::read_dir(&killed).unwrap().count();
    assert_eq!(left, 5, "earlier attempts are gone");
}

/// What a program can read of a run: both streams and every file, unpacked.
fn everything(output: &Output, out: &Path) -> Vec<(String, String)> {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut all = vec![
        ("standard output".to_owned(), lossy(&output.stdout)),
        ("standard error".to_owned(), lossy(&output.stderr)),
    ];
    for entry in fs::read_dir(out).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut unpacked = Vec::new();
            MultiGzDecoder::new(&*bytes)
                .read_to_end(&mut unpacked)
                .unwrap();
            bytes = unpacked;
        }
        all.push((path.display().to_string(), lossy(&bytes)));
    }
    all
}

/// Payment codes and keys that stand in the evidence of a run in clear.
fn secrets(out: &Path) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    let mut bundle = Bundle::open(out).unwrap();
    while let Some(case) = bundle.next_case().unwrap() {
        let Some(record) = case.record else { continue };
        secrets.extend(record.secrets(Dialect::cup()).codes().map(str::to_owned));
        for entry in record.entries() {
            if let Fact::Did {
                action: Action::Log { text, .. },
            } = &entry.fact
            {
                let runs = text.split(|c: char| !c.is_ascii_hexdigit());
                secrets.extend(runs.filter(|run| run.len() >= 16).map(str::to_owned));
            }
        }
    }
    secrets
}

#[test]
fn no_output_of_the_whole_suite_has_a_code_or_a_key_in_clear() {
    const LEAKS: &str = "code-on-receipt,code-in-log,code-on-display,key-in-log";
    for words in [&[][..], &["--defect", LEAKS][..]] {
        let folder = tempfile::tempdir().unwrap();
        let (masked, clear) = (folder.path().join("masked"), folder.path().join("clear"));
        let words = |out: &Path| {
            let mut command = counterproof(&["--verbose", "--report", ALL, "--out", text(out)]);
            command.args(words);
            command
        };
        let output = words(&masked).output().unwrap();
        words(&clear).arg("--show-codes").output().unwrap();
        let secrets = secrets(&clear);
        assert!(secrets.len() > 300, "{}", secrets.len());
        // As they are, and as the bytes of a message in hexadecimal digits.
        let needles: Vec<String> = secrets
            .iter()
            .flat_map(|secret| [secret.clone(), hex(secret.as_bytes())])
            .collect();
        let any = regex::RegexBuilder::new(&needles.join("|"))
            .size_limit(1 << 30)
            .build()
            .unwrap();
        for (name, text) in everything(&output, &masked) {
            let found = any.find(&text).map(|found| found.as_str());
            assert_eq!(found, None, "{name}");
        }
    }
}

#[test]
fn evidence_that_was_changed_is_refused() {
    let out = folder(
        "evidence.ndjson.gz",
        b"no gzip at all, whatever it is called",
    );
    let said = run(&["report", text(out.path())]);
    assert_eq!(said.code, 8, "{}", said.err);
    let nothing = run(&["report", "there/is/none"]);
    assert_eq!(nothing.code, 2, "{}", nothing.err);
}
