//! `counterproof list`.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::{Said, run};

const LISTS: [&str; 6] = [
    "requirements",
    "scenarios",
    "faults",
    "steps",
    "profiles",
    "defects",
];

#[test]
fn every_list_is_columns_for_people_and_an_array_for_programs() {
    for what in LISTS {
        let Said { code, out, .. } = run(&["list", what, "--json"]);
        assert_eq!(code, 0, "{what}");
        let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
        assert!(rows.len() > 5, "{what}");
        for lang in ["en", "zh"] {
            let Said { code, out, .. } = run(&["list", what, "--lang", lang]);
            assert_eq!(code, 0);
            assert_eq!(
                out.lines().count(),
                rows.len() + 1,
                "{what}: a heading and a row each"
            );
            for row in &rows {
                assert!(
                    row["id"].as_str().is_some_and(|id| !id.is_empty()),
                    "{what}"
                );
            }
        }
    }
}

#[test]
fn columns_stay_in_line_where_characters_are_wide() {
    let Said { out, .. } = run(&["list", "faults", "--lang", "zh"]);
    let starts: Vec<usize> = out
        .lines()
        .map(|line| {
            let second = line.find("  ").unwrap();
            let blanks = line[second..].chars().take_while(|c| *c == ' ').count();
            line[..second].width() + blanks
        })
        .collect();
    assert!(starts.windows(2).all(|pair| pair[0] == pair[1]), "{out}");
}

#[test]
fn scenarios_of_ones_own_can_be_listed() {
    let Said { out, .. } = run(&["list", "scenarios", "--features", "good", "--json"]);
    let rows: Vec<Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0]["name"], "A payment is approved");
    assert_eq!(rows[0]["requirements"][1], "TXN-03");
}

#[test]
fn help_speaks_both_languages_and_has_no_colour_in_a_pipe() {
    for (lang, options, terminal) in [
        ("en", "Options:", "built-in"),
        ("zh", "选项:", "内置参考终端"),
    ] {
        let Said { code, out, err } = run(&["run", "--help", "--lang", lang]);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.contains(options) && out.contains(terminal), "{out}");
        assert!(!out.contains('\u{1b}'), "{out}");
        let Said { code, out, .. } = run(&["--lang", lang, "--help"]);
        assert!(code == 0 && out.contains("decode"), "{out}");
    }
    assert_eq!(
        run(&["--version"]).out,
        format!("counterproof {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_reader_who_leaves_early_is_no_failure() {
    let program = env!("CARGO_BIN_EXE_counterproof");
    let line = format!("'{program}' list steps | head -1; '{program}' list faults --json >&-");
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!err.contains("panicked"), "{err}");
}
