//! `--dialect`: acquirers that speak otherwise.

use serde_json::Value;

use super::{Said, counterproof, folder, run, said};

const ACME: &[u8] = br#"extends = "cup"
name = "acme"
mac = "x919"
tpdu = "echo"
code = { field = 46 }
fields = { 46 = { secret = true } }
"#;

fn results(out: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(out.join("results.json")).unwrap()).unwrap()
}

#[test]
fn the_built_in_terminal_speaks_what_a_file_says_and_every_report_reads_it() {
    let file = folder("acme.toml", ACME);
    let path = file.path().join("acme.toml");
    let path = path.to_str().unwrap();
    let out = tempfile::tempdir().unwrap();
    let words = [
        "run",
        "--dialect",
        path,
        "--defect",
        "silence-not-reversed",
        "--name",
        "消费无应答后先冲正",
        "--report",
        "html",
        "--out",
    ];
    let mut command = counterproof(&words);
    let said = said(&command.arg(out.path()).output().unwrap());
    assert_eq!(said.code, 1, "{}", said.err);
    // Messages are told, so they decode; and the replay is in the same dialect.
    assert!(said.out.contains("0200 sale STAN"), "{}", said.out);
    assert!(
        said.out.contains(&format!("--dialect {path}")),
        "{}",
        said.out
    );
    let results = results(out.path());
    assert_eq!(results["dialect"], "acme");
    // What was kept says how it spoke, even without the file.
    drop(file);
    let told = run(&["report", out.path().to_str().unwrap()]);
    assert_eq!(told.code, 1, "{}", told.err);
    assert!(told.out.contains("0200 sale STAN"), "{}", told.out);
}

#[test]
fn a_file_that_says_nothing_new_by_its_name_is_refused_for_a_run() {
    let file = folder("mine.toml", b"extends = \"cup\"\nmac = \"cbc\"\n");
    let path = file.path().join("mine.toml");
    let Said { code, err, .. } = run(&["run", "--dialect", path.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(err.contains("give the file a name of its own"), "{err}");
    let Said { code, .. } = run(&["decode", "--dialect", path.to_str().unwrap(), "zz"]);
    assert_eq!(code, 2, "nothing to decode");
}

#[test]
fn names_that_do_not_exist_are_told_with_those_that_do() {
    let Said { code, err, .. } = run(&["run", "--dialect", "cup-x99"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean cup-x919?"), "{err}");
    let Said { err, .. } = run(&["run", "--dialect", "swift"]);
    assert!(err.contains("cup-code-62"), "{err}");
}

#[test]
fn a_terminal_that_does_not_speak_the_dialect_is_no_terminal() {
    let terminal = concat!(
        "python3 '",
        env!("CARGO_MANIFEST_DIR"),
        "/../examples/terminals/python/terminal.py'"
    );
    let words = [
        "run",
        "--features",
        "good",
        "--dialect",
        "cup-cbc",
        "--terminal",
    ];
    let mut command = counterproof(&words);
    let said = said(&command.arg(terminal).output().unwrap());
    assert_eq!(said.code, 3, "{}", said.out);
    assert!(said.out.contains("host.dialect"), "{}", said.out);
}
