//! The files for CI, as far as they can be tried without one: what they run is run.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::said;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(path).unwrap()
}

/// The block below the line `head`, which is indented further, without its indentation.
fn block(text: &str, head: &str) -> String {
    let lines = text.lines().skip_while(|line| line.trim() != head).skip(1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = lines.collect();
    let width = indent(lines[0]);
    let of_block = lines
        .iter()
        .take_while(|line| line.is_empty() || indent(line) >= width);
    of_block
        .map(|line| line.get(width..).unwrap_or("").to_owned() + "\n")
        .collect()
}

/// `bash -e` in `folder`, with the program on the path.
fn bash(script: &str, folder: &Path, variables: &[(&str, &str)]) -> super::Said {
    let program = Path::new(env!("CARGO_BIN_EXE_counterproof"));
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("bash");
    command
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(folder)
        .env(
            "PATH",
            format!("{}:{path}", program.parent().unwrap().display()),
        )
        .env("COUNTERPROOF", program)
        .env("LANG", "C.UTF-8")
        .envs(variables.iter().copied());
    said(&command.output().unwrap())
}

#[test]
fn the_github_action_runs_what_its_inputs_say_and_says_the_verdict() {
    let action = file("action.yml");
    let step = action.split("- name: Test the terminal").nth(1).unwrap();
    let script = block(step, "run: |");
    let features = super::here().join("good");
    let good = format!(
        "--features '{}' --name 'payment|answer'",
        features.display()
    );
    let options = format!("{good} --defect silence-not-reversed");
    for (options, verdict, exit) in [(good, "conformant", 0), (options, "not-conformant", 1)] {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("output");
        let said = bash(
            &script,
            folder.path(),
            &[
                ("TERMINAL", ""),
                ("OPTIONS", &options),
                ("REPORT", "junit,markdown"),
                ("OUT", "report"),
                ("SHARD", ""),
                ("EXPECTATIONS", ""),
                ("GITHUB_OUTPUT", output.to_str().unwrap()),
            ],
        );
        assert_eq!(said.code, exit, "{}{}", said.out, said.err);
        assert_eq!(
            fs::read_to_string(&output).unwrap(),
            format!("verdict={verdict}\n")
        );
        assert!(folder.path().join("report/junit.xml").exists());
    }
    // Every input reaches the script by the environment, where nothing in it is run.
    assert!(!script.contains("${{"), "{script}");
}

#[test]
fn the_gitlab_jobs_run_and_merge() {
    let text = file("docs/ci/gitlab.yml");
    let mut scripts = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- counterproof "));
    let run = scripts
        .next()
        .unwrap()
        .replace("--terminal 'python3 my-terminal/terminal.py'", "-q");
    let merge = scripts.next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for index in ["1", "2", "3"] {
        let variables = [("CI_NODE_INDEX", index), ("CI_NODE_TOTAL", "3")];
        let said = bash(&format!("counterproof {run}"), folder.path(), &variables);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let said = bash(&format!("counterproof {merge}"), folder.path(), &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(folder.path().join("report/junit.xml").exists());
}

#[test]
fn the_pods_of_the_kubernetes_job_run_their_parts_and_go_on_with_them() {
    let text = file("docs/ci/kubernetes.yml");
    let line = block(&text, "args:");
    let script = line.trim().strip_prefix("- ").unwrap();
    let count = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("completions: "));
    assert!(
        text.contains(&format!("value: \"{}\"", count.unwrap())),
        "as many shards as pods"
    );
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join("evidence");
    let script = script.replace("/evidence/", &format!("{}/", evidence.display()));
    let mut parts = Vec::new();
    for (index, again) in [("0", false), ("1", false), ("1", true), ("2", false)] {
        let variables = [
            ("JOB_COMPLETION_INDEX", index),
            ("COUNTERPROOF_SHARDS", "3"),
        ];
        let said = bash(&script, folder.path(), &variables);
        assert_eq!(said.code, 0, "{}", said.err);
        assert_eq!(again, !said.err.contains("going on: 0 of "), "{}", said.err);
        parts.push(evidence.join(index));
    }
    parts.dedup();
    let parts: Vec<&str> = parts.iter().map(|part| part.to_str().unwrap()).collect();
    let said = super::run(&[&["merge", "-q"], &*parts].concat());
    assert_eq!(said.code, 0, "{}", said.err);
}
