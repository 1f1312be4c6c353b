//! The program from outside: what it says, where, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod certificates;
mod ci;
mod decode;
mod dialects;
mod expectations;
mod link;
mod lists;
mod live;
mod mistakes;
mod practices;
mod reports;
mod runs;
mod terminals;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program with a bare environment, in English, in the folder of the tests.
fn counterproof(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterproof"));
    command
        .args(words)
        .current_dir(here())
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("NO_COLOR")
        .env("LANG", "C.UTF-8")
        .env("RUST_BACKTRACE", "0");
    command
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli")
}

/// What came of a run of the program.
struct Said {
    code: i32,
    out: String,
    err: String,
}

fn run(words: &[&str]) -> Said {
    said(&counterproof(words).output().unwrap())
}

fn said(output: &Output) -> Said {
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

/// A directory with a file of this name and content.
fn folder(name: &str, content: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), content).unwrap();
    folder
}
